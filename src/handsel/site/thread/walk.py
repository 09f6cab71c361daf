"""From any record of a deal to all of its records: a walk along the lineage, one step back."""

from __future__ import annotations

from dataclasses import dataclass, field

from handsel.attract.opportunity.models import Opportunity
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment.models import Shipment
from handsel.earn.billing.models import Invoice
from handsel.earn.cash.models import Allocation, Payment
from handsel.earn.ledger.models import JournalEntry
from handsel.ground.platform.actor import Actor


@dataclass(slots=True)
class Deal:
    """The keys of a deal's records, as far as it has come."""

    lead_id: int | None = None
    opportunity_id: int | None = None
    quote_id: int | None = None
    order_id: int | None = None
    shipment_ids: list[int] = field(default_factory=list)
    invoice_ids: list[int] = field(default_factory=list)
    payment_ids: list[int] = field(default_factory=list)
    entry_ids: list[int] = field(default_factory=list)


def deal_of(object_type: str, object_id: int, actor: Actor) -> Deal:
    """The deal a record belongs to; only records of the actor's sellers are walked."""
    deal = Deal()
    start = {
        "lead": _from_lead,
        "opportunity": _from_opportunity,
        "quote": _from_quote,
        "order": _from_order,
        "shipment": _from_shipment,
        "invoice": _from_invoice,
        "payment": _from_payment,
        "journal_entry": _from_entry,
    }.get(object_type)
    if start is not None:
        start(deal, object_id)
        _forward(deal, actor)
    return deal


def _from_lead(deal: Deal, lead_id: int) -> None:
    deal.lead_id = lead_id
    deal.opportunity_id = (
        Opportunity.objects.filter(lead_id=lead_id).values_list("pk", flat=True).first()
    )


def _from_opportunity(deal: Deal, opportunity_id: int | None) -> None:
    if opportunity_id is None:
        return
    deal.opportunity_id = opportunity_id
    deal.lead_id = (
        Opportunity.objects.filter(pk=opportunity_id).values_list("lead_id", flat=True).first()
    )


def _from_quote(deal: Deal, quote_id: int | None) -> None:
    if quote_id is None:
        return
    deal.quote_id = quote_id
    found = Quote.objects.filter(pk=quote_id).values_list("opportunity_id", flat=True).first()
    _from_opportunity(deal, found)


def _from_order(deal: Deal, order_id: int | None) -> None:
    if order_id is None:
        return
    deal.order_id = order_id
    quote = Order.objects.filter(pk=order_id).values_list("quote_version__quote_id", flat=True)
    _from_quote(deal, quote.first())


def _from_shipment(deal: Deal, shipment_id: int) -> None:
    found = Shipment.objects.filter(pk=shipment_id).values_list("order_id", flat=True).first()
    _from_order(deal, found)


def _from_invoice(deal: Deal, invoice_id: int | None) -> None:
    if invoice_id is None:
        return
    deal.invoice_ids = [invoice_id]
    found = Invoice.objects.filter(pk=invoice_id).values_list("order_id", flat=True).first()
    _from_order(deal, found)


def _from_payment(deal: Deal, payment_id: int) -> None:
    deal.payment_ids = [payment_id]
    invoice = Allocation.objects.filter(payment_id=payment_id, reverses=None).order_by("pk")
    _from_invoice(deal, invoice.values_list("invoice_id", flat=True).first())


def _from_entry(deal: Deal, entry_id: int) -> None:
    deal.entry_ids = [entry_id]
    entry = JournalEntry.objects.filter(pk=entry_id).values_list("invoice_id", "payment_id").first()
    if entry is None:
        return
    keys: tuple[int | None, int | None] = entry
    if keys[0] is not None:
        _from_invoice(deal, keys[0])
    elif keys[1] is not None:
        _from_payment(deal, keys[1])


def _forward(deal: Deal, actor: Actor) -> None:
    sellers = actor.seller_ids
    if deal.quote_id is None and deal.opportunity_id is not None:
        quotes = Quote.objects.filter(opportunity_id=deal.opportunity_id, seller_id__in=sellers)
        ranked = sorted(quotes.values_list("pk", "state"), key=lambda row: (_rank(row[1]), -row[0]))
        deal.quote_id = ranked[0][0] if ranked else None
    if deal.order_id is None and deal.quote_id is not None:
        versions = QuoteVersion.objects.filter(quote_id=deal.quote_id).values("pk")
        orders = Order.objects.filter(quote_version_id__in=versions, seller_id__in=sellers)
        deal.order_id = orders.values_list("pk", flat=True).first()
    if deal.order_id is not None:
        deal.shipment_ids = _keys(Shipment.objects.filter(order_id=deal.order_id))
        deal.invoice_ids = _keys(
            Invoice.objects.filter(order_id=deal.order_id).exclude(state="discarded")
        )
    if deal.invoice_ids:
        paid = Payment.objects.filter(
            pk__in=Allocation.objects.filter(invoice_id__in=deal.invoice_ids).values("payment_id")
        )
        deal.payment_ids = _keys(paid)
        deal.entry_ids = _keys(JournalEntry.objects.filter(invoice_id__in=deal.invoice_ids))
    if deal.payment_ids:
        deal.entry_ids += _keys(
            JournalEntry.objects.filter(payment_id__in=deal.payment_ids).exclude(
                pk__in=deal.entry_ids
            )
        )


def _rank(state: str) -> int:
    live = ("accepted", "presented", "draft")
    return live.index(state) if state in live else len(live)


def _keys(rows: object) -> list[int]:
    ordered = rows.order_by("pk")  # type: ignore[attr-defined]  # any QuerySet
    return list(ordered.values_list("pk", flat=True))
