"""Golden configurations: what is chosen, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from handsel.bid.configure.errors import NotPossible, UnknownOption
from handsel.bid.configure.rules.complete import Completion, complete
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.derived import WithDerived
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import Golden
from handsel.bid.configure.rules.session import Configurator
from handsel.bid.configure.rules.written import as_written

Finish = Callable[[Configurator, Sequence[Decision]], Completion]
Amounts = Callable[[Mapping[str, Value]], Mapping[str, str]]
Kind = Literal[
    "not understood",
    "not possible",
    "no such variable",
    "value",
    "not refused",
    "amount",
    "no such amount",
]


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which a golden configuration came out otherwise; values as a model has them."""

    kind: Kind
    name: str
    expected: str
    found: str
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """A golden configuration after its run: the product it gave, and what was wrong."""

    golden: Golden
    values: Mapping[str, Value] | None
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether all came out as it must."""
        return not self.failures


def run_goldens(
    configurator: Configurator, *, finish: Finish = complete, amounts: Amounts | None = None
) -> list[GoldenResult]:
    """Run every golden configuration of the model.

    `finish` completes a configuration (cheapest, where there are prices); `amounts` gives a
    product's named amounts as text; without it amounts are not looked at.
    """
    return [_run(configurator, one, finish, amounts) for one in configurator.model.goldens]


def _run(
    configurator: Configurator, golden: Golden, finish: Finish, amounts: Amounts | None
) -> GoldenResult:
    chosen = [Decision(key, value) for key, value in golden.chosen.items()]
    try:
        values = finish(configurator, chosen).values
        shown = WithDerived(configurator.model, values)
        failures = [*_refusals(configurator, golden, chosen), *_values(configurator, golden, shown)]
    except UnknownOption as error:
        return GoldenResult(golden, None, (Failure("not understood", "", "", error.message),))
    except NotPossible:
        reason = configurator.explainer.explain(chosen, smallest=True)
        failure = Failure("not possible", "", "", "", reason)
        return GoldenResult(golden, None, (failure,))
    if amounts is not None:
        failures += _amounts(golden, amounts(values))
    return GoldenResult(golden, values, tuple(failures))


def _refusals(
    configurator: Configurator, golden: Golden, chosen: Sequence[Decision]
) -> Iterator[Failure]:
    for key, value in golden.refused.items():
        others = [one for one in chosen if one.variable != key]
        if configurator.is_possible((*others, Decision(key, value))):
            yield Failure("not refused", key, as_written(configurator.model, key, value), "")


def _values(
    configurator: Configurator, golden: Golden, values: Mapping[str, Value]
) -> Iterator[Failure]:
    model = configurator.model
    for key, expected in golden.expected.items():
        wanted = as_written(model, key, expected)
        if key not in values:
            yield Failure("no such variable", key, wanted, "")
        elif values[key] != expected:
            yield Failure("value", key, wanted, as_written(model, key, values[key]))


def _amounts(golden: Golden, found: Mapping[str, str]) -> Iterator[Failure]:
    for name, expected in golden.amounts.items():
        if found.get(name) != expected:
            kind: Kind = "amount" if name in found else "no such amount"
            yield Failure(kind, name, expected, found.get(name, ""))
