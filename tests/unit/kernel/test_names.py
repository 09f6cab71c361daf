"""Names with translations: how they are written, read, kept in forms, and told to readers."""

from __future__ import annotations

import pytest

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.names import (
    changed,
    longest_text,
    name_from,
    name_in,
    name_values,
    named,
    read_name,
    texts_of,
    translated,
    written_name,
)

FREIGHT = named({"de": "Fracht", "en": "Freight"})


@pytest.mark.parametrize(
    ("name", "language", "told"),
    [
        (FREIGHT, "de", "Fracht"),
        (FREIGHT, "de-at", "Fracht"),
        (FREIGHT, "en", "Freight"),
        (FREIGHT, "fr", "Freight"),
        (named({"de": "Fracht", "cs": "Doprava"}), "fr", "Doprava"),
        (translated("Rahmen", {"en": "Frame"}), "de", "Rahmen"),
        (translated("Rahmen", {"en": "Frame"}), "en", "Frame"),
        ("Freight", "de", "Freight"),
    ],
)
def test_a_reader_gets_his_language_else_the_main_one(name: str, language: str, told: str) -> None:
    assert name_in(name, language) == told


def test_a_name_is_a_text_whose_other_languages_go_along() -> None:
    assert FREIGHT == "Freight"
    assert list(texts_of(FREIGHT)) == ["de", "en"]
    assert texts_of("Freight") == {}
    marked = changed(FREIGHT, lambda text: f"{text}!")
    assert (marked, name_in(marked, "de")) == ("Freight!", "Fracht!")
    assert longest_text(named({"en": "a", "de": "abc"})) == 3


@pytest.mark.parametrize(
    "written", ["Freight", {"en": "Freight", "de": "Fracht"}, {"de": "Fracht"}]
)
def test_what_is_written_is_read_and_written_again(written: object) -> None:
    name = read_name(written)
    assert written_name(name) == written
    assert written_name(name_from("label", name_values("label", name))) == written


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({}, "a text in one language at least"),
        ({"english": "Freight"}, "“english” is no language"),
        ({"DE": "Fracht"}, "is no language"),
        ({"de": ""}, "1 to 200 characters"),
        ({"de": 5}, "expected a text"),
        (["Freight"], "expected a text"),
        ("x" * 201, "1 to 200 characters"),
    ],
)
def test_what_is_no_name_is_refused(written: object, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read_name(written)


def test_a_form_with_one_text_only_says_it_to_everybody() -> None:
    assert written_name(name_from("label", {"label": " Rahmen ", "label_de": ""})) == "Rahmen"
    assert name_from("label", {"label": "", "label_de": " "}) == ""
