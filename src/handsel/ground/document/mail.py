"""Mails from templates: fixed placeholders, plain strings, one pass.

A template lies in `mails/<key>.<language>.txt`. Its first line is the subject; then, after a blank
line, paragraphs. `| Label: {value}` is a row of facts and `-> Label: {link}` a button. A line whose
placeholders are all empty is left out. Values are strings and stay what they are: what a value
contains is never looked at again, in HTML it is escaped, in the subject it is one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from handsel.ground.document.errors import BadMergeValues
from handsel.ground.document.plain_text import clean, one_line

FOLDER: Final = Path(__file__).resolve().parent / "mails"
LANGUAGES: Final = ("en", "de")
LONGEST_VALUE: Final = 20_000
LONGEST_SUBJECT: Final = 200
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_LINK = re.compile(r"https?://[!-~]+")

# Every template with the values it takes, the same in both languages.
TEMPLATES: Final[Mapping[str, frozenset[str]]] = {
    key: frozenset(names.split())
    for key, names in {
        "inquiry_acknowledged": "recipient_name subject sender_name seller_name",
        "quote_sent": "recipient_name quote_number subject total first_year whole_contract "
        "valid_until quote_link message sender_name seller_name",
        "quote_accepted_rep": "recipient_name quote_number customer_name buyer_name total "
        "accepted_at record_link",
        "quote_accepted_buyer": "recipient_name quote_number total first_year whole_contract "
        "accepted_at quote_link sender_name seller_name",
        "question_from_buyer": "recipient_name quote_number customer_name buyer_name question "
        "record_link",
        "order_confirmed": "recipient_name order_number your_order total delivery sender_name "
        "seller_name",
        "shipped": "recipient_name order_number delivery_note_number carrier tracking "
        "tracking_link goods sender_name seller_name",
        "invoice_sent": "recipient_name invoice_number total due_on iban reference sender_name "
        "seller_name",
        "credit_note_sent": "recipient_name credit_note_number invoice_number total reason "
        "sender_name seller_name",
        "payment_received": "recipient_name invoice_number amount received_on still_open "
        "sender_name seller_name",
        "payment_reminder": "recipient_name invoice_numbers total pay_by_on iban reference "
        "sender_name seller_name",
        "approval_asked": "recipient_name requester_name quote_number customer_name subject "
        "net_total discount margin reasons waterfall line_rows message due_at decide_link why_you "
        "sign_in",
        "sign_in_link": "recipient_name sign_in_link valid_for seller_name",
    }.items()
}


class Composed(NamedTuple):
    """A mail's words, ready to be put into the outbox."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """A template as read: the subject, and paragraphs of lines."""

    subject: str
    paragraphs: tuple[tuple[str, ...], ...]

    def placeholders(self) -> frozenset[str]:
        """The names of all values it asks for."""
        lines = [self.subject, *(line for part in self.paragraphs for line in part)]
        return frozenset(_PLACEHOLDER.findall("\n".join(lines)))


@lru_cache(maxsize=64)
def template_of(key: str, language: str) -> MailTemplate:
    """Read a template; raises BadMergeValues for a key or language there is none for."""
    if key not in TEMPLATES or language not in LANGUAGES:
        raise BadMergeValues(f"There is no mail template “{key}” in “{language}”.")
    head, _, body = (FOLDER / f"{key}.{language}.txt").read_text("utf-8").partition("\n\n")
    paragraphs = tuple(tuple(part.splitlines()) for part in body.strip().split("\n\n"))
    return MailTemplate(head.removeprefix("Subject:").strip(), paragraphs)


def compose(template_key: str, language: str, values: Mapping[str, str]) -> Composed:
    """Put values into a template: (subject, text, html).

    `values` must have exactly the names that TEMPLATES lists for the key; an empty string leaves
    its line out. Names that end in `_link` must be http(s) addresses. Raises BadMergeValues.
    """
    template = template_of(template_key, language)
    checked = _checked(template_key, values)
    paragraphs = [
        [line for line in paragraph if _is_shown(line, checked)]
        for paragraph in template.paragraphs
    ]
    paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    subject = _fill(template.subject, checked, one_line)
    return Composed(
        one_line(subject)[:LONGEST_SUBJECT],
        "\n\n".join(_as_text(part, checked) for part in paragraphs) + "\n",
        _page(language, subject, [_as_html(part, checked) for part in paragraphs]),
    )


