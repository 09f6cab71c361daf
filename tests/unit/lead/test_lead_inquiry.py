"""What strangers type is kept safely, or refused with the field named."""

from __future__ import annotations

import pytest

from handsel.attract.lead.errors import InquiryInvalid
from handsel.attract.lead.rules.inquiry import inquiry, origin, origin_of_link

GOOD = {"person_name": "Mara Vogel", "email": "mara@vogel.example"}


def test_text_loses_control_characters_and_spare_spaces() -> None:
    found = inquiry({**GOOD, "person_name": "  Mara\x00\t \u202eVogel ", "message": "a\r\nb\x07"})
    assert (found.person_name, found.message) == ("Mara Vogel", "a\nb")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("email", "mara@"),
        ("email", "mara@vogel"),
        ("email", "a@b.example, c@d.example"),
        ("phone", "call me"),
        ("country", "Germany"),
        ("person_name", "x" * 201),
        ("message", "x" * 5001),
    ],
)
def test_what_is_not_well_formed_is_refused_by_field(field: str, text: str) -> None:
    with pytest.raises(InquiryInvalid) as refused:
        inquiry({**GOOD, field: text})
    assert list(refused.value.fields) == [field]


def test_somebody_must_be_able_to_answer() -> None:
    with pytest.raises(InquiryInvalid) as refused:
        inquiry({"person_name": "Mara"})
    assert "email" in refused.value.fields
    assert inquiry({"person_name": "Mara", "phone": "+49 30 1234567"}).phone == "+49 30 1234567"
    assert inquiry({"person_name": "Mara"}, need_contact=False).person_name == "Mara"


def test_languages_we_do_not_speak_become_english() -> None:
    assert inquiry({**GOOD, "language": "de-AT"}).language == "de"
    assert inquiry({**GOOD, "language": "xx"}).language == "en"


def test_a_link_is_cut_not_refused() -> None:
    found = origin({"campaign": "c" * 500, "source": "\x00search\n"})
    assert (len(found.campaign), found.source) == (100, "search")


def test_the_link_that_was_followed() -> None:
    found = origin_of_link(
        {"utm_source": "newsletter", "utm_medium": "email", "gclid": "abc", "other": "x"},
        "https://search.example/",
        "/conveyors?utm_source=newsletter",
    )
    assert (found.source, found.medium, found.click_id) == ("newsletter", "email", "gclid:abc")
    assert found.referrer == "https://search.example/"
