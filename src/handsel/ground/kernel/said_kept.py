"""A sentence as plain data and back, so that what is kept today is told in any language later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import Said, said


def kept(sentence: Said) -> dict[str, Any]:
    """Template and facts; amounts and days stay what they are, all else becomes text."""
    facts = {name: _kept_fact(fact) for name, fact in sentence.facts.items()}
    return {"template": sentence.template, "facts": facts}


def as_said(data: Mapping[str, Any]) -> Said:
    """The sentence that `kept` made into data."""
    return said(
        data["template"], **{name: _fact(fact) for name, fact in data.get("facts", {}).items()}
    )


def _kept_fact(fact: object) -> object:
    match fact:
        case Said():
            return kept(fact)
        case Money():
            return {"minor": fact.amount_minor, "currency": fact.currency}
        case date() if not isinstance(fact, datetime):
            return {"day": fact.isoformat()}
    return str(fact)


def _fact(data: Any) -> object:
    match data:
        case {"template": _}:
            return as_said(data)
        case {"minor": minor, "currency": currency}:
            return Money(minor, currency)
        case {"day": day}:
            return date.fromisoformat(day)
    return data
