"""Any invoice we can compute adds up, and survives both syntaxes."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from handsel.earn.billing.rules.einvoice import cii, codes, ubl
from handsel.earn.billing.rules.einvoice.arithmetic import check
from handsel.earn.billing.rules.einvoice.calculate import split_gross
from handsel.earn.billing.rules.einvoice.model import DocumentAdjustment, EInvoice, InvoiceLine
from handsel.ground.kernel.money import Money
from tests.unit.billing.einvoice.samples import invoice, line

TAXES = st.sampled_from(
    [("S", "19"), ("S", "7"), ("S", "5.5"), ("Z", "0"), ("E", "0"), ("AE", "0")]
)
QUANTITIES = st.decimals("-9999", "9999", places=3, allow_nan=False).filter(bool)
PRICES = st.decimals("0", "99999", places=6, allow_nan=False)
AMOUNTS = st.decimals("0", "9999", places=2, allow_nan=False)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]),
    min_size=1,
    max_size=40,
).filter(lambda text: text == text.strip() and not text.startswith("#"))


@st.composite
def lines(draw: st.DrawFn) -> tuple[InvoiceLine, ...]:
    count = draw(st.integers(1, 6))
    return tuple(
        line(
            number,
            draw(TEXTS),
            f"{draw(QUANTITIES):f}",
            f"{draw(PRICES):f}",
            category=(tax := draw(TAXES))[0],
            rate=tax[1],
        )
        for number in range(1, count + 1)
    )


@st.composite
def invoices(draw: st.DrawFn) -> EInvoice:
    def adjustments() -> list[DocumentAdjustment]:
        return [
            DocumentAdjustment(
                amount=draw(AMOUNTS), reason=draw(TEXTS), category="S", rate=Decimal(19)
            )
            for _ in range(draw(st.integers(0, 2)))
        ]

    return invoice(
        *draw(lines()),
        allowances=adjustments(),
        charges=adjustments(),
        prepaid=f"{draw(AMOUNTS):f}",
        rounding=f"{draw(st.decimals('-0.05', '0.05', places=2)):f}",
        type_code=draw(st.sampled_from([codes.INVOICE, codes.CREDIT_NOTE])),
        payment_terms=draw(TEXTS),
    )


@settings(deadline=None, max_examples=150)
@given(invoices())
def test_it_adds_up_and_is_read_back_as_written(document: EInvoice) -> None:
    assert check(document) == ()
    assert ubl.read(ubl.write(document)) == document
    assert cii.read(cii.write(document)) == document


@given(st.integers(-(10**9), 10**9), st.integers(0, 10_000))
def test_a_gross_amount_taken_apart_is_whole_again(gross_minor: int, rate_bps: int) -> None:
    gross = Money(gross_minor, "EUR")
    split = split_gross(gross, rate_bps)
    assert split.net + split.vat + split.rounding == gross
    assert abs(split.rounding.amount_minor) <= 1
