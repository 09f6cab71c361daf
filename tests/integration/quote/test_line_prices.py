"""What a person asks of prices beyond quantity and percentage, against a real database."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client

from handsel.bid.price import actions as price
from handsel.bid.price.rules.case.reading import CaseFault
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.actions.paper import paper_of
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.offer import shown_offer
from handsel.bid.quote.queries.sheet import sheet_rows, summands
from handsel.bid.quote.rules.paid import summands_of_kept
from handsel.bid.quote.rules.sheet.edits import AddGroup, MoveLine, RemoveLine
from handsel.bid.quote.rules.sheet.sums import totals
from handsel.bid.quote.rules.sheet.wire import edits_of
from handsel.bid.quote.rules.subscription import Step, Subscription
from handsel.ground.document.models import Mail
from handsel.ground.kernel.clock import FixedClock
from handsel.ground.kernel.errors import Invalid
from handsel.site import middleware
from tests.support.bid import Shelf, make_products, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
FROM, TO = date(2026, 4, 1), date(2027, 5, 31)  # 14 months


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def lines_of(version: QuoteVersion) -> list[LineView]:
    return queries.lines_of(version.pk)


def asking(world: World, version: QuoteVersion, key: UUID, **asked: object) -> QuoteVersion:
    """The version after asking something of one line's price."""
    charge = str(asked.pop("charge", "one_time"))
    return actions.set_line_price(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        line_key=key,
        asked=asked,
        charge=charge,
    )


def test_a_term_multiplies_the_price_and_is_no_discount(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt, _stand = lines_of(version)
    asked = Subscription(start_on=FROM, end_on=TO, convention="MONTH_UP").asked()
    version = asking(world, version, belt.key, **asked)
    line = lines_of(version)[0]
    # 3 × 135.50 × 14/12 = 474.25; 9 % less is 431.57.
    assert (line.list_minor, line.net_minor) == (474_25, 431_57)
    assert line.list_price == Decimal("158.083333")
    assert [(row.stage.value, row.amount_minor, row.rule) for row in line.rows[:3]] == [
        ("base", 406_50, f"price_entry:{_entry(shelf)}"),
        ("proration", 67_75, "proration:MONTH_UP"),
        ("manual", -42_68, ""),
    ]
    assert version.list_minor == 474_25 + 580_00
    assert version.net_minor == sum(one.net_minor for one in lines_of(version))


def _entry(shelf: Shelf) -> int:
    from handsel.bid.price.models import PriceEntry

    return PriceEntry.objects.get(product_id=shelf.belt.pk).pk


def test_the_products_convention_counts_where_none_is_said(world: World) -> None:
    belt, stand, visit = make_products(world.system, world.now)
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="Terms",
        currency="EUR",
        segment="",
        valid_from=date(2026, 1, 1),
    )
    prices = {belt.pk: Decimal(12_000), stand.pk: Decimal(12_000), visit.pk: Decimal(1)}
    price.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    price.add_terms(
        actor=world.system,
        now=world.now,
        book_id=book.pk,
        terms=[
            NewTerm(kind="conventions", definition={"convention": "30/360"}, product_id=belt.pk),
            NewTerm(kind="conventions", definition={"convention": "ANNIV"}),
        ],
    )
    price.publish_book(actor=world.system, now=world.now, book_id=book.pk)
    shelf = Shelf(belt, stand, visit, book)
    lines = [NewLine(product_id=one.pk, quantity=Decimal(1)) for one in (belt, stand)]
    version = make_quote(world, shelf, lines=lines)
    term = {"start_on": "2025-01-15", "end_on": "2026-03-10"}
    for line in lines_of(version):
        version = asking(world, version, line.key, term=term)
    # P-20: 30/360 and ANNIV of 12,000 a year.
    assert [line.net_minor for line in lines_of(version)] == [13_866_67, 13_857_14]


