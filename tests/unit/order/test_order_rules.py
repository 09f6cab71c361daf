"""The order desk's pure rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from handsel.commit.order.rules.desk import (
    Credit,
    OrderFacts,
    check_credit,
    check_order,
    stops,
)
from handsel.commit.order.rules.match import OurLine, TheirLine, Tolerances, compare
from handsel.commit.order.rules.revision import is_complete, problems_of
from handsel.commit.order.rules.transitions import ORDER_STATES
from handsel.ground.kernel.money import Money

D = Decimal
EUR_100 = Money(10_000, "EUR")
GOOD = OrderFacts(
    line_count=2,
    quoted_count=2,
    net=EUR_100,
    quoted_net=EUR_100,
    lines_net=EUR_100,
    purchase_order="4500",
    compared_count=None,
    difference_count=0,
    has_bill_to=True,
    has_ship_to=True,
    needs_shipping=True,
    vat_id_needed=False,
    vat_id="",
    requested_on=None,
    today=date(2026, 3, 2),
)


def severity(code, **other):
    findings = check_order(replace(GOOD, **other))
    (found,) = [finding for finding in findings if finding.code == code]
    assert found.text
    return found.severity


def test_a_good_order_passes_every_check():
    assert {finding.severity for finding in check_order(GOOD)} == {"ok"}
    assert stops(check_order(GOOD)) == []


@pytest.mark.parametrize(
    ("code", "expected", "other"),
    [
        ("lines", "stop", {"line_count": 1}),
        ("lines", "stop", {"line_count": 0, "quoted_count": 0}),
        ("value", "stop", {"net": Money(9_999, "EUR")}),
        ("value", "stop", {"lines_net": Money(10_001, "EUR")}),
        ("purchase_order", "warn", {"purchase_order": ""}),
        ("match", "ok", {"compared_count": 2}),
        ("match", "warn", {"compared_count": 2, "difference_count": 1}),
        ("addresses", "stop", {"has_bill_to": False}),
        ("addresses", "stop", {"has_ship_to": False}),
        ("addresses", "ok", {"has_ship_to": False, "needs_shipping": False}),
        ("tax_id", "stop", {"vat_id_needed": True}),
        ("tax_id", "ok", {"vat_id_needed": True, "vat_id": "FR12"}),
        ("date", "warn", {"requested_on": date(2026, 3, 1)}),
        ("date", "ok", {"requested_on": date(2026, 3, 2)}),
    ],
)
def test_each_check(code, expected, other):
    assert severity(code, **other) == expected


def test_credit_counts_what_is_owed_and_what_is_ordered():
    credit = Credit(Money(30_000, "EUR"), Money(5_000, "EUR"), Money(15_000, "EUR"))
    assert credit.allows(EUR_100)
    assert not credit.allows(Money(10_001, "EUR"))
    assert check_credit(credit, EUR_100).text == (
        "300.00 of 300.00 EUR used: 50.00 invoiced, 250.00 on order"
    )
    assert check_credit(credit, Money(10_001, "EUR")).severity == "warn"
    nothing = Money.zero("EUR")
    assert check_credit(Credit(None, nothing, nothing), EUR_100).severity == "ok"


OURS = [OurLine(1, "BELT-1", D(10), D("99.99")), OurLine(2, "ROLL-1", D(2), D(5))]
VALID = date(2026, 4, 1)


def kinds(theirs, **how):
    found = compare(OURS, theirs, valid_until=VALID, dated_on=how.pop("dated_on", None), **how)
    return [(one.kind, one.line_id) for one in found]


def test_an_agreeing_purchase_order():
    same = [TheirLine(1, D("10.000"), D("99.990"), "belt-1"), TheirLine(2, D(2), D(5))]
    assert kinds(same, dated_on=VALID) == []


def test_the_demo_purchase_orders_with_their_differences():
    """A lower price, a higher quantity, one after validity, a substituted item, a missing line."""
    good = TheirLine(2, D(2), D(5))
    assert kinds([TheirLine(1, D(10), D("95")), good]) == [("price", 1)]
    assert kinds([TheirLine(1, D(12), D("99.99")), good]) == [("quantity", 1)]
    assert kinds([TheirLine(1, D(10), D("99.99")), good], dated_on=date(2026, 4, 2)) == [
        ("validity", None)
    ]
    assert kinds([TheirLine(1, D(10), D("99.99"), "BELT-9"), good]) == [("item", 1)]
    assert kinds([good]) == [("missing", 1)]


def test_tolerances_are_exact():
    off = [TheirLine(1, D(10), D("98.9901")), TheirLine(2, D(2), D(5))]
    assert kinds(off, tolerances=Tolerances(price_bps=100)) == []
    off[0] = TheirLine(1, D(10), D("98.99"))
    assert kinds(off, tolerances=Tolerances(price_bps=100)) == [("price", 1)]


def test_addresses_need_a_name_a_street_a_city_and_a_country():
    there = {"name": "Brandt", "street": "Tor 2", "city": "Kiel", "country": "DE"}
    assert is_complete(there)
    assert problems_of({"ship_to": there}) == {}
    assert set(problems_of({"bill_to": {"country": "de", "planet": "x"}})) == {
        "bill_to.name",
        "bill_to.street",
        "bill_to.city",
        "bill_to.country",
        "bill_to.planet",
    }


@pytest.mark.parametrize("email", ["kim", "kim@", "a b@c.de", "@x.de"])
def test_a_contact_address_is_a_mail_address(email):
    assert "contact_email" in problems_of({"contact_email": email})


def test_nothing_leaves_an_end_state():
    assert ORDER_STATES["completed"] == ORDER_STATES["cancelled"] == frozenset()
