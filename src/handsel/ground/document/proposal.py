"""A proposal: an offer whose text is written by the house, with the offer's own tables in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from handsel.ground.document.content import LineSection, QuoteDocument
from handsel.ground.kernel.money import Money

PieceKind = Literal["heading", "subheading", "paragraph", "item", "block"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPiece:
    """Words, already merged, or (kind `block`) the name of what is laid out here."""

    kind: PieceKind
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStep:
    """One step from list price to net: `stage` names a known label, `note` the rule behind it."""

    stage: str
    amount: Money
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStory:
    """How the amount of one line came about."""

    position: str
    name: str
    steps: tuple[PriceStep, ...]
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing with its caption, as SVG."""

    caption: str
    svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalDocument(QuoteDocument):
    """An offer in the words of a template."""

    TEMPLATE: ClassVar[str] = "proposal"

    pieces: tuple[ProposalPiece, ...]
    stories: tuple[PriceStory, ...] = ()
    pictures: tuple[Picture, ...] = ()


def own_sum(sections: Sequence[LineSection], place: int) -> int:
    """What a section and those within it come to, in minor units."""
    depth, found = sections[place].depth, 0
    for later, section in enumerate(sections[place:]):
        if later and section.depth <= depth:
            break
        found += sum(line.amount.amount_minor for line in section.lines)
    return found
