"""Proposals of 1,000 lines, no two of them alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from bench.work.yardstick import NOW, yardstick
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.proposal_paper import proposal_of
from handsel.bid.quote.queries.offer import fresh_offer
from handsel.ground.document.documents import typeset_document
from handsel.ground.document.proposal import ProposalDocument

LINES = 1_000
BODY = """\
{block cover}
{lang en}# Your offer
Dear {buyer.contact},{end}{lang de}# Ihr Angebot
Guten Tag {buyer.contact},{end}

{quote.line_count}: {quote.net}
{block lines}
{block totals}
{if has_options}{block options}{end}
{block terms}
{block signature}
"""


@dataclass
class Proposals:
    """Drafts of 1,000 lines, each made into a paper once."""

    _number: count[int] = field(default_factory=lambda: count(11))
    _quote_id: int = 0

    def begin(self) -> None:
        """Draft the next quote."""
        stick = yardstick()
        version = actions.draft_quote(
            actor=stick.world.actor("sales_rep"),
            now=NOW,
            organization_id=stick.world.customer.pk,
            person_id=stick.world.buyer.pk,
            title=f"Line {next(self._number)}",
            lines=stick.lines(next(self._number), LINES),
        )
        self._quote_id = version.quote_id

    def write(self) -> ProposalDocument:
        """What the proposal of that quote says."""
        actor = yardstick().world.actor("sales_rep")
        version = queries.get_version(actor, self._quote_id)
        version.quote = queries.get_quote(actor, self._quote_id)
        shown = fresh_offer(version, queries.lines_of(version.pk))
        zone = version.quote.seller.time_zone
        return proposal_of(shown, body=BODY, with_waterfall=False, now=NOW, time_zone=zone)

    def typeset(self) -> None:
        """The proposal as PDF."""
        made = typeset_document(self.write())
        if not made.startswith(b"%PDF") or len(made) < 100 * LINES:
            raise AssertionError(f"{len(made)} bytes are no proposal of {LINES} lines")


@lru_cache(maxsize=1)
def proposals() -> Proposals:
    """The same for all figures of a run."""
    return Proposals()
