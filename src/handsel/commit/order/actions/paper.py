"""The order confirmation as a document: a snapshot of the order, ready to be typeset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handsel.bid.catalog.actions import FEE_SKU
from handsel.commit.order import queries
from handsel.commit.order.models import Order, OrderLine
from handsel.ground.document import formatting
from handsel.ground.document.content import (
    ChargeTotal,
    OrderConfirmationDocument,
    PricedLine,
    TaxRow,
)
from handsel.ground.document.letter import Reference
from handsel.ground.document.stationery import document_locale, letterhead, postal_address
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.ground.party import queries as party


def locale_of(order: Order) -> str:
    """The locale in which the buyer reads about his order."""
    return document_locale(order.language, order.bill_to.get("country", ""))


def confirmation(
    order: Order, lines: Sequence[OrderLine], *, issued_at: datetime
) -> OrderConfirmationDocument:
    """What we confirm to deliver: the order's lines, totals and terms, in the buyer's language."""
    locale = locale_of(order)
    seller = order.seller
    with translation.override(formatting.language_of(locale)):
        return OrderConfirmationDocument(
            seller=letterhead(party.seller_snapshot(seller, order.currency)),
            recipient=postal_address(order.bill_to, attention=order.contact_name),
            number=order.number,
            issued_on=local_date(issued_at, seller.time_zone),
            produced_at=issued_at,
            locale=locale,
            time_zone=seller.time_zone,
            recipient_vat_id=order.organization.vat_id,
            references=_references(order),
            lines=tuple(_line(order, line) for line in lines),
            totals=(_totals(order, lines),),
            ship_to=postal_address(order.ship_to),
            delivery=delivery_text(order, locale),
            payment_terms=_payment_terms(order),
            delivery_terms=order.delivery_terms,
        )


def delivery_text(order: Order, locale: str) -> str:
    """The day the buyer asked for, or nothing."""
    return formatting.day(order.requested_on, locale) if order.requested_on else ""


def _references(order: Order) -> tuple[Reference, ...]:
    wanted = (
        Reference(kind="customer", value=order.organization.number),
        Reference(kind="your_order", value=order.purchase_order),
        Reference(kind="quote", value=order.quote_version.quote.number),
    )
    return tuple(reference for reference in wanted if reference.value)


def _line(order: Order, line: OrderLine) -> PricedLine:
    discount = line.list_minor - line.net_minor
    return PricedLine(
        position=str(line.position),
        name=line.name,
        description=line.description,
        item_code="" if line.product.sku == FEE_SKU else line.product.sku,
        quantity=Quantity(line.quantity, line.unit),
        unit_price=Rate(line.list_price, order.currency),
        list_amount=Money(line.list_minor, order.currency),
        discount=Money(discount, order.currency) if discount else None,
        amount=Money(line.net_minor, order.currency),
        tax_bps=line.tax_rate_bps,
    )


def _totals(order: Order, lines: Sequence[OrderLine]) -> ChargeTotal:
    listed = sum(line.list_minor for line in lines)
    saved = listed - order.net_minor
    return ChargeTotal(
        net=Money(order.net_minor, order.currency),
        taxes=tuple(_tax(row, order.currency) for row in order.tax_rows),
        gross=Money(order.gross_minor, order.currency),
        list_total=Money(listed, order.currency) if saved else None,
        discount=Money(saved, order.currency) if saved else None,
    )


def _tax(row: Mapping[str, Any], currency: str) -> TaxRow:
    return TaxRow(
        rate_bps=row["rate_bps"],
        base=Money(row["base_minor"], currency),
        tax=Money(row["tax_minor"], currency),
        reason=_(row["reason"]) if row.get("reason") else "",
    )


def _payment_terms(order: Order) -> str:
    days = order.payment_days
    net = ngettext(
        "payable within %(days)d day of the invoice",
        "payable within %(days)d days of the invoice",
        days,
    ) % {"days": days}
    when = {
        "on_order": _("invoiced with this confirmation"),
        "on_shipment": _("invoiced as shipped"),
    }.get(order.billing_method)
    if when is None:
        when = _("invoiced in parts as agreed")
    return f"{when}, {net}"


def contract_note(order: Order) -> str:
    """What of the accepted contract this order does not bear; nothing where it is all of it."""
    contract = queries.contract_of(order)
    if contract is None:
        return ""
    return _(
        "Ordered is one period of what recurs. Contract over all periods, net: %(contract)s; "
        "not ordered yet: %(rest)s."
    ) % {
        "contract": formatting.readers_money(contract),
        "rest": formatting.readers_money(
            Money(contract.amount_minor - order.net_minor, order.currency)
        ),
    }
