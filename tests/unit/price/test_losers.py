"""Whatever could have given a price and did not is told, with what it would have been and why."""

from __future__ import annotations

from typing import Any

from tests.support.price_cases import one

TEN = {"prices": {"A": "10"}}
MATRIX = {
    "rule": "grid",
    "label": "By colour and length",
    "axes": [
        {"attribute": "colour", "points": ["red", "blue"]},
        {"attribute": "length", "points": ["1", "2"], "unit": "m", "reading": "step"},
    ],
    "cells": [["11", "12"], ["13", None]],
}


def losers(line: dict[str, Any], **context: Any) -> list[tuple[str, str, str | None]]:
    """Rule, what it would have been per unit, and why not."""
    found = one({"product": "A"} | line, **context)["losers"]
    return [(it["rule"], it.get("unit_price"), it["why"]) for it in found]


def test_a_matrix_without_a_cell_names_the_attribute_and_its_value() -> None:
    def told(**attributes: str) -> list[tuple[str, str | None, str]]:
        return losers({"attributes": attributes}, **TEN, matrices=[MATRIX])

    assert told(colour="green", length="1500 mm") == [("grid", None, "No cell for colour green.")]
    assert told(colour="red", length="900 mm") == [("grid", None, "No cell for length 0.9 m.")]
    assert told(colour="blue", length="2.5 m") == [
        ("grid", None, "No cell for colour blue, length 2.5 m.")
    ]
    assert told(length="2 m") == [("grid", None, "The line does not say its “colour”.")]
    assert told(colour="red", length="2 m") == [
        ("price:A", "10", "A price by attributes goes before it.")
    ]


def test_a_matrix_that_cannot_be_read_is_told_where_something_else_wins() -> None:
    line = {"attributes": {"colour": "red", "length": "3 kg"}, "override": {"price": "5"}}
    (grid, listed) = losers(line, **TEN, matrices=[MATRIX])
    assert grid == ("grid", None, "length is mass, but the table has length.")
    assert listed == ("price:A", "10", "A price set by hand goes before it.")


def test_price_tables_that_are_not_reached_or_left_behind() -> None:
    tiers = [
        {"rule": "own", "product": "A", "steps": [{"from": "50", "price": "7"}]},
        {"rule": "block", "kind": "block", "steps": [{"from": "20", "flat": "100"}]},
        {"rule": "ended", "kind": "flat", "steps": [{"from": "0", "to": "5", "flat": "30"}]},
        {"rule": "all", "steps": [{"from": "5", "price": "8"}]},
        {"rule": "later", "steps": [{"from": "1", "price": "9"}]},
        {"rule": "off", "steps": [{"from": "1", "percent": "3"}]},
    ]
    assert losers({"quantity": "10"}, **TEN, tiers=tiers) == [
        ("block", None, "It begins at 20; 10 are counted."),
        ("ended", None, "It ends at 5; 10 are counted."),
        ("own", None, "It begins at 50; 10 are counted."),
        ("later", "9", "One that is nearer or more specific goes before it."),
        ("off", None, "A price table sets the price."),
    ]
    agreed = [{"rule": "frame", "price": "6"}]
    assert losers({"quantity": "10"}, **TEN, tiers=tiers[3:], contracted=agreed) == [
        ("price:A", "10", "An agreed price goes before it."),
        ("all", "8", "An agreed price goes before it."),
        ("later", "9", "An agreed price goes before it."),
    ]


def test_without_a_list_price_a_table_is_a_source_like_others() -> None:
    tiers = [
        {"rule": "first", "steps": [{"from": "1", "price": "8"}]},
        {"rule": "second", "steps": [{"from": "1", "price": "9"}]},
    ]
    assert losers({"quantity": "2"}, tiers=tiers) == [
        ("second", "9", "One that is nearer or more specific goes before it.")
    ]


def test_a_cost_nobody_knows_and_a_rate_nobody_gave() -> None:
    context = {
        "prices": {"A": ["10", {"price": "12", "currency": "USD", "rule": "usd"}]},
        "cost_plus": [{"rule": "plus", "basis": "markup", "percent": "20"}],
    }
    rate = "There is no rate from USD to EUR on 2026-03-01."
    assert losers({}, **context) == [
        ("plus", None, "What the product costs us is not known."),
        ("usd", None, rate),
    ]
    assert losers({"cost_percent": "60"}, **context) == [
        ("plus", None, "What the product costs us is known as a share of its price only."),
        ("usd", None, rate),
    ]
    assert losers({"cost": "6"}, **context) == [
        ("price:A", "10", "The price made from the cost goes before it."),
        ("usd", None, rate),
    ]


def test_what_held_on_other_days() -> None:
    contracted = [
        {"rule": "was", "price": "6", "valid_until": "2026-03-01"},
        {"rule": "will", "price": "5", "valid_from": "2026-03-02"},
        {"rule": "others", "product": "B", "price": "4", "valid_until": "2026-03-01"},
    ]
    assert losers({}, **TEN, contracted=contracted) == [
        ("was", "6", "It held until 2026-02-28."),
        ("will", "5", "It holds from 2026-03-02 on."),
    ]


def test_a_renewal_loses_to_a_price_by_hand_and_takes_no_discounts() -> None:
    line = {
        "renewal": {"kind": "uplift", "customer_price": "9", "uplift_percent": "10"},
        "override": {"price": "5"},
    }
    assert losers(line, **TEN) == [
        ("renewal:uplift", "9.9", "A price set by hand goes before it."),
        ("price:A", "10", "A price set by hand goes before it."),
    ]
    net = "Nothing is taken off a net price."
    del line["override"]
    assert losers(
        line,
        **TEN,
        tiers=[{"rule": "off", "steps": [{"from": "0", "percent": "3"}]}],
        promotions=[{"rule": "spring", "percent": "5"}],
        contracted=[{"rule": "frame", "percent": "4"}],
    ) == [
        ("price:A", "10", "The renewed price goes before it."),
        ("off", None, net),
        ("frame", None, "A fixed price takes no percentage on top."),
        ("spring", None, net),
    ]


def test_a_percentage_of_other_lines_goes_before_every_price() -> None:
    percent_of = [
        {"rule": "own", "product": "A", "percent": "10"},
        {"rule": "group", "group": "care", "percent": "20"},
    ]
    assert losers({"group": "care"}, **TEN, percent_of=percent_of) == [
        ("price:A", "10", "The line costs a percentage of other lines."),
        ("group", None, "One that is nearer or more specific goes before it."),
    ]


def test_prices_of_several_books_in_their_order() -> None:
    prices = [
        {"price": "9", "rule": "usd", "currency": "USD"},
        {"price": "12", "rule": "general", "book": "Everybody", "version": 4},
        "10",
    ]
    context = {"rates": {"USD": {"rate": "1", "on": "2026-01-01"}}, "prices": {"A": prices}}
    assert losers({}, **context) == [
        ("general", "12", "The price of the book itself goes before it."),
        ("usd", "9", "The list price goes before it."),
    ]
    context["prices"] = {"A": prices[:2]}
    found = one({"product": "A"}, **context)
    assert found["rows"][0] == {
        "stage": "base",
        "label": "Everybody",
        "amount": "12.00",
        "rule": "general",
        "version": 4,
    }
    assert [it["rule"] for it in found["losers"]] == ["usd"]
