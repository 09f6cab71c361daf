"""What is billed when: on order, as shipped, in shares with deposits, and taken back by credit."""

from datetime import timedelta
from decimal import Decimal

import pytest

from handsel.commit.order import actions as orders
from handsel.earn.billing import actions, queries
from handsel.earn.billing.errors import (
    CreditInvalid,
    CreditTooLarge,
    InvoiceMissing,
    InvoiceStateRefused,
    InvoiceUnsound,
    NothingToBill,
    PlanMissing,
)
from handsel.earn.billing.models import BillingPlanItem, Invoice, InvoicePrepayment
from handsel.ground.party.models import Seller
from handsel.ground.platform.models import BusinessEvent
from tests.support.billing import billed_order, deliver, drafts, issue, plain_good, ship
from tests.support.order import Wanted, lines_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def who(world: World) -> dict[str, object]:
    return {"actor": world.actor("accountant"), "now": world.now}


def test_on_order_the_whole_is_drafted_with_the_release_and_issued_once(world):
    order = billed_order(world, Wanted(plain_good(world), "3", "99.99", list_price="120"))
    (draft,) = drafts(order)
    assert (draft.kind, draft.number, draft.state) == ("invoice", "", "draft")
    (line,) = queries.lines_of(draft.pk)
    assert (line.quantity, line.unit_price, line.net_minor) == (3, 120, 29997)
    assert line.order_line_id == lines_of(order)[0].pk
    issued = issue(world, draft)
    assert issued.number == "I-2026-00001"
    assert (issued.net_minor, issued.tax_minor, issued.payable_minor) == (29997, 5699, 35696)
    assert (str(issued.issued_on), str(issued.due_on)) == ("2026-03-02", "2026-04-01")
    again = issue(world, draft)
    assert (again.number, again.content_hash) == (issued.number, issued.content_hash)
    assert BusinessEvent.objects.filter(type="billing.invoice.issued").count() == 1
    assert list(BillingPlanItem.objects.values_list("state", flat=True)) == ["billed"]


def test_parts_of_a_shipped_line_sum_to_it(world):
    order = billed_order(world, Wanted(plain_good(world), "7", "14.29"), method="on_shipment")
    (line,) = lines_of(order)
    assert drafts(order) == []
    ship(world, order, {line.pk: "3"})
    ship(world, order, {line.pk: "4"}, days=1)
    first, second = drafts(order)
    assert first.net_minor + second.net_minor == order.net_minor == 10003
    assert [queries.lines_of(i.pk)[0].shipment_line_id for i in (first, second)] != [None, None]
    assert (first.supplied_from, second.supplied_until) == (
        world.now.date(),
        world.now.date() + timedelta(days=1),
    )
    with pytest.raises(NothingToBill):
        actions.draft_by_hand(**who(world), order_id=order.pk)


def test_a_discarded_shipment_draft_is_drafted_again_to_the_same_sum(world):
    order = billed_order(world, Wanted(plain_good(world), "3", "0.335"), method="on_shipment")
    (line,) = lines_of(order)
    ship(world, order, {line.pk: "1"})
    ship(world, order, {line.pk: "2"})
    first, second = drafts(order)
    actions.discard_draft(**who(world), invoice_id=first.pk)
    assert first.plan_item is not None
    redrafted = actions.draft_planned(**who(world), item_id=first.plan_item_id)
    assert redrafted.pk != first.pk
    assert redrafted.net_minor + second.net_minor == order.net_minor
    assert actions.draft_planned(**who(world), item_id=first.plan_item_id).pk == redrafted.pk


def test_d1_three_shares_with_deposits_deducted_to_the_cent(world):
    order = billed_order(world, method="shares", shares=[3000, 6000, 1000])
    (first,) = drafts(order)
    issue(world, first)
    shipment = ship(world, order)
    (second,) = drafts(order)
    issue(world, second)
    deliver(world, shipment)
    (final,) = drafts(order)
    assert [i.kind for i in (first, second, final)] == ["deposit", "deposit", "final"]
    assert [i.gross_minor for i in (first, second, final)] == [357000, 714000, 1190000]
    final = issue(world, final)
    assert (final.prepaid_minor, final.payable_minor) == (1071000, 119000)
    assert [p.net_minor + p.tax_minor for p in queries.prepayments_of(final.pk)] == [357000, 714000]
    assert queries.lines_of(first.pk)[0].name == f"Deposit of 30 % on order {order.number}"
    assert {item.state for item in queries.items_of(final.plan_item.plan_id)} == {"billed"}
    with pytest.raises(InvoiceStateRefused, match="credit that one"):
        actions.credit_whole_invoice(**who(world), invoice_id=first.pk, reason="wrong")


