"""Several complete products side by side: good, better, best, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from handsel.bid.configure.rules.complete import Completion, complete
from handsel.bid.configure.rules.decisions import Decision, decided
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.session import Configurator

MOST_TRIED = 24


@dataclass(frozen=True, slots=True)
class Alternative:
    """One complete product. `differs_in` are the variables in which it is not like the first."""

    completion: Completion
    differs_in: tuple[str, ...]
    amount: int | None = None


def alternatives(
    configurator: Configurator,
    decisions: Sequence[Decision],
    k: int = 3,
    *,
    amount: Callable[[Mapping[str, Value]], int] | None = None,
    about: Sequence[str] = (),
) -> list[Alternative]:
    """Up to k complete valid products that keep all decisions and differ from each other.

    The first is the preferred completion. The others each differ from all before in a variable of
    `about` (by default, in any that a customer would tell apart: those with more than one value
    left), as many at once as come with it. With `amount` they are spread: cheapest, dearest and
    what lies between, ascending.

    Raises NotPossible when the decisions contradict each other.
    """
    first = complete(configurator, decisions)
    found = [first, *_variations(configurator, decisions, first, about)]
    different = list({tuple(one.values.items()): one for one in found}.values())
    if amount is None:
        chosen = _most_different(different, k)
        return [_compared(one, chosen[0], None) for one in chosen]
    priced = sorted(((amount(one.values), at) for at, one in enumerate(different)))
    spread = _spread(priced, k)
    base = different[spread[0][1]]
    return [_compared(different[at], base, total) for total, at in spread]


def differing(products: Sequence[Mapping[str, Value]]) -> dict[str, tuple[Value, ...]]:
    """The variables in which products differ, with each product's value; what a table shows."""
    return {
        key: tuple(one[key] for one in products)
        for key in (products[0] if products else ())
        if len({one[key] for one in products}) > 1
    }


def _variations(
    configurator: Configurator,
    decisions: Sequence[Decision],
    first: Completion,
    about: Sequence[str],
) -> list[Completion]:
    """The preferred completions after choosing another value of one variable each.

    What is offered comes before what is needed: words and yes or no before numbers, features
    before questions. Each variable has its turn before any has a second one.
    """
    answer = configurator.answer(decisions)
    mine = decided(decisions)
    keys = about or [
        variable.key
        for variable in sorted(
            configurator.model.variables,
            key=lambda one: (one.kind in ("integer", "decimal"), one.is_question),
        )
    ]
    others = [
        [Decision(key, value) for value in answer.of(key).possible if value != first.values[key]]
        for key in keys
        if key not in mine
    ]
    wishes = [one for turn in zip_longest(*others) for one in turn if one is not None]
    return [complete(configurator, (*decisions, one)) for one in wishes[:MOST_TRIED]]


def _most_different(products: list[Completion], k: int) -> list[Completion]:
    """The first, then each time the one whose nearest relative among the chosen is farthest."""
    chosen = products[:1]
    while len(chosen) < min(k, len(products)):
        rest = [one for one in products if one not in chosen]
        chosen.append(max(rest, key=lambda one: min(_distance(one, other) for other in chosen)))
    return chosen


def _distance(one: Completion, other: Completion) -> int:
    return sum(one.values[key] != other.values[key] for key in one.values)


def _spread(priced: list[tuple[int, int]], k: int) -> list[tuple[int, int]]:
    """The first of k amounts, spread evenly from the least to the most."""
    by_amount = list({total: (total, at) for total, at in reversed(priced)}.values())[::-1]
    count = min(k, len(by_amount))
    if count == 1:
        return by_amount[:1]
    return [by_amount[step * (len(by_amount) - 1) // (count - 1)] for step in range(count)]


def _compared(one: Completion, first: Completion, total: int | None) -> Alternative:
    different = tuple(key for key in one.values if one.values[key] != first.values[key])
    return Alternative(one, different, total)
