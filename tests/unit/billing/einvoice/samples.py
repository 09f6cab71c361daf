"""Invoices of each kind, built as billing would build them; amounts come from `calculate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from handsel.earn.billing.rules.einvoice import codes
from handsel.earn.billing.rules.einvoice.calculate import (
    Exemption,
    line_net,
    split_gross,
    totals,
    vat_rows,
)
from handsel.earn.billing.rules.einvoice.model import (
    Address,
    Contact,
    CreditTransfer,
    Delivery,
    DocumentAdjustment,
    EInvoice,
    Identifier,
    InvoiceLine,
    Item,
    LineAdjustment,
    PaymentInstructions,
    PrecedingInvoice,
    Price,
    ServicePeriod,
    TradeParty,
)
from handsel.ground.kernel.money import Money

D = Decimal
ISSUED = date(2026, 3, 2)

SELLER = TradeParty(
    name="Halden Fördertechnik GmbH",
    trading_name="Halden",
    address=Address(line_1="Werkstraße 12", city="Bielefeld", post_code="33602", country="DE"),
    identifiers=(Identifier("70012"), Identifier("4012345000009", "0088")),
    legal_id=Identifier("HRB 40721"),
    vat_id="DE123456788",
    tax_id="305/5938/1234",
    legal_note="Amtsgericht Bielefeld",
    endpoint=Identifier("rechnung@halden.example", "EM"),
    contact=Contact(name="Buchhaltung", phone="+49 521 555010", mail="buchhaltung@halden.example"),
)
BUYER_DE = TradeParty(
    name="Nordpack Logistik AG",
    address=Address(line_1="Hafenallee 3", city="Hamburg", post_code="20457", country="DE"),
    vat_id="DE987654321",
    endpoint=Identifier("einkauf@nordpack.example", "EM"),
    contact=Contact(name="Einkauf", mail="einkauf@nordpack.example"),
)
BUYER_AT = replace(
    BUYER_DE,
    name="Alpenkost GmbH",
    address=Address(line_1="Ringstraße 8", city="Wien", post_code="1010", country="AT"),
    vat_id="ATU12345675",
)
BUYER_US = replace(
    BUYER_DE,
    name="Great Lakes Packaging Inc.",
    address=Address(
        line_1="400 Harbor Dr", city="Chicago", post_code="60601", subdivision="IL", country="US"
    ),
    vat_id=None,
)
TRANSFER = PaymentInstructions(
    means=codes.SEPA_CREDIT_TRANSFER,
    remittance="RF18539007547034",
    transfers=(
        CreditTransfer(account="DE89370400440532013000", holder=SELLER.name, bic="COBADEFFXXX"),
    ),
)
EXEMPTIONS = {
    codes.REVERSE_CHARGE: Exemption("Reverse charge", codes.VATEX_REVERSE_CHARGE),
    codes.INTRA_COMMUNITY: Exemption("Intra-Community supply", codes.VATEX_INTRA_COMMUNITY),
    codes.EXPORT: Exemption("Export outside the EU", codes.VATEX_EXPORT),
    codes.EXEMPT: Exemption("Exempt under Article 132(1)(i): vocational training", None),
    codes.NOT_SUBJECT: Exemption("Not subject to VAT", codes.VATEX_NOT_SUBJECT),
}


def line(
    number: int,
    name: str,
    quantity: str,
    net_price: str | Price,
    *,
    category: str = codes.STANDARD,
    rate: str | None = "19",
    unit: str = "H87",
    currency: str = "EUR",
    **more: Any,
) -> InvoiceLine:
    """A line whose net amount is computed from its quantity and price."""
    price = net_price if isinstance(net_price, Price) else Price(net=D(net_price))
    net = line_net(
        D(quantity),
        price,
        currency,
        allowances=more.get("allowances", ()),
        charges=more.get("charges", ()),
    )
    return InvoiceLine(
        number=str(number),
        quantity=D(quantity),
        unit=unit,
        net=net,
        price=price,
        item=more.pop("item", Item(name=name)),
        category=category,
        rate=None if rate is None else D(rate),
        **more,
    )


def invoice(
    *lines: InvoiceLine,
    number: str = "RE-2026-0001",
    currency: str = "EUR",
    prepaid: str = "0",
    rounding: str = "0",
    vat_in_tax_currency: str | None = None,
    allowances: Sequence[DocumentAdjustment] = (),
    charges: Sequence[DocumentAdjustment] = (),
    exemptions: Mapping[str, Exemption] = EXEMPTIONS,
    **more: Any,
) -> EInvoice:
    """An invoice with its breakdown and totals computed."""
    rows = vat_rows(lines, currency, allowances=allowances, charges=charges, exemptions=exemptions)
    fields: dict[str, Any] = {
        "specification": codes.EN16931,
        "number": number,
        "issued_on": ISSUED,
        "due_on": date(2026, 4, 1),
        "type_code": codes.INVOICE,
        "currency": currency,
        "seller": SELLER,
        "buyer": BUYER_DE,
        "buyer_reference": "04011000-12345-34",
        "purchase_order": "4500012345",
        "payment": TRANSFER,
        "payment_terms": "30 days net",
        "delivery": Delivery(delivered_on=date(2026, 2, 27)),
    }
    return EInvoice(
        **(fields | more),
        lines=tuple(lines),
        allowances=tuple(allowances),
        charges=tuple(charges),
        vat_rows=rows,
        totals=totals(
            lines,
            rows,
            allowances=allowances,
            charges=charges,
            prepaid=D(prepaid),
            rounding=D(rounding),
            vat_in_tax_currency=D(vat_in_tax_currency) if vat_in_tax_currency else None,
        ),
    )


def domestic() -> EInvoice:
    """Goods at 19 %, delivered at home."""
    return invoice(
        line(1, "Roller RX-50", "48", "12.35"),
        line(2, "Belt PU blue, food grade", "6.5", "87.40", unit="MTR"),
    )


def mixed_rates() -> EInvoice:
    """Two rates in one invoice; VAT on the summed base of each."""
    return invoice(
        line(1, "Spare parts kit", "3", "33.33"),
        line(2, "Handbook, printed", "7", "9.99", rate="7"),
        line(3, "Handbook, second edition", "1", "0.05", rate="7"),
    )


def reverse_charge() -> EInvoice:
    """A service to a business in another member state: the buyer owes the VAT."""
    work = line(1, "Commissioning", "16", "95", unit="HUR", category="AE", rate="0")
    return invoice(work, buyer=BUYER_AT)


def intra_community() -> EInvoice:
    """Goods to a business in another member state."""
    goods = line(1, "Conveyor section 2 m", "2", "1480", category="K", rate="0")
    delivery = Delivery(delivered_on=date(2026, 2, 27), address=BUYER_AT.address)
    return invoice(goods, buyer=BUYER_AT, delivery=delivery)


def export() -> EInvoice:
    """Goods to outside the Union."""
    goods = line(1, "Conveyor section 2 m", "2", "1480", category="G", rate="0")
    return invoice(goods, buyer=BUYER_US)


def exempt() -> EInvoice:
    """A service that the law exempts, beside one it does not."""
    return invoice(
        line(1, "Operator training", "1", "800", category="E", rate="0", unit="LS"),
        line(2, "Training material", "4", "25"),
    )


def zero_rated() -> EInvoice:
    """A zero rate, which needs no reason."""
    return invoice(line(1, "Lifeboat winch", "1", "2500", category="Z", rate="0"))


def not_subject() -> EInvoice:
    """Outside the scope of VAT: no rate, no VAT numbers."""
    seller = replace(SELLER, vat_id=None)
    buyer = replace(BUYER_DE, vat_id=None)
    damages = line(1, "Compensation for transport damage", "1", "350", category="O", rate=None)
    return invoice(damages, seller=seller, buyer=buyer)


def deposit() -> EInvoice:
    """D1: 30 % of 10,000.00 net in advance, 3,570.00 gross."""
    return invoice(
        line(1, "Advance 30 % on order AB-2026-0007", "1", "3000", unit="C62"),
        number="AN-2026-0001",
        type_code=codes.deposit_type(codes.EN16931),
        sales_order="AB-2026-0007",
        delivery=None,
    )


def deposit_xrechnung() -> EInvoice:
    """D10: the same under XRechnung, which has no 386."""
    return replace(
        deposit(),
        specification=codes.XRECHNUNG,
        business_process="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
        type_code=codes.deposit_type(codes.XRECHNUNG),
    )


def final() -> EInvoice:
    """D1 (b): the whole 11,900.00 with 10,710.00 prepaid, 1,190.00 due."""
    return invoice(
        line(1, "Belt conveyor BC 600", "1", "10000"),
        number="RE-2026-0009",
        prepaid="10710.00",
        preceding=(
            PrecedingInvoice("AN-2026-0001", date(2026, 1, 5)),
            PrecedingInvoice("AN-2026-0002", date(2026, 2, 5)),
        ),
    )


def final_official_pair() -> EInvoice:
    """D2: net 380,000 at 25 %, 400,000 paid in advance, 75,000 due."""
    return invoice(
        line(1, "Sorting line", "1", "380000", rate="25"), prepaid="400000", number="RE-2026-0010"
    )


def credit_note() -> EInvoice:
    """One returned roller of the domestic invoice; amounts are positive."""
    return invoice(
        line(1, "Roller RX-50, returned", "1", "12.35"),
        number="GS-2026-0001",
        type_code=codes.CREDIT_NOTE,
        preceding=(PrecedingInvoice("RE-2026-0001", ISSUED),),
        payment_terms="Set off against your next payment",
    )


def corrected() -> EInvoice:
    """A correction that names what it corrects."""
    return replace(
        domestic(),
        number="RE-2026-0003",
        type_code=codes.CORRECTED_INVOICE,
        preceding=(PrecedingInvoice("RE-2026-0001", ISSUED),),
    )


def cent_sum() -> EInvoice:
    """E1: 185.76 + 14.29 = 200.05."""
    return invoice(
        line(1, "Bearing set", "1", "185.76"), line(2, "Grease", "1", "14.29"), number="RE-E1-A"
    )


def cent_product() -> EInvoice:
    """E1: 15 % of 19,935.66 is 2,990.349, so 2,990.35."""
    return invoice(line(1, "Drive station", "1", "19935.66", rate="15"), number="RE-E1-B")


def dollars() -> EInvoice:
    """F4: an invoice in USD whose VAT is also stated in EUR."""
    return invoice(
        line(1, "Field service", "10", "120.00", unit="HUR", currency="USD"),
        currency="USD",
        tax_currency="EUR",
        vat_in_tax_currency="209.15",
        number="RE-2026-0011",
    )


def yen() -> EInvoice:
    """A currency without decimals."""
    goods = line(1, "Roller RX-50", "3", "1999", rate="10", currency="JPY")
    return invoice(goods, currency="JPY")


def gross_deposit(gross_minor: int, rate_bps: int) -> EInvoice:
    """D5, D6: a deposit of an agreed gross amount, the cent in BT-114."""
    split = split_gross(Money(gross_minor, "EUR"), rate_bps)
    return invoice(
        line(1, "Advance as agreed", "1", split.net.text(), rate=str(D(rate_bps) / 100)),
        type_code=codes.PREPAYMENT_INVOICE,
        rounding=split.rounding.text(),
        delivery=None,
    )


def adjusted() -> EInvoice:
    """Allowances and charges on lines and on the document, a price by the hundred."""
    return invoice(
        line(
            1,
            "Cable clip",
            "250",
            Price(
                net=D("7.50"),
                discount=D("1.25"),
                gross=D("8.75"),
                base_quantity=D(100),
                base_unit="H87",
            ),
            allowances=(
                LineAdjustment(
                    amount=D("1.88"),
                    base=D("18.75"),
                    percent=D(10),
                    reason="Loyalty",
                    reason_code="95",
                ),
            ),
        ),
        line(
            2,
            "Motor 370 W",
            "2",
            "310.00",
            charges=(LineAdjustment(amount=D("24.00"), reason="Packing", reason_code="ABL"),),
        ),
        allowances=(
            DocumentAdjustment(
                amount=D("13.22"),
                base=D("660.87"),
                percent=D(2),
                reason="Discount",
                reason_code="95",
                category="S",
                rate=D(19),
            ),
        ),
        charges=(
            DocumentAdjustment(
                amount=D("40.00"), reason="Freight", reason_code="FC", category="S", rate=D(19)
            ),
        ),
        period=ServicePeriod(date(2026, 2, 1), date(2026, 2, 28)),
    )


SAMPLES: dict[str, Callable[[], EInvoice]] = {
    function.__name__: function
    for function in (
        domestic,
        mixed_rates,
        reverse_charge,
        intra_community,
        export,
        exempt,
        zero_rated,
        not_subject,
        deposit,
        deposit_xrechnung,
        final,
        final_official_pair,
        credit_note,
        corrected,
        cent_sum,
        cent_product,
        dollars,
        yen,
        adjusted,
    )
} | {
    "gross_deposit_exact": lambda: gross_deposit(84000, 2000),
    "gross_deposit_cent_missing": lambda: gross_deposit(10000, 2100),
    "gross_deposit_cent_too_much": lambda: gross_deposit(211700, 800),
}