def written(language: str, subject: str, text: str) -> Composed:
    """A mail in a person's own words: the text as it is, and the same as escaped HTML."""
    if not one_line(subject):
        raise BadMergeValues("A mail needs a subject.", fields={"subject": "some words"})
    body = clean(text).strip()
    parts = [_html_lines(part) for part in re.split(r"\n{2,}", body)]
    html = _page(language, subject, [f"<p>{part}</p>" for part in parts])
    return Composed(one_line(subject)[:LONGEST_SUBJECT], body + "\n", html)


def _checked(key: str, values: Mapping[str, str]) -> dict[str, str]:
    wanted = TEMPLATES[key]
    if wanted != values.keys():
        missing = ", ".join(sorted(wanted - values.keys())) or "none"
        unknown = ", ".join(sorted(values.keys() - wanted)) or "none"
        raise BadMergeValues(f"Mail “{key}”: values missing: {missing}; unknown: {unknown}.")
    for name, value in values.items():
        if type(value) is not str:
            raise TypeError(f"the mail value {name} must be str, not {type(value).__name__}")
        if len(value) > LONGEST_VALUE:
            raise BadMergeValues(f"Mail “{key}”: {name} is longer than {LONGEST_VALUE} characters.")
        if name.endswith("_link") and value and not _is_link(value):
            raise BadMergeValues(f"Mail “{key}”: {name} is not an http(s) address.")
    return {name: clean(value).strip() for name, value in values.items()}


def _is_link(value: str) -> bool:
    if not _LINK.fullmatch(value) or any(char in value for char in "<>\"'`"):
        return False
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:
        return False


def _is_shown(line: str, values: Mapping[str, str]) -> bool:
    names = _PLACEHOLDER.findall(line)
    return not names or any(values[name] for name in names)


def _fill(line: str, values: Mapping[str, str], shape: Callable[[str], str]) -> str:
    return _PLACEHOLDER.sub(lambda found: shape(values[found[1]]), line)


def _as_text(lines: list[str], values: Mapping[str, str]) -> str:
    return "\n".join(_text_line(line, values) for line in lines)


def _text_line(line: str, values: Mapping[str, str]) -> str:
    if line.startswith("-> "):
        label, _, link = line[3:].rpartition(": ")
        return f"{label}:\n{_fill(link, values, str)}"
    return _fill(line.removeprefix("| "), values, str)


def _as_html(lines: list[str], values: Mapping[str, str]) -> str:
    if all(line.startswith("| ") for line in lines):
        return f"<table>{''.join(_rows(lines, values))}</table>"
    if lines[0].startswith("-> "):
        return "".join(f"<p>{_button(line, values)}</p>" for line in lines)
    return f"<p>{'<br>'.join(_fill(escape(line), values, _html_lines) for line in lines)}</p>"


def _rows(lines: list[str], values: Mapping[str, str]) -> Iterator[str]:
    for line in lines:
        label, _, value = line[2:].partition(": ")
        shown = _fill(escape(value), values, _html_lines)
        yield f"<tr><th>{escape(label)}</th><td>{shown}</td></tr>"


def _button(line: str, values: Mapping[str, str]) -> str:
    label, _, link = line[3:].rpartition(": ")
    return f'<a class="button" href="{_fill(link, values, escape)}">{escape(label)}</a>'


def _html_lines(value: str) -> str:
    return escape(value).replace("\n", "<br>")


_STYLE: Final = """
body{margin:0;padding:24px 16px;background:#fff;color:#1b1f24;
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main{max-width:560px;margin:0 auto}
p{margin:0 0 16px}
table{margin:0 0 16px;border-collapse:collapse}
th{padding:2px 24px 2px 0;text-align:left;font-weight:400;color:#59636e;vertical-align:top}
td{padding:2px 0;font-weight:600}
a.button{display:inline-block;padding:10px 20px;border-radius:6px;background:#1f4b6e;
color:#fff;text-decoration:none;font-weight:600}
""".replace("\n", "")


def _page(language: str, title: str, parts: list[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(one_line(title))}</title><style>{_STYLE}</style></head>"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )
