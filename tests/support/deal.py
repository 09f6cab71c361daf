"""A deal walked to its end by the rooms' actions, and the keys of everything it made."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from handsel.attract.lead import actions as leads
from handsel.attract.lead.actions import Circumstances
from handsel.attract.lead.models import Recognition
from handsel.attract.lead.rules.inquiry import Inquiry
from handsel.attract.opportunity import actions as opportunities
from handsel.attract.opportunity.actions import Parties
from handsel.attract.opportunity.models import CommitteeMember
from handsel.bid.configure import actions as configurator
from handsel.bid.price import actions as prices
from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.deliver.fulfillment.models import StockItem
from handsel.earn.billing import actions as billing
from handsel.earn.billing.models import BillingPlanItem, Invoice
from handsel.earn.cash import actions as cash
from handsel.earn.cash.models import BankEntry
from handsel.earn.ledger.models import JournalEntry, LedgerAccount, LedgerPeriod
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from tests.support import bank
from tests.support.bid import Shelf, make_shelf
from tests.support.configure import publish_model
from tests.support.lead import make_form
from tests.support.world import World

Keys = dict[str, int | str]


def walk_deal(world: World) -> Keys:
    """Path parameter of the API to the key of a record of the world's own seller."""
    shelf = make_shelf(world.system, world.now)
    keys: Keys = {
        "seller_id": world.seller.pk,
        "organization_id": world.customer.pk,
        "person_id": world.buyer.pk,
        "user_id": world.users["sales_rep"].pk,
        "product_id": shelf.stand.pk,
        "book_id": shelf.book.pk,
        "agreement_id": prices.agree_price(
            actor=world.system,
            now=world.now,
            organization_id=world.customer.pk,
            currency="USD",
            valid_from=world.now.date(),
            discount_bps=500,
        ).pk,
    }
    form = leads.create_form(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        key="website",
        title="Ask us",
    )
    keys["form_id"] = form.pk
    keys |= _configure(world)
    order = _sell(world, shelf, keys)
    kept = quotes.keep_as_template(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=int(keys["quote_id"]),
        name="Stands",
    )
    keys["template_id"] = kept.pk
    keys |= _around_the_lead(world, keys)
    _deliver_and_bill(world, shelf, order, keys)
    _collect(world, keys)
    return keys


def _configure(world: World) -> Keys:
    """A product model in use, and a configuration begun with it."""
    model = publish_model(world.system, world.now)
    begun = configurator.begin_configuration(
        actor=world.actor("sales_rep"), now=world.now, model_id=model.pk
    )
    return {"model_id": model.pk, "version_no": 1, "configuration_id": begun.pk}


def _around_the_lead(world: World, keys: Keys) -> Keys:
    """A form, a file of leads, and who the deal's lead was proposed to be."""
    file = leads.start_import(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        content=b"id,e-mail\n1,a@b.example\n",
        file_name="leads.csv",
        source_name="fair",
    )
    proposal = Recognition.objects.filter(lead_id=keys["lead_id"]).earliest("pk")
    return {
        "form_id": make_form(world).pk,
        "import_id": file.pk,
        "recognition_id": proposal.pk,
    }


def _sell(world: World, shelf: Shelf, keys: Keys) -> Order:
    rep = world.actor("sales_rep")
    captured = leads.capture_lead(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        inquiry=Inquiry(person_name="Kim Brandt", email="kim@brandt.example", message="Stands?"),
        circumstances=Circumstances(channel="form", owner_id=rep.user_id),
    )
    deal = opportunities.convert_lead(
        actor=rep,
        now=world.now,
        lead_id=captured.lead.pk,
        parties=Parties(organization_id=world.customer.pk, person_id=world.buyer.pk),
        name="Stands",
        amount=Money.parse("580.00", "EUR"),
        expected_close_on=date(2026, 3, 31),
    )
    activity = opportunities.plan_activity(
        actor=rep, now=world.now, opportunity_id=deal.pk, kind="call", subject="Call"
    )
    member = CommitteeMember.objects.get(opportunity=deal, person=world.buyer)
    version = _quoted_and_accepted(world, shelf, deal.pk)
    order = Order.objects.get(quote_version_id=version.pk)
    hold = orders.hold_order(
        actor=world.actor("order_desk"),
        now=world.now,
        order_id=order.pk,
        kind="manual",
        reason="call first",
    )
    keys |= {
        "lead_id": captured.lead.pk,
        "opportunity_id": deal.pk,
        "activity_id": activity.pk,
        "member_id": member.pk,
        "stage_id": deal.stage_id,
        "quote_id": version.quote_id,
        "version_no": 1,
        "before": 1,
        "after": 1,
        "line_key": str(QuoteLine.objects.get(version_id=version.pk).line_key),
        "order_id": order.pk,
        "hold_id": hold.pk,
    }
    orders.release_hold(
        actor=world.actor("order_desk"),
        now=world.now,
        order_id=order.pk,
        hold_id=hold.pk,
        reason="called",
    )
    return order


