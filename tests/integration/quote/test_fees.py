"""Freight and fees of a price book on a quote, and on the order and invoice that come of it."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from handsel.bid.catalog.models import Product
from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.price.rules.waterfall import Stage
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.actions.proposals import document_of
from handsel.bid.quote.errors import LineNotFound
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.approval import facts_of_version
from handsel.bid.quote.queries.compare import compared
from handsel.bid.quote.queries.offer import shown_offer
from handsel.bid.quote.rules.line_keys import is_fee_key
from handsel.bid.quote.rules.sheet.edits import AddGroup, MoveLine, RemoveLine, SetField
from handsel.bid.quote.web.offer_lines import offered_lines
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order, OrderLine
from handsel.deliver.fulfillment import queries as shipments
from handsel.deliver.fulfillment.actions.paper import goods_text
from handsel.ground.kernel.money import Money
from tests.support import billing
from tests.support.bid import Shelf, make_products, make_quote
from tests.support.calls import api_of
from tests.support.pages import text_of
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

FREIGHT = NewTerm(kind="fees", definition={"label": "Freight", "amount": "45"})


@pytest.fixture
def world() -> World:
    return make_world()


def shelf_with(world: World, *terms: NewTerm) -> Shelf:
    """Belt 135.50, stand 290.00, visit 98.00 in a book with fees."""
    belt, stand, visit = make_products(world.system, world.now)
    own = [
        NewTerm(**{**vars_of(one), "product_id": stand.pk}) if one.product_id == -1 else one
        for one in terms
    ]
    return Shelf(belt, stand, visit, book_with(world, (belt, stand, visit), own))


def vars_of(term: NewTerm) -> dict[str, Any]:
    return {"kind": term.kind, "definition": term.definition, "product_group": term.product_group}


def book_with(world: World, products: Sequence[Product], terms: Sequence[NewTerm]) -> Any:
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="Freight",
        currency="EUR",
        segment="",
        valid_from=date(2026, 1, 1),
    )
    amounts = (Decimal("135.50"), Decimal(290), Decimal(98))
    prices = {one.pk: amount for one, amount in zip(products, amounts, strict=True)}
    price.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    price.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)
    return price.publish_book(actor=world.system, now=world.now, book_id=book.pk)


def line(product: Product, quantity: int = 1, **more: Any) -> NewLine:
    return NewLine(product_id=product.pk, quantity=Decimal(quantity), **more)


def told(version: QuoteVersion) -> list[tuple[str, int]]:
    return [(one.name, one.net_minor) for one in queries.lines_of(version.pk)]


def fresh(world: World, version: QuoteVersion) -> QuoteVersion:
    return queries.get_version(world.actor("sales_rep"), version.quote_id)


def test_a_fee_is_a_line_that_is_taxed_and_totalled(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand, 2)])
    assert told(version) == [("Stand 900", 58_000), ("Freight", 4_500)]
    assert (version.net_minor, version.tax_minor) == (62_500, 11_875)
    assert version.list_minor == 62_500
    fee = queries.lines_of(version.pk)[1]
    assert (fee.sku, fee.quantity, fee.unit, fee.rows[0].stage) == ("FEE", 1, "piece", Stage.FEE)
    assert fee.rows[0].rule.startswith("price_term:")
    assert sum(row.amount_minor for row in fee.rows) == 4_500 + fee.tax_minor


def test_a_percentage_follows_every_edit_and_no_discount_comes_off_it(world: World) -> None:
    packing = NewTerm(kind="fees", definition={"label": "Packing", "percent": "2"})
    shelf = shelf_with(world, FREIGHT, packing)
    version = make_quote(world, shelf, lines=[line(shelf.stand, 2)])
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    assert told(version)[1:] == [("Freight", 4_500), ("Packing", 1_160)]
    keys = [one.key for one in queries.lines_of(version.pk)]
    actions.add_lines(**act, lines=[line(shelf.visit, 3)])
    actions.set_terms(**act, changes={"discount_bps": 1_000})
    version = fresh(world, version)
    # 580 + 294 = 874; − 10 % = 786.60; 2 % of it 15.73
    assert told(version) == [
        ("Stand 900", 52_200),
        ("Service visit", 26_460),
        ("Freight", 4_500),
        ("Packing", 1_573),
    ]
    after = [one.key for one in queries.lines_of(version.pk)]
    assert after[2:] == keys[1:]
    assert all(is_fee_key(key) for key in after[2:])
    actions.set_target(**act, total=Decimal(700), reason="a round price")
    assert told(fresh(world, version))[2:] == [("Freight", 4_500), ("Packing", 1_400)]
    assert fresh(world, version).net_minor == 70_000 + 5_900
    for one in queries.lines_of(version.pk)[:2]:
        actions.remove_line(**act, line_key=one.key)
    assert told(fresh(world, version)) == []


def test_a_fee_for_one_product_comes_and_goes_with_it(world: World) -> None:
    heavy = NewTerm(
        kind="fees", definition={"label": "Heavy goods", "percent": "10"}, product_id=-1
    )
    shelf = shelf_with(world, heavy)
    lines = [line(shelf.belt, 2), line(shelf.stand, is_optional=True)]
    version = make_quote(world, shelf, lines=lines)
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    assert told(version)[2] == ("Heavy goods", 0)
    option = queries.lines_of(version.pk)[1].key
    actions.present_quote(**act, mail=False)
    version = fresh(world, version)
    chosen = shown_offer(version, [option]).priced
    assert [one.net_minor for one in chosen.lines] == [27_100, 29_000, 2_900]
    assert chosen.net_minor == 59_000
    actions.new_version(**act)
    actions.remove_line(**act, line_key=option)
    assert told(fresh(world, version)) == [("Conveyor belt PU 600", 27_100)]


def test_nobody_edits_a_fee(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand)])
    fee = queries.lines_of(version.pk)[1].key
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    with pytest.raises(LineNotFound):
        actions.set_line(**act, line_key=fee, discount_bps=10_000)
    with pytest.raises(LineNotFound):
        actions.remove_line(**act, line_key=fee)
    with pytest.raises(LineNotFound):
        actions.set_line_price(**act, line_key=fee, asked={})
    with pytest.raises(Exception, match="fees come with the price book"):
        actions.add_lines(
            **act, lines=[line(shelf.stand, asked={"fee": {"rule": "x", "amount": "-45"}})]
        )
    done = actions.apply_edits(
        **act, edits=[SetField(line_key=fee, field="quantity", was="1", now="5")]
    )
    assert not done.applied
    actions.apply_edits(**act, edits=[RemoveLine(line_key=fee)])
    assert told(fresh(world, version)) == [("Stand 900", 29_000), ("Freight", 4_500)]


def test_a_preview_is_what_the_edit_makes(world: World) -> None:
    shelf = shelf_with(
        world, FREIGHT, NewTerm(kind="fees", definition={"label": "Packing", "percent": "3"})
    )
    version = make_quote(world, shelf, lines=[line(shelf.stand)])
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    key = queries.lines_of(version.pk)[0].key
    edits = [SetField(line_key=key, field="quantity", was="1", now="7")]
    seen = actions.preview_edits(**act, edits=edits)
    actions.apply_edits(**act, edits=edits)
    assert seen.net_minor == fresh(world, version).net_minor == 203_000 + 4_500 + 6_090


def test_copies_parts_and_wholes_carry_their_own_fee(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand), line(shelf.belt)])
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    copy = actions.copy_quote(**act)
    assert told(copy) == told(version)
    belt = queries.lines_of(version.pk)[1].key
    part = actions.split_quote(**act, line_keys=[belt])
    assert told(part) == [("Conveyor belt PU 600", 13_550), ("Freight", 0)]
    assert told(fresh(world, version)) == [("Stand 900", 29_000), ("Freight", 4_500)]
    merged = actions.merge_quotes(**act, other_id=part.quote_id)
    assert told(merged) == [
        ("Stand 900", 29_000),
        ("Conveyor belt PU 600", 13_550),
        ("Freight", 4_500),
    ]
    template = actions.keep_as_template(**act, name="Line")
    assert len(template.lines) == 2
    begun = actions.draft_from_template(
        actor=act["actor"],
        now=world.now,
        template_id=template.pk,
        organization_id=world.customer.pk,
    )
    assert told(begun) == told(merged)


def test_versions_differ_by_their_fee_and_the_bytes_say_it(world: World) -> None:
    shelf = shelf_with(world, NewTerm(kind="fees", definition={"label": "Packing", "percent": "3"}))
    version = make_quote(world, shelf, lines=[line(shelf.stand)])
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.present_quote(**act, mail=False)
    content = json.loads(shown_offer(fresh(world, version)).content)
    assert [(one["name"], one["net_minor"]) for one in content["lines"]] == [
        ("Stand 900", 29_000),
        ("Packing", 870),
    ]
    assert content["totals"]["net_minor"] == 29_870
    actions.new_version(**act)
    key = queries.lines_of(fresh(world, version).pk)[0].key
    actions.set_line(**act, line_key=key, quantity=Decimal(2))
    found = compared(act["actor"], version.quote_id, 1, 2)[2].lines
    assert [(one.verdict, [change.field for change in one.changes]) for one in found] == [
        ("changed", ["quantity", "net_minor"]),
        ("changed", ["list_price", "net_minor"]),
    ]


def test_approvals_see_a_fee_as_value_and_no_discount(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand, 2, discount_bps=1_000)])
    facts = facts_of_version(version, queries.lines_of(version.pk), now=world.now).values()
    assert facts["fees_value"] == 4_500
    assert facts["net_value"] == 52_200 + 4_500
    assert facts["total_discount"] == 1_000
    assert facts["line_count"] == 1


def test_an_accepted_fee_is_a_line_of_the_order(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand, 2)])
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.present_quote(**act, mail=False)
    signed = Signature(name="Ada", email="ada@example.com", evidence="by phone")
    actions.accept_for_buyer(**act, signature=signed)
    order = Order.objects.get(quote_version__quote_id=version.quote_id)
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    assert [(one.position, one.name, one.net_minor) for one in lines] == [
        (1, "Stand 900", 58_000),
        (2, "Freight", 4_500),
    ]
    assert Money(order.net_minor, "EUR") == Money(sum(one.net_minor for one in lines), "EUR")


def accepted(world: World, version: QuoteVersion) -> Order:
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.present_quote(**act, mail=False)
    signed = Signature(name="Ada", email="ada@example.com", evidence="by phone")
    actions.accept_for_buyer(**act, signature=signed)
    order = Order.objects.get(quote_version__quote_id=version.quote_id)
    return orders.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)


def test_a_fee_goes_with_the_first_goods_and_is_invoiced_with_them(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    lines = [line(shelf.belt, 2), line(shelf.belt, 5), line(shelf.visit, 1)]
    order = accepted(world, make_quote(world, shelf, lines=lines))
    first, *_rest = order_lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    freight = order_lines[-1]
    part = billing.ship(world, order, {first.pk: "2", freight.pk: "1"})
    (invoice,) = billing.drafts(order)
    assert invoice.net_minor == 27_100 + 4_500
    assert goods_text(shipments.lines_of(part.pk)) == "2 × Conveyor belt PU 600"
    billing.ship(world, order)
    billing.ship(world, order)
    rest = sum(one.net_minor for one in billing.drafts(order))
    assert rest == order.net_minor == 27_100 + 67_750 + 9_800 + 4_500


def test_one_click_ships_goods_with_their_freight(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    order = accepted(world, make_quote(world, shelf, lines=[line(shelf.belt, 2)]))
    billing.ship(world, order)
    (invoice,) = billing.drafts(order)
    assert (invoice.net_minor, invoice.gross_minor) == (order.net_minor, order.gross_minor)
    assert not [one for one in shipments.states_of(order) if one.open]


def test_the_sheet_sums_fees_and_has_no_row_for_them(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand)])
    rep = session_of(world.users["sales_rep"])
    sheet = rep.get(f"/quote/{version.quote_id}/sheet/rows/").json()
    assert [row[1] for row in sheet["rows"]] == ["STAND-900"]
    (fee,) = sheet["sums"]["fees"]
    assert (fee["name"], fee["net"], fee["waived"]) == ("Freight", 4_500, "")
    assert sheet["sums"]["net"] == sheet["net"] == 33_500
    key = sheet["rows"][0][0]
    edit = {"kind": "set", "line_key": key, "field": "quantity", "was": "1", "now": "2"}
    answer = rep.post(
        f"/quote/{version.quote_id}/sheet/edits/",
        json.dumps({"key": "k", "lock": sheet["lock"], "edits": [edit]}),
        content_type="application/json",
    ).json()
    assert [row[1] for row in answer["rows"]] == ["STAND-900"]
    assert answer["sums"]["net"] == answer["net"] == 62_500


def test_pages_papers_and_answers_show_a_fee(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand)])
    rep, api = session_of(world.users["sales_rep"]), api_of(world, "sales_rep")
    quote_id = version.quote_id
    assert b"Freight" in rep.get(f"/quote/{quote_id}/").content  # what is read without script
    fee = queries.lines_of(version.pk)[1].key
    assert "Fee" in text_of(rep.get(f"/quote/{quote_id}/1/why/{fee}/"))
    assert str(fee) not in text_of(rep.get(f"/quote/{quote_id}/split/"))
    actions.present_quote(
        actor=world.actor("sales_rep"), now=world.now, quote_id=quote_id, mail=False
    )
    pdf = rep.get(f"/quote/{quote_id}/1/pdf/")
    told_in_pdf = " ".join(one.extract_text() for one in PdfReader(BytesIO(pdf.content)).pages)
    assert "Freight" in told_in_pdf
    assert "335.00" in told_in_pdf
    told_by_api = api.get(f"/quote/{quote_id}")[1]["lines"]
    assert [one["is_fee"] for one in told_by_api] == [False, True]


def test_fees_stand_behind_all_groups(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand), line(shelf.belt)])
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    stand = queries.lines_of(version.pk)[0].key
    group = uuid4()
    edits = [
        AddGroup(group_key=group, title="Hall 4"),
        MoveLine(line_key=stand, group_key=group),
    ]
    actions.apply_edits(**act, edits=edits)
    actions.present_quote(**act, mail=False)
    shown = shown_offer(fresh(world, version))
    titles = [
        (one.get("title"), len(one.get("rows", ()))) for one in offered_lines(shown)["sections"]
    ]
    assert titles == [(None, 1), ("Hall 4", 1), (None, 0), ("Freight and fees", 1)]
    paper = document_of(shown, now=world.now, time_zone="Europe/Berlin")
    found = [(one.title, len(one.lines)) for one in paper.sections]
    assert found == [("", 1), ("Hall 4", 1), ("Freight and fees", 1)]
