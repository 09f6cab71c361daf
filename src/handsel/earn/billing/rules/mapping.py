"""From an issued invoice to EN 16931: the same amounts, line by line, nothing recomputed.

A line shows its list price (BT-146) and its discount as an allowance (BG-27), so that quantity ×
price − discount is the billed amount to the cent, as on every page and paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from handsel.earn.billing.rules.einvoice import codes
from handsel.earn.billing.rules.einvoice.model import (
    Address,
    Contact,
    CreditTransfer,
    Delivery,
    EInvoice,
    Identifier,
    InvoiceLine,
    InvoiceNote,
    Item,
    LineAdjustment,
    PaymentInstructions,
    PrecedingInvoice,
    Price,
    ServicePeriod,
    Totals,
    TradeParty,
    VatRow,
)
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import unece_code
from handsel.ground.kernel.rate import Rate, extend

Snapshot = Mapping[str, Any]
LEITWEG: Final = "0204"
DISCOUNT_CODE: Final = "95"  # UNTDID 5189: discount
_XRECHNUNG_PROCESS: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """A billed line; `unit_price` is before discounts."""

    position: int
    sku: str
    name: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Money
    category: str
    rate_bps: int
    period: tuple[date, date] | None = None

    @property
    def listed(self) -> Money:
        """Quantity × unit price, rounded once."""
        return extend(Rate(self.unit_price, self.net.currency), self.quantity)

    @property
    def discount(self) -> Money:
        """Listed less net; negative where something was put on."""
        return self.listed - self.net


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxFacts:
    """A row of the VAT breakdown; `reason` is in the document's language."""

    category: str
    rate_bps: int
    base: Money
    tax: Money
    reason: str
    reason_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """An issued invoice as plain values; texts are in the document's language."""

    kind: str
    number: str
    issued_on: date
    due_on: date
    seller: Snapshot
    buyer: Snapshot
    ship_to: Snapshot
    order_number: str
    purchase_order: str
    buyer_reference: str
    supplied: tuple[date, date] | None
    payment_reference: str
    payment_terms: str
    notes: Sequence[str]
    discount_text: str
    surcharge_text: str
    preceding: Sequence[tuple[str, date]]
    lines: Sequence[LineFacts]
    taxes: Sequence[TaxFacts]
    net: Money
    tax: Money
    gross: Money
    prepaid: Money
    rounding: Money
    payable: Money

    @property
    def categories(self) -> frozenset[str]:
        """The VAT categories in use."""
        return frozenset(tax.category for tax in self.taxes)


def specification(buyer: Snapshot) -> str:
    """The specification (BT-24) a buyer asks for: German authorities, XRechnung; else the norm."""
    is_authority = buyer.get("electronic_address_scheme") == LEITWEG
    return codes.XRECHNUNG if is_authority else codes.EN16931


def einvoice(facts: InvoiceFacts, *, specification: str) -> EInvoice:
    """The invoice by EN 16931. Raises Invalid for a unit without an UNECE code."""
    is_credit = facts.kind == "credit_note"
    is_xrechnung = specification == codes.XRECHNUNG
    return EInvoice(
        specification=specification,
        business_process=_XRECHNUNG_PROCESS if is_xrechnung else None,
        number=facts.number,
        issued_on=facts.issued_on,
        type_code=_type_code(facts),
        currency=facts.net.currency,
        due_on=None if is_credit else facts.due_on,
        buyer_reference=facts.buyer_reference or None,
        purchase_order=facts.purchase_order or None,
        sales_order=facts.order_number or None,
        notes=tuple(InvoiceNote(note) for note in facts.notes if note),
        preceding=tuple(PrecedingInvoice(*one) for one in facts.preceding),
        seller=_seller(facts),
        buyer=_buyer(facts),
        delivery=_delivery(facts),
        period=_period(facts),
        payment=None if is_credit else _payment(facts),
        payment_terms=facts.payment_terms or None,
        lines=tuple(_line(line, facts) for line in facts.lines),
        vat_rows=tuple(_vat_row(row) for row in facts.taxes),
        totals=_totals(facts),
    )


def _type_code(facts: InvoiceFacts) -> str:
    if facts.kind == "deposit":
        return codes.deposit_type(specification(facts.buyer))
    return codes.CREDIT_NOTE if facts.kind == "credit_note" else codes.INVOICE


def _vat_id(party: Snapshot, facts: InvoiceFacts) -> str | None:
    # BR-O-02: where VAT does not apply at all, no VAT id is printed.
    return None if codes.NOT_SUBJECT in facts.categories else party.get("vat_id") or None


def _seller(facts: InvoiceFacts) -> TradeParty:
    party = facts.seller
    vat_id, register = _vat_id(party, facts), party.get("registration_number")
    named = bool(vat_id or register)
    legal_name = party.get("legal_name") or party["name"]
    return TradeParty(
        name=legal_name,
        trading_name=party["name"] if party["name"] != legal_name else None,
        address=_address(party),
        # BR-CO-26: a seller is identified by a register, a VAT id, or at least something.
        identifiers=() if named else (Identifier(party.get("electronic_address") or legal_name),),
        legal_id=Identifier(register) if register else None,
        vat_id=vat_id,
        endpoint=_endpoint(party),
        contact=Contact(
            name=legal_name,
            phone=party.get("phone") or None,
            mail=party.get("email") or None,
        ),
    )