def test_what_is_paid_by_the_period_has_a_contract_value(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt, _stand = lines_of(version)
    asked = Subscription(
        start_on=date(2026, 4, 1), end_on=date(2029, 3, 31), price_months=12, charge_months=1
    ).asked()
    version = asking(world, version, belt.key, charge="recurring", **asked)
    line = lines_of(version)[0]
    assert line.net_minor == 30_83  # 406.50 / 12 less 9 %
    sums = totals(summands(sheet_rows(version.pk)))
    assert [(one.charge, one.months, one.net_minor) for one in sums.charges] == [
        ("one_time", 0, 580_00),
        ("recurring", 1, 30_83),
    ]
    assert sums.contract_minor == 580_00 + 36 * 30_83
    assert sums.annual_minor == 12 * 30_83


def test_a_term_that_is_no_number_of_periods_is_refused() -> None:
    with pytest.raises(BadQuote, match="whole periods"):
        Subscription(start_on=FROM, end_on=date(2027, 5, 30), charge_months=1).asked()


def test_a_price_by_hand_needs_a_reason_and_is_hit(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt, stand = lines_of(version)
    with pytest.raises(BadQuote) as refused:
        asking(world, version, belt.key, manual={"target_line": "400.00"})
    assert set(refused.value.fields) == {"reason"}
    version = asking(
        world, version, stand.key, manual={"target_line": "500.01"}, reason="Like last year"
    )
    assert lines_of(version)[1].net_minor == 500_01
    version = asking(world, version, belt.key, override={"price": "100"}, reason="Agreed by phone")
    assert lines_of(version)[0].net_minor == 273_00  # 3 × 100 less 9 %


def test_a_line_costs_a_percentage_of_named_lines(world: World, shelf: Shelf) -> None:
    wanted = [
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(3)),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(2)),
        NewLine(product_id=shelf.visit.pk, quantity=Decimal(1)),
        NewLine(product_id=shelf.visit.pk, quantity=Decimal(1)),
    ]
    version = make_quote(world, shelf, lines=wanted)
    belt, stand, first, second = lines_of(version)
    share = {"percent": "18", "of": "list", "lines": [str(belt.key)]}
    version = asking(world, version, first.key, percent_of=share)
    both = {"percent": "10", "lines": [str(belt.key), str(stand.key)], "least": "120"}
    version = asking(world, version, second.key, percent_of=both)
    assert [line.net_minor for line in lines_of(version)] == [406_50, 580_00, 73_17, 120_00]
    with pytest.raises(BadQuote, match="other lines"):
        asking(world, version, first.key, percent_of={"percent": "1", "lines": [str(first.key)]})
    with pytest.raises(CaseFault, match=r"percent_of\.percent"):
        asking(world, version, first.key, percent_of={"percent": "1e400"})


