"""Term, charge and price by hand in the sheet: the same prices and the same approvals as the form
of one line, for many lines at once, undone and merged field by field; rows pasted with them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.queries.approval import facts_of_version
from handsel.bid.quote.queries.sheet import read_pasted
from handsel.bid.quote.rules.sheet.edits import SetField
from handsel.bid.quote.rules.subscription import Subscription
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

WHY = "the price of last year"
YEARS = "2026-04-01/2029-03-31"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def rep(world: World) -> Client:
    return session_of(world.users["sales_rep"])


def apply(world: World, version: QuoteVersion, *edits: SetField) -> actions.Outcome:
    return actions.apply_edits(
        actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id, edits=edits
    )


def change(key: UUID, field: str, was: str, now: str) -> SetField:
    return SetField(line_key=key, field=field, was=was, now=now)


def kept(version: QuoteVersion) -> list[tuple[str, dict[str, Any], int]]:
    rows = QuoteLine.objects.filter(version=version).order_by("position")
    return [(row.charge, row.asked, row.net_minor) for row in rows]


def test_a_term_and_a_period_cost_what_the_form_of_the_line_says(
    world: World, shelf: Shelf
) -> None:
    in_sheet, by_form = make_quote(world, shelf), make_quote(world, shelf)
    key = queries.lines_of(in_sheet.pk)[1].key
    done = apply(
        world,
        in_sheet,
        change(key, "term", "", YEARS),
        change(key, "paid", "one_time", "recurring/3"),
    )
    assert (done.applied, done.refused) == ((0, 1), ())
    asked = Subscription(
        start_on=date(2026, 4, 1), end_on=date(2029, 3, 31), charge_months=3
    ).asked()
    actions.set_line_price(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=by_form.quote_id,
        line_key=queries.lines_of(by_form.pk)[1].key,
        asked=asked,
        charge="recurring",
    )
    assert kept(in_sheet) == kept(by_form)
    assert kept(in_sheet)[1] == ("recurring", asked, 14_500)  # a quarter of 580.00 a year


def test_a_list_price_for_a_month_is_paid_for_every_month_of_a_term(
    world: World, shelf: Shelf
) -> None:
    """For how long a price is, the book says; the sheet asks nobody, and never takes a year."""
    act: dict[str, Any] = {"actor": world.system, "now": world.now}
    first = date(2026, 1, 1)
    book = price.draft_book(**act, name="Monthly", currency="USD", segment="", valid_from=first)
    price.set_entries(**act, book_id=book.pk, prices={shelf.visit.pk: Decimal(10)})
    own = {"convention": "ANNIV", "price_months": "1"}
    terms = [NewTerm(kind="conventions", definition=own, product_id=shelf.visit.pk)]
    price.add_terms(**act, book_id=book.pk, terms=terms)
    price.publish_book(**act, book_id=book.pk)
    one = actions.NewLine(product_id=shelf.visit.pk, quantity=Decimal(1))
    version = actions.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=world.customer.pk,
        person_id=world.buyer.pk,
        currency="USD",
        lines=[one],
    )
    key = queries.lines_of(version.pk)[0].key
    apply(world, version, change(key, "term", "", "2026-04-01/2027-03-31"))
    assert kept(version)[0][2] == 12_000
    done = apply(world, version, change(key, "paid", "one_time", "recurring/3"))
    assert done.applied == (0,)
    assert kept(version)[0][2] == 3_000
    back = change(key, "term", "2026-04-01/2027-03-31", "")  # as its editor knew it
    assert apply(world, version, back).applied == (0,)


@pytest.mark.parametrize(
    ("hand", "asked", "net"),
    [
        ("override 120 " + WHY, {"override": {"price": "120"}}, 24_000),
        ("target_unit 250 " + WHY, {"manual": {"target_unit": "250"}}, 50_000),
        ("target_line 333.33 " + WHY, {"manual": {"target_line": "333.33"}}, 33_333),
        ("per_unit 10 " + WHY, {"manual": {"per_unit": "10"}}, 56_000),
    ],
)
def test_a_price_by_hand_is_the_same_and_is_approved_as_by_the_form(
    world: World, shelf: Shelf, hand: str, asked: dict[str, Any], net: int
) -> None:
    in_sheet, by_form = make_quote(world, shelf), make_quote(world, shelf)
    key = queries.lines_of(in_sheet.pk)[1].key
    apply(world, in_sheet, change(key, "hand", "", hand))
    actions.set_line_price(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=by_form.quote_id,
        line_key=queries.lines_of(by_form.pk)[1].key,
        asked={**asked, "reason": WHY},
    )
    assert kept(in_sheet) == kept(by_form)
    assert kept(in_sheet)[1][2] == net

    def facts(version: QuoteVersion) -> list[tuple[int, bool, int]]:
        fresh = queries.get_version(world.actor("sales_rep"), version.quote_id)
        found = facts_of_version(fresh, queries.lines_of(fresh.pk), now=world.now)
        return [(one.discount_bps, one.by_hand, one.list_minor) for one in found.lines]

    assert facts(in_sheet) == facts(by_form)
    assert facts(in_sheet)[1][1]  # a price by hand is asked about, however it was typed


def test_undo_gives_back_the_price_the_time_and_the_totals(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    key = queries.lines_of(version.pk)[1].key
    before = kept(version)
    steps = [
        change(key, "term", "", YEARS),
        change(key, "hand", "", "override 120 " + WHY),
        change(key, "paid", "one_time", "recurring/12"),
        change(key, "hand", "override 120 " + WHY, "target_line 90 " + WHY),
    ]
    for step in steps:
        assert apply(world, version, step).applied == (0,)
    assert kept(version)[1][2] == 9_000
    back = [change(key, one.field, one.now, one.was) for one in reversed(steps)]
    assert apply(world, version, *back).applied == (0, 1, 2, 3)
    assert kept(version) == before


def test_two_people_keep_each_others_time_and_price_of_one_line(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    key = queries.lines_of(version.pk)[0].key
    apply(world, version, change(key, "term", "", YEARS))
    apply(world, version, change(key, "hand", "", "override 99 " + WHY))
    charge, asked, _net = kept(version)[0]
    assert (charge, asked["override"], asked["term"]["end_on"]) == (
        "one_time",
        {"price": "99"},
        "2029-03-31",
    )
    done = apply(world, version, change(key, "hand", "", "override 98 cheaper"))
    (conflict,) = done.conflicts
    assert (conflict.field, conflict.found) == ("hand", "override 99 " + WHY)
    assert kept(version)[0][1]["override"] == {"price": "99"}


def test_a_price_without_a_reason_and_a_term_of_no_whole_periods_are_refused_alone(
    world: World, shelf: Shelf
) -> None:
    version = make_quote(world, shelf)
    belt, stand = (line.key for line in queries.lines_of(version.pk))
    done = apply(
        world,
        version,
        change(belt, "hand", "", "override 120"),
        change(stand, "paid", "one_time", "recurring/12"),
        change(stand, "term", "", "2026-04-01/2026-06-30"),
        change(belt, "quantity", "3", "4"),
    )
    assert done.applied == (1, 3)
    assert [(one.field, one.index) for one in done.refused] == [("hand", 0), ("term", 2)]
    assert kept(version)[1][0] == "recurring"


def test_the_sheet_tells_time_and_price_by_hand_and_german_words_for_what_is_wrong(
    world: World, shelf: Shelf, rep: Client
) -> None:
    version = make_quote(world, shelf)
    key = queries.lines_of(version.pk)[0].key
    apply(world, version, change(key, "term", "", YEARS))
    apply(world, version, change(key, "hand", "", "override 99 " + WHY))
    rows = rep.get(f"/quote/{version.quote_id}/sheet/rows/").json()["rows"]
    assert rows[0][18:] == ["one_time", YEARS + "//12", "override 99 " + WHY]
    assert rows[1][18:] == ["one_time", "", ""]
    rep.cookies["django_language"] = "de"
    edit = {"kind": "set", "line_key": str(key), "field": "name", "was": rows[0][2], "now": ""}
    body = {"key": uuid4().hex, "lock": 3, "edits": [edit]}
    answer = rep.post(
        f"/quote/{version.quote_id}/sheet/edits/", json.dumps(body), content_type="application/json"
    ).json()
    assert answer["refused"][0]["expected"] == "1 bis 200 Zeichen"


def paste(rep: Client, version: QuoteVersion, text: str, **more: Any) -> Any:
    return rep.post(
        f"/quote/{version.quote_id}/sheet/paste/",
        json.dumps({"text": text, **more}),
        content_type="application/json",
    ).json()


def test_rows_are_pasted_with_prices_and_days_in_german(
    world: World, shelf: Shelf, rep: Client
) -> None:
    version = make_quote(world, shelf)
    rep.cookies["django_language"] = "de"
    rows = [
        "Menge\tArtikelnummer\tEigener Preis\tErster Tag\tLetzter Tag\tGrund",
        "2,5\tstand-900\t1.210,50\t01.04.2026\t31.03.2027\tVorjahr",
        '1\tVISIT\t80\t\t\t"zwei\nZeilen"',
        "1\tVISIT\t80\t31.03.2027\t01.04.2026\t",
        "1.234\tVISIT\t\t\t\t",
    ]
    found = paste(rep, version, "\n".join(rows))
    first, second = found["found"]
    assert (first["quantity"], first["lacks_reason"]) == ("2.5", False)
    assert first["asked"]["override"] == {"price": "1210.5"}
    assert first["asked"]["term"] == {"start_on": "2026-04-01", "end_on": "2027-03-31"}
    assert first["net"] == 302_625
    assert (second["number"], second["asked"]["reason"]) == (3, "zwei Zeilen")
    assert [(one["number"], one["column"]) for one in found["bad"]] == [
        (5, "start"),
        (6, "quantity"),
    ]
    assert "Tag" in found["bad"][0]["expected"]


def test_rows_copied_out_of_the_sheet_are_read_again(
    world: World, shelf: Shelf, rep: Client
) -> None:
    version = make_quote(world, shelf)
    own = ["position", "name", "quantity", "list_price", "discount_bps", "kind", "amount"]
    text = "STAND-900\tStand, red\t2\t290.00\t5\tAlways\t551.00\n"
    (row,) = paste(rep, version, text, columns=own)["found"]
    assert (row["other_name"], row["quantity"], row["discount_bps"]) == ("Stand, red", "2", 500)
    (row,) = paste(rep, version, "STAND-900\t2\t5\t250\n", columns=own)["found"]
    assert (row["asked"], row["lacks_reason"]) == ({"override": {"price": "250"}}, True)
    assert row["net"] == 47_500


def test_a_quote_that_is_never_closed_in_a_cell_swallows_no_rows(
    world: World, shelf: Shelf
) -> None:
    found, bad = read_pasted('"STAND-900\t1\nVISIT\t2', decimal_mark=".")
    assert ([row.number for row in found], [row.number for row in bad]) == ([2], [1])
    assert found[0].quantity == Decimal(2)