def _quoted_and_accepted(world: World, shelf: Shelf, opportunity_id: int) -> QuoteVersion:
    rep = world.actor("sales_rep")
    version = quotes.draft_quote(
        actor=rep,
        now=world.now,
        opportunity_id=opportunity_id,
        lines=[NewLine(product_id=shelf.stand.pk, quantity=Decimal(2))],
    )
    presented = quotes.present_quote(
        actor=rep, now=world.now, quote_id=version.quote_id, to="kim@brandt.example"
    )
    quotes.accept_quote(
        now=world.now,
        token=presented.link.rstrip("/").rpartition("/")[2],
        content_hash=presented.version.content_hash,
        signature=Signature(name="Kim Brandt", email="kim@brandt.example", purchase_order="PO-1"),
    )
    return presented.version


def _deliver_and_bill(world: World, shelf: Shelf, order: Order, keys: Keys) -> None:
    hand = world.actor("production")
    warehouse = fulfillment.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Main"
    )
    fulfillment.receive_stock(
        actor=hand,
        now=world.now,
        warehouse_id=warehouse.pk,
        product_id=shelf.stand.pk,
        quantity=Decimal(10),
    )
    orders.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)
    shipment = fulfillment.ship(actor=hand, now=world.now, order_id=order.pk)
    invoice = Invoice.objects.get(order=order)
    billing.issue_invoice(actor=world.actor("accountant"), now=world.now, invoice_id=invoice.pk)
    keys |= {
        "warehouse_id": warehouse.pk,
        "stock_item_id": StockItem.objects.get(product=shelf.stand).pk,
        "shipment_id": shipment.pk,
        "invoice_id": invoice.pk,
        "item_id": BillingPlanItem.objects.get(plan__order=order).pk,
        "kind": "pdf",
    }


def _collect(world: World, keys: Keys) -> None:
    accountant = world.actor("accountant")
    invoice = Invoice.objects.get(pk=keys["invoice_id"])
    amount = Money(invoice.payable_minor, "EUR")
    content = bank.statement(
        number=1,
        on="2026-03-30",
        iban="DE89370400440532013000",
        opening="0.00",
        closing=amount.text(),
        receipts=[bank.Credit(amount.text(), "Brandt", "DE02120300000000202051", invoice.number)],
    )
    outcome = cash.import_statement(
        actor=accountant, now=world.now, content=content, name="statement.xml"
    )
    statement = outcome[0].statement
    assert statement is not None
    matched = cash.match_automatically(actor=accountant, now=world.now, statement_id=statement.pk)
    payment_id = matched[0].payment_id
    assert payment_id is not None
    period = LedgerPeriod.objects.order_by("pk").first()
    account = LedgerAccount.objects.filter(role="receivable").first()
    entry = JournalEntry.objects.order_by("pk").first()
    assert period is not None and account is not None and entry is not None
    keys |= {
        "statement_id": statement.pk,
        "payment_id": payment_id,
        "entry_id": entry.pk,
        "bank_entry_id": BankEntry.objects.get(statement=statement).pk,
        "period_id": period.pk,
        "account_id": account.pk,
        "ledger_account_id": account.pk,
    }


def stranger_in_house(world: World, roles: list[str]) -> Actor:
    """Somebody with these roles who works for the other seller only."""
    from handsel.ground.identity import actions as identity
    from handsel.ground.party import actions as party

    user = identity.create_user(
        actor=world.system,
        now=world.now,
        email="stranger@halden.example",
        name="Stranger",
        password=None,
        roles=roles,
    )
    party.add_seller_member(
        actor=world.system, now=world.now, seller_id=world.foreign_seller.pk, user_id=user.pk
    )
    world.users["stranger"] = user
    return world.stranger