def test_a_ramp_is_a_line_for_each_period(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt, stand = lines_of(version)
    steps = [Step(months=12, quantity=Decimal(n)) for n in (100, 200, 300)]

    def ramped(steps: list[Step]) -> QuoteVersion:
        return actions.ramp_line(
            actor=world.actor("sales_rep"),
            now=world.now,
            quote_id=version.quote_id,
            line_key=belt.key,
            start_on=date(2026, 4, 1),
            steps=steps,
            convention="ANNIV",
            uplift_bps=300,
        )

    lines = lines_of(ramped(steps))
    # 135.50 a year: 13,550 + 27,100 × 1.03 + 40,650 × 1.0609 (P-26 with another price).
    assert [line.net_minor for line in lines] == [13_550_00, 27_913_00, 43_125_59, 580_00]
    assert [line.list_minor for line in lines] == [line.net_minor for line in lines]
    assert lines[0].key == belt.key and lines[3].key == stand.key
    assert lines[2].asked["term"] == {
        "start_on": "2028-04-01",
        "end_on": "2029-03-31",
        "convention": "ANNIV",
        "anchor_on": "2026-04-01",
    }
    # What is signed for is three years, and that is what term discounts and approvals look at.
    assert [line.asked["term_months"] for line in lines[:3]] == ["36", "36", "36"]
    assert lines[2].asked["ramp"]["months"] == "12"
    fewer = lines_of(
        ramped([Step(months=12, quantity=Decimal(10)), Step(months=3, quantity=Decimal(10))])
    )
    assert [line.net_minor for line in fewer] == [1_355_00, 348_91, 580_00]
    assert fewer[0].key == belt.key and fewer[1].key == lines[1].key


def test_what_a_ramp_costs_in_a_year_is_told_on_average(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt, _stand = lines_of(version)
    version = actions.ramp_line(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        line_key=belt.key,
        start_on=date(2026, 4, 1),
        steps=[Step(months=12, quantity=Decimal(n)) for n in (100, 200, 300)],
        charge_months=1,
    )
    monthly = [line.net_minor for line in lines_of(version)[:3]]
    assert monthly == [1_129_17, 2_258_33, 3_387_50]  # 135.50 a year each, by the month
    found = totals(summands(sheet_rows(version.pk)))
    # One segment after the other: three years, not three times a year.
    assert found.contract_minor == 580_00 + 12 * sum(monthly)
    assert found.annual_minor == 12 * sum(monthly) // 3
    assert sums_of_kept(version) == found.annual_minor


def test_the_offer_its_mail_and_its_paper_name_the_first_year_and_the_whole(
    world: World, shelf: Shelf, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_quote(world, shelf)
    belt, _stand = lines_of(version)
    ramp = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    steps = [Step(months=12, quantity=Decimal(n)) for n in (100, 200, 300)]
    actions.ramp_line(
        **ramp, line_key=belt.key, start_on=date(2026, 4, 1), steps=steps, charge_months=1
    )
    presented = actions.present_quote(**ramp)
    monkeypatch.setattr(middleware, "clock", FixedClock(world.now))
    page = words_of(client.get(urlsplit(presented.link).path))
    mail = Mail.objects.get(template="quote_sent").body_text.replace("\u00a0", " ")
    # 135.50 a year for each of 100, 200, 300, charged by the month, and a stand of 580.00.
    assert "First year, net 14,130.04 EUR" in page
    assert "Total contract value, net 81,880.00 EUR" in page
    assert "Year 2 27,099.96 EUR Year 3 40,650.00 EUR" in page
    assert "First year, net: €14,130.04" in mail
    assert "Total contract value, net: €81,880.00" in mail
    shown = shown_offer(presented.version)
    paper = paper_of(shown, now=world.now, time_zone="Europe/Berlin")
    told = [(one.label, one.amount.amount_minor) for one in paper.years]
    assert told == [
        ("Year 1, net", 14_130_04),
        ("Year 2, net", 27_099_96),
        ("Year 3, net", 40_650_00),
    ]


def words_of(response: Any) -> str:
    """What a page says, without its tags."""
    told = unescape(re.sub(r"<[^>]*>", " ", response.content.decode()))
    return " ".join(told.replace("\u202f", " ").split())


def sums_of_kept(version: QuoteVersion) -> int | None:
    """A year's value by the way papers and comparisons go."""
    return totals(summands_of_kept(lines_of(version))).annual_minor


def test_a_target_for_the_quote_is_hit_to_the_cent(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    version = target(world, version, Decimal("900.01"))
    assert version.net_minor == 900_01 == sum(line.net_minor for line in lines_of(version))
    assert version.pricing["reason"] == "Closing"
    assert target(world, version, None).net_minor == 949_91
    with pytest.raises(BadQuote):
        target(world, version, Decimal("NaN"))


def target(
    world: World, version: QuoteVersion, total: Decimal | None, group: UUID | None = None
) -> QuoteVersion:
    return actions.set_target(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        total=total,
        group_key=group,
        reason="Closing",
    )


def test_a_target_for_a_group_is_given_to_its_lines(world: World, shelf: Shelf) -> None:
    wanted = [NewLine(product_id=shelf.stand.pk, quantity=Decimal(1)) for _ in range(4)]
    version = make_quote(world, shelf, lines=wanted)
    keys = [line.key for line in lines_of(version)]
    group = UUID("00000000-0000-4000-8000-000000000001")
    actions.apply_edits(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        edits=[
            AddGroup(group_key=group, title="Hall 1"),
            *(MoveLine(line_key=key, group_key=group) for key in keys[:3]),
        ],
    )
    version = target(world, version, Decimal("800.00"), group)
    assert [line.net_minor for line in lines_of(version)] == [290_00, 266_67, 266_67, 266_66]
    version = target(world, version, None, group)
    assert [line.net_minor for line in lines_of(version)] == [290_00] * 4


def test_codes_and_the_resellers_tier_reach_the_engine(world: World) -> None:
    belt, stand, visit = make_products(world.system, world.now)
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="Partners",
        currency="EUR",
        segment="",
        valid_from=date(2026, 1, 1),
    )
    prices = {one.pk: Decimal(100) for one in (belt, stand, visit)}
    price.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    terms = [
        NewTerm(kind="partners", definition={"percent": "20", "tier": "gold"}),
        NewTerm(kind="partners", definition={"percent": "10", "tier": "silver"}),
        NewTerm(kind="promotions", definition={"percent": "5", "code": "SPRING"}),
    ]
    price.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)
    price.publish_book(actor=world.system, now=world.now, book_id=book.pk)
    lines = [NewLine(product_id=belt.pk, quantity=Decimal(1))]
    version = make_quote(world, Shelf(belt, stand, visit, book), lines=lines)
    assert version.net_minor == 100_00
    for pricing, net in (
        ({"partner": "gold"}, 80_00),
        ({"partner": "silver", "codes": ["SPRING"]}, 85_50),
        ({"codes": ["SPRING"]}, 95_00),
        ({}, 100_00),
    ):
        version = actions.set_pricing(
            actor=world.actor("sales_rep"),
            now=world.now,
            quote_id=version.quote_id,
            codes=pricing.get("codes", []),
            partner=pricing.get("partner", ""),
        )
        assert version.net_minor == net


def test_lines_are_drafted_and_kept_as_templates_with_what_is_asked(
    world: World, shelf: Shelf
) -> None:
    asked = Subscription(
        start_on=date(2026, 4, 1), end_on=date(2027, 3, 31), charge_months=1
    ).asked()
    monthly = NewLine(
        product_id=shelf.visit.pk, quantity=Decimal(12), charge="recurring", asked=asked
    )
    version = make_quote(world, shelf, lines=[monthly])
    assert (version.net_minor, lines_of(version)[0].charge) == (98_00, "recurring")
    act = {"actor": world.actor("sales_rep"), "now": world.now}
    template = actions.keep_as_template(**act, quote_id=version.quote_id, name="Care")
    begun = actions.draft_from_template(
        **act, template_id=template.pk, organization_id=world.customer.pk
    )
    assert begun.net_minor == version.net_minor
    assert lines_of(begun)[0].asked == lines_of(version)[0].asked
    with pytest.raises(BadQuote, match="how often"):
        make_quote(world, shelf, lines=[replace(monthly, asked={})])
    with pytest.raises(BadQuote, match="by hand"):
        wanted = {"override": {"price": "1"}}
        make_quote(world, shelf, lines=[replace(monthly, charge="one_time", asked=wanted)])


def test_a_line_taken_out_of_the_sheet_comes_back_with_what_was_asked(
    world: World, shelf: Shelf
) -> None:
    version = make_quote(world, shelf)
    belt, _stand = lines_of(version)
    asked = Subscription(start_on=FROM, end_on=TO, charge_months=1).asked()
    version = asking(world, version, belt.key, charge="recurring", **asked)
    before = [(line.charge, line.asked, line.net_minor) for line in lines_of(version)]
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.apply_edits(**act, edits=[RemoveLine(line_key=belt.key)])
    # As the sheet undoes it, by what its row says.
    again = {
        "kind": "add",
        "ref": "r1",
        "line_key": str(belt.key),
        "product_id": belt.product_id,
        "quantity": "3",
        "discount_bps": 900,
        "charge": "recurring",
        "asked": before[0][1],
        "before_key": str(lines_of(version)[0].key),
    }
    actions.apply_edits(**act, edits=edits_of([again]))
    after = [(line.charge, line.asked, line.net_minor) for line in lines_of(version)]
    assert after == before
    with pytest.raises(Invalid):
        edits_of([{**again, "asked": "everything"}])
