"""What is written as UBL or CII is read back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import ModuleType

import pytest
from lxml import etree

from handsel.earn.billing.rules.einvoice import cii, codes, ubl
from handsel.earn.billing.rules.einvoice.errors import NotExpressible, UnreadableInvoice
from handsel.earn.billing.rules.einvoice.model import EInvoice, Identifier, Price
from handsel.earn.billing.rules.einvoice.ubl.names import CBC
from tests.unit.billing.einvoice.everything import (
    collected,
    everything,
    paid_by_card,
    paid_to_a_national_account,
)
from tests.unit.billing.einvoice.samples import SAMPLES, credit_note, dollars, domestic, line

SYNTAXES = pytest.mark.parametrize("syntax", [ubl, cii], ids=["ubl", "cii"])
WHOLE: dict[str, EInvoice] = {name: build() for name, build in SAMPLES.items()} | {
    "everything": everything(),
    "everything_credited": everything(codes.CREDIT_NOTE),
    "collected": collected(),
    "collected_credited": collected(codes.CREDIT_NOTE),
    "paid_by_card": paid_by_card(),
    "paid_to_a_national_account": paid_to_a_national_account(),
}


@SYNTAXES
@pytest.mark.parametrize("name", WHOLE)
def test_round_trip(syntax: ModuleType, name: str) -> None:
    assert syntax.read(syntax.write(WHOLE[name])) == WHOLE[name]


@SYNTAXES
def test_writing_twice_gives_the_same_bytes(syntax: ModuleType) -> None:
    assert syntax.write(everything()) == syntax.write(everything())


def test_one_syntax_into_the_other_loses_nothing() -> None:
    through = cii.read(cii.write(ubl.read(ubl.write(everything()))))
    assert through == everything()


def test_a_credit_note_is_another_document_in_ubl_and_another_code_in_cii() -> None:
    note = credit_note()
    assert etree.fromstring(ubl.write(note)).tag == f"{{{ubl.CREDIT_NOTE_NS}}}CreditNote"
    assert etree.fromstring(cii.write(note)).tag == f"{{{cii.CII_NS}}}CrossIndustryInvoice"
    assert ubl.read(ubl.write(note)).due_on == date(2026, 4, 1)


def test_ubl_names_the_currency_of_every_amount() -> None:
    root = etree.fromstring(ubl.write(dollars()))
    amounts = [it for it in root.iter() if str(it.tag).endswith("Amount")]
    currencies = [it.get("currencyID") for it in amounts]
    assert currencies.count("EUR") == 1  # BT-111
    assert set(currencies) == {"USD", "EUR"}
    assert len(amounts) == 10


def test_amounts_have_their_currencys_decimals_and_prices_their_own() -> None:
    written = line(1, "Fluid", "0.5", "0.123456")
    invoice = replace(domestic(), lines=(written,))
    root = etree.fromstring(ubl.write(invoice))
    assert [it.text for it in root.iter(f"{{{CBC}}}PriceAmount")] == ["0.123456"]
    assert [it.text for it in root.iter(f"{{{CBC}}}LineExtensionAmount")][-1] == "0.06"


def test_an_amount_that_needs_more_decimals_is_refused() -> None:
    invoice = domestic()
    with pytest.raises(NotExpressible, match="12\\.345 EUR has more than the 2 decimals"):
        ubl.write(replace(invoice, totals=replace(invoice.totals, due=Decimal("12.345"))))
    dinar = replace(invoice, currency="KWD")
    with pytest.raises(NotExpressible):
        cii.write(replace(dinar, totals=replace(invoice.totals, due=Decimal("1.234"))))


@SYNTAXES
def test_control_characters_are_refused(syntax: ModuleType) -> None:
    with pytest.raises(NotExpressible, match="control characters"):
        syntax.write(replace(domestic(), payment_terms="30 days\x07"))


@SYNTAXES
def test_empty_texts_leave_no_empty_elements(syntax: ModuleType) -> None:
    root = etree.fromstring(syntax.write(replace(domestic(), payment_terms="", project="")))
    empty = [it.tag for it in root.iter() if len(it) == 0 and not (it.text or "").strip()]
    assert empty == []


def test_a_ubl_credit_note_cannot_keep_a_due_date_without_means_of_payment() -> None:
    with pytest.raises(NotExpressible, match="due date"):
        ubl.write(replace(credit_note(), payment=None))


def test_cii_refuses_an_unknown_tax_point_code() -> None:
    with pytest.raises(NotExpressible, match="tax point"):
        cii.write(replace(domestic(), tax_point_code="5"))


def test_identifiers_have_one_order_and_prices_one_form() -> None:
    seller = replace(domestic().seller, identifiers=(Identifier("2", "0088"), Identifier("1")))
    assert [it.value for it in seller.identifiers] == ["1", "2"]
    assert Price(net=Decimal(9), discount=Decimal(1)).gross == Decimal(10)
    assert Price(net=Decimal(9), discount=Decimal(0), gross=Decimal(9)).discount is None


@SYNTAXES
@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("//*[local-name()='DocumentCurrencyCode' or local-name()='InvoiceCurrencyCode']", "BT-5"),
        (
            "//*[local-name()='PayableAmount' or local-name()='DuePayableAmount']",
            "BT-115",
        ),
    ],
)
def test_what_is_missing_is_named(syntax: ModuleType, path: str, word: str) -> None:
    root = etree.fromstring(syntax.write(domestic()))
    found = root.xpath(path)
    assert isinstance(found, list)
    for element in found:
        assert isinstance(element, etree._Element)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
    with pytest.raises(UnreadableInvoice, match=word) as caught:
        syntax.read(etree.tostring(root))
    assert caught.value.location.startswith("/")


@SYNTAXES
@pytest.mark.parametrize(
    "text", ["1_000", "１２", "1e9", "NaN", "INF", "1,5", "--1", "1.2.3", "9" * 41]
)
def test_numbers_follow_one_grammar(syntax: ModuleType, text: str) -> None:
    content = syntax.write(domestic()).replace(b"1381.47", text.encode())
    with pytest.raises(UnreadableInvoice, match="not a number"):
        syntax.read(content)


@SYNTAXES
def test_a_foreign_document_is_told_apart(syntax: ModuleType) -> None:
    with pytest.raises(UnreadableInvoice, match=r"neither|not a UN/CEFACT"):
        syntax.read(b"<order xmlns='urn:example'/>")
