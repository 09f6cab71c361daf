"""A fee that one quote is not charged: waived with a reason, and charged once where a quote is
split."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.bid.quote.errors import LineNotFound
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.approval import facts_of_version, picture_of
from handsel.bid.quote.queries.compare import compared
from handsel.bid.quote.queries.offer import shown_offer
from handsel.bid.quote.queries.sheet import sheet_rows
from handsel.bid.quote.web.parts import line_row
from handsel.bid.quote.web.sheet_answers import wire_fees
from handsel.commit.order.models import OrderLine
from handsel.ground.kernel.errors import Forbidden, Invalid
from tests.integration.quote.test_fees import FREIGHT, accepted, fresh, line, shelf_with, told
from tests.support import billing
from tests.support.approval import Approvals, role
from tests.support.bid import make_quote
from tests.support.calls import api_of
from tests.support.pages import text_of
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

PACKING = NewTerm(kind="fees", definition={"label": "Packing", "percent": "2"})
WHY = "late delivery last time"


@pytest.fixture
def world() -> World:
    return make_world()


def acting(world: World, version: QuoteVersion) -> dict[str, Any]:
    return {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}


def fee_of(version: QuoteVersion, name: str = "Freight") -> UUID:
    return next(one.key for one in queries.lines_of(version.pk) if one.name == name)


def waived(world: World, version: QuoteVersion, name: str = "Freight") -> QuoteVersion:
    actions.waive_fee(**acting(world, version), line_key=fee_of(version, name), reason=WHY)
    return fresh(world, version)


def facts(world: World, version: QuoteVersion) -> dict[str, Any]:
    return facts_of_version(version, queries.lines_of(version.pk), now=world.now).values()


def test_a_waived_fee_stays_as_a_line_with_nothing_to_pay(world: World) -> None:
    shelf = shelf_with(world, FREIGHT, PACKING)
    version = make_quote(world, shelf, lines=[line(shelf.stand, 2)])
    assert version.net_minor == 58_000 + 4_500 + 1_160
    version = waived(world, version)
    assert told(version) == [("Stand 900", 58_000), ("Freight", 0), ("Packing", 1_160)]
    assert (version.net_minor, version.list_minor) == (59_160, 59_160)
    fee = queries.lines_of(version.pk)[1]
    assert [row.amount_minor for row in fee.rows] == [4_500, -4_500]
    assert (fee.description, fee.rows[1].label) == ("waived", WHY)
    row = line_row(fee, fee, "EUR")
    assert row["detail"] == "waived · worth €45.00"
    assert wire_fees(version.pk, sheet_rows(version.pk))[0]["worth"] == 4_500
    assert wire_fees(version.pk, sheet_rows(version.pk))[1]["worth"] == 0
    # It stays waived whatever else changes, and so does its identity.
    actions.add_lines(**acting(world, version), lines=[line(shelf.belt)])
    actions.set_pricing(**acting(world, version), codes=["SPRING"])
    actions.reprice(**acting(world, version))
    assert told(fresh(world, version))[2] == ("Freight", 0)
    assert fee_of(version) == fee.key
    actions.charge_fee(**acting(world, version), line_key=fee.key)
    version = fresh(world, version)
    assert told(version)[2] == ("Freight", 4_500)
    assert version.pricing == {"codes": ["SPRING"]}


def test_a_reason_a_right_and_a_fee_are_needed(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand)])
    act, stand = acting(world, version), queries.lines_of(version.pk)[0].key
    for reason in (" ", "x" * 301):
        with pytest.raises(Invalid):
            actions.waive_fee(**act, line_key=fee_of(version), reason=reason)
    with pytest.raises(LineNotFound):
        actions.waive_fee(**act, line_key=stand, reason=WHY)
    clerk = {**act, "actor": world.actor("accountant")}
    with pytest.raises(Forbidden):
        actions.waive_fee(**clerk, line_key=fee_of(version), reason=WHY)
    assert fresh(world, version).net_minor == 33_500


def test_approvals_are_asked_about_what_was_waived(world: World) -> None:
    shelf = shelf_with(world, FREIGHT, PACKING)
    version = make_quote(world, shelf, lines=[line(shelf.stand, 2)])
    assert (facts(world, version)["fees_waived"], facts(world, version)["fees_value"]) == (0, 5_660)
    version = waived(world, waived(world, version), "Packing")
    found = facts(world, version)
    assert (found["fees_waived"], found["fees_value"], found["net_value"]) == (5_660, 0, 58_000)
    assert found["total_discount"] == 0  # a fee is no line, and no discount
    limit = {"fact": "fees_waived", "op": ">", "value": {"EUR": "50.00"}}
    Approvals(world, shelf).rule("Fees", limit, role("sales_manager"))
    picture = picture_of(version, now=world.now, requester_id=world.users["sales_rep"].pk)
    assert [ask.reasons[0].rule_name for ask in picture.plan.asks] == ["Fees"]


def test_versions_keep_and_tell_it_and_the_customer_reads_no_reason(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand)])
    act = acting(world, version)
    actions.present_quote(**act, mail=False)
    actions.new_version(**act)
    version = waived(world, version)
    found = compared(act["actor"], version.quote_id, 1, 2)[2]
    changed = {one.field: (one.before, one.after) for one in found.terms}
    assert changed["waived"] == ("", f"Freight: {WHY}")
    assert [one.verdict for one in found.lines] == ["same", "changed"]
    actions.present_quote(**act, mail=False)
    content = shown_offer(fresh(world, version)).content
    freight = json.loads(content)["lines"][1]
    assert (freight["description"], freight["net_minor"]) == ("waived", 0)
    assert WHY not in content.decode()
    actions.new_version(**act)
    assert told(fresh(world, version))[1] == ("Freight", 0)
    assert told(actions.copy_quote(**act))[1] == ("Freight", 4_500)  # waived on one quote only


def test_an_order_and_its_invoice_bear_it_with_nothing(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = waived(world, make_quote(world, shelf, lines=[line(shelf.belt, 2)]))
    order = accepted(world, version)
    rows = OrderLine.objects.filter(order=order).order_by("position")
    assert [(one.name, one.net_minor) for one in rows] == [
        ("Conveyor belt PU 600", 27_100),
        ("Freight", 0),
    ]
    billing.ship(world, order)
    (invoice,) = billing.drafts(order)
    assert (invoice.net_minor, invoice.gross_minor) == (order.net_minor, order.gross_minor)


def test_a_split_pays_an_amount_once_and_a_percentage_on_each_half(world: World) -> None:
    shelf = shelf_with(world, FREIGHT, PACKING)
    version = make_quote(world, shelf, lines=[line(shelf.stand), line(shelf.belt, 2)])
    act = acting(world, version)
    before = fresh(world, version).net_minor
    part = actions.split_quote(**act, line_keys=[queries.lines_of(version.pk)[1].key])
    version = fresh(world, version)
    assert told(version) == [("Stand 900", 29_000), ("Freight", 4_500), ("Packing", 580)]
    assert told(part) == [("Conveyor belt PU 600", 27_100), ("Freight", 0), ("Packing", 542)]
    assert version.net_minor + part.net_minor == before
    # Nobody gave anything away, as long as the other half still charges it.
    part = fresh(world, part)
    assert facts(world, part)["fees_waived"] == 0
    actions.withdraw_quote(**act)
    assert facts(world, part)["fees_waived"] == 4_500
    actions.charge_fee(**acting(world, part), line_key=fee_of(part))
    assert told(fresh(world, part))[1] == ("Freight", 4_500)


def test_a_fee_goes_with_the_lines_it_is_about(world: World) -> None:
    heavy = NewTerm(kind="fees", definition={"label": "Crane", "amount": "300"}, product_id=-1)
    shelf = shelf_with(world, heavy)
    version = make_quote(world, shelf, lines=[line(shelf.stand), line(shelf.belt)])
    stand = queries.lines_of(version.pk)[0].key
    part = actions.split_quote(**acting(world, version), line_keys=[stand])
    assert told(part) == [("Stand 900", 29_000), ("Crane", 30_000)]
    assert told(fresh(world, version)) == [("Conveyor belt PU 600", 13_550)]


@pytest.mark.parametrize("is_part_kept", [False, True])
def test_two_halves_merged_pay_it_once_again(world: World, is_part_kept: bool) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand), line(shelf.belt)])
    act = acting(world, version)
    part = actions.split_quote(**act, line_keys=[queries.lines_of(version.pk)[1].key])
    kept, other = (part, version) if is_part_kept else (version, part)
    merged = actions.merge_quotes(**{**act, "quote_id": kept.quote_id}, other_id=other.quote_id)
    assert [one for one in told(merged) if one[0] == "Freight"] == [("Freight", 4_500)]
    assert merged.net_minor == 29_000 + 13_550 + 4_500


def test_it_is_done_by_page_sheet_and_api(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand), line(shelf.belt)])
    rep, fee, quote_id = session_of(world.users["sales_rep"]), fee_of(version), version.quote_id
    form = text_of(rep.get(f"/quote/{quote_id}/fees/?fee={fee}"))
    assert "Freight · 45.00 EUR" in form.replace("\xa0", " ")
    wrong = rep.post(f"/quote/{quote_id}/fees/", {"fee": str(fee), "how": "waive", "lock_no": 1})
    assert wrong.status_code == 422
    rep.post(
        f"/quote/{quote_id}/fees/", {"fee": str(fee), "how": "waive", "reason": WHY, "lock_no": 1}
    )
    page = text_of(rep.get(f"/quote/{quote_id}/"))
    assert f"Freight: {WHY}" in page
    assert f"Freight waived: {WHY}" in page
    sums = rep.get(f"/quote/{quote_id}/sheet/rows/").json()["sums"]
    assert sums["fees"] == [
        {"key": str(fee), "name": "Freight", "net": 0, "waived": WHY, "worth": 4_500}
    ]
    api = api_of(world, "sales_rep")
    status, _ = api.post(f"/quote/{quote_id}/fees/charge", line_key=str(fee))
    assert (status, fresh(world, version).net_minor) == (200, 42_550 + 4_500)
    status, _ = api.post(f"/quote/{quote_id}/fees/waive", line_key=str(fee), reason=WHY)
    assert (status, fresh(world, version).net_minor) == (200, 42_550)
    status, _ = api.post(f"/quote/{quote_id}/fees/waive", line_key=str(fee))
    assert status == 422
    clerk = session_of(world.users["accountant"])
    assert clerk.get(f"/quote/{quote_id}/fees/").status_code == 403


def test_whoever_splits_is_told_before_and_after(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf, lines=[line(shelf.stand), line(shelf.belt)])
    rep, quote_id = session_of(world.users["sales_rep"]), version.quote_id
    assert "Freight: stays with this quote" in text_of(rep.get(f"/quote/{quote_id}/split/"))
    belt = queries.lines_of(version.pk)[1].key
    posted = {"idempotency_key": "split-with-fees", "line": [str(belt)], "lock_no": 1}
    rep.post(f"/quote/{quote_id}/split/", posted)
    made = QuoteVersion.objects.latest("pk")
    part = rep.get(f"/quote/{made.quote_id}/")
    number = version.quote.number
    assert f"Freight: still charged with quote {number}, and not here" in text_of(part)
    assert f"Freight: charged with quote {number}" in text_of(part)
    assert made.net_minor == 13_550
