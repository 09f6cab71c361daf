"""Invoices of each kind pass the official rules; what is wrong with one is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from handsel.earn.billing.adapters.validator.check import check_file
from handsel.earn.billing.adapters.validator.report import Finding
from handsel.earn.billing.adapters.validator.validate import validate
from handsel.earn.billing.rules.einvoice import cii, codes, ubl
from handsel.earn.billing.rules.einvoice.arithmetic import check
from handsel.earn.billing.rules.einvoice.model import EInvoice
from tests.unit.billing.einvoice.everything import (
    collected,
    everything,
    paid_by_card,
    paid_to_a_national_account,
)
from tests.unit.billing.einvoice.samples import (
    SAMPLES,
    adjusted,
    credit_note,
    deposit,
    dollars,
    domestic,
    exempt,
    export,
    final,
    gross_deposit,
    intra_community,
    mixed_rates,
    reverse_charge,
)
from tests.unit.billing.einvoice.test_einvoice_arithmetic import bent

D = Decimal
CENT = D("0.01")

WHOLE: dict[str, EInvoice] = {name: build() for name, build in SAMPLES.items()} | {
    "everything": everything(),
    "everything_credited": everything(codes.CREDIT_NOTE),
    "collected": collected(),
    "collected_credited": collected(codes.CREDIT_NOTE),
    "paid_by_card": paid_by_card(),
    "paid_to_a_national_account": paid_to_a_national_account(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_it_passes_the_ubl_rules_without_a_word(name: str) -> None:
    report = validate(ubl.write(WHOLE[name]))
    assert report.failed == ()
    assert report.passed
    assert report.rules_run > 800
    assert report.rules_fired > 40


@pytest.mark.parametrize("name", WHOLE)
def test_it_passes_the_cii_rules(name: str) -> None:
    # XRechnung names a specification of its own, which the Factur-X profile does not list.
    is_facturx = WHOLE[name].specification == codes.EN16931
    report = validate(cii.write(WHOLE[name]), is_facturx=is_facturx)
    assert report.fatal == ()
    assert {finding.rule for finding in report.failed} <= _UNAVOIDABLE[is_facturx]
    assert report.passed
    assert report.rules_run > 650


# The schema of CII demands an element for the delivery, and a deposit has none to tell of.
_UNAVOIDABLE = {
    True: {"PEPPOL-EN16931-R008"},
    False: {"PEPPOL-EN16931-R008", "FX-SCH-A-000556"},
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_written_checks_out_as_a_file(name: str) -> None:
    for content in (ubl.write(WHOLE[name]), cii.write(WHOLE[name])):
        result = check_file(content)
        assert result.ok, (result.report, result.own)
        assert result.invoice == WHOLE[name]


def _cents_off(document: EInvoice) -> list[EInvoice]:
    return [bent(document, CENT), bent(document, -CENT)]


@pytest.mark.parametrize("build", [domestic, mixed_rates, credit_note, dollars, deposit, adjusted])
def test_the_official_rules_let_a_cent_of_vat_pass_and_ours_do_not(
    build: Callable[[], EInvoice],
) -> None:
    for document in _cents_off(build()):
        assert validate(ubl.write(document)).passed
        assert validate(cii.write(document), is_facturx=True).passed
        result = check_file(ubl.write(document))
        assert not result.ok
        assert [finding.rule for finding in result.own] == ["BR-CO-17"]


def test_d6_the_agreed_gross_amount_stands_and_the_cent_is_named() -> None:
    document = gross_deposit(10000, 2100)
    assert (document.totals.due, document.totals.rounding) == (D("100.00"), CENT)
    squeezed = bent(document, CENT)
    squeezed = replace(squeezed, totals=replace(squeezed.totals, rounding=None, due=D("100.00")))
    assert squeezed.vat_rows[0].tax == D("17.36")
    assert validate(ubl.write(squeezed)).passed
    assert [finding.rule for finding in check(squeezed)] == ["BR-CO-17"]


def _totals(**changes: Decimal) -> Callable[[EInvoice], EInvoice]:
    return lambda it: replace(it, totals=replace(it.totals, **changes))


def _rows(**changes: object) -> Callable[[EInvoice], EInvoice]:
    return lambda it: replace(it, vat_rows=(replace(it.vat_rows[0], **changes), *it.vat_rows[1:]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("build", "change", "rules"),
    [
        (domestic, _totals(lines=D("1160.91")), {"BR-CO-10", "BR-CO-13"}),
        (domestic, _totals(net=D("1160.91")), {"BR-CO-13", "BR-CO-15"}),
        (domestic, _totals(vat=D("220.58")), {"BR-CO-14", "BR-CO-15"}),
        (domestic, _totals(gross=D("1381.48")), {"BR-CO-15", "BR-CO-16"}),
        (domestic, _totals(due=D("1381.48")), {"BR-CO-16"}),
        (final, _totals(prepaid=D("10710.01")), {"BR-CO-16"}),
        (domestic, _rows(tax=D("225.00")), {"BR-CO-14", "BR-CO-17", "BR-S-09"}),
        (domestic, _rows(category="Q"), {"BR-CL-17", "BR-CL-18"}),
        (domestic, lambda it: replace(it, type_code="999"), {"BR-CL-01"}),
        (domestic, lambda it: replace(it, currency="USD", tax_currency="EUR"), {"BR-53"}),
        (
            domestic,
            lambda it: replace(it, seller=replace(it.seller, vat_id=None, tax_id=None)),
            {"BR-S-02"},
        ),
        (
            reverse_charge,
            lambda it: replace(it, buyer=replace(it.buyer, vat_id=None)),
            {"BR-AE-02"},
        ),
        (reverse_charge, _rows(reason=None, reason_code=None), {"BR-AE-10"}),
        (intra_community, lambda it: replace(it, delivery=None), {"BR-IC-11", "BR-IC-12"}),
        (export, _rows(reason=None, reason_code=None), {"BR-G-10"}),
        (exempt, lambda it: replace(it, vat_rows=it.vat_rows[1:]), {"BR-E-01"}),
        (
            domestic,
            lambda it: replace(it, lines=(replace(it.lines[0], unit="PIECES"), it.lines[1])),
            {"BR-CL-23"},
        ),
    ],
)
def test_the_official_rules_find_what_is_wrong(
    build: Callable[[], EInvoice], change: Callable[[EInvoice], EInvoice], rules: set[str]
) -> None:
    document = change(build())
    for content, is_facturx in ((ubl.write(document), False), (cii.write(document), True)):
        report = validate(content, is_facturx=is_facturx)
        assert not report.passed
        assert rules & {finding.rule for finding in report.fatal}, report.fatal


def test_a_finding_says_where_and_what() -> None:
    document = _totals(due=D("1381.48"))(domestic())
    (finding,) = validate(ubl.write(document)).failed
    assert finding == Finding(
        rule="BR-CO-16",
        severity="fatal",
        location="/Invoice[1]/LegalMonetaryTotal[1]",
        text=finding.text,
    )
    assert finding.text.startswith("[BR-CO-16]-Amount due for payment (BT-115) =")


def test_what_the_schema_forbids_is_found() -> None:
    content = ubl.write(domestic()).replace(b"cbc:IssueDate", b"cbc:IssuedOn")
    report = validate(content)
    assert not report.passed
    assert "XSD" in {finding.rule for finding in report.fatal}
    assert "BR-03" in {finding.rule for finding in report.fatal}
    assert next(it for it in report.fatal if it.rule == "XSD").location == "line 5"
