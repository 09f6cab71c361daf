"""The compiled form: flat arrays of clauses, shared by all sessions, never changed.

An *option* is one thing a session can decide and whose state it asks for: a value of a variable,
or a Boolean of a DIMACS file. Options are numbered from 1 in the order of the model; a decision is
an option's number, negative to exclude it. A *literal* is a solver variable, negative when denied.
"""

from __future__ import annotations

import hashlib
import itertools
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from handsel.bid.configure.rules.expressions import Value

STRUCTURE = -1


@dataclass(frozen=True, slots=True)
class Option:
    """One value of one variable. Of a Boolean there is one option, its True."""

    variable: str
    value: Value


@dataclass(frozen=True)
class Steps:
    """All laws of a model as steps of a calculation on a stack. Flat arrays, as the kernel reads.

    `options` has for each variable how many options it has, 0 for a truth. Law *i* is about
    `scope[starts[i] : starts[i + 1]]` and is calculated by the steps from `step_starts[i]`, three
    numbers each: what, of which variable, and where its number or column of `numbers` begins.
    """

    options: array[int]
    starts: array[int] = field(default_factory=lambda: array("i", [0]))
    scope: array[int] = field(default_factory=lambda: array("i"))
    step_starts: array[int] = field(default_factory=lambda: array("i", [0]))
    steps: array[int] = field(default_factory=lambda: array("i"))
    numbers: array[int] = field(default_factory=lambda: array("q"))

    @property
    def counts(self) -> array[int]:
        """How many variables, laws, numbers and steps there are."""
        laws, steps = len(self.starts) - 1, len(self.steps) // 3
        return array("i", [len(self.options), laws, len(self.numbers), steps])


@dataclass(frozen=True)
class Compiled:
    """A model as clauses.

    `literals` is all clauses one after another, clause *i* being
    `literals[starts[i] : starts[i + 1]]`; `laws_of[i]` is the index in `laws` of the law the clause
    comes from, or STRUCTURE. `option_literals[k]` is the literal that says option k + 1 holds.
    """

    n_variables: int
    literals: array[int]
    starts: array[int]
    laws_of: array[int]
    laws: tuple[str, ...]
    options: tuple[Option, ...]
    option_literals: array[int]
    is_contradictory: bool = field(default=False)
    # The laws as an engine may calculate them (encode/calculation.py), where that is worth it.
    steps: Steps | None = field(default=None, compare=False)

    @cached_property
    def number_of(self) -> dict[Option, int]:
        """The number of every option, from 1."""
        return {option: number for number, option in enumerate(self.options, 1)}

    @cached_property
    def numbers_of(self) -> dict[str, list[int]]:
        """The numbers of each variable's options, in the order of its values."""
        found: dict[str, list[int]] = {}
        for number, option in enumerate(self.options, 1):
            found.setdefault(option.variable, []).append(number)
        return found

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that decides answers, in hexadecimal."""
        digest = hashlib.sha256()
        digest.update(repr((self.n_variables, self.laws, self.options)).encode())
        for part in (self.literals, self.starts, self.laws_of, self.option_literals):
            digest.update(part.tobytes())
        return digest.hexdigest()

    def literal(self, decision: int) -> int:
        """The literal of a decision."""
        literal = self.option_literals[abs(decision) - 1]
        return literal if decision > 0 else -literal

    def clauses(self) -> list[list[int]]:
        """All clauses as lists; costly, for solvers that want them so."""
        flat, starts = self.literals.tolist(), self.starts.tolist()
        return [flat[begin:end] for begin, end in itertools.pairwise(starts)]


@dataclass
class Builder:
    """Collects clauses and options, then makes a Compiled of them."""

    n_variables: int = 0
    literals: array[int] = field(default_factory=lambda: array("i"))
    starts: array[int] = field(default_factory=lambda: array("i", [0]))
    laws_of: array[int] = field(default_factory=lambda: array("i"))
    laws: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    option_literals: array[int] = field(default_factory=lambda: array("i"))
    law: int = STRUCTURE

    def fresh(self) -> int:
        """A new solver variable."""
        self.n_variables += 1
        return self.n_variables

    def begin_law(self, key: str) -> None:
        """What is added from here on belongs to this law."""
        self.laws.append(key)
        self.law = len(self.laws) - 1

    def begin_structure(self) -> None:
        """What is added from here on belongs to no law."""
        self.law = STRUCTURE

    def add(self, clause: Sequence[int]) -> None:
        """Add one clause."""
        self.literals.extend(clause)
        self.starts.append(len(self.literals))
        self.laws_of.append(self.law)

    def add_option(self, variable: str, value: Value, literal: int) -> None:
        """Name a literal as an option."""
        self.options.append(Option(variable, value))
        self.option_literals.append(literal)

    def build(self, steps: Steps | None = None) -> Compiled:
        """The immutable form."""
        return Compiled(
            self.n_variables,
            self.literals,
            self.starts,
            self.laws_of,
            tuple(self.laws),
            tuple(self.options),
            self.option_literals,
            steps=steps,
        )
