"""What an engine answers. Both engines give the same answers; only their speed differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from handsel.bid.configure.rules.compiled import Compiled
from handsel.ground.kernel.errors import Invalid

OPEN, TRUE, FALSE = 0, 1, 2


class UnknownOption(Invalid):
    """A decision names an option the model does not have."""

    default_code = "unknown_option"


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an engine did since it was opened; `name` is "native" or "pure".

    `calculates` says that it finds products by calculating laws, beside searching clauses.
    """

    name: str
    steps: int = 0
    searches: int = 0
    conflicts: int = 0
    learned: int = 0
    witnesses: int = 0
    calculates: bool = False


class Engine(Protocol):
    """Answers about one compiled model. A session is nothing but its list of decisions.

    An engine remembers what it last applied and goes on from the common beginning, so a further
    decision and an undo (a shorter list) are cheap. It may be used by several threads at once;
    `core`, `core_literals` and `model` tell about the calling thread's own last `solve`.
    """

    @property
    def compiled(self) -> Compiled:
        """The model it answers about."""

    @property
    def statistics(self) -> Statistics:
        """What it did so far."""

    def domains(self, decisions: Sequence[int]) -> bytes | None:
        """The state of every option in all valid products that fulfil the decisions.

        One byte an option: 0 open, 1 true in all (decided or implied), 2 false in all. None when
        no valid product fulfils the decisions. Raises UnknownOption.
        """

    def solve(self, decisions: Sequence[int], literals: Sequence[int] = ()) -> bool:
        """Whether a valid product fulfils the decisions and the solver's literals given."""

    def instead(
        self, decisions: Sequence[int], leaving: Sequence[int], asked: Sequence[int]
    ) -> list[bool]:
        """Which options can be had when the decisions at the positions `leaving` are left out.

        For what could be decided instead: asked of decisions that hold together. Raises
        UnknownOption.
        """

    def preferred(
        self, decisions: Sequence[int], groups: Sequence[Sequence[int]]
    ) -> list[int] | None:
        """Of each group of options the place of the first that can still be had.

        That is, with the decisions and what was chosen of the groups before. Only of truths may an
        option be denied. None where the engine does not tell, or nothing can be had.
        """

    def core(self) -> list[int]:
        """Decisions of the last failed `solve` that cannot hold together (with `core_literals`).

        Few, but not always the fewest; empty with no literals when the model itself contradicts.
        """

    def core_literals(self) -> list[int]:
        """Which of the literals given to the last failed `solve` belong to its core."""

    def model(self) -> bytes:
        """The product the last successful `solve` found: one byte an option, 1 true, 2 false."""

    def close(self) -> None:
        """Give the memory back. An engine closed answers no more."""


def each_instead(
    engine: Engine, decisions: Sequence[int], leaving: Sequence[int], asked: Sequence[int]
) -> list[bool]:
    """What `Engine.instead` answers, asked option by option."""
    left = frozenset(leaving)
    others = [one for place, one in enumerate(decisions) if place not in left]
    return [engine.solve([*others, one]) for one in asked]


def check_decisions(compiled: Compiled, decisions: Sequence[int]) -> None:
    """Raise UnknownOption for the first decision about an option that is not there."""
    count = len(compiled.options)
    if not decisions or (
        0 not in decisions and -count <= min(decisions) <= max(decisions) <= count
    ):
        return
    for decision in decisions:
        if decision == 0 or abs(decision) > count:
            raise UnknownOption(
                f"There is no option {abs(decision)}: the model has options 1 to {count}.",
                option=decision,
            )


def check_literals(compiled: Compiled, literals: Sequence[int]) -> None:
    """Raise UnknownOption for the first literal of a variable that is not there."""
    for literal in literals:
        if literal == 0 or abs(literal) > compiled.n_variables:
            raise UnknownOption(
                f"There is no solver variable {abs(literal)}: the model has "
                f"{compiled.n_variables}.",
                literal=literal,
            )


def changed_options(before: bytes, after: bytes) -> list[int]:
    """Numbers of the options whose state differs between two answers of one model."""
    if before == after:
        return []
    size = len(after)
    mixed = int.from_bytes(before, "little") ^ int.from_bytes(after, "little")
    return [at + 1 for at, byte in enumerate(mixed.to_bytes(size, "little")) if byte]
