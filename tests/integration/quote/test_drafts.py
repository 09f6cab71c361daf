"""Drafting, editing and versions, by the room's actions against a real database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.errors import ProductNotSellable
from handsel.bid.price import actions as price
from handsel.bid.price.errors import NoPrice
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.errors import (
    BadQuote,
    LineNotFound,
    QuoteNotEditable,
    QuoteNotFound,
    StaleEdit,
)
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.rules.diff import VersionFacts, diff
from handsel.ground.platform.log import timeline
from tests.support.bid import (
    Shelf,
    make_quote,
    make_shelf,
    make_yardstick,
    yardstick_lines,
)
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def test_draft_is_priced_numbered_and_told(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    assert version.quote.number == "Q-2026-00001"
    assert (version.list_minor, version.net_minor) == (986_50, 949_91)
    assert (version.tax_minor, version.gross_minor) == (180_48, 1_130_39)
    belt, stand = queries.lines_of(version.pk)
    assert [(row.stage.value, row.amount_minor) for row in belt.rows] == [
        ("base", 406_50),
        ("manual", -36_59),
        ("tax", 70_28),
    ]
    assert (stand.net_minor, stand.tax_minor) == (580_00, 110_20)
    assert version.tax_rows[0] | {"reason": ""} == {
        "category": "S",
        "rate_bps": 1900,
        "reason_code": "",
        "reason": "",
        "base_minor": 949_91,
        "tax_minor": 180_48,
    }
    (event,) = timeline(("quote", version.quote_id))
    assert event.type == "quote.quote.drafted"


def test_terms_come_from_the_customer_and_the_sellers_day(world: World, shelf: Shelf) -> None:
    late = world.now.replace(hour=23, minute=30)  # the next day already in Berlin
    version = actions.draft_quote(
        actor=world.actor("sales_rep"), now=late, organization_id=world.customer.pk
    )
    assert version.priced_on == date(2026, 3, 3)
    assert version.valid_until == date(2026, 4, 2)
    assert version.payment_days == world.customer.payment_days


@pytest.mark.parametrize(
    ("count", "gross_minor"), [(20, 2_288_88), (200, 65_542_84), (1_000, 348_520_59)]
)
def test_yardstick_documents(world: World, count: int, gross_minor: int) -> None:
    """10 % tax: sold at the reduced rate in Austria by a house registered there."""
    ids = make_yardstick(world.system, world.now, tax_category="reduced")
    world.seller.country = "AT"
    world.seller.save()
    customer, _ = make_customer(
        world.system, world.now, name="Linz GmbH", country="AT", vat_id="", domain="linz.example"
    )
    version = actions.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=customer.pk,
        lines=yardstick_lines(ids, 0, count),
    )
    assert version.gross_minor == gross_minor
    again = actions.reprice(
        actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id
    )
    assert again.gross_minor == gross_minor


def test_edits_change_what_they_concern(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    quote_id = version.quote_id
    belt, stand = queries.lines_of(version.pk)
    version = actions.set_line(
        actor=rep,
        now=world.now,
        quote_id=quote_id,
        line_key=stand.key,
        quantity=Decimal(10),
        lock_no=version.lock_no,
    )
    kept = queries.lines_of(version.pk)
    assert kept[0].net_minor == belt.net_minor
    assert kept[1].net_minor == 2_755_00
    assert kept[1].rows[1].label == "from 10 stands"
    version = actions.add_lines(
        actor=rep,
        now=world.now,
        quote_id=quote_id,
        lines=[NewLine(product_id=shelf.visit.pk, quantity=Decimal("1.5"), is_optional=True)],
    )
    assert version.net_minor == 369_91 + 2_755_00
    option = queries.lines_of(version.pk)[2]
    assert (option.position, option.net_minor, option.counts) == (3, 147_00, False)
    version = actions.reorder(
        actor=rep,
        now=world.now,
        quote_id=quote_id,
        line_keys=[option.key, stand.key, belt.key],
    )
    assert [line.key for line in queries.lines_of(version.pk)] == [option.key, stand.key, belt.key]
    version = actions.remove_line(actor=rep, now=world.now, quote_id=quote_id, line_key=stand.key)
    lines = queries.lines_of(version.pk)
    assert [(line.key, line.position) for line in lines] == [(option.key, 1), (belt.key, 2)]
    assert version.net_minor == 369_91


def test_discount_on_the_whole_is_distributed(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    version = actions.set_terms(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        changes={"discount_bps": 1000},
    )
    lines = queries.lines_of(version.pk)
    assert version.net_minor == 949_91 - 94_99 == sum(line.net_minor for line in lines)


def test_stale_editor_gets_a_conflict_and_nothing_is_lost(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt, stand = queries.lines_of(version.pk)
    seen = version.lock_no
    change = {"now": world.now, "quote_id": version.quote_id, "lock_no": seen}
    actions.set_line(
        actor=world.actor("sales_rep"), line_key=belt.key, quantity=Decimal(7), **change
    )
    with pytest.raises(StaleEdit) as refusal:
        actions.set_line(
            actor=world.actor("sales_manager"), line_key=stand.key, quantity=Decimal(9), **change
        )
    assert refusal.value.http_status == 409
    assert refusal.value.facts["lock_no"] == seen + 1
    assert refusal.value.facts["by"] == world.actor("sales_rep").label
    quantities = [line.quantity for line in queries.lines_of(version.pk)]
    assert quantities == [Decimal(7), Decimal(2)]


def test_line_identities_are_never_reused(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    last = queries.lines_of(version.pk)[-1]
    actions.present_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    second = actions.new_version(actor=rep, now=world.now, quote_id=version.quote_id)
    actions.remove_line(actor=rep, now=world.now, quote_id=version.quote_id, line_key=last.key)
    new = [NewLine(product_id=shelf.visit.pk, quantity=Decimal(1))]
    actions.add_lines(actor=rep, now=world.now, quote_id=version.quote_id, lines=new)
    keys = {line.key for line in queries.lines_of(second.pk)}
    assert last.key not in keys
    assert len(keys) == 2


def test_new_version_offers_the_same_until_it_is_changed(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    actions.present_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    second = actions.new_version(actor=rep, now=world.now, quote_id=version.quote_id)
    assert (second.version_no, second.state) == (2, "draft")
    first = queries.get_version(rep, version.quote_id, 1)
    assert first.state == "superseded"
    assert diff(version_facts(first), version_facts(second)).is_empty


def version_facts(version: QuoteVersion) -> VersionFacts:
    return VersionFacts(
        [
            {name: getattr(line, name) for name in line.__dataclass_fields__}
            for line in queries.lines_of(version.pk)
        ],
        {name: getattr(version, name) for name in ("valid_until", "payment_days", "terms")},
        {"net_minor": version.net_minor},
    )


def test_presented_lines_are_frozen_by_the_database(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    actions.present_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    with pytest.raises(QuoteNotEditable):
        actions.reprice(actor=rep, now=world.now, quote_id=version.quote_id)
    for statement in (
        lambda: QuoteLine.objects.filter(version=version).update(net_minor=1),
        lambda: QuoteLine.objects.filter(version=version).delete(),
        lambda: QuoteVersion.objects.filter(pk=version.pk).update(payment_days=99),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def test_foreign_and_missing_are_alike(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    for actor, quote_id in ((world.stranger, version.quote_id), (world.system, 987_654)):
        with pytest.raises(QuoteNotFound):
            queries.get_quote(actor, quote_id)
        with pytest.raises(QuoteNotFound):
            actions.reprice(actor=actor, now=world.now, quote_id=quote_id)
    other = make_quote(world, shelf)
    foreign_line = queries.lines_of(other.pk)[0]
    with pytest.raises(LineNotFound):
        actions.remove_line(
            actor=world.system,
            now=world.now,
            quote_id=version.quote_id,
            line_key=foreign_line.key,
        )


def test_no_price_names_product_book_and_day(world: World, shelf: Shelf) -> None:
    facts = replace_sku(world)
    version = make_quote(world, shelf)
    with pytest.raises(NoPrice) as refusal:
        actions.add_lines(
            actor=world.system,
            now=world.now,
            quote_id=version.quote_id,
            lines=[NewLine(product_id=facts, quantity=Decimal(1))],
        )
    assert "NEW-1 Brand new" in refusal.value.message
    assert "List 2026" in refusal.value.message
    assert "2026-03-02" in refusal.value.message
    assert len(queries.lines_of(version.pk)) == 2


def replace_sku(world: World) -> int:
    from handsel.bid.catalog.rules.facts import ProductFacts

    facts = ProductFacts(sku="NEW-1", name="Brand new")
    return catalog.add_product(actor=world.system, now=world.now, facts=facts).pk


def test_segment_book_before_the_general_one(world: World, shelf: Shelf) -> None:
    from tests.support.bid import make_book

    make_book(
        world.system,
        world.now,
        {shelf.stand.pk: Decimal(250)},
        segment="dealer",
        name="Dealers 2026",
    )
    world.customer.price_segment = "dealer"
    world.customer.save()
    version = make_quote(
        world, shelf, lines=[NewLine(product_id=shelf.stand.pk, quantity=Decimal(1))]
    )
    assert version.net_minor == 250_00


def test_prices_are_frozen_to_the_day_until_asked_anew(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    later = world.now + timedelta(days=5)
    newer = price.copy_book(
        actor=rep, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 3, 5)
    )
    price.set_entries(
        actor=rep, now=world.now, book_id=newer.pk, prices={shelf.stand.pk: Decimal(300)}
    )
    price.publish_book(actor=rep, now=world.now, book_id=newer.pk, end_previous=True)
    stand = queries.lines_of(version.pk)[1]
    edit = {"actor": rep, "now": later, "quote_id": version.quote_id}
    version = actions.set_line(line_key=stand.key, quantity=Decimal(1), **edit)
    assert queries.get_line(version.pk, stand.key).net_minor == 290_00
    version = actions.reprice(**edit)
    assert queries.get_line(version.pk, stand.key).net_minor == 300_00
    assert version.priced_on == date(2026, 3, 7)


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "1.1234567", "1000000000000"])
def test_wrong_quantities_are_refused(world: World, shelf: Shelf, quantity: str) -> None:
    with pytest.raises(BadQuote) as refusal:
        make_quote(
            world,
            shelf,
            lines=[NewLine(product_id=shelf.stand.pk, quantity=Decimal(quantity))],
        )
    assert "quantity" in refusal.value.fields


def test_what_is_no_longer_sold_is_refused(world: World, shelf: Shelf) -> None:
    catalog.set_lifecycle(
        actor=world.system, now=world.now, product_id=shelf.belt.pk, lifecycle="phased_out"
    )
    with pytest.raises(ProductNotSellable, match="BELT-PU-600"):
        make_quote(world, shelf)


@pytest.mark.parametrize(
    "changes",
    [
        {"billing_method": "shares"},
        {"billing_method": "shares", "billing_shares": (3000, 6000)},
        {"billing_method": "monthly"},
        {"discount_bps": 10_001},
        {"payment_days": -1},
    ],
)
def test_wrong_terms_are_refused(world: World, shelf: Shelf, changes: dict[str, object]) -> None:
    version = make_quote(world, shelf)
    with pytest.raises(BadQuote):
        actions.set_terms(
            actor=world.system, now=world.now, quote_id=version.quote_id, changes=changes
        )


def test_reverse_charge_and_its_reason(world: World, shelf: Shelf) -> None:
    customer, _ = make_customer(
        world.system,
        world.now,
        name="Jansen BV",
        country="NL",
        vat_id="NL123456782B12",
        domain="jansen.example",
    )
    version = actions.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=customer.pk,
        lines=[
            NewLine(product_id=shelf.stand.pk, quantity=Decimal(1)),
            NewLine(product_id=shelf.visit.pk, quantity=Decimal(1)),
        ],
    )
    assert version.tax_minor == 0
    assert {row["category"] for row in version.tax_rows} == {"K", "AE"}
    assert all(row["reason"] for row in version.tax_rows)
    assert replace(queries.terms_of(version)) == queries.terms_of(version)
