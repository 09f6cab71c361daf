"""How long things take when some have not happened yet (Kaplan and Meier, 1958).

A waiting case is censored: known to have lasted at least so long. Leaving it out would make the
figure look better the worse one answers. Greenwood's variance with the log-log transform gives an
interval that stays between 0 and 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

Z_95 = 1.959963984540054
# What the products below may be off by, far below any share that can be counted.
_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Step:
    """At `at`, `events` of `at_risk` cases came to pass; `survival` is the share still waiting."""

    at: int
    at_risk: int
    events: int
    survival: float
    variance_sum: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The share still waiting over time; `population` cases, `events` of them came to pass."""

    steps: tuple[Step, ...]
    population: int
    events: int

    def survival_at(self, at: int) -> float:
        """The share still waiting after `at`."""
        step = self._step(at)
        return step.survival if step else 1.0

    def quantile(self, share: float) -> int | None:
        """When this share had come to pass; None where the cases do not tell ("not reached")."""
        for step in self.steps:
            if step.survival <= 1 - share + _TOLERANCE:
                return step.at
        return None

    @property
    def median(self) -> int | None:
        """When half had come to pass, or None: not reached."""
        return self.quantile(0.5)

    def share_by(self, at: int) -> tuple[float, tuple[float, float] | None]:
        """The share that had come to pass by `at`, with its 95 % interval (low, high).

        There is no interval where none or all of them had: the variance says nothing then.
        """
        step = self._step(at)
        if step is None or step.survival <= 0:
            return (1.0 if step else 0.0), None
        spread = Z_95 * sqrt(step.variance_sum) / abs(log(step.survival))
        least, most = (step.survival ** exp(spread), step.survival ** exp(-spread))
        return 1 - step.survival, (1 - most, 1 - least)

    def _step(self, at: int) -> Step | None:
        found = None
        for step in self.steps:
            if step.at > at:
                break
            found = step
        return found


def estimate(cases: Iterable[tuple[int, bool]]) -> Curve:
    """The curve of cases given as (how long, whether it came to pass).

    A case that is censored at the very time of an event was still at risk then.
    """
    happened: Counter[int] = Counter()
    left: Counter[int] = Counter()
    for lasted, came in cases:
        (happened if came else left)[lasted] += 1
    at_risk = population = happened.total() + left.total()
    survival, variance_sum, steps = 1.0, 0.0, []
    for at in sorted(happened.keys() | left.keys()):
        events = happened[at]
        if events:
            survival *= 1 - events / at_risk
            if events < at_risk:
                variance_sum += events / (at_risk * (at_risk - events))
            steps.append(Step(at, at_risk, events, survival, variance_sum))
        at_risk -= events + left[at]
    return Curve(tuple(steps), population, happened.total())
