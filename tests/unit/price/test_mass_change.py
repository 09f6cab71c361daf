"""Many prices changed at once: what stays, and how many decimals a price keeps."""

from decimal import Decimal

import pytest

from handsel.bid.price.rules.mass_change import PriceChange, changed
from handsel.bid.price.rules.terms import Ending
from handsel.ground.kernel.errors import Invalid

IN_95 = Ending(rule="change", step=Decimal(1), offset=Decimal("-0.05"))


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ("124", PriceChange(percent_bps=450), "129.58"),
        ("124", PriceChange(percent_bps=450, ending=IN_95), "129.95"),
        ("28.5", PriceChange(percent_bps=450), "29.78"),  # 29.7825
        ("0.0125", PriceChange(percent_bps=450), "0.0131"),  # 0.0130625, not 0.01
        ("100", PriceChange(percent_bps=-1000, amount=Decimal("2.5")), "92.50"),
    ],
)
def test_a_price_becomes(before: str, change: PriceChange, after: str) -> None:
    assert changed({1: Decimal(before)}, change) == {1: (Decimal(before), Decimal(after))}


def test_what_is_listed_at_nothing_stays_and_stops_nothing() -> None:
    """Configured products stand in a book at zero: they are priced by rules."""
    prices = {1: Decimal("0.000000"), 2: Decimal(10)}
    change = PriceChange(percent_bps=450, ending=IN_95)
    assert changed(prices, change) == {2: (Decimal(10), Decimal("10.95"))}  # 10.45 is a tie
    assert changed({1: Decimal(0)}, PriceChange(amount=Decimal(5))) == {}


def test_no_price_falls_below_zero() -> None:
    with pytest.raises(Invalid) as refused:
        changed({1: Decimal("3.000000")}, PriceChange(amount=Decimal(-5)))
    assert str(refused.value).startswith("3 would become -2")
