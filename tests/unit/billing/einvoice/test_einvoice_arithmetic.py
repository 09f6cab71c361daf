"""Our own check: to the cent, with the numbers of the billing reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from handsel.earn.billing.rules.einvoice import codes
from handsel.earn.billing.rules.einvoice.arithmetic import ArithmeticFinding, check
from handsel.earn.billing.rules.einvoice.calculate import line_net, split_gross, vat_of
from handsel.earn.billing.rules.einvoice.model import EInvoice, Price
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from tests.unit.billing.einvoice.everything import everything
from tests.unit.billing.einvoice.samples import (
    SAMPLES,
    adjusted,
    cent_product,
    cent_sum,
    deposit,
    dollars,
    domestic,
    final,
    final_official_pair,
    gross_deposit,
    invoice,
    line,
    mixed_rates,
)

D = Decimal
CENT = D("0.01")


@pytest.mark.parametrize("name", SAMPLES)
def test_what_we_build_adds_up(name: str) -> None:
    assert check(SAMPLES[name]()) == ()


def test_everything_adds_up() -> None:
    assert check(everything()) == ()


def test_e1_sums_and_products() -> None:
    assert cent_sum().totals.net == D("200.05")
    assert cent_sum().vat_rows[0].base == D("200.05")
    assert cent_product().totals.vat == D("2990.35")
    assert vat_of(D("-2141.19"), D("5.5"), "EUR") == D("-117.77")
    assert vat_of(D("2.50"), D("1"), "EUR") == D("0.03")  # a half goes up, not to even


def test_d1_and_d2_deposits_and_final_invoices() -> None:
    assert deposit().totals.gross == D("3570.00")
    assert (final().totals.gross, final().totals.due) == (D("11900.00"), D("1190.00"))
    assert final_official_pair().totals.due == D("75000.00")


def test_vat_is_taken_of_the_summed_base() -> None:
    # 69.93 + 0.05 at 7 %: 4.90 on the sum; 4.90 + 0.00 line by line would agree here, but
    # three lines of 0.33 at 19 % do not: 0.19 on 0.99, 0.18 added up.
    assert [row.tax for row in mixed_rates().vat_rows] == [D("19.00"), D("4.90")]
    thirds = invoice(*(line(n, "Third", "1", "0.33") for n in (1, 2, 3)))
    assert thirds.vat_rows[0].tax == D("0.19")


def test_line_net_with_base_quantity_and_adjustments() -> None:
    assert adjusted().lines[0].net == D("16.87")  # 250 × 7.50 / 100 = 18.75, less 1.88
    assert line_net(D(3), Price(net=D(1), base_quantity=D(7)), "EUR") == D("0.43")
    assert line_net(D(-1), Price(net=D("0.005")), "EUR") == D("-0.01")
    assert line_net(D(3), Price(net=D("1999.5")), "JPY") == D("5999")
    with pytest.raises(Invalid, match="base quantity"):
        line_net(D(1), Price(net=D(1), base_quantity=D(0)), "EUR")


@pytest.mark.parametrize(
    ("gross_minor", "rate_bps", "net", "vat", "rounding"),
    [
        (84000, 2000, "700.00", "140.00", "0.00"),  # D5
        (10000, 2100, "82.64", "17.35", "0.01"),  # D6 (b)
        (211700, 800, "1960.19", "156.82", "-0.01"),  # D6 (b)
        (11900, 1900, "100.00", "19.00", "0.00"),
        (100, 0, "1.00", "0.00", "0.00"),
        (1, 1900, "0.01", "0.00", "0.00"),
    ],
)
def test_an_agreed_gross_amount_is_met(
    gross_minor: int, rate_bps: int, net: str, vat: str, rounding: str
) -> None:
    split = split_gross(Money(gross_minor, "EUR"), rate_bps)
    assert (split.net.text(), split.vat.text(), split.rounding.text()) == (net, vat, rounding)
    assert split.net + split.vat + split.rounding == Money(gross_minor, "EUR")
    document = gross_deposit(gross_minor, rate_bps)
    assert document.totals.due == Money(gross_minor, "EUR").amount
    assert check(document) == ()


def test_amounts_agreed_gross_in_other_currencies() -> None:
    yen = split_gross(Money(1000, "JPY"), 1000)
    assert (yen.net.text(), yen.vat.text(), yen.rounding.text()) == ("909", "91", "0")
    dinar = split_gross(Money(100000, "KWD"), 500)
    assert (dinar.net.text(), dinar.vat.text()) == ("95.240", "4.760")
    with pytest.raises(Invalid, match="decimals"):
        split_gross(Money(100001, "KWD"), 500)
    with pytest.raises(Invalid, match="negative"):
        split_gross(Money(1000, "EUR"), -1)


def bent(document: EInvoice, by: Decimal) -> EInvoice:
    """The document with VAT off by so much, and every total brought in line with that."""
    row, totals = document.vat_rows[0], document.totals
    return replace(
        document,
        vat_rows=(replace(row, tax=row.tax + by), *document.vat_rows[1:]),
        totals=replace(totals, vat=totals.vat + by, gross=totals.gross + by, due=totals.due + by),
    )


@pytest.mark.parametrize("by", [CENT, -CENT])
def test_vat_off_by_a_cent_is_refused(by: Decimal) -> None:
    (finding,) = check(bent(domestic(), by))
    assert finding == ArithmeticFinding(
        "BR-CO-17", "VAT S 19 %, BT-117", "220.57", f"{D('220.57') + by:f}"
    )


def test_d6_vat_bent_to_meet_the_gross_amount_is_refused() -> None:
    # Policy (a) of D6: 82.64 + 17.36 = 100.00, and 1,960.19 + 156.81 = 2,117.00.
    for gross_minor, rate_bps, found in ((10000, 2100, "17.36"), (211700, 800, "156.81")):
        exact = gross_deposit(gross_minor, rate_bps)
        by = exact.totals.rounding or D(0)
        squeezed = bent(exact, by)
        squeezed = replace(
            squeezed,
            totals=replace(squeezed.totals, rounding=None, due=squeezed.totals.gross),
        )
        assert squeezed.totals.due == D(gross_minor) / 100
        (finding,) = check(squeezed)
        assert (finding.rule, finding.found) == ("BR-CO-17", found)


def _totals(**changes: Decimal | None) -> Callable[[EInvoice], EInvoice]:
    return lambda it: replace(it, totals=replace(it.totals, **changes))


def _first_line(**changes: object) -> Callable[[EInvoice], EInvoice]:
    return lambda it: replace(it, lines=(replace(it.lines[0], **changes), *it.lines[1:]))  # type: ignore[arg-type]


def _first_row(**changes: object) -> Callable[[EInvoice], EInvoice]:
    return lambda it: replace(it, vat_rows=(replace(it.vat_rows[0], **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (_totals(lines=D("660.88")), {"BR-CO-10", "BR-CO-13"}),
        (_totals(allowances=D("13.23")), {"BR-CO-11", "BR-CO-13"}),
        (_totals(allowances=None), {"BR-CO-11", "BR-CO-13"}),
        (_totals(charges=D("40.01")), {"BR-CO-12", "BR-CO-13"}),
        (_totals(net=D("687.66")), {"BR-CO-13", "BR-CO-15"}),
        (_totals(vat=D("130.66")), {"BR-CO-14", "BR-CO-15"}),
        (_totals(gross=D("818.31")), {"BR-CO-15", "BR-CO-16"}),
        (_totals(due=D("818.31")), {"BR-CO-16"}),
        (_totals(rounding=D("0.01")), {"BR-CO-16"}),
        (_totals(prepaid=D("0.01")), {"BR-CO-16"}),
        (_totals(due=D("818.301")), {"BR-CO-16", "BR-DEC"}),
        (_totals(vat_in_tax_currency=D("1.00")), {"BR-53"}),
        (_first_line(net=D("16.88")), {"LINE-NET", "BR-CO-10", "BR-S-08"}),
        (_first_line(quantity=D("251")), {"LINE-NET"}),
        (_first_line(rate=D("7")), {"BR-CO-18", "BR-S-08"}),
        (_first_line(category="Z", rate=D("0")), {"BR-CO-18", "BR-S-08"}),
        (_first_line(price=Price(net=D("7.5"), base_quantity=D(0))), {"LINE-NET"}),
        (
            _first_line(price=Price(net=D("7.5"), gross=D("8"), base_quantity=D(100))),
            {"PRICE-NET"},
        ),
        (_first_row(base=D("687.64")), {"BR-S-08"}),
        (_first_row(rate=D("20")), {"BR-CO-17", "BR-CO-18"}),
        (lambda it: replace(it, vat_rows=it.vat_rows * 2), {"BR-CO-14", "BR-CO-18"}),
        (lambda it: replace(it, vat_rows=()), {"BR-CO-14", "BR-CO-18"}),
        (lambda it: replace(it, tax_currency="CHF"), {"BR-53"}),
        (lambda it: replace(it, currency="XXX"), {"BR-CL-04"}),
        (
            lambda it: replace(it, allowances=(replace(it.allowances[0], percent=D("2.1")),)),
            {"PERCENT"},
        ),
    ],
)
def test_every_rule_finds_its_cent(change: Callable[[EInvoice], EInvoice], rules: set[str]) -> None:
    assert {finding.rule for finding in check(change(adjusted()))} == rules


def test_vat_in_the_tax_currency_may_be_silent_where_it_is_the_same() -> None:
    assert check(replace(domestic(), tax_currency="EUR")) == ()
    stated = replace(domestic().totals, vat_in_tax_currency=D("220.58"))
    findings = check(replace(domestic(), tax_currency="EUR", totals=stated))
    assert [it.rule for it in findings] == ["BR-53"]
    assert check(dollars()) == ()


def test_deposit_types() -> None:
    assert codes.deposit_type(codes.EN16931) == "386"
    assert codes.deposit_type(codes.XRECHNUNG) == "326"
    assert codes.deposit_type(codes.XRECHNUNG) in codes.XRECHNUNG_TYPES
    assert "386" not in codes.XRECHNUNG_TYPES


def test_d3_cumulative_split_into_three_deposits() -> None:
    parts = [invoice(line(1, "Advance", "1", net)) for net in ("3000.00", "5999.99", "1000.00")]
    assert [part.totals.vat for part in parts] == [D("570.00"), D("1140.00"), D("190.00")]
    assert sum(part.totals.net for part in parts) == D("9999.99")
