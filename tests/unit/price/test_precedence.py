"""Who goes before whom among agreed prices, worked by hand and against the engine."""

from __future__ import annotations

from datetime import date

from handsel.bid.price.rules.precedence import Agreed, applying, ranked

PLANT, COUNTRY, GROUP = 3, 2, 1
CHAIN = [PLANT, COUNTRY, GROUP]


def agreed(key: int, who: int, on: tuple[int | None, str] = (None, ""), **more: object) -> Agreed:
    values = {
        "currency": "EUR",
        "group_of_product": "belts" if on[0] else "",
        "is_price": False,
        "valid_from": date(2026, 1, key),
    }
    return Agreed(key, who, product_id=on[0], product_group=on[1], **{**values, **more})  # type: ignore[arg-type]


def order(*rows: Agreed) -> list[tuple[int, int | None]]:
    return [
        (one.agreed.agreement_id, one.behind.agreement_id if one.behind else None)
        for one in ranked(CHAIN, rows)
    ]


def test_the_nearest_goes_first_whatever_it_is_about() -> None:
    rows = agreed(1, GROUP, (7, "")), agreed(2, COUNTRY, (None, "belts")), agreed(3, PLANT)
    assert order(*rows) == [(3, None), (2, 3), (1, 3)]


def test_at_one_organization_the_narrower_goes_first() -> None:
    rows = agreed(1, PLANT), agreed(2, PLANT, (None, "belts")), agreed(3, PLANT, (7, ""))
    assert order(*rows) == [(3, None), (2, None), (1, None)]


def test_of_two_of_one_subject_the_later_goes_first() -> None:
    assert order(agreed(1, PLANT, (7, "")), agreed(5, PLANT, (7, ""))) == [(5, None), (1, 5)]


def test_prices_percentages_and_currencies_do_not_compete() -> None:
    rows = (
        agreed(1, GROUP, (7, ""), is_price=True),
        agreed(2, PLANT),
        agreed(3, PLANT, currency="USD"),
    )
    assert [behind for _key, behind in order(*rows)] == [None, None, None]


def test_a_stranger_is_in_no_chain() -> None:
    assert order(agreed(1, 99)) == []


def test_what_applies_is_told_for_everybody_below() -> None:
    group, plant = agreed(1, GROUP, (7, "")), agreed(2, PLANT, (None, "belts"))
    chains = {GROUP: [GROUP], COUNTRY: [COUNTRY, GROUP], PLANT: CHAIN}
    found = applying(chains, [group, plant], group)
    assert {key: one.agreement_id for key, one in found.items()} == {GROUP: 1, COUNTRY: 1, PLANT: 2}
