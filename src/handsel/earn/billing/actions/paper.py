"""An invoice as others read it: the facts of its e-invoice, and the document on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from handsel.bid.catalog.actions import FEE_SKU
from handsel.commit.order import queries as orders
from handsel.commit.order.actions.paper import contract_note
from handsel.earn.billing import queries
from handsel.earn.billing.models import Invoice, InvoiceLine, InvoicePrepayment, InvoiceTax
from handsel.earn.billing.rules.mapping import InvoiceFacts, LineFacts, TaxFacts
from handsel.ground.document import formatting
from handsel.ground.document.content import (
    Corrected,
    Deposit,
    InvoiceDocument,
    InvoiceKind,
    PaymentRequest,
    PricedLine,
    TaxRow,
)
from handsel.ground.document.letter import Letterhead, Reference
from handsel.ground.document.stationery import document_locale, letterhead, postal_address
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.period import DatePeriod
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate

_KINDS: dict[str, InvoiceKind] = {
    "invoice": "invoice",
    "deposit": "deposit",
    "final": "final",
    "credit_note": "credit_note",
}


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything of an invoice that its documents tell, read once."""

    invoice: Invoice
    facts: InvoiceFacts
    deposits: Sequence[InvoicePrepayment]
    locale: str


def papers_of(invoice: Invoice, *, today: date) -> Papers:
    """Read an invoice for its documents; a draft is dated `today` and has no number."""
    locale = document_locale(invoice.language, invoice.buyer_snapshot.get("country", ""))
    deposits = queries.prepayments_of(invoice.pk)
    with translation.override(formatting.language_of(locale)):
        facts = _facts(invoice, deposits, today, locale)
    return Papers(invoice, facts, deposits, locale)


def _facts(
    invoice: Invoice, deposits: Sequence[InvoicePrepayment], today: date, locale: str
) -> InvoiceFacts:
    def money(minor: int) -> Money:
        return Money(minor, invoice.currency)

    issued_on = invoice.issued_on or today
    due_on = invoice.due_on or issued_on + timedelta(days=invoice.payment_days)
    supplied = None
    if invoice.supplied_from is not None and invoice.supplied_until is not None:
        supplied = (invoice.supplied_from, invoice.supplied_until)
    return InvoiceFacts(
        kind=invoice.kind,
        number=invoice.number or _("DRAFT"),
        issued_on=issued_on,
        due_on=due_on,
        seller=invoice.seller_snapshot,
        buyer=invoice.buyer_snapshot,
        ship_to=invoice.ship_to,
        order_number=invoice.order.number if invoice.order else "",
        purchase_order=invoice.purchase_order,
        buyer_reference=invoice.buyer_reference,
        supplied=supplied,
        payment_reference=invoice.payment_reference,
        payment_terms=_terms(invoice, due_on, locale),
        notes=[note for note in (invoice.correction_reason, invoice.note) if note],
        discount_text=_("Discount"),
        surcharge_text=_("Surcharge"),
        preceding=_preceding(invoice, deposits),
        lines=_lines(invoice),
        taxes=[_tax(row, invoice.currency) for row in queries.taxes_of(invoice.pk)],
        net=money(invoice.net_minor),
        tax=money(invoice.tax_minor),
        gross=money(invoice.gross_minor),
        prepaid=money(invoice.prepaid_minor),
        rounding=money(invoice.rounding_minor),
        payable=money(invoice.payable_minor),
    )


def _terms(invoice: Invoice, due_on: date, locale: str) -> str:
    if invoice.kind == "credit_note":
        return _("Set off against what is open, or paid back.")
    return _("Payable without deduction by %(day)s.") % {"day": formatting.day(due_on, locale)}


def _preceding(invoice: Invoice, deposits: Sequence[InvoicePrepayment]) -> list[tuple[str, date]]:
    before = [one.deposit for one in deposits]
    if invoice.corrects is not None:
        before.append(invoice.corrects)
    return [(one.number, one.issued_on) for one in before if one.issued_on is not None]


def _lines(invoice: Invoice) -> list[LineFacts]:
    lines = queries.lines_of(invoice.pk)
    ordered = [line.order_line_id for line in lines if line.order_line_id is not None]
    days = orders.days_borne_by(ordered)
    return [_line(line, invoice.currency, days.get(line.order_line_id or 0)) for line in lines]


def _line(line: InvoiceLine, currency: str, period: tuple[date, date] | None) -> LineFacts:
    return LineFacts(
        position=line.position,
        sku=line.sku,
        name=line.name,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        net=Money(line.net_minor, currency),
        category=line.tax_category,
        rate_bps=line.tax_rate_bps,
        period=period,
    )


def _tax(row: InvoiceTax, currency: str) -> TaxFacts:
    return TaxFacts(
        category=row.category,
        rate_bps=row.rate_bps,
        base=Money(row.basis_minor, currency),
        tax=Money(row.tax_minor, currency),
        reason=_(row.reason) if row.reason else "",
        reason_code=row.reason_code,
    )


