"""Each record of a deal as a step of the track: state, date, amount, address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from handsel.attract.lead.models import Lead
from handsel.attract.opportunity.models import Opportunity
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.products import SHORT
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment.models import Shipment
from handsel.earn.billing.models import Invoice
from handsel.earn.cash.models import Allocation, Payment, ReceivableBalance
from handsel.earn.ledger.models import JournalEntry
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from handsel.site.addresses import address_of
from handsel.site.thread.walk import Deal, deal_of

Step = dict[str, Any]
_LEAD_STATES = {
    "new": pgettext_lazy("lead", "new"),
    "working": pgettext_lazy("lead", "in work"),
    "qualified": pgettext_lazy("lead", "qualified"),
    "converted": pgettext_lazy("lead", "converted"),
    "disqualified": pgettext_lazy("lead", "disqualified"),
}
_QUOTE_STATES = {
    "draft": pgettext_lazy("quote", "draft"),
    "presented": pgettext_lazy("quote", "with the buyer"),
    "accepted": pgettext_lazy("quote", "accepted"),
    "declined": pgettext_lazy("quote", "declined"),
    "expired": pgettext_lazy("quote", "expired"),
    "withdrawn": pgettext_lazy("quote", "withdrawn"),
}
_ORDER_STATES = {
    "placed": pgettext_lazy("order", "to be checked"),
    "released": pgettext_lazy("order", "released"),
    "completed": pgettext_lazy("order", "delivered"),
    "cancelled": pgettext_lazy("order", "cancelled"),
}
# A pause between two records longer than this is shown on the track.
GAP_DAYS = 7


def thread_of(object_type: str, object_id: int, actor: Actor) -> dict[str, Any]:
    """The steps of the shell's `thread` component for one record."""
    deal = deal_of(object_type, object_id, actor)
    steps = [make(deal) for make in _MAKERS]
    if deal.configuration_id is not None:
        steps.insert(2, _configuration(deal.configuration_id))
    here = _STAGE_OF.get(object_type, "")
    for step in steps:
        step["current"] = step["stage"] == here
        if step.get("url") and not actor.may(_PERMISSION[step["stage"]]):
            step["url"] = ""
    _mark_gaps(steps)
    return {"steps": steps}


_STAGE_OF = {
    "lead": "lead",
    "opportunity": "opportunity",
    "configuration": "configuration",
    "quote": "quote",
    "order": "order",
    "shipment": "delivery",
    "invoice": "invoice",
    "payment": "cash",
    "journal_entry": "ledger",
}
_PERMISSION = {
    "lead": "lead.view",
    "opportunity": "opportunity.view",
    "configuration": "configure.view",
    "quote": "quote.view",
    "order": "order.view",
    "delivery": "fulfillment.view",
    "invoice": "billing.view",
    "cash": "cash.view",
    "ledger": "ledger.view",
}


def _step(stage: str, label: Any, **facts: Any) -> Step:
    return {"stage": stage, "label": str(label), **facts}


def _lead(deal: Deal) -> Step:
    lead = Lead.objects.filter(pk=deal.lead_id).first() if deal.lead_id else None
    if lead is None:
        return _step("lead", _("Lead"))
    kind = {"converted": "good", "disqualified": "ended"}.get(lead.state, "progress")
    return _step(
        "lead",
        _("Lead"),
        number=lead.number or lead.person_name,
        state=_LEAD_STATES.get(lead.state, lead.state),
        kind=kind,
        on=lead.asked_at.date(),
        url=address_of("lead", lead.pk),
    )


def _opportunity(deal: Deal) -> Step:
    found = (
        Opportunity.objects.select_related("stage").filter(pk=deal.opportunity_id).first()
        if deal.opportunity_id
        else None
    )
    if found is None:
        return _step("opportunity", _("Opportunity"))
    kind = {"won": "good", "lost": "ended"}.get(found.state, "progress")
    return _step(
        "opportunity",
        _("Opportunity"),
        number=found.name,
        state=_(found.stage.name),
        kind=kind,
        on=found.created_at.date(),
        amount=Money(found.amount_minor, found.currency),
        url=address_of("opportunity", found.pk),
    )


def _configuration(configuration_id: int) -> Step:
    found = Configuration.objects.select_related("version__model").get(pk=configuration_id)
    is_complete = found.state == "complete"
    return _step(
        "configuration",
        _("Configuration"),
        number=found.title,
        state=_("complete") if is_complete else _("open"),
        kind="good" if is_complete else "progress",
        on=(found.completed_at or found.changed_at).date(),
        note=_("%(short)s, model version %(no)s")
        % {"short": found.fingerprint[:SHORT], "no": found.version.version_no}
        if is_complete
        else "",
        url=address_of("configuration", found.pk),
    )


def _quote(deal: Deal) -> Step:
    quote = Quote.objects.filter(pk=deal.quote_id).first() if deal.quote_id else None
    if quote is None:
        return _step("quote", _("Quote"))
    version = QuoteVersion.objects.filter(quote=quote).order_by("-version_no").first()
    kind = {"accepted": "good", "presented": "progress", "draft": "neutral"}.get(
        quote.state, "ended"
    )
    return _step(
        "quote",
        _("Quote"),
        number=quote.number,
        state=_QUOTE_STATES.get(quote.state, quote.state),
        kind=kind,
        on=((version and version.presented_at) or quote.created_at).date(),
        amount=Money(version.gross_minor, quote.currency) if version else None,
        url=address_of("quote", quote.pk),
    )


