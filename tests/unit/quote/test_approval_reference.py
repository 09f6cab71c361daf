"""The reference of approval rules names every fact with its kind, and its example is read."""

import json
import re

from handsel.bid.quote.rules.approval.fact_types import FACTS
from handsel.bid.quote.rules.approval.grammar import (
    as_data,
    comparisons,
    parse_condition,
)
from tests.support.code import PROJECT

TEXT = (PROJECT / "docs" / "reference" / "approval-rules.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (`[^|]*`) \| ([a-z, ]+) \| .*\|$", re.MULTILINE)


def told() -> dict[str, str]:
    """Every fact of the tables with its kind; one kind may stand for all facts of a row."""
    found = {}
    for names, kinds in ROW.findall(TEXT):
        facts, each = re.findall(r"`([^`]+)`", names), kinds.split(", ")
        found |= dict(zip(facts, each * len(facts) if len(each) == 1 else each, strict=False))
    return found


def test_every_fact_is_told_with_its_kind_and_no_other() -> None:
    assert told() == {name: fact.kind for name, fact in FACTS.items()}


def test_the_example_of_a_condition_is_read_and_told_again_as_it_was() -> None:
    example = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None
    data = json.loads(example[1])
    condition = parse_condition(data)
    assert [one.fact for one in comparisons(condition)] == [
        "line.discount",
        "net_value",
        "region",
        "line.net_value",
    ]
    assert parse_condition(as_data(condition)) == condition
