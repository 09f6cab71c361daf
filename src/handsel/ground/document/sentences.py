"""Sentences of rules as their reader reads them: his language, his days, numbers and names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext

from handsel.ground.document import formatting
from handsel.ground.kernel.names import Name
from handsel.ground.kernel.said import Said, said, worded
from handsel.ground.platform.naming import shown_name


def readers_sentence(text: str) -> str:
    """A sentence in the reader's language, with the days and numbers in it as he writes them."""
    if not isinstance(text, Said):
        return text
    facts = {name: _as_written(fact) for name, fact in text.facts.items()}
    return worded(said(text.template, **facts), gettext)


def _as_written(fact: object) -> object:
    if isinstance(fact, date):
        return formatting.readers_day(fact)
    if isinstance(fact, Name):
        return shown_name(fact)
    return number_format(fact.normalize()) if isinstance(fact, Decimal) else fact
