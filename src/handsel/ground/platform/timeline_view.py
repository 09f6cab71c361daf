"""The timeline of a record: the log read aloud, for the shell's `timeline` component."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils.formats import number_format
from django.utils.translation import get_language

from handsel.ground.platform import log
from handsel.ground.platform.models import BusinessEvent

# Type of event -> (sentence with %(field)s of its payload, kind of colour, icon).
Sentence = tuple[Any, str, str]
_sentences: dict[str, Sentence] = {}
_words: dict[str, Mapping[str, Any]] = {}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_links: list[Callable[[BusinessEvent], str]] = []


def plug(
    sentences: Mapping[str, Sentence], words: Mapping[str, Mapping[str, Any]] | None = None
) -> None:
    """Plug in the house's sentences (once, at start), and what values of a field are called."""
    _sentences.update(sentences)
    _words.update(words or {})


def timeline_of(
    *objects: tuple[str, int], limit: int = 50, of_rooms: Sequence[str] = ()
) -> dict[str, Any]:
    """What happened to the given (type, id) objects, newest first; `of_rooms` as in `log`."""
    events = log.timeline(*objects, limit=limit, of_rooms=of_rooms)
    return {"entries": [_entry(event) for event in events]}


def _entry(event: BusinessEvent) -> dict[str, Any]:
    sentence, kind, icon = _sentences.get(event.type, (event.type, "neutral", ""))
    payload = {**event.payload, "label": event.actor_label}
    try:
        title = str(sentence) % _Readable(payload)
    except (TypeError, ValueError):
        title = str(sentence)
    return {
        "at": event.occurred_at,
        "actor": event.actor_label,
        "title": title,
        "kind": kind,
        "icon": icon,
    }


class _Readable(dict[str, Any]):
    """Payload values as text a person reads; a field that is not there is left out."""

    def __missing__(self, key: str) -> str:
        return ""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key) if key in self else self.__missing__(key)
        if isinstance(value, dict) and "minor" in value:
            from handsel.ground.kernel.money import Money

            money = Money(value["minor"], value["currency"])
            # As the reader's language writes numbers, like every other amount of the page.
            return f"{number_format(money.amount, force_grouping=True)} {money.currency}"
        if isinstance(value, str) and (word := _words.get(key, {}).get(value)) is not None:
            return str(word)
        if isinstance(value, str) and _DAY.fullmatch(value):
            where = "de_DE" if (get_language() or "en").startswith("de") else "en_GB"
            return format_date(date.fromisoformat(value), "medium", where)
        if isinstance(value, list):
            return ", ".join(str(one).replace("_", " ") for one in value)
        if isinstance(value, str):
            return value.replace("_", " ")
        return "" if value is None else value
