"""Documents of the demo company, complete enough to look at and to keep as golden text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from handsel.ground.document import content as c
from handsel.ground.document.letter import Reference
from handsel.ground.document.postal import Address
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.period import DatePeriod
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.split import portion_bps
from tests.unit.document.parts import (
    BUYER_DE,
    BUYER_FR,
    BUYER_GB,
    PRODUCED_AT,
    REVERSE_CHARGE,
    SELLER,
    eur,
    head,
    line,
    taxed,
)

__all__ = ["BUYER_DE", "PRODUCED_AT", "SELLER", "c", "date", "eur", "line", "taxed"]

ONE_TIME = (
    line(
        "1",
        "Gurtförderer BC 600, geneigt 20°",
        "2",
        "9179.52",
        off_bps=600,
        item_code="BC-600-6000-20",
        description="Länge 6.000 mm, Gurtbreite 600 mm, Edelstahl 1.4301, PU-Gurt mit Stollen\n"
        "Einlaufhöhe 700 mm, IP66, 3 × 400 V / 50 Hz, Profinet",
        delivery_on=date(2026, 5, 18),
    ),
    line("2", "Überleitblech 600 mm", "4", "148.00", item_code="TP-600", off_bps=600),
    line("3", "Montage und Inbetriebnahme", "2.5", "1150.00", unit="working_day"),
    line("4", "Dichtband, Meterware", "36.75", "3.2145", unit="m", item_code="SB-12"),
)
MONTHLY = (
    line(
        "5",
        "Halden Care Plattform M",
        "1",
        "540.00",
        unit="month",
        per="month",
        off_bps=800,
        charge="recurring",
        interval="month",
        description="Fernüberwachung, Ersatzteilkatalog und Wartungsplan für einen Standort",
    ),
)
OPTIONAL = (
    line("A", "Automatische Gurtsteuerung", "2", "620.00", item_code="OPT-TRACK"),
    line("B", "Schulung vor Ort, bis 12 Personen", "1", "1150.00", unit="day"),
)
TERMS = (
    c.Clause(
        title="Gewährleistung",
        text="Wir gewährleisten 24 Monate ab Abnahme. Verschleißteile sind ausgenommen, soweit "
        "sie vertragsgemäß genutzt wurden.",
    ),
    c.Clause(
        text="Es gelten unsere Allgemeinen Lieferbedingungen, Stand Januar 2026, die Sie unter "
        "www.halden.example/agb lesen können.",
    ),
)


def quote(**given: Any) -> c.QuoteDocument:
    fields: dict[str, Any] = {
        **head(number="AN-2026-0042", subject="Zwei Gurtförderer für die Mehllinie 3"),
        "intro": "Sehr geehrte Frau Groß,\n\nvielen Dank für das Gespräch in Kiel. Gern bieten wir "
        "Ihnen an:",
        "closing": "Bei Fragen rufen Sie mich gern an.\n\nMit freundlichen Grüßen\nJonas Weidner",
        "version": 2,
        "last_valid_on": date(2026, 4, 15),
        "lines": ONE_TIME + MONTHLY,
        "optional_lines": OPTIONAL,
        "totals": (
            taxed(ONE_TIME),
            taxed(MONTHLY, charge="recurring", interval="month"),
        ),
        "delivery": "KW 21/2026",
        "payment_terms": "30 % bei Auftrag, 60 % bei Lieferung, 10 % bei Abnahme; "
        "jeweils 14 Tage netto",
        "delivery_terms": "DAP Kiel (Incoterms 2020)",
        "terms": TERMS,
    }
    return c.QuoteDocument(**{**fields, **given})


def accepted_quote_en() -> c.QuoteDocument:
    lines = (
        line("1", "Belt conveyor BC 500", "3", "2480.00", off_bps=2400, currency="GBP"),
        line("2", "Stand, height 750 mm", "9", "145.00", off_bps=2400, currency="GBP"),
    )
    return c.QuoteDocument(
        **head("en_GB", number="Q-2026-0107", recipient=BUYER_GB),
        intro="Dear Mr Sinclair,\n\nThank you for your inquiry. We are pleased to offer:",
        version=1,
        last_valid_on=date(2026, 3, 31),
        lines=lines,
        totals=(taxed(lines, 0, "Export delivery, VAT-free (Article 146 Directive 2006/112/EC)."),),
        delivery="6 weeks after order",
        payment_terms="30 days net",
        delivery_terms="FCA Köln (Incoterms 2020)",
        acceptance=c.Acceptance(
            name="Ewan Sinclair",
            email="ewan.sinclair@thistle.example",
            accepted_at=datetime(2026, 3, 9, 16, 4, tzinfo=UTC),
            document_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            order_reference="PO 88213",
        ),
    )


def order_confirmation() -> c.OrderConfirmationDocument:
    return c.OrderConfirmationDocument(
        **head(
            number="AB-2026-0031",
            references=(
                Reference(kind="customer", value="K-10021"),
                Reference(kind="your_order", value="4500177832"),
                Reference(kind="quote", value="AN-2026-0042, Version 2"),
            ),
        ),
        intro="Sehr geehrte Frau Groß,\n\nvielen Dank für Ihren Auftrag, den wir hiermit "
        "bestätigen:",
        closing="Mit freundlichen Grüßen\nJonas Weidner",
        lines=ONE_TIME + MONTHLY,
        totals=(taxed(ONE_TIME), taxed(MONTHLY, charge="recurring", interval="month")),
        ship_to=Address(
            recipient=("Nordmühle Lebensmittel AG", "Werk Neumünster, Tor 2"),
            street=("Gewerbering 9",),
            postal_code="24539",
            city="Neumünster",
            country="DE",
        ),
        delivery="18. Mai 2026",
        delivery_terms="DAP Neumünster (Incoterms 2020)",
        payment_terms="30 % bei Auftrag, 60 % bei Lieferung, 10 % bei Abnahme",
    )


def goods(position: str, name: str, ordered: str, shipped: str, rest: str = "") -> c.GoodsLine:
    return c.GoodsLine(
        position=position,
        name=name,
        ordered=Quantity(Decimal(ordered), "piece"),
        shipped=Quantity(Decimal(shipped), "piece"),
        open=Quantity(Decimal(rest), "piece") if rest else None,
        notes=(f"Seriennummer HB-26-{position}001",) if position == "1" else (),
    )


def delivery_note(**given: Any) -> c.DeliveryNoteDocument:
    fields: dict[str, Any] = {
        **head(number="LS-2026-0019"),
        "lines": (
            goods("1", "Gurtförderer BC 600, geneigt 20°", "2", "1", "1"),
            goods("2", "Überleitblech 600 mm", "4", "4"),
        ),
        "shipped_on": date(2026, 5, 15),
        "carrier": "Rhenus",
        "tracking": "RH 3391 7720 4",
        "packages": 3,
        "weight": Quantity(Decimal("742.5"), "kg"),
    }
    return c.DeliveryNoteDocument(**{**fields, **given})


def payment(amount: Money, **given: Any) -> c.PaymentRequest:
    fields: dict[str, Any] = {
        "amount": amount,
        "due_on": date(2026, 6, 1),
        "bank": SELLER.bank,
        "reference": "RE-2026-0055",
    }
    return c.PaymentRequest(**{**fields, **given})


def invoice(**given: Any) -> c.InvoiceDocument:
    sums = taxed(ONE_TIME)
    skonto = portion_bps(sums.gross, 200)
    fields: dict[str, Any] = {
        **head(number="RE-2026-0055"),
        "intro": "Wir berechnen Ihnen unsere Lieferung vom 18. Mai 2026:",
        "kind": "invoice",
        "lines": ONE_TIME,
        "net": sums.net,
        "taxes": sums.taxes,
        "gross": sums.gross,
        "due": sums.gross,
        "service_on": date(2026, 5, 18),
        "payment": payment(
            sums.gross,
            discounts=(
                c.EarlyPayment(
                    pay_by_on=date(2026, 5, 28),
                    percent_bps=200,
                    discount=skonto,
                    amount=sums.gross - skonto,
                ),
            ),
        ),
    }
    return c.InvoiceDocument(**{**fields, **given})


def deposit_invoice() -> c.InvoiceDocument:
    lines = (line("1", "Anzahlung 30 % auf Auftrag AB-2026-0031", "1", "3000.00", unit="one"),)
    sums = taxed(lines)
    return invoice(
        number="RE-2026-0050",
        kind="deposit",
        lines=lines,
        intro="",
        net=sums.net,
        taxes=sums.taxes,
        gross=sums.gross,
        due=sums.gross,
        service_on=None,
        payment=payment(sums.gross, reference="RE-2026-0050", due_on=date(2026, 3, 16)),
    )


def final_invoice() -> c.InvoiceDocument:
    lines = (line("1", "Gurtförderer BC 600", "1", "10000.00"),)
    sums = taxed(lines)
    due = eur("1190.00")
    return invoice(
        number="RE-2026-0078",
        kind="final",
        lines=lines,
        intro="",
        net=sums.net,
        taxes=sums.taxes,
        gross=sums.gross,
        due=due,
        prepaid=(
            c.Deposit(
                number="RE-2026-0050",
                issued_on=date(2026, 3, 2),
                net=eur("3000.00"),
                tax=eur("570.00"),
                gross=eur("3570.00"),
            ),
            c.Deposit(
                number="RE-2026-0061",
                issued_on=date(2026, 4, 20),
                net=eur("6000.00"),
                tax=eur("1140.00"),
                gross=eur("7140.00"),
            ),
        ),
        payment=payment(due, reference="RE-2026-0078"),
    )


def credit_note() -> c.InvoiceDocument:
    lines = (line("1", "Überleitblech 600 mm, beschädigt angekommen", "1", "148.00"),)
    sums = taxed(lines)
    return invoice(
        number="RK-2026-0004",
        kind="credit_note",
        lines=lines,
        intro="",
        net=sums.net,
        taxes=sums.taxes,
        gross=sums.gross,
        due=sums.gross,
        payment=None,
        corrects=c.Corrected(number="RE-2026-0055", issued_on=date(2026, 5, 18)),
        correction_reason="Transportschaden laut Lieferschein LS-2026-0019",
        closing="Wir überweisen den Betrag auf das Konto, von dem Sie gezahlt haben.",
    )


def reverse_charge_invoice() -> c.InvoiceDocument:
    lines = (
        line(
            "1",
            "Preventive visit, zone 2",
            "3",
            "890.00",
            unit="one",
            service_period=DatePeriod(date(2026, 1, 1), date(2026, 4, 1)),
        ),
    )
    sums = taxed(lines, 0, REVERSE_CHARGE["en"])
    return invoice(
        **{
            **head("en_GB", number="INV-2026-0063", recipient=BUYER_FR),
            "recipient_vat_id": "FR83404833048",
        },
        lines=lines,
        intro="",
        net=sums.net,
        taxes=sums.taxes,
        gross=sums.gross,
        due=sums.gross,
        service_on=None,
        service_period=DatePeriod(date(2026, 1, 1), date(2026, 4, 1)),
        payment=payment(sums.gross, reference="INV-2026-0063"),
    )


def account_statement() -> c.AccountStatementDocument:
    return c.AccountStatementDocument(
        **head(number="K-10021"),
        as_of_on=date(2026, 6, 30),
        opening=eur("0"),
        entries=(
            c.StatementEntry(
                booked_on=date(2026, 3, 2),
                number="RE-2026-0050",
                text="Anzahlungsrechnung",
                due_on=date(2026, 3, 16),
                charged=eur("3570.00"),
                balance=eur("3570.00"),
            ),
            c.StatementEntry(
                booked_on=date(2026, 3, 14),
                number="Zahlung",
                text="Überweisung vom 13.03.2026",
                settled=eur("3570.00"),
                balance=eur("0"),
            ),
            c.StatementEntry(
                booked_on=date(2026, 5, 18),
                number="RE-2026-0055",
                text="Rechnung",
                due_on=date(2026, 6, 1),
                charged=eur("1190.00"),
                balance=eur("1190.00"),
            ),
        ),
        balance=eur("1190.00"),
        overdue=eur("1190.00"),
        ageing=(
            c.AgeBucket(label="nicht fällig", amount=eur("0")),
            c.AgeBucket(label="1–30 Tage", amount=eur("1190.00")),
            c.AgeBucket(label="31–60 Tage", amount=eur("0")),
            c.AgeBucket(label="über 60 Tage", amount=eur("0")),
        ),
    )


def payment_reminder(**given: Any) -> c.PaymentReminderDocument:
    fields: dict[str, Any] = {
        **head(number="M-2026-0007"),
        "level": 2,
        "pay_by_on": date(2026, 7, 14),
        "items": (
            c.OverdueItem(
                number="RE-2026-0055",
                issued_on=date(2026, 5, 18),
                due_on=date(2026, 6, 1),
                days_overdue=29,
                amount=eur("1190.00"),
                open=eur("690.00"),
            ),
        ),
        "open": eur("690.00"),
        "fee": eur("5.00"),
        "interest": eur("5.57"),
        "interest_text": "Verzugszinsen 10,15 % p. a. (§ 288 Abs. 2 BGB)",
        "total": eur("700.57"),
        "payment": payment(
            eur("700.57"), due_on=date(2026, 7, 14), reference="RE-2026-0055 M-2026-0007"
        ),
    }
    return c.PaymentReminderDocument(**{**fields, **given})


def long_quote(count: int) -> c.QuoteDocument:
    lines = tuple(
        line(
            str(at),
            f"Ersatzteil Nummer {at}",
            str(1 + at % 7),
            f"{at}.{at % 100:02d}",
            item_code=f"SP-{at:05d}",
            description="Lagergehäuse mit Dichtung, passend für BC 300 bis BC 1000" * (at % 3 == 0),
            off_bps=500 if at % 5 == 0 else 0,
        )
        for at in range(1, count + 1)
    )
    return quote(lines=lines, totals=(taxed(lines),), optional_lines=())


ALL = {
    "quote": quote,
    "quote_accepted_en": accepted_quote_en,
    "order_confirmation": order_confirmation,
    "delivery_note": delivery_note,
    "invoice": invoice,
    "invoice_deposit": deposit_invoice,
    "invoice_final": final_invoice,
    "credit_note": credit_note,
    "invoice_reverse_charge_en": reverse_charge_invoice,
    "account_statement": account_statement,
    "payment_reminder": payment_reminder,
}
