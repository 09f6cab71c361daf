"""Refusals in the language of whoever asks: sentences, and the codes and amounts in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

from handsel.ground.kernel.money import Money
from handsel.ground.kernel.names import Name, name_in
from handsel.ground.kernel.said import Said
from handsel.site.permission_words import permission_title
from handsel.site.shell import formats

# Facts that are codes of ours: states of records, and what the grammar expects.
CODES = {
    "active": gettext_noop("active"),
    "accepted": gettext_noop("accepted"),
    "cancelled": gettext_noop("cancelled"),
    "completed": gettext_noop("delivered"),
    "converted": gettext_noop("converted"),
    "declined": gettext_noop("declined"),
    "delivered": gettext_noop("delivered"),
    "discarded": gettext_noop("discarded"),
    "disqualified": gettext_noop("disqualified"),
    "draft": gettext_noop("a draft"),
    "expired": gettext_noop("expired"),
    "failed": gettext_noop("not sent"),
    "held": gettext_noop("held"),
    "ignored": gettext_noop("set aside"),
    "issued": gettext_noop("issued"),
    "lost": gettext_noop("lost"),
    "matched": gettext_noop("matched"),
    "new": gettext_noop("new"),
    "open": gettext_noop("open"),
    "phased_out": gettext_noop("phased out"),
    "placed": gettext_noop("to be checked"),
    "presented": gettext_noop("with the customer"),
    "published": gettext_noop("published"),
    "qualified": gettext_noop("qualified"),
    "queued": gettext_noop("waiting"),
    "rejected": gettext_noop("rejected"),
    "released": gettext_noop("released"),
    "retired": gettext_noop("retired"),
    "sending": gettext_noop("being handed over"),
    "sent": gettext_noop("sent"),
    "shipped": gettext_noop("under way"),
    "superseded": gettext_noop("replaced"),
    "withdrawn": gettext_noop("withdrawn"),
    "won": gettext_noop("won"),
    "working": gettext_noop("in work"),
    "number": gettext_noop("number"),
    "whole number": gettext_noop("whole number"),
    "date": gettext_noop("date"),
    "point in time": gettext_noop("point in time"),
    "digits with at most one decimal point, such as 1234.5": gettext_noop(
        "digits with at most one decimal mark, such as 1234.5"
    ),
    "digits only, such as 12": gettext_noop("digits only, such as 12"),
    "year-month-day, such as 2026-03-01": gettext_noop("a day such as 2026-03-01"),
}
_OF_CODES = frozenset({"state", "present", "to", "kind", "expected", "lifecycle", "lifecycle2"})


def told(text: str) -> str:
    """A refusal in the reader's language; in English it stays as it was written."""
    if not text or _is_english():
        return text
    if not isinstance(text, Said):
        return gettext(text)
    template = gettext(text.template)
    if not text.facts:
        return template
    if template == text.template and not any(isinstance(one, Said) for one in text.facts.values()):
        return text
    return template % {name: _fact(name, fact) for name, fact in text.facts.items()}


def _is_english() -> bool:
    return (translation.get_language() or settings.LANGUAGE_CODE).startswith("en")


def _fact(name: str, fact: Any) -> Any:
    if isinstance(fact, Said):
        return told(fact)
    if isinstance(fact, Name):
        return name_in(fact, translation.get_language() or settings.LANGUAGE_CODE)
    if isinstance(fact, Money):
        return f"{number_format(fact.amount, force_grouping=True)} {fact.currency}"
    if isinstance(fact, date):
        return formats.reader().day(fact)
    if name == "permission":
        return permission_title(str(fact).strip("'"))
    if name in _OF_CODES and str(fact) in CODES:
        return gettext(CODES[str(fact)])
    return fact
