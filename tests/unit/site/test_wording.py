"""Refusals in the reader's language, wherever they are shown."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from django.utils import translation

from handsel.ground.kernel.errors import Invalid, Refused
from handsel.ground.kernel.grammar import parse_decimal, parse_localized_decimal
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor
from handsel.site.wording import told


def refusal(text: str) -> Invalid:
    with pytest.raises(Invalid) as failure:
        parse_decimal(text)
    return failure.value


def test_a_wrong_number_is_told_in_german_and_in_english() -> None:
    failure = refusal("abc")
    assert str(failure).startswith("“abc” is not a number; expected digits")
    with translation.override("de"):
        assert failure.message.startswith(
            "„abc“ ist keine gültige Angabe (Zahl); erwartet: Ziffern"
        )
        assert "zu klein; mindestens 0" in _least("-1")


def _least(text: str) -> str:
    with pytest.raises(Invalid) as failure:
        parse_decimal(text, minimum=0)
    return str(failure.value)


def test_expectations_of_fields_are_told_too() -> None:
    failure = Invalid("a key needs a name", fields={"label": "what it is for"})
    with translation.override("de"):
        assert failure.fields == {"label": "wofür er ist"}
    assert failure.fields == {"label": "what it is for"}


def test_codes_days_and_amounts_within_a_sentence_are_the_readers() -> None:
    text = said(
        "order %(number)s was placed on %(placed_on)s, after %(day)s",
        number="O-1",
        placed_on=date(2026, 3, 1),
        day=date(2026, 2, 1),
    )
    open_left = said(
        "%(amount)s cannot be given up: %(shown)s is open", amount="5", shown=Money(123450, "EUR")
    )
    state = said("this lead is %(state)s; open it again to qualify it", state="disqualified")
    with translation.override("de"):
        assert "01.03.2026" in told(text)
        assert "1.234,50 EUR" in told(open_left)
        assert told(state).startswith("Dieser Lead ist disqualifiziert;")
    assert told(text) == text


def test_a_missing_permission_is_named_in_words() -> None:
    actor = Actor("user", "Jana", 1)
    with pytest.raises(Exception, match=r"lacks the permission 'cash\.view'") as failure:
        actor.require("cash.view")
    with translation.override("de"):
        assert "Zahlungseingang" in str(failure.value)


def test_a_refusal_that_crossed_processes_is_still_worded() -> None:
    failure = pickle.loads(pickle.dumps(Refused("this lead does not exist", code="x")))
    with translation.override("de"):
        assert failure.message == "Diesen Lead gibt es nicht."


def test_the_mark_of_decimals_is_told() -> None:
    with pytest.raises(Invalid) as failure:
        parse_localized_decimal("1,2,3.4", ",")
    with translation.override("de"):
        assert "„,“ vor den Nachkommastellen" in str(failure.value)
