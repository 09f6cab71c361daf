"""Every case of the guide to prices comes to the amount that stands below it."""

import re

import pytest

from handsel.bid.price.rules.case.answer import price_case
from handsel.bid.price.rules.case.reading import strict_json
from tests.support.code import PROJECT

TEXT = (PROJECT / "docs" / "guides" / "prices.md").read_text(encoding="utf-8")
CASES = re.findall(r"```json\n(.*?)```\s+Net \*\*([\d.]+)\*\*", TEXT, re.DOTALL)


def test_every_case_has_its_amount() -> None:
    assert len(CASES) == TEXT.count("```json") > 10


@pytest.mark.parametrize(("case", "net"), CASES, ids=[net for _, net in CASES])
def test_the_guide_is_right(case: str, net: str) -> None:
    assert price_case(strict_json(case))["totals"]["net"] == net
