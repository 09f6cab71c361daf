"""The engine against an evaluator that shares nothing with it, over cases at random."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from handsel.bid.price.errors import NoPrice, NoRate, RuleCycle
from handsel.bid.price.rules.case.answer import price_case
from handsel.bid.price.rules.case.reading import CaseFault
from handsel.bid.price.rules.stored import as_written
from handsel.ground.kernel.errors import Invalid
from tests.support.naive_prices import PLACES, Naive, Refused
from tests.support.random_prices import Dice

CASES = 1_500


def engine(case: dict[str, Any]) -> dict[str, Any]:
    """What the engine makes of a case, as the evaluator tells it."""
    try:
        found = price_case(as_written(case))
    except (NoPrice, NoRate, CaseFault, RuleCycle):
        raise Refused("no price, or no line for the target") from None
    except Invalid as refused:
        if refused.code in ("header_discount", "manual_discount"):
            raise Refused("more than they come to") from None
        raise
    unit = PLACES[case["context"]["currency"]]

    def minor(text: str) -> int:
        return int(text.replace(".", "")) if unit else int(text)

    inside = case["context"]["policy"]["prices_include_tax"]
    totals = found["totals"]
    return {
        "lines": {
            line["key"]: (minor(line["list"]), minor(line["gross" if inside else "net"]))
            for line in found["lines"]
        },
        "fees": [minor(fee["amount"]) for fee in found["fees"]],
        "net": minor(totals["net"]),
        "tax": minor(totals["tax"]),
        "payable": minor(totals["payable"]),
    }


def answered(of: Any) -> Any:
    try:
        return of()
    except Refused:
        return "refused"


@pytest.mark.parametrize("part", range(5))
def test_the_engine_says_what_a_naive_evaluator_says(part: int) -> None:
    told: Counter[str] = Counter()
    for seed in range(part * CASES // 5, (part + 1) * CASES // 5):
        case = Dice(Random(seed)).case()
        wanted = answered(Naive(case).answer)
        found = answered(lambda case=case: engine(case))
        assert found == wanted, (seed, case)
        told["refused" if wanted == "refused" else "priced"] += 1
    assert told["priced"] > told["refused"]
