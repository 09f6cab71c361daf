"""Attributes and tables of a case."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handsel.bid.price.rules.case.reading import Node
from handsel.bid.price.rules.figures import Figure, number, table, truth, word
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.said import said

_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(?: ([^0-9 ][^ ]*))?")

# 1e400, 1_000, 1,5, NaN, "12 mm x": meant as a number and none. "3x400_50" is a word.
_MEANT_AS_NUMBER = re.compile(
    r"[-+]?(?:\.?[0-9][0-9_.,eE+-]*|nan|inf|infinity)(?: .*)?", re.IGNORECASE
)


def figure_of(node: Node) -> Figure:
    """A value: ``6000``, ``"6000 mm"``, true or a word. An unknown unit is refused."""
    if isinstance(node.value, bool):
        return truth(node.value)
    text = str(node.value) if isinstance(node.value, str) else ""
    found = _NUMBER.fullmatch(text)
    if found is None:
        if _MEANT_AS_NUMBER.fullmatch(text) or any(_is_foreign_digit(one) for one in text):
            raise node.refuse(
                said("“%(text)s” is not a number with a unit, nor a word", text=text[:40])
            )
        return word(node.text())
    try:
        return number(parse_decimal(found[1]), found[2] or "")
    except Invalid as refused:
        raise node.refuse(refused.message) from None


def table_of(node: Node) -> Figure:
    """Numbers by word, or tables by word."""
    found = {
        key: table_of(one) if isinstance(one.value, dict) else figure_of(one)
        for key, one in node.entries().items()
    }
    if not found:
        raise node.refuse("expected at least one value")
    if len({figure.powers for figure in found.values()}) > 1:
        raise node.refuse("expected values of one kind and unit")
    return table(found)


def _is_foreign_digit(character: str) -> bool:
    return not character.isascii() and character.isdigit()


def unit_of(fields: Mapping[str, Node]) -> str:
    """A unit that is known, or none."""
    if "unit" not in fields:
        return ""
    unit = fields["unit"].text()
    figure_of(Node(f"1 {unit}", fields["unit"].path))
    return unit


def words_of(node: Node) -> dict[str, dict[str, str]]:
    """Labels in other languages, said once for all rules: ``{"Deck": {"de": "Bahnkörper"}}``."""
    return {label: texts.texts() for label, texts in node.entries().items()}
