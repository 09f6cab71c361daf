"""From any record of a deal to all of its records: a walk along the lineage, one step back.

One statement leads back to the lead, whatever the record; at most three lead forward. Only
records of the actor's sellers are walked, so the track of a foreign record is empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet, Subquery

from handsel.attract.lead.models import Lead
from handsel.attract.opportunity.models import Opportunity
from handsel.bid.configure.models import Configuration
from handsel.bid.quote.models import Quote, QuoteLine
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
    configuration_id: int | None = None
    quote_id: int | None = None
    order_id: int | None = None
    invoice_ids: list[int] = field(default_factory=list)
    # Where the walk began, when that lies behind the order and may have none.
    payment_id: int | None = None
    entry_id: int | None = None


_BACK_FROM_QUOTE = ("opportunity_id", "opportunity__lead_id")
_BACK_FROM_ORDER = (
    "quote_version__quote_id",
    "quote_version__quote__opportunity_id",
    "quote_version__quote__opportunity__lead_id",
)
_MODELS: dict[str, type[Model]] = {
    "lead": Lead,
    "opportunity": Opportunity,
    "configuration": Configuration,
    "quote": Quote,
    "order": Order,
    "shipment": Shipment,
    "invoice": Invoice,
    "payment": Payment,
    "journal_entry": JournalEntry,
}


def deal_of(object_type: str, object_id: int, actor: Actor) -> Deal:
    """The deal a record belongs to; empty for one that is foreign, missing or of another type."""
    deal = Deal()
    model = _MODELS.get(object_type)
    if model is None:
        return deal
    rows = model._default_manager.filter(pk=object_id, seller_id__in=actor.seller_ids)
    if _BACK[object_type](deal, rows, object_id):
        _forward(deal, actor)
    return deal


def _from_lead(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    became = Opportunity.objects.filter(lead_id=key).order_by("pk").values("pk")[:1]
    found = rows.annotate(became=Subquery(became)).values_list("became").first()
    if found is None:
        return False
    deal.lead_id, (deal.opportunity_id,) = key, found
    return True


def _from_opportunity(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    found = rows.values_list("lead_id").first()
    if found is None:
        return False
    deal.opportunity_id, (deal.lead_id,) = key, found
    return True


def _from_quote(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    found = rows.values_list(*_BACK_FROM_QUOTE).first()
    if found is None:
        return False
    deal.quote_id = key
    deal.opportunity_id, deal.lead_id = found
    return True


def _from_configuration(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    """A configuration that is quoted several times shows the deal of the latest quote."""
    if not rows.exists():
        return False
    deal.configuration_id = key
    lines = QuoteLine.objects.filter(configuration_id=key).order_by("-version__quote_id")
    quote_id = lines.values_list("version__quote_id", flat=True).first()
    if quote_id is not None:
        _from_quote(deal, Quote.objects.filter(pk=quote_id), quote_id)
    return True


def _from_order(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    found = rows.values_list("pk", *_BACK_FROM_ORDER).first()
    return _take_order(deal, found)


def _take_order(deal: Deal, found: Any) -> bool:
    if found is None:
        return False
    deal.order_id, deal.quote_id, deal.opportunity_id, deal.lead_id = found
    return True


def _behind(relation: str) -> tuple[str, ...]:
    """The way back of a record behind an order, beginning with the order's key."""
    return (f"{relation}_id", *(f"{relation}__{step}" for step in _BACK_FROM_ORDER))


def _from_shipment(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    return _take_order(deal, rows.values_list(*_behind("order")).first())


def _from_invoice(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    found = rows.values_list(*_behind("order")).first()
    deal.invoice_ids = [] if found is None else [key]
    return _take_order(deal, found)


def _from_payment(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    """A payment that pays several invoices shows the deal of the first."""
    if not rows.exists():
        return False
    deal.payment_id = key
    paid = Allocation.objects.filter(payment_id=key, reverses=None).order_by("pk")
    found = paid.values_list("invoice_id", *_behind("invoice__order")).first()
    if found is not None:
        deal.invoice_ids = [found[0]]
        _take_order(deal, found[1:])
    return True


def _from_entry(deal: Deal, rows: QuerySet[Any], key: int) -> bool:
    found = rows.values_list("invoice_id", "payment_id", *_behind("invoice__order")).first()
    if found is None:
        return False
    deal.entry_id = key
    invoice_id, payment_id, *back = found
    if invoice_id is not None:
        deal.invoice_ids = [invoice_id]
        return _take_order(deal, back)
    if payment_id is not None:
        _from_payment(deal, Payment.objects.filter(pk=payment_id), payment_id)
    return True


_BACK = {
    "lead": _from_lead,
    "opportunity": _from_opportunity,
    "configuration": _from_configuration,
    "quote": _from_quote,
    "order": _from_order,
    "shipment": _from_shipment,
    "invoice": _from_invoice,
    "payment": _from_payment,
    "journal_entry": _from_entry,
}


def _forward(deal: Deal, actor: Actor) -> None:
    sellers = actor.seller_ids
    if deal.quote_id is None and deal.opportunity_id is not None:
        quotes = Quote.objects.filter(opportunity_id=deal.opportunity_id, seller_id__in=sellers)
        ranked = sorted(quotes.values_list("pk", "state"), key=lambda row: (_rank(row[1]), -row[0]))
        deal.quote_id = ranked[0][0] if ranked else None
    if deal.configuration_id is None and deal.quote_id is not None:
        deal.configuration_id = _configured_on(deal.quote_id)
    if deal.order_id is None and deal.quote_id is not None:
        orders = Order.objects.filter(quote_version__quote_id=deal.quote_id, seller_id__in=sellers)
        deal.order_id = orders.values_list("pk", flat=True).first()
    if deal.order_id is not None:
        invoices = Invoice.objects.filter(order_id=deal.order_id).exclude(state="discarded")
        deal.invoice_ids = list(invoices.order_by("pk").values_list("pk", flat=True))


def _configured_on(quote_id: int) -> int | None:
    """The first configuration on the newest version of a quote that has any."""
    lines = QuoteLine.objects.filter(version__quote_id=quote_id, configuration__isnull=False)
    newest_first = lines.order_by("-version__version_no", "position")
    return newest_first.values_list("configuration_id", flat=True).first()


def _rank(state: str) -> int:
    live = ("accepted", "presented", "draft")
    return live.index(state) if state in live else len(live)
