"""All laws of a model where each can be switched on, off, or turned into its opposite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from handsel.bid.configure.rules.clash import Clash, bits
from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.decisions import Decision, literals
from handsel.bid.configure.rules.expressions import Logic, OneOf, Value
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable
from handsel.bid.configure.rules.prover import Prover

Compiler = Callable[[ProductModel], Compiled]

PREFIX = "law:"


@dataclass
class LawBench:
    """A model compiled with a Boolean for every law, true where the law holds.

    `compiler` makes clauses of a model. Tables keep their clauses under a selector; their opposite
    is made of their rows when first asked for.
    """

    model: ProductModel
    compiler: Compiler
    _denials: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.laws = {law.key: law for law in self.model.laws if _is_tested(law)}
        self.compiled = self.compiler(_with_switches(self.model))
        self._number = {key: number for number, key in enumerate(self.compiled.laws)}
        tables = [key for key, law in self.laws.items() if isinstance(law, TableLaw)]
        self.prover = Prover(self.compiled, [self._number[key] for key in tables])

    def holding(self, key: str) -> int:
        """The literal under which a law holds."""
        if isinstance(self.laws[key], TableLaw):
            return self.prover.selector(self._number[key])
        return self.literal(Decision(PREFIX + key, value=True))

    def denial(self, key: str) -> int:
        """The literal under which a law is broken."""
        law = self.laws[key]
        if not isinstance(law, TableLaw):
            return -self.holding(key)
        if key not in self._denials:
            denied = self._denials[key] = self.prover.fresh()
            for row in law.rows:
                cells = zip(law.scope, row, strict=True)
                values = [self.literal(Decision(name, value)) for name, value in cells]
                self.prover.add([-denied, *(-one for one in values)])
        return self._denials[key]

    def literal(self, decision: Decision) -> int:
        """The literal of a value chosen or excluded."""
        return literals(self.compiled, decision)[0]

    def either(self, options: Iterable[int]) -> int:
        """A literal under which at least one of these holds."""
        chosen = self.prover.fresh()
        self.prover.add([-chosen, *options])
        return chosen

    def reason(self, wanted: Sequence[int], keys: Sequence[str]) -> tuple[str, ...] | None:
        """The fewest of these laws under which what is wanted cannot be; None when it can.

        Tables beyond those named are off.
        """
        clash = Clash(self.prover, wanted, [(self.holding(key),) for key in keys])
        found = clash.minimal_reason()
        if found is None:
            return None
        if found.bit_count() > 1:
            clash.learn()
            clash.budget = clash.asked + 200
            found, _ = clash.smallest_reason(found)
        return tuple(keys[part] for part in bits(found))

    def product(self, variables: Iterable[Variable]) -> dict[str, Value]:
        """The values the solver's last solution gives these variables."""
        model = self.prover.model()
        found: dict[str, Value] = {}
        for variable in variables:
            for value in variable.values:
                literal = self.literal(Decision(variable.key, value))
                if model[abs(literal) - 1] == literal:
                    found[variable.key] = value
        return found


def _is_tested(law: Law | TableLaw) -> bool:
    return isinstance(law, TableLaw) or not law.is_structural


def _with_switches(model: ProductModel) -> ProductModel:
    switches: list[Variable] = []
    laws: list[Law | TableLaw] = []
    for law in model.laws:
        if isinstance(law, TableLaw) or law.is_structural:
            laws.append(law)
            continue
        key = PREFIX + law.key
        switches.append(Variable(key, "boolean", (False, True)))
        is_on = OneOf(key, frozenset({True}))
        both = Logic("iff", (is_on, law.condition))
        laws.append(replace(law, condition=both, is_structural=True))
    return replace(model, variables=(*model.variables, *switches), laws=tuple(laws))
