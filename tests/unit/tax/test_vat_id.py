"""VAT ids are checked by form and check digit."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.tax.errors import InvalidVatId
from handsel.ground.tax.rules.vat_id import CheckedVatId, check_vat_id


@pytest.mark.parametrize(
    ("text", "country", "number", "normalized"),
    [
        ("DE136695976", "DE", "136695976", "DE136695976"),
        (" de 136 695 976 ", "DE", "136695976", "DE136695976"),
        ("DE-136.695.976", "DE", "136695976", "DE136695976"),
        ("ATU13585627", "AT", "U13585627", "ATU13585627"),
        ("FR 40 303 265 045", "FR", "40303265045", "FR40303265045"),
        ("IT 00743110157", "IT", "00743110157", "IT00743110157"),
        ("ESX2482300W", "ES", "X2482300W", "ESX2482300W"),
        ("NL4495445B01", "NL", "004495445B01", "NL004495445B01"),
        ("EL 094259216", "GR", "094259216", "EL094259216"),
        ("GR094259216", "GR", "094259216", "EL094259216"),
        ("XI 980 7806 84", "XI", "980780684", "XI980780684"),
        ("GB 980 7806 84", "GB", "980780684", "GB980780684"),
        ("CHE-107.787.577 IVA", "CH", "107787577", "CHE107787577MWST"),
        ("CHE107787577", "CH", "107787577", "CHE107787577MWST"),
        ("NO 995 525 828 MVA", "NO", "995525828", "NO995525828MVA"),
        ("NO995525828", "NO", "995525828", "NO995525828MVA"),
    ],
)
def test_well_formed_ids(text, country, number, normalized):
    checked = check_vat_id(text)
    assert checked == CheckedVatId(country, number, normalized)
    assert check_vat_id(checked.normalized) == checked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE136695977", "check digit does not fit; expected DE and 9 digits"),
        ("DE13669597", "expected DE and 9 digits"),
        ("136695976", "two letters such as DE"),
        ("980780684", "two letters such as DE"),
        ("US123456789", "two letters such as DE"),
        ("EU372000041", "two letters such as DE"),
        ("IM0400000049", "two letters such as DE"),
        ("GRX", "the country's letters"),
        ("EL09425921X", "expected EL and 9 digits"),
        ("CHE107787578", "expected CHE and 9 digits"),
        ("CH107787577", "expected CHE and 9 digits"),
        ("", "such as DE136695976"),
        ("ＤＥ136695976", "such as DE136695976"),
        ("DE１３６６９５９７６", "such as DE136695976"),
        ("DE136695976\n<b>", "such as DE136695976"),
        ("DE" + "1" * 60, "such as DE136695976"),
        (None, "such as DE136695976"),
    ],
)
def test_malformed_ids_say_what_was_expected(text, expected):
    with pytest.raises(InvalidVatId) as refusal:
        check_vat_id(text)
    assert expected in str(refusal.value)
    assert refusal.value.http_status == 422


PREFIXES = st.sampled_from(["", "DE", "FR", "ES", "IE", "CHE", "NO", "GB", "XI", "EL", "SE", "CZ"])


@given(PREFIXES, st.text("0123456789ABXW .-/+*?é", max_size=16) | st.text(max_size=12))
def test_no_text_breaks_the_check(prefix, text):
    with suppress(InvalidVatId):
        checked = check_vat_id(prefix + text)
        assert check_vat_id(checked.normalized) == checked