def test_d3_shares_of_an_odd_amount(world):
    good = plain_good(world)
    order = billed_order(
        world, Wanted(good, "1", "9999.99"), method="shares", shares=[3000, 6000, 1000]
    )
    items = queries.items_of(queries.get_plan(world.system, order.pk).pk)
    assert [item.net_minor for item in items] == [300000, 599999, 100000]
    assert [item.trigger for item in items] == ["on_order", "on_shipment", "on_delivery"]


def test_a_deposit_left_as_draft_stops_the_final_until_it_is_decided(world):
    order = billed_order(world, method="shares", shares=[3000, 7000])
    (deposit,) = drafts(order)
    deliver(world, ship(world, order))
    final = drafts(order)[1]
    assert final.prepaid_minor == 0
    with pytest.raises(InvoiceUnsound, match="deposit draft"):
        issue(world, final)
    issue(world, deposit)
    final.refresh_from_db()
    assert (final.prepaid_minor, final.payable_minor) == (357000, 833000)
    assert issue(world, final).payable_minor == 833000


def test_discarding_the_final_frees_the_deposits_for_the_next(world):
    order = billed_order(world, method="shares", shares=[3000, 7000])
    issue(world, drafts(order)[0])
    deliver(world, ship(world, order))
    (final,) = drafts(order)
    actions.discard_draft(**who(world), invoice_id=final.pk)
    assert InvoicePrepayment.objects.count() == 0
    again = actions.draft_planned(**who(world), item_id=final.plan_item_id)
    assert (again.kind, again.prepaid_minor) == ("final", 357000)


def test_no_deposit_comes_after_the_final(world):
    order = billed_order(world, method="shares", shares=[3000, 3000, 4000])
    issue(world, drafts(order)[0])
    items = queries.items_of(queries.get_plan(world.system, order.pk).pk)
    final = actions.draft_planned(**who(world), item_id=items[-1].pk)
    with pytest.raises(NothingToBill, match="no deposit"):
        actions.draft_planned(**who(world), item_id=items[1].pk)
    issue(world, final)
    states = [item.state for item in queries.items_of(items[0].plan_id)]
    assert states == ["billed", "cancelled", "billed"]


def test_a_credited_deposit_is_not_deducted(world):
    order = billed_order(world, method="shares", shares=[3000, 7000])
    deposit = issue(world, drafts(order)[0])
    note = actions.credit_whole_invoice(**who(world), invoice_id=deposit.pk, reason="cancelled")
    issue(world, note)
    deliver(world, ship(world, order))
    (final,) = drafts(order)
    assert (final.prepaid_minor, final.payable_minor) == (0, 1190000)


def test_credit_notes_in_part_never_exceed_and_the_last_takes_the_rest(world):
    order = billed_order(world, Wanted(plain_good(world), "3", "33.343333"))
    invoice = issue(world, drafts(order)[0])
    assert (invoice.net_minor, invoice.tax_minor) == (10003, 1901)
    (line,) = queries.lines_of(invoice.pk)
    notes = [
        actions.credit_invoice(
            **who(world), invoice_id=invoice.pk, quantities={line.pk: Decimal(1)}, reason="returned"
        )
        for _ in range(3)
    ]
    assert sum(note.net_minor for note in notes) == invoice.net_minor
    assert sum(note.payable_minor for note in notes) == invoice.payable_minor
    with pytest.raises(CreditTooLarge, match="0 is left"):
        actions.credit_invoice(
            **who(world), invoice_id=invoice.pk, quantities={line.pk: Decimal("0.1")}, reason="more"
        )
    with pytest.raises(CreditTooLarge, match="in full"):
        actions.credit_whole_invoice(**who(world), invoice_id=invoice.pk, reason="more")
    issued = issue(world, notes[0])
    assert issued.number == "C-2026-00001"
    assert issued.corrects_id == invoice.pk
    for note in notes[1:]:
        actions.discard_draft(**who(world), invoice_id=note.pk)
    rest = actions.credit_whole_invoice(**who(world), invoice_id=invoice.pk, reason="rest")
    assert rest.net_minor + issued.net_minor == invoice.net_minor
    assert rest.payable_minor + issued.payable_minor == invoice.payable_minor


def test_what_was_credited_in_whole_can_be_billed_again_by_hand(world):
    order = billed_order(world)
    invoice = issue(world, drafts(order)[0])
    issue(
        world,
        actions.credit_whole_invoice(**who(world), invoice_id=invoice.pk, reason="wrong buyer"),
    )
    again = actions.draft_by_hand(**who(world), order_id=order.pk)
    assert again.net_minor == invoice.net_minor
    assert issue(world, again).number == "I-2026-00002"