def _order(deal: Deal) -> Step:
    order = Order.objects.filter(pk=deal.order_id).first() if deal.order_id else None
    if order is None:
        return _step("order", pgettext("document", "Order"))
    kind = {"completed": "good", "cancelled": "ended"}.get(order.state, "progress")
    return _step(
        "order",
        pgettext("document", "Order"),
        number=order.number,
        state=_ORDER_STATES.get(order.state, order.state),
        kind=kind,
        on=order.placed_at.date(),
        amount=Money(order.gross_minor, order.currency),
        url=address_of("order", order.pk),
    )


def _delivery(deal: Deal) -> Step:
    sent = Shipment.objects.filter(order_id=deal.order_id) if deal.order_id else []
    shipments = sorted(sent, key=lambda one: one.pk)
    if not shipments:
        return _step("delivery", _("Delivery"))
    last = shipments[-1]
    arrived = all(s.state == "delivered" for s in shipments)
    # "Delivered" is said of all of it; what has arrived so far is only a part.
    whole = Order.objects.filter(pk=deal.order_id or 0, state="completed").exists()
    state = _("on its way")
    if arrived:
        state = _("delivered") if whole else _("delivered in part")
    more = len(shipments) - 1
    note = ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more} if more else ""
    return _step(
        "delivery",
        _("Delivery"),
        number=last.number,
        state=state,
        kind="good" if arrived and whole else "progress",
        on=last.shipped_on,
        note=note,
        url=address_of("shipment", last.pk),
    )


def _invoice(deal: Deal) -> Step:
    found = Invoice.objects.filter(pk__in=deal.invoice_ids).order_by("pk")
    invoices = list(found) if deal.invoice_ids else []
    if not invoices:
        return _step("invoice", _("Invoice"))
    last = invoices[-1]
    issued = [i for i in invoices if i.state == "issued"]
    sign = {"credit_note": -1}
    counted = issued or invoices
    total = sum(sign.get(i.kind, 1) * i.payable_minor for i in counted)
    several = len(counted)
    # The amount is that of all, the number that of the last: the note says so.
    note = _("%(n)d documents together") % {"n": several} if several > 1 else ""
    return _step(
        "invoice",
        _("Invoice"),
        number=last.number or _("draft"),
        state=_("issued") if last.state == "issued" else _("draft"),
        kind="good" if len(issued) == len(invoices) else "progress",
        on=last.issued_on or last.created_at.date(),
        amount=Money(total, last.currency),
        note=note,
        url=address_of("invoice", last.pk),
    )


def _cash(deal: Deal) -> Step:
    allocations = _allocations(deal)
    if not allocations:
        return _unallocated(deal)
    last = allocations[-1]
    balances = ReceivableBalance.objects.filter(invoice_id__in=deal.invoice_ids)
    still_open = balances.aggregate(total=Sum("open_minor", default=0))["total"]
    received = sum(one.amount_minor for one in allocations)
    return _step(
        "cash",
        _("Cash"),
        number=last.payment.number,
        state=_("paid") if still_open <= 0 else _("partly paid"),
        kind="good" if still_open <= 0 else "progress",
        on=last.allocated_on,
        amount=Money(received, last.currency),
        url=address_of("payment", last.payment_id),
    )


def _unallocated(deal: Deal) -> Step:
    found = Payment.objects.filter(pk=deal.payment_id).first() if deal.payment_id else None
    if found is None:
        return _step("cash", _("Cash"))
    return _step(
        "cash",
        _("Cash"),
        number=found.number,
        state=_("not allocated"),
        kind="warn",
        on=found.received_on,
        amount=Money(found.amount_minor, found.currency),
        url=address_of("payment", found.pk),
    )


def _allocations(deal: Deal) -> list[Allocation]:
    """What was put against the deal's invoices, reversals too, in the order it happened."""
    if not deal.invoice_ids:
        return []
    rows = Allocation.objects.filter(invoice_id__in=deal.invoice_ids).select_related("payment")
    return list(rows.order_by("pk"))


def _ledger(deal: Deal) -> Step:
    last = _last_entry(deal)
    if last is None:
        return _step("ledger", _("Books"))
    return _step(
        "ledger",
        _("Books"),
        number=last.number,
        state=_("posted"),
        kind="good",
        on=last.posted_on,
        url=address_of("journal_entry", last.pk),
    )


def _last_entry(deal: Deal) -> JournalEntry | None:
    if deal.entry_id is not None and not deal.invoice_ids:
        return JournalEntry.objects.filter(pk=deal.entry_id).first()
    if not deal.invoice_ids:
        return None
    paid = Allocation.objects.filter(invoice_id__in=deal.invoice_ids).values("payment_id")
    about = Q(invoice_id__in=deal.invoice_ids) | Q(payment_id__in=paid)
    return JournalEntry.objects.filter(about).order_by("-pk").first()


_MAKERS: tuple[Callable[[Deal], Step], ...] = (
    _lead,
    _opportunity,
    _quote,
    _order,
    _delivery,
    _invoice,
    _cash,
    _ledger,
)


def _mark_gaps(steps: list[Step]) -> None:
    previous: date | None = None
    for step in steps:
        on = step.get("on")
        if isinstance(on, datetime):
            on = on.date()
        if on is None:
            continue
        if previous is not None and (on - previous).days > GAP_DAYS:
            days = (on - previous).days
            step["gap"] = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        previous = on