def _buyer(facts: InvoiceFacts) -> TradeParty:
    party = facts.buyer
    register = party.get("registration_number")
    return TradeParty(
        name=party.get("name") or party.get("legal_name") or "",
        address=_address(party),
        identifiers=(Identifier(party["number"]),) if party.get("number") else (),
        legal_id=Identifier(register) if register else None,
        vat_id=_vat_id(party, facts),
        endpoint=_endpoint(party),
    )


def _endpoint(party: Snapshot) -> Identifier | None:
    address = party.get("electronic_address")
    scheme = party.get("electronic_address_scheme") or "EM"
    return Identifier(address, scheme) if address else None


def _address(snapshot: Snapshot) -> Address:
    return Address(
        line_1=snapshot.get("street") or None,
        line_2=snapshot.get("street_extra") or None,
        city=snapshot.get("city") or None,
        post_code=snapshot.get("postcode") or None,
        subdivision=snapshot.get("region") or None,
        country=snapshot["country"],
    )


def _delivery(facts: InvoiceFacts) -> Delivery | None:
    has_address = bool(facts.ship_to.get("country"))
    if facts.kind == "deposit" and codes.INTRA_COMMUNITY not in facts.categories:
        return None
    if facts.supplied is None and not has_address:
        return None
    return Delivery(
        name=facts.ship_to.get("name") or None,
        delivered_on=_delivered_on(facts),
        address=_address(facts.ship_to) if has_address else None,
    )


def _delivered_on(facts: InvoiceFacts) -> date | None:
    """The last day of delivery; a period that still runs has none yet (its days are BG-14)."""
    if facts.supplied is None or facts.supplied[1] > facts.issued_on:
        return None
    return facts.supplied[1]


def _period(facts: InvoiceFacts) -> ServicePeriod | None:
    if facts.supplied is not None:
        first_on, last_on = facts.supplied
        if first_on == last_on:
            return None
        # Lines' own periods lie within that of the document.
        periods = [line.period for line in facts.lines if line.period is not None]
        first_on = min([first_on, *(first for first, _last in periods)])
        last_on = max([last_on, *(last for _first, last in periods)])
        return ServicePeriod(first_on, last_on)
    # BR-IC-11 wants a date even where nothing left yet, as in a deposit.
    if codes.INTRA_COMMUNITY in facts.categories:
        return ServicePeriod(facts.issued_on, facts.issued_on)
    return None


def _payment(facts: InvoiceFacts) -> PaymentInstructions | None:
    account = facts.seller.get("iban")
    if not account:
        return None
    is_sepa = facts.net.currency == "EUR"
    transfer = CreditTransfer(
        account=account,
        holder=facts.seller.get("legal_name") or facts.seller["name"],
        bic=facts.seller.get("bic") or None,
    )
    return PaymentInstructions(
        means=codes.SEPA_CREDIT_TRANSFER if is_sepa else codes.CREDIT_TRANSFER,
        remittance=facts.payment_reference or None,
        transfers=(transfer,),
    )


def _line(line: LineFacts, facts: InvoiceFacts) -> InvoiceLine:
    discount = line.discount.amount
    allowances: tuple[LineAdjustment, ...] = ()
    charges: tuple[LineAdjustment, ...] = ()
    if discount > 0:
        reason = facts.discount_text
        allowances = (LineAdjustment(amount=discount, reason=reason, reason_code=DISCOUNT_CODE),)
    elif discount < 0:
        charges = (LineAdjustment(amount=-discount, reason=facts.surcharge_text),)
    return InvoiceLine(
        number=str(line.position),
        quantity=line.quantity.normalize() + 0,
        unit=unece_code(line.unit),
        net=line.net.amount,
        price=Price(net=line.unit_price),
        item=Item(name=line.name, description=line.description or None, seller_id=line.sku or None),
        category=line.category,
        rate=_rate(line.category, line.rate_bps),
        period=ServicePeriod(*line.period) if line.period else None,
        allowances=allowances,
        charges=charges,
    )


def _rate(category: str, rate_bps: int) -> Decimal | None:
    return None if category == codes.NOT_SUBJECT else Decimal(rate_bps) / 100


def _vat_row(row: TaxFacts) -> VatRow:
    gives_reason = row.category in codes.UNTAXED and row.category != codes.ZERO
    return VatRow(
        category=row.category,
        rate=_rate(row.category, row.rate_bps),
        base=row.base.amount,
        tax=row.tax.amount,
        reason=row.reason or None if gives_reason else None,
        reason_code=row.reason_code or None if gives_reason else None,
    )


def _totals(facts: InvoiceFacts) -> Totals:
    return Totals(
        lines=facts.net.amount,
        net=facts.net.amount,
        vat=facts.tax.amount,
        gross=facts.gross.amount,
        prepaid=facts.prepaid.amount or None,
        rounding=facts.rounding.amount or None,
        due=facts.payable.amount,
    )
