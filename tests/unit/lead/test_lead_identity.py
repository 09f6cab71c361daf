"""What makes two records look like the same person or company."""

from __future__ import annotations

import pytest

from handsel.attract.lead.rules.identity import (
    COMPANY_ALIKE,
    company_key,
    company_similarity,
    comparable,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Brandt Lebensmittel GmbH", "BRANDT LEBENSMITTEL"),
        ("Müller & Söhne GmbH & Co. KG", "Muller Sohne"),
        ("Acme, Inc.", "ACME Incorporated Inc"),
        ("Straßmann Förderanlagen AG", "Strassmann Foerderanlagen"),
        ("Vogel Druck", "Druck Vogel"),
    ],
)
def test_names_of_the_same_company_are_alike(one: str, other: str) -> None:
    assert company_similarity(one, other) >= COMPANY_ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [("Brandt Lebensmittel GmbH", "Brandner Logistik GmbH"), ("GmbH", "GmbH"), ("", "Brandt")],
)
def test_names_of_different_companies_are_not(one: str, other: str) -> None:
    assert company_similarity(one, other) < COMPANY_ALIKE


def test_a_key_holds_no_legal_form() -> None:
    assert company_key("Müller S.A.R.L.") == "muller"


def test_comparable_forms() -> None:
    assert comparable(" Kim@Brandt.Example ", "030 1234567", "DE") == (
        "kim@brandt.example",
        "+49301234567",
        "brandt.example",
    )


def test_a_freemail_domain_stands_for_nobody() -> None:
    assert comparable("kim@gmail.com", "", "")[2] == ""
    assert comparable("not an address", "", "") == ("", "", "")
