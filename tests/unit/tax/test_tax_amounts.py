"""Tax is summed per group and computed once, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.kernel.errors import CurrencyMismatch
from handsel.ground.kernel.money import Money, total
from handsel.ground.kernel.rate import Rate, extend
from handsel.ground.kernel.split import portion_bps, split
from handsel.ground.tax.rules.amounts import TaxGroup, TaxKey, tax_of, tax_on, tax_within, total_tax
from handsel.ground.tax.rules.decision import decide

STANDARD, REDUCED = TaxKey("S", 1900, ""), TaxKey("S", 700, "")
REVERSE = TaxKey("AE", 0, "VATEX-EU-AE")
KEYS = st.sampled_from([STANDARD, REDUCED, REVERSE, TaxKey("Z", 0, ""), TaxKey("S", 2550, "")])
LINES = st.lists(
    st.tuples(KEYS, st.integers(-(10**10), 10**10).map(lambda n: Money(n, "EUR"))), max_size=30
)


def euro(text: str) -> Money:
    return Money.parse(text, "EUR")


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(lines, random):
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert tax_of(shuffled) == tax_of(lines)


@given(LINES)
def test_bases_sum_and_each_tax_is_the_nearest_cent(lines):
    groups = tax_of(lines)
    assert total((group.base for group in groups), "EUR") == total((net for _, net in lines), "EUR")
    for group in groups:
        exact = Fraction(group.base.amount_minor * group.rate_bps, 10_000)
        assert abs(group.tax.amount_minor - exact) <= Fraction(1, 2)
        assert group.gross == group.base + group.tax


@given(LINES)
def test_a_credit_is_the_mirror_of_its_charge(lines):
    credit = tax_of([(key, -net) for key, net in lines])
    assert [(-group.base, -group.tax) for group in credit] == [
        (group.base, group.tax) for group in tax_of(lines)
    ]


@given(st.integers(-(10**12), 10**12), st.sampled_from([500, 700, 1900, 2000, 2100, 2550]))
def test_a_gross_amount_stays_as_it_is(minor, rate_bps):
    gross = Money(minor, "EUR")
    net, tax = tax_within(gross, rate_bps)
    assert net + tax == gross
    assert abs(tax.amount_minor - tax_on(net, rate_bps).amount_minor) <= 1
    assert tax_within(-gross, rate_bps) == (-net, -tax)


def test_a_line_taxed_once():
    """P-35: 348.35 x 16, 4 % off, 22 % tax; the discount is rounded with the line."""
    line = extend(Rate(Decimal("348.35") * Decimal("0.96"), "EUR"), Decimal(16))
    assert line == euro("5350.66")
    (group,) = tax_of([(TaxKey("S", 2200, ""), line)])
    assert (group.tax, group.gross) == (euro("1177.15"), euro("6527.81"))


def test_published_cents():
    assert euro("185.76") + euro("14.29") == euro("200.05")  # E1, BR-S-08
    assert tax_on(euro("19935.66"), 1500) == euro("2990.35")  # E1, BR-CO-17
    assert tax_within(euro("8.01"), 2000) == (euro("6.68"), euro("1.33"))  # P-36
    assert tax_within(euro("840.00"), 2000) == (euro("700.00"), euro("140.00"))  # D5
    assert tax_within(euro("100.00"), 2100) == (euro("82.64"), euro("17.36"))  # D6 (a)
    assert tax_within(euro("2117.00"), 800) == (euro("1960.19"), euro("156.81"))


def test_shares_of_an_order():
    """D1 and D3: 30/60/10 with 19 % VAT."""
    for net, expected in (
        ("10000.00", ["3570.00", "7140.00", "1190.00"]),
        ("9999.99", ["3570.00", "7139.99", "1190.00"]),
    ):
        parts = split(euro(net), [30, 60, 10])
        gross = [tax_of([(STANDARD, part)])[0].gross.text() for part in parts]
        assert gross == expected
    assert portion_bps(euro("9999.99"), 1900) == euro("1900.00")


def test_groups_of_a_document():
    groups = tax_of(
        [
            (STANDARD, euro("0.02")),
            (REDUCED, euro("10.00")),
            (REVERSE, euro("5.00")),
            (STANDARD, euro("0.02")),
            (STANDARD, euro("-0.01")),
        ]
    )
    assert groups == [
        TaxGroup("S", 1900, "", euro("0.03"), euro("0.01")),
        TaxGroup("S", 700, "", euro("10.00"), euro("0.70")),
        TaxGroup("AE", 0, "VATEX-EU-AE", euro("5.00"), euro("0.00")),
    ]
    assert total_tax(groups, "EUR") == euro("0.71")
    assert tax_of([]) == [] and total_tax([], "EUR") == Money.zero("EUR")


def test_a_decision_is_a_treatment():
    decision = decide(
        seller_country="DE",
        buyer_country="FI",
        buyer_is_business=False,
        seller_registrations=["FI"],
        kind="good",
        on=date(2026, 3, 1),
    )
    (group,) = tax_of([(decision, euro("100.00"))])
    assert (group.rate_bps, group.tax) == (2550, euro("25.50"))


def test_currencies_do_not_mix():
    with pytest.raises(CurrencyMismatch):
        tax_of([(STANDARD, euro("1.00")), (STANDARD, Money(100, "USD"))])


def test_currencies_do_not_mix_across_groups():
    with pytest.raises(CurrencyMismatch):
        tax_of([(STANDARD, euro("1.00")), (REDUCED, Money(100, "USD"))])
