"""What the sample documents are put together from: who writes to whom, and priced lines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from handsel.ground.document import content as c
from handsel.ground.document.letter import BankAccount, Contact, Letterhead, Reference
from handsel.ground.document.postal import Address
from handsel.ground.kernel.money import Money, total
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate, extend
from handsel.ground.kernel.split import portion_bps

PRODUCED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
REVERSE_CHARGE = {
    "de": "Steuerschuldnerschaft des Leistungsempfängers (Art. 196 MwStSystRL).",
    "en": "Reverse charge: VAT is to be accounted for by the recipient "
    "(Article 196 Council Directive 2006/112/EC).",
}

SELLER = Letterhead(
    name="Halden Fördertechnik GmbH",
    address=Address(
        recipient=("Halden Fördertechnik GmbH",),
        street=("Industriestraße 14",),
        postal_code="50735",
        city="Köln",
        country="DE",
    ),
    phone="+49 221 5550-0",
    email="office@halden.example",
    web="www.halden.example",
    register="HRB 48213, Amtsgericht Köln",
    directors="Geschäftsführung: Dr. Maren Öztürk",
    vat_id="DE123456788",
    tax_number="217/5921/0042",
    bank=BankAccount(
        holder="Halden Fördertechnik GmbH",
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
        bank="Commerzbank Köln",
    ),
)
BUYER_DE = Address(
    recipient=("Nordmühle Lebensmittel AG", "Frau Łucja Groß", "Einkauf Anlagentechnik"),
    street=("Am Kornspeicher 3",),
    postal_code="24103",
    city="Kiel",
    country="DE",
)
BUYER_GB = Address(
    recipient=("Thistle Conveyor Supplies Ltd", "Mr Ewan Sinclair"),
    street=("18 Canal Road",),
    postal_code="G2 1AA",
    city="Glasgow",
    country="GB",
)
BUYER_FR = Address(
    recipient=("Pharmacie Générale du Rhône SAS",),
    street=("27 rue de l’Œuvre",),
    postal_code="69003",
    city="Lyon",
    country="FR",
)
CONTACT = Contact(name="Jonas Weidner", phone="+49 221 5550-23", email="weidner@halden.example")


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def head(locale: str = "de_DE", **given: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "seller": SELLER,
        "recipient": BUYER_DE,
        "number": "2026-0042",
        "issued_on": date(2026, 3, 2),
        "produced_at": PRODUCED_AT,
        "locale": locale,
        "time_zone": "Europe/Berlin",
        "contact": CONTACT,
        "references": (
            Reference(kind="customer", value="K-10021"),
            Reference(kind="your_reference", value="BANF 77-1204"),
        ),
    }
    return {**base, **given}


def line(
    position: str,
    name: str,
    count: str,
    price: str,
    *,
    unit: str = "piece",
    off_bps: int = 0,
    currency: str = "EUR",
    **given: Any,
) -> c.PricedLine:
    quantity = Quantity(Decimal(count), unit)
    unit_price = Rate(Decimal(price), currency)
    list_amount = extend(unit_price, quantity)
    discount = portion_bps(list_amount, off_bps) if off_bps else None
    return c.PricedLine(
        position=position,
        name=name,
        quantity=quantity,
        unit_price=unit_price,
        list_amount=list_amount,
        discount=discount,
        discount_bps=off_bps or None,
        amount=list_amount - discount if discount else list_amount,
        **given,
    )


def taxed(
    lines: tuple[c.PricedLine, ...], rate_bps: int = 1900, reason: str = "", **given: Any
) -> c.ChargeTotal:
    currency = lines[0].amount.currency
    net = total((ln.amount for ln in lines), currency)
    listed = total((ln.list_amount for ln in lines), currency)
    tax = portion_bps(net, rate_bps)
    return c.ChargeTotal(
        net=net,
        taxes=(c.TaxRow(rate_bps=rate_bps, base=net, tax=tax, reason=reason),),
        gross=net + tax,
        list_total=listed if listed != net else None,
        discount=listed - net if listed != net else None,
        **given,
    )
