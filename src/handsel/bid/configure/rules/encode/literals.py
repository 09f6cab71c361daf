"""Values of variables as literals.

Every value has a literal, exactly one of a variable's holds. Numbers have threshold literals
besides (*at least this value*), and a set of values gets a literal of its own when a law asks.
What is defined here belongs to the structure: no law's absence changes what a literal means.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from handsel.bid.configure.rules.compiled import STRUCTURE, Builder
from handsel.bid.configure.rules.encode.refusals import (
    LARGEST_DOMAIN,
    LARGEST_MODEL,
    ModelNotFinite,
    ModelTooLarge,
)
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import Variable
from handsel.ground.kernel.said import said

# Up to this many values, two of them exclude each other directly; thresholds do it beyond.
PAIRWISE = 24


class Need(enum.Flag):
    """Which half of a definition a use of a literal rests on."""

    # What it stands for makes the literal true; asked for where it is used denied.
    UP = 1
    # The literal makes true what it stands for; asked for where it is used as it is.
    DOWN = 2
    BOTH = 3

    def turned(self) -> Need:
        """The half that the denied literal rests on."""
        if self in (Need.UP, Need.DOWN):
            return Need.UP if self is Need.DOWN else Need.DOWN
        return self


class Domain:
    """One variable's literals: `equal[i]` for its i-th value, `least[i]` for values from there."""

    def __init__(self, variable: Variable) -> None:
        self.key = variable.key
        self.values = variable.values
        self.index = {value: position for position, value in enumerate(variable.values)}
        self.is_number = variable.kind in ("integer", "decimal")
        self.equal: list[int] = []
        self.least: list[int] = []


class Literals:
    """The solver variables of a model and what they mean."""

    def __init__(self, builder: Builder, variables: Iterable[Variable]) -> None:
        self.builder = builder
        self.true = 0
        self.domains: dict[str, Domain] = {}
        self._sets: dict[tuple[str, frozenset[int]], tuple[int, Need]] = {}
        for variable in variables:
            self._open(variable)

    def always(self) -> int:
        """A literal that is true."""
        if not self.true:
            self.true = self.builder.fresh()
            self.define([self.true])
        return self.true

    def define(self, clause: Sequence[int]) -> None:
        """Add a clause of the structure, whatever law is being encoded."""
        law, self.builder.law = self.builder.law, STRUCTURE
        self.builder.add(clause)
        self.builder.law = law

    def define_all(self, columns: npt.NDArray[np.int32]) -> None:
        """Add one clause of the structure for every row; zeros are no literals."""
        builder, kept = self.builder, columns != 0
        lengths = kept.sum(axis=1, dtype=np.int32)
        if len(builder.laws_of) + len(lengths) > LARGEST_MODEL:
            raise ModelTooLarge(
                said(
                    "the model needs more than %(most)s clauses",
                    most=f"{LARGEST_MODEL:,}",
                )
            )
        ends = np.cumsum(lengths, dtype=np.int32) + np.int32(len(builder.literals))
        builder.literals.frombytes(columns[kept].astype(np.int32).tobytes())
        builder.starts.frombytes(ends.astype(np.int32).tobytes())
        builder.laws_of.frombytes(np.full(len(lengths), STRUCTURE, np.int32).tobytes())

    def _open(self, variable: Variable) -> None:
        domain = self.domains[variable.key] = Domain(variable)
        count = len(domain.values)
        if not count:
            raise ModelNotFinite(
                said("%(key)s has no value to choose", key=variable.key), variable=variable.key
            )
        if count > LARGEST_DOMAIN:
            raise ModelTooLarge(
                said(
                    "%(key)s has %(count)s values; %(most)s are possible, "
                    "so take a larger step or a smaller range",
                    key=variable.key,
                    count=f"{count:,}",
                    most=f"{LARGEST_DOMAIN:,}",
                ),
                variable=variable.key,
            )
        if count == 1:
            domain.equal = [self.always()]
        elif count == 2:
            yes = self.builder.fresh()
            domain.equal = [-yes, yes]
        else:
            domain.equal = [self.builder.fresh() for _ in domain.values]
            if domain.is_number or count > PAIRWISE:
                self._order(domain)
            else:
                self.define(domain.equal)
                for one, other in combinations(domain.equal, 2):
                    self.define([-one, -other])
        for value in variable.listed or domain.values:
            if variable.kind != "boolean" or value is True:
                literal = domain.equal[domain.index[value]]
                self.builder.add_option(variable.key, value, literal)

    def _order(self, domain: Domain) -> None:
        """Thresholds, channelled to the values so that each half propagates the other."""
        equal, last = domain.equal, len(domain.values) - 1
        # The lowest threshold is "not the first value", the highest "the last value".
        middle = [self.builder.fresh() for _ in range(last - 2)]
        least = domain.least = [0, -equal[0], *middle, equal[last]]
        for position in range(1, last):
            low, high = least[position], least[position + 1]
            self.define([-high, low])
            self.define([-equal[position], low])
            self.define([-equal[position], -high])
            self.define([-low, high, equal[position]])

    def equals(self, key: str, value: Value) -> int:
        """The literal of one value; never true when the variable does not have it."""
        domain = self.domains[key]
        position = domain.index.get(value)
        return -self.always() if position is None else domain.equal[position]

    def among(self, key: str, members: frozenset[int], need: Need) -> int:
        """The literal of *one of the values at these positions*."""
        domain = self.domains[key]
        count = len(domain.values)
        if not members:
            return -self.always()
        if len(members) == count:
            return self.always()
        if len(members) == 1:
            return domain.equal[next(iter(members))]
        others = frozenset(range(count)) - members
        if len(others) == 1 or 0 in members:
            return -self.among(key, others, need.turned())
        first = min(members)
        if domain.least and len(members) == count - first:
            return domain.least[first]
        return self._set(domain, members, others, need)

    def _set(
        self, domain: Domain, members: frozenset[int], others: frozenset[int], need: Need
    ) -> int:
        literal, has = self._sets.get((domain.key, members), (0, Need(0)))
        literal = literal or self.builder.fresh()
        self._sets[domain.key, members] = (literal, has | need)
        inside = [domain.equal[position] for position in sorted(members)]
        outside = [domain.equal[position] for position in sorted(others)]
        if Need.UP in need & ~has:
            for one in inside:
                self.define([-one, literal])
            self.define([literal, *outside])
        if Need.DOWN in need & ~has:
            for one in outside:
                self.define([-one, -literal])
            self.define([-literal, *inside])
        return literal
