"""Mails from templates: complete, literal, escaped, one pass."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.document import mail
from handsel.ground.document.errors import BadMergeValues

BOTH = [(key, language) for key in mail.TEMPLATES for language in mail.LANGUAGES]


def values_for(key: str, **given: str) -> dict[str, str]:
    values = {
        name: "https://halden.example/q/abc" if name.endswith("_link") else f"<{name}>"
        for name in mail.TEMPLATES[key]
    }
    return {**values, **given}


@pytest.mark.parametrize(("key", "language"), BOTH)
def test_a_template_asks_for_exactly_its_listed_values(key: str, language: str) -> None:
    assert mail.template_of(key, language).placeholders() == mail.TEMPLATES[key]


@pytest.mark.parametrize(("key", "language"), BOTH)
def test_every_value_arrives_in_text_and_html(key: str, language: str) -> None:
    composed = mail.compose(key, language, values_for(key))

    for name in mail.TEMPLATES[key]:
        if name.endswith("_link"):
            assert "https://halden.example/q/abc" in composed.text
            assert 'href="https://halden.example/q/abc"' in composed.html
        else:
            assert f"<{name}>" in composed.subject + composed.text
            assert f"<{name}>" not in composed.html
    assert f'lang="{language}"' in composed.html
    assert "{" not in composed.subject + composed.text


def test_no_template_lies_around_unlisted() -> None:
    names = {path.name for path in mail.FOLDER.iterdir()}
    assert names == {f"{key}.{language}.txt" for key, language in BOTH}


@pytest.mark.parametrize(("key", "language"), BOTH)
def test_lines_without_value_are_left_out(key: str, language: str) -> None:
    empty = dict.fromkeys(mail.TEMPLATES[key], "")
    composed = mail.compose(key, language, empty)

    assert not re.search(r"^[^\n]*: *$", composed.text, re.MULTILINE)
    assert "\n\n\n" not in composed.text
    assert "<table></table>" not in composed.html
    assert "<p></p>" not in composed.html


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    composed = mail.compose(
        "question_from_buyer", "en", values_for("question_from_buyer", question="{record_link} {x}")
    )
    assert "{record_link} {x}" in composed.text
    assert "{record_link} {x}" in composed.html


def test_a_quote_mail_reads_like_a_person_wrote_it() -> None:
    composed = mail.compose(
        "quote_sent",
        "de",
        {
            "recipient_name": "Frau Groß",
            "quote_number": "AN-2026-0042",
            "subject": "Zwei Gurtförderer",
            "total": "24.760,46 €",
            "first_year": "",
            "whole_contract": "",
            "valid_until": "15.04.2026",
            "quote_link": "https://halden.example/q/xyz",
            "message": "",
            "sender_name": "Jonas Weidner",
            "seller_name": "Halden",
        },
    )
    assert composed.subject == "Angebot AN-2026-0042 von Halden"
    assert composed.text == (
        "Guten Tag Frau Groß,\n\n"
        "hier ist unser Angebot. Sie können es online lesen, Fragen stellen und annehmen; ein "
        "Konto brauchen Sie dafür nicht.\n\n"
        "Angebot: AN-2026-0042\nBetreff: Zwei Gurtförderer\nGesamtbetrag: 24.760,46 €\n"
        "Gültig bis: 15.04.2026\n\n"
        "Angebot öffnen:\nhttps://halden.example/q/xyz\n\n"
        "Der Link ist für Sie bestimmt. Bitte geben Sie ihn nur an Personen weiter, die für Ihr "
        "Unternehmen annehmen dürfen.\n\n"
        "Jonas Weidner\nHalden\n"
    )


@pytest.mark.parametrize(
    "values",
    [
        {},
        values_for("sign_in_link") | {"bcc": "x"},
        {k: v for k, v in values_for("sign_in_link").items() if k != "valid_for"},
    ],
)
def test_missing_and_unknown_values_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(BadMergeValues, match="sign_in_link"):
        mail.compose("sign_in_link", "en", values)


def test_values_are_plain_strings() -> None:
    class Sly(str):
        __slots__ = ()

        def __format__(self, spec: str) -> str:
            return "leaked"

    for wrong in (7, None, object(), Sly("x")):
        with pytest.raises(TypeError):
            mail.compose("sign_in_link", "en", values_for("sign_in_link", valid_for=wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://",
        "https:///path",
        'https://a.example/"onclick="x',
        "https://a.example/ b",
        "https://a.example/\nBcc: x",
        "https://[bad/",
        "ftp://a.example/x",
    ],
)
def test_a_link_is_an_http_address(link: str) -> None:
    with pytest.raises(BadMergeValues, match="http"):
        mail.compose("sign_in_link", "en", values_for("sign_in_link", sign_in_link=link))


@pytest.mark.parametrize(
    ("key", "language"), [("nothing", "en"), ("quote_sent", "fr"), ("../mail", "en")]
)
def test_an_unknown_template_or_language_is_refused(key: str, language: str) -> None:
    with pytest.raises(BadMergeValues):
        mail.compose(key, language, {})


def test_an_over_long_value_is_refused() -> None:
    long = "x" * (mail.LONGEST_VALUE + 1)
    with pytest.raises(BadMergeValues, match="longer"):
        mail.compose("sign_in_link", "en", values_for("sign_in_link", valid_for=long))


class Tags(HTMLParser):
    """The tags of a page, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)


def tags_of(html: str) -> set[str]:
    parser = Tags()
    parser.feed(html)
    return set(parser.seen)


@given(st.text(max_size=300))
def test_no_text_of_a_person_becomes_markup_or_a_second_subject_line(text: str) -> None:
    values = values_for("question_from_buyer", question=text, customer_name=text)
    composed = mail.compose("question_from_buyer", "en", values)

    assert tags_of(composed.html) <= {
        *("html", "head", "meta", "title", "style", "body", "main"),
        *("p", "br", "a", "table", "tr", "th", "td"),
    }
    assert composed.subject.replace("\u200d", "").isprintable()
    assert len(composed.subject) <= mail.LONGEST_SUBJECT


def test_own_words_are_kept_and_escaped() -> None:
    composed = mail.written("en", "Your  question\n", "Hello,\n\nthe belt is <b>wide</b>.\nBye")

    assert composed.subject == "Your question"
    assert composed.text == "Hello,\n\nthe belt is <b>wide</b>.\nBye\n"
    assert "<p>the belt is &lt;b&gt;wide&lt;/b&gt;.<br>Bye</p>" in composed.html
    with pytest.raises(BadMergeValues):
        mail.written("en", " \n", "x")
