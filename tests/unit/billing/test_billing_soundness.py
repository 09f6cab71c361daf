"""What stands against the issue of a draft, in words a clerk can act on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handsel.earn.billing.rules.soundness import SoundnessFacts, unsound

PARTY = {"name": "A", "street": "S 1", "city": "C", "country": "DE", "vat_id": "DE136695976"}
SOUND = SoundnessFacts(
    line_nets=[7000, 3000],
    tax_rows=[(1900, 10000, 1900, "S")],
    currency="EUR",
    net_minor=10000,
    tax_minor=1900,
    gross_minor=11900,
    payable_minor=11900,
    kind="invoice",
    seller=PARTY,
    buyer=PARTY,
)


def test_a_sound_one() -> None:
    assert unsound(SOUND) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"line_nets": []}, "no lines"),
        ({"line_nets": [7000, 2999]}, "lines do not sum"),
        ({"tax_rows": [(1900, 10000, 1901, "S")]}, "should be 1900, not 1901"),
        ({"tax_rows": [(1900, 9999, 1900, "S")]}, "bases do not sum"),
        ({"tax_minor": 1901}, "VAT rows do not sum"),
        ({"gross_minor": 11901}, "net and VAT do not sum"),
        ({"payable_minor": -1}, "deposits exceed"),
        ({"seller": {**PARTY, "vat_id": ""}}, "seller's VAT id"),
        ({"buyer": {**PARTY, "city": ""}}, "buyer's city"),
        (
            {
                "tax_rows": [(0, 10000, 0, "AE")],
                "tax_minor": 0,
                "gross_minor": 10000,
                "buyer": {**PARTY, "vat_id": ""},
            },
            "buyer's VAT id",
        ),
        (
            {"tax_rows": [(1900, 10000, 1900, "S"), (0, 0, 0, "O")]},
            "an invoice of its own",
        ),
    ],
)
def test_what_stands_against_it(change: dict[str, object], said: str) -> None:
    found = unsound(replace(SOUND, **change))  # type: ignore[arg-type]
    assert any(said in sentence for sentence in found), found