def sheet(papers: Papers, *, produced_at: datetime) -> InvoiceDocument:
    """The invoice as a document to be typeset; a draft says plainly that it is one."""
    invoice, facts = papers.invoice, papers.facts
    with translation.override(formatting.language_of(papers.locale)):
        document = InvoiceDocument(
            seller=_head(facts),
            recipient=postal_address(facts.buyer),
            recipient_vat_id=_shown_vat_id(facts),
            number=facts.number,
            issued_on=facts.issued_on,
            produced_at=produced_at,
            locale=papers.locale,
            time_zone=invoice.seller.time_zone,
            references=_references(facts),
            kind=_KINDS[invoice.kind],
            lines=tuple(_sheet_line(line) for line in facts.lines),
            net=facts.net,
            taxes=tuple(
                TaxRow(rate_bps=t.rate_bps, base=t.base, tax=t.tax, reason=t.reason)
                for t in facts.taxes
            ),
            gross=facts.gross,
            due=facts.payable,
            prepaid=tuple(_deposit(one) for one in papers.deposits),
            rounding=facts.rounding if facts.rounding.amount_minor else None,
            correction_reason=invoice.correction_reason,
            corrects=_corrected(invoice),
            payment=_request(facts),
            notes=_notes(invoice, facts),
            service_on=_service_on(facts),
            service_period=_service_period(facts),
        )
        if invoice.state == "issued":
            return document
        warning = _("This is a draft and no invoice: do not pay it, do not deduct VAT.")
        return replace(document, subject=warning, payment=None, closing=warning)


def _notes(invoice: Invoice, facts: InvoiceFacts) -> tuple[str, ...]:
    """What its seller wrote, and beside a period what of the contract is not ordered yet."""
    has_period = any(line.period for line in facts.lines)
    is_told = has_period and invoice.order is not None and invoice.kind in ("invoice", "final")
    left = contract_note(invoice.order) if is_told and invoice.order else ""
    return tuple(note for note in (invoice.note, left) if note)


def _head(facts: InvoiceFacts) -> Letterhead:
    head = letterhead(facts.seller)
    return replace(head, vat_id="") if "O" in facts.categories else head


def _shown_vat_id(facts: InvoiceFacts) -> str:
    return "" if "O" in facts.categories else str(facts.buyer.get("vat_id") or "")


def _references(facts: InvoiceFacts) -> tuple[Reference, ...]:
    wanted = (
        Reference(kind="customer", value=str(facts.buyer.get("number") or "")),
        Reference(kind="your_reference", value=facts.buyer_reference),
        Reference(kind="your_order", value=facts.purchase_order),
        Reference(kind="order", value=facts.order_number),
    )
    return tuple(reference for reference in wanted if reference.value)


def _sheet_line(line: LineFacts) -> PricedLine:
    discount = line.discount
    return PricedLine(
        position=str(line.position),
        name=line.name,
        description=line.description,
        item_code="" if line.sku == FEE_SKU else line.sku,
        quantity=Quantity(line.quantity, line.unit),
        unit_price=Rate(line.unit_price, line.net.currency),
        list_amount=line.listed,
        discount=discount if discount.amount_minor else None,
        amount=line.net,
        tax_bps=line.rate_bps,
    )


def _deposit(one: InvoicePrepayment) -> Deposit:
    currency = one.deposit.currency
    net, tax = Money(one.net_minor, currency), Money(one.tax_minor, currency)
    issued_on = one.deposit.issued_on or one.deposit.created_at.date()
    return Deposit(
        number=one.deposit.number, issued_on=issued_on, net=net, tax=tax, gross=net + tax
    )


def _corrected(invoice: Invoice) -> Corrected | None:
    before = invoice.corrects
    if before is None or before.issued_on is None:
        return None
    return Corrected(number=before.number, issued_on=before.issued_on)


def _request(facts: InvoiceFacts) -> PaymentRequest | None:
    if facts.kind == "credit_note" or facts.payable.amount_minor <= 0:
        return None
    return PaymentRequest(
        amount=facts.payable,
        due_on=facts.due_on,
        bank=letterhead(facts.seller).bank,
        reference=facts.payment_reference,
    )


def _service_on(facts: InvoiceFacts) -> date | None:
    is_one_day = facts.supplied is not None and facts.supplied[0] == facts.supplied[1]
    return facts.supplied[0] if facts.supplied and is_one_day else None


def _service_period(facts: InvoiceFacts) -> DatePeriod | None:
    if facts.supplied is None or facts.supplied[0] == facts.supplied[1]:
        return None
    return DatePeriod(facts.supplied[0], facts.supplied[1] + timedelta(days=1))


def today_of(invoice: Invoice, now: datetime) -> date:
    """The day it is where the invoice's seller sits."""
    return local_date(now, invoice.seller.time_zone)