def test_a_credit_names_its_own_lines_and_a_reason(world):
    one = issue(world, drafts(billed_order(world))[0])
    other = issue(world, drafts(billed_order(world, Wanted(plain_good(world, "B"))))[0])
    foreign = queries.lines_of(other.pk)[0].pk
    credit = {**who(world), "invoice_id": one.pk}
    with pytest.raises(CreditInvalid, match="no such line"):
        actions.credit_invoice(**credit, quantities={foreign: Decimal(1)}, reason="x")
    with pytest.raises(CreditInvalid, match="why"):
        actions.credit_invoice(**credit, quantities={}, reason=" ")
    with pytest.raises(CreditInvalid, match="choose"):
        actions.credit_invoice(**credit, quantities={}, reason="x")
    own = queries.lines_of(one.pk)[0].pk
    for wrong in ("-1", "NaN", "Infinity", "2"):
        with pytest.raises(CreditTooLarge):
            actions.credit_invoice(**credit, quantities={own: Decimal(wrong)}, reason="x")


def test_what_lacks_the_laws_facts_waits_and_is_issued_once_they_are_there(world):
    order = billed_order(world)
    Seller.objects.filter(pk=world.seller.pk).update(city="")
    (draft,) = drafts(order)
    with pytest.raises(InvoiceUnsound, match="seller's city"):
        issue(world, draft)
    assert Invoice.objects.get(pk=draft.pk).state == "draft"
    with pytest.raises(InvoiceStateRefused):
        actions.credit_whole_invoice(**who(world), invoice_id=draft.pk, reason="x")
    Seller.objects.filter(pk=world.seller.pk).update(city="Stuttgart")
    issued = issue(world, draft)
    assert (issued.number, issued.seller_snapshot["city"]) == ("I-2026-00001", "Stuttgart")


def test_foreign_and_missing_are_not_told_apart(world):
    order = billed_order(world)
    (draft,) = drafts(order)
    for actor, key in ((world.stranger, draft.pk), (world.actor("accountant"), 10**9)):
        for act in (
            actions.issue_invoice,
            actions.discard_draft,
            actions.make_documents,
            actions.send_invoice,
            actions.preview,
        ):
            with pytest.raises(InvoiceMissing):
                act(actor=actor, now=world.now, invoice_id=key)
        with pytest.raises(InvoiceMissing):
            actions.credit_invoice(
                actor=actor, now=world.now, invoice_id=key, quantities={}, reason="x"
            )
    with pytest.raises(PlanMissing):
        actions.draft_planned(actor=world.stranger, now=world.now, item_id=draft.plan_item_id)
    with pytest.raises(PlanMissing):
        actions.draft_by_hand(actor=world.stranger, now=world.now, order_id=order.pk)


def test_what_was_billed_ahead_is_not_billed_again_when_it_ships(world):
    order = billed_order(world, Wanted(plain_good(world), "10", "10"), method="on_shipment")
    (line,) = lines_of(order)
    ahead = actions.draft_by_hand(**who(world), order_id=order.pk)
    assert ahead.net_minor == 10000
    ship(world, order, {line.pk: "4"})
    assert [one.pk for one in drafts(order)] == [ahead.pk]
    actions.discard_draft(**who(world), invoice_id=ahead.pk)
    ship(world, order, {line.pk: "6"})
    (second,) = drafts(order)
    assert second.net_minor == 6000
    assert actions.draft_by_hand(**who(world), order_id=order.pk).net_minor == 4000


def test_a_cancelled_order_is_not_billed(world):
    order = billed_order(world, method="shares", shares=[3000, 7000])
    (draft,) = drafts(order)
    desk = {"actor": world.actor("order_desk"), "now": world.now, "order_id": order.pk}
    orders.cancel_order(**desk, reason="customer withdrew")
    draft.refresh_from_db()
    assert draft.state == "discarded"
    items = queries.items_of(draft.plan_item.plan_id)
    assert {item.state for item in items} == {"cancelled"}
    with pytest.raises(NothingToBill, match="cancelled"):
        actions.draft_planned(**who(world), item_id=items[0].pk)


def test_an_order_with_standing_invoices_is_not_cancelled(world):
    order = billed_order(world)
    invoice = issue(world, drafts(order)[0])
    desk = {"actor": world.actor("order_desk"), "now": world.now, "order_id": order.pk}
    with pytest.raises(InvoiceStateRefused, match="credit that first"):
        orders.cancel_order(**desk, reason="customer withdrew")
    order.refresh_from_db()
    assert order.state == "released"
    issue(
        world, actions.credit_whole_invoice(**who(world), invoice_id=invoice.pk, reason="cancelled")
    )
    orders.cancel_order(**desk, reason="customer withdrew")
    order.refresh_from_db()
    assert order.state == "cancelled"
