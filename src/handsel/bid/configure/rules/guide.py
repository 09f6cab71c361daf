"""Guided selling: which question to ask next. Questions are variables like all others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from handsel.bid.configure.rules.decisions import Decision, decided
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.session import Answer, Configurator

# A number with more values than this is asked at a few of them; the figure is then an estimate.
MOST_SAMPLED = 4


@dataclass(frozen=True, slots=True)
class Question:
    """A variable worth asking about: its possible values, and what is left after an answer.

    `expected` is the mean of the values remaining over the answers, each as likely.
    """

    variable: str
    values: tuple[Value, ...]
    expected: Fraction


def next_question(
    configurator: Configurator,
    decisions: Sequence[Decision],
    *,
    skipped: Collection[str] = (),
    among: Sequence[str] | None = None,
) -> Question | None:
    """The open question whose answer narrows most; of equals, the first in the model.

    Asked are the model's question variables, or those of `among`, that are neither decided nor
    skipped and have more than one value left. None when none is left.
    """
    asked = questions(configurator, decisions, skipped=skipped, among=among)
    return min(asked, key=lambda one: one.expected, default=None)


def questions(
    configurator: Configurator,
    decisions: Sequence[Decision],
    *,
    skipped: Collection[str] = (),
    among: Sequence[str] | None = None,
) -> list[Question]:
    """All open questions in the model's order."""
    keys = among
    if keys is None:
        variables = configurator.model.variables
        keys = [one.key for one in variables if one.is_question]
    answer = configurator.answer(decisions)
    passed = {*skipped, *decided(decisions)}
    found = []
    for key in keys:
        values = answer.of(key).possible
        if key not in passed and len(values) > 1:
            found.append(Question(key, values, _expected(configurator, answer, key, values)))
    return found


def _expected(
    configurator: Configurator, answer: Answer, key: str, values: tuple[Value, ...]
) -> Fraction:
    sampled = values
    if len(values) > MOST_SAMPLED:
        last = len(values) - 1
        sampled = tuple(values[at * last // (MOST_SAMPLED - 1)] for at in range(MOST_SAMPLED))
    left = sum(
        configurator.answer((*answer.decisions, Decision(key, value))).remaining
        for value in sampled
    )
    return Fraction(left, len(sampled))
