"""The reference of the written form names every field, and its example comes to what it says."""

import re

from handsel.bid.price.rules.case.answer import price_case
from handsel.bid.price.rules.case.context import FIELDS
from handsel.bid.price.rules.case.lines import LINE_FIELDS
from handsel.bid.price.rules.case.reading import strict_json
from tests.support.code import PROJECT

TEXT = (PROJECT / "docs" / "reference" / "price-case.md").read_text(encoding="utf-8")


def test_every_field_is_told() -> None:
    assert [name for name in (*FIELDS, *LINE_FIELDS) if f"`{name}`" not in TEXT] == []


def test_the_example_comes_to_the_cent_of_the_reference() -> None:
    example = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None
    found = price_case(strict_json(example[1]))
    assert (found["totals"]["net"], found["lines"][0]["unit"]["net"]) == ("890.17", "890.169")


def test_the_same_case_gives_the_same_answer_byte_for_byte() -> None:
    example = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None
    one, other = (price_case(strict_json(example[1])) for _ in range(2))
    assert one == other
    assert len(one["fingerprint"]) == 64
