"""Cases of prices as a person writes them, priced through the written form."""

from __future__ import annotations

import json
from typing import Any

from handsel.bid.price.rules.case.answer import price_case
from handsel.bid.price.rules.case.reading import strict_json


def priced(lines: list[dict[str, Any]], **context: Any) -> dict[str, Any]:
    """Price lines in a context of 1 March 2026 in euro, unless it says something else."""
    case = {"context": {"date": "2026-03-01", "currency": "EUR"} | context, "lines": lines}
    found: dict[str, Any] = price_case(strict_json(json.dumps(case)))
    for line in found["lines"]:
        check_sums(line)
    return found


def one(line: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Price one line."""
    found: dict[str, Any] = priced([line], **context)["lines"][0]
    return found


def check_sums(line: dict[str, Any]) -> None:
    """Rows lead exactly from nothing to gross."""
    cents = [int(row["amount"].replace(".", "")) for row in line["rows"]]
    assert sum(cents) == int(line["gross"].replace(".", "")), line


def row(line: dict[str, Any], stage: str) -> str:
    """The amount of the only row of a stage."""
    (found,) = [one["amount"] for one in line["rows"] if one["stage"] == stage]
    return str(found)
