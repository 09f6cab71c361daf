"""The timeline of a record: the log read aloud, for the shell's `timeline` component."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format

from handsel.ground.platform import log
from handsel.ground.platform.models import BusinessEvent

# Type of event -> (sentence with %(field)s of its payload, kind of colour, icon).
Sentence = tuple[Any, str, str]
# (Type of event, field) -> what a person reads for each of the field's codes.
Words = Mapping[tuple[str, str], Mapping[str, Any]]
_sentences: dict[str, Sentence] = {}
_words: dict[tuple[str, str], Mapping[str, Any]] = {}
_actors: dict[str, Any] = {}
_day: list[Callable[[date], str]] = []
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"-?\d+\.\d+")


def plug(
    sentences: Mapping[str, Sentence],
    words: Words,
    actors: Mapping[str, Any],
    day: Callable[[date], str],
) -> None:
    """Plug in the house's sentences, the words for codes and for parts of the program that
    act, and how a calendar day is written (once, at start)."""
    _sentences.update(sentences)
    _words.update(words)
    _actors.update(actors)
    _day[:] = [day]


def timeline_of(
    *objects: tuple[str, int], limit: int = 50, of_rooms: Sequence[str] = ()
) -> dict[str, Any]:
    """What happened to the given (type, id) objects, newest first; `of_rooms` as in `log`."""
    events = log.timeline(*objects, limit=limit, of_rooms=of_rooms)
    return {"entries": [_entry(event) for event in events]}


def _entry(event: BusinessEvent) -> dict[str, Any]:
    sentence, kind, icon = _sentences.get(event.type, (event.type, "neutral", ""))
    payload = _Readable({**event.payload, "label": event.actor_label})
    payload.type = event.type
    try:
        title = (str(sentence) % payload).rstrip(" :")
    except (TypeError, ValueError):
        title = str(sentence)
    return {
        "at": event.occurred_at,
        "actor": _acting(event),
        "title": title,
        "kind": kind,
        "icon": icon,
    }


def _acting(event: BusinessEvent) -> str:
    """Who acted; a part of the program is named in the reader's language."""
    if event.actor_kind in ("system", "job"):
        return str(_actors.get(event.actor_label, event.actor_label))
    return event.actor_label


class _Readable(dict[str, Any]):
    """Payload values as text a person reads; a field that is not there is left out."""

    type: str = ""

    def __missing__(self, key: str) -> str:
        return ""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key) if key in self else self.__missing__(key)
        if isinstance(value, dict) and "minor" in value:
            from handsel.ground.kernel.money import Money

            money = Money(value["minor"], value["currency"])
            # As the reader's language writes numbers, like every other amount of the page.
            return f"{number_format(money.amount, force_grouping=True)} {money.currency}"
        if isinstance(value, list):
            return ", ".join(self._worded(key, str(one)) for one in value)
        if isinstance(value, (str, int)):
            return self._worded(key, str(value))
        return "" if value is None else value

    def _worded(self, key: str, text: str) -> str:
        known = _words.get((self.type, key), {})
        if text in known:
            return str(known[text])
        if _day and _DAY.fullmatch(text):
            return _day[0](date.fromisoformat(text))
        if _DECIMAL.fullmatch(text):
            return number_format(f"{Decimal(text).normalize():f}")
        return text.replace("_", " ")
