"""Every stored camt file gives what the JSON beside it says, or is refused for a stated reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from handsel.earn.cash.rules.statement.camt import parse_camt
from handsel.earn.cash.rules.statement.refusals import StatementRefused
from tests.unit.cash.genkgo_view import RECURSION, message_view

BANK = Path(__file__).parents[3].parent / "shared" / "data" / "bank"
FILES = sorted(BANK.glob("*.xml"))

pytestmark = pytest.mark.skipif(not FILES, reason="../shared/data/bank is not here")


def compare(expected: Any, actual: Any, path: str, counts: dict[str, int]) -> None:
    """Compare two trees key by key; every value of the expected one must be met exactly."""
    if expected == RECURSION:
        assert actual is not None, f"{path}: expected an object"
        counts["recursions"] += 1
    elif isinstance(expected, dict):
        assert isinstance(actual, dict), f"{path}: expected an object, not {actual!r}"
        assert expected.keys() == actual.keys(), path
        for key in expected:
            compare(expected[key], actual[key], f"{path}.{key}", counts)
    elif isinstance(expected, list):
        assert isinstance(actual, list), path
        assert len(expected) == len(actual), path
        for index, pair in enumerate(zip(expected, actual, strict=True)):
            compare(*pair, f"{path}[{index}]", counts)
    else:
        assert actual == expected, f"{path}: expected {expected!r}, not {actual!r}"
        assert type(actual) is type(expected), path
        counts["classes" if path.endswith("__CLASS__") else "values"] += 1
        counts["given"] += expected not in (None, "", False) and not path.endswith("__CLASS__")


def compared(xml: Path) -> dict[str, int]:
    counts = {"values": 0, "given": 0, "classes": 0, "recursions": 0}
    compare(stored(xml), message_view(parse_camt(xml.read_bytes())), xml.stem, counts)
    return counts


def stored(xml: Path) -> Any:
    return json.loads(xml.with_suffix(".json").read_text(encoding="utf-8"))


def leaves(tree: Any) -> Iterator[Any]:
    """Yield every value of a stored JSON that is neither a class name nor a back reference."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key != "__CLASS__":
                yield from leaves(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from leaves(value)
    elif tree != RECURSION:
        yield tree


READABLE = [xml for xml in FILES if "wrong" not in xml.name]


@pytest.mark.parametrize("xml", READABLE, ids=lambda xml: xml.stem)
def test_every_value_of_the_json_is_read_from_the_xml(xml: Path) -> None:
    values = list(leaves(stored(xml)))
    counts = compared(xml)
    assert counts["values"] == len(values)
    assert counts["given"] == sum(value not in (None, "", False) for value in values) > 5


def test_how_much_is_compared() -> None:
    totals = Counter[str]()
    for xml in READABLE:
        totals.update(compared(xml))
    assert len(READABLE) == 17
    assert totals == {"values": 2100, "given": 954, "classes": 817, "recursions": 110}


def test_the_first_of_two_statements_which_the_json_passes_over() -> None:
    first, second = parse_camt((BANK / "camt053.v2.multi.statement.xml").read_bytes()).statements
    (entry,) = first.entries
    (detail,) = entry.details
    assert (first.statement_id, first.electronic_sequence) == ("253EURNL26VAYB8060476890", 12312)
    assert [str(balance.amount) for balance in first.balances] == ["18.15 EUR", "27.00 EUR"]
    assert (str(entry.amount), entry.booked_on) == ("8.85 EUR", date(2014, 12, 31))
    assert detail.references.end_to_end_id == "000000001"
    assert detail.unstructured == ("Transaction Description 1",)
    assert (detail.creditor.name, detail.creditor.iban) == ("Company Name 1", "NL56AGDH9619008421")
    assert second.statement_id == "254EURNL26VAYB8060476890"


def test_every_json_has_its_xml() -> None:
    assert {path.stem for path in BANK.glob("*.json")} == {path.stem for path in READABLE}


def test_a_message_without_statements_is_refused_with_the_reason() -> None:
    with pytest.raises(StatementRefused) as refusal:
        parse_camt((BANK / "camt053.v2.wrong.xml").read_bytes())
    assert refusal.value.code == "statement_empty"
    assert "CAMT053RIB000000000001 holds no statement (Stmt)" in refusal.value.message
