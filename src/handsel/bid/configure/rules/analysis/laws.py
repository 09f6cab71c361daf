"""Laws that say nothing: always true, or following from others. Laws that say too much: nothing
fulfils them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handsel.bid.configure.rules.analysis.lawbench import LawBench
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.session import Configurator


@dataclass(frozen=True, slots=True)
class IdleLaw:
    """A law that could be left out. `follows_from` are the fewest laws it follows from.

    None: it is always true, whatever is chosen. One: it is shadowed by that law.
    """

    key: str
    follows_from: tuple[str, ...]

    @property
    def is_always_true(self) -> bool:
        """Whether nothing can break it."""
        return not self.follows_from

    @property
    def is_shadowed(self) -> bool:
        """Whether one other law already says it."""
        return len(self.follows_from) == 1


def idle_laws(bench: LawBench) -> Iterator[IdleLaw]:
    """Every law that follows from the others, in the model's order.

    Of two laws that say the same both are named: either could go, not both.
    """
    keys = list(bench.laws)
    for key in keys:
        others = [other for other in keys if other != key]
        reason = bench.reason([bench.denial(key)], others)
        if reason is not None:
            yield IdleLaw(key, reason)


def contradiction(configurator: Configurator) -> Explanation | None:
    """The fewest laws that no product fulfils together; None for a sound model."""
    return configurator.explainer.explain((), smallest=True)
