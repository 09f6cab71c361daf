"""Two versions of a model compared as sets of products: what can be had now, what no longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handsel.bid.configure.rules.analysis.lawbench import Compiler, LawBench
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.expressions import Expression, Value, keys_of
from handsel.bid.configure.rules.model import Derived, Law, ProductModel, TableLaw, Variable
from handsel.bid.configure.rules.rename import rename_derived, rename_law

# Products tried before it is left open whether one is new: only where variables came or went.
MOST_TRIED = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """What came and went between an old and a new model.

    `gained` is a product of the new model the old did not have, `lost` the other way round; None
    where there is none. A product is compared by the variables both models have. `is_certain` is
    False where the search for one was given up.
    """

    gained: Mapping[str, Value] | None
    lost: Mapping[str, Value] | None
    is_certain: bool
    variables_added: tuple[str, ...]
    variables_removed: tuple[str, ...]
    values_added: Mapping[str, tuple[Value, ...]]
    values_removed: Mapping[str, tuple[Value, ...]]
    laws_added: tuple[str, ...]
    laws_removed: tuple[str, ...]
    laws_changed: tuple[str, ...]

    @property
    def is_same_product_range(self) -> bool:
        """Whether exactly the same products can be had."""
        return self.gained is None and self.lost is None and self.is_certain


def difference(old: ProductModel, new: ProductModel, compiler: Compiler) -> Difference:
    """Compare two versions of a model whose numbers have the same scales."""
    both = _Both(old, new, compiler)
    gained, is_gain_certain = both.only_in("new:")
    lost, is_loss_certain = both.only_in("old:")
    before, after = _by_key(old), _by_key(new)
    shared = before.keys() & after.keys()
    own_old, own_new = _laws(old), _laws(new)
    return Difference(
        gained,
        lost,
        is_gain_certain and is_loss_certain,
        tuple(key for key in after if key not in before),
        tuple(key for key in before if key not in after),
        {k: v for k in after if k in shared and (v := _beyond(after[k], before[k]))},
        {k: v for k in before if k in shared and (v := _beyond(before[k], after[k]))},
        tuple(key for key in own_new if key not in own_old),
        tuple(key for key in own_old if key not in own_new),
        tuple(k for k in own_new if k in own_old and own_new[k] != own_old[k]),
    )


def _by_key(model: ProductModel) -> dict[str, Variable]:
    return {variable.key: variable for variable in model.variables}


def _beyond(one: Variable, other: Variable) -> tuple[Value, ...]:
    return tuple(value for value in one.values if value not in other.values)


def _laws(model: ProductModel) -> dict[str, object]:
    """What each law says, derived quantities included; texts and lines left out."""
    derived = {one.key: one.expression for one in model.derived}
    return {
        law.key: (law.scope, frozenset(law.rows))
        if isinstance(law, TableLaw)
        else (law.condition, _used(law.condition, derived))
        for law in model.laws
    }


def _used(condition: Expression, derived: Mapping[str, Expression]) -> dict[str, Expression]:
    found: dict[str, Expression] = {}
    pending = [condition]
    while pending:
        for key in keys_of(pending.pop()):
            if key in derived and key not in found:
                found[key] = derived[key]
                pending.append(derived[key])
    return found


class _Both:
    """Both models' laws on one bench, over the variables of both with the values of both."""

    def __init__(self, old: ProductModel, new: ProductModel, compiler: Compiler) -> None:
        self.variables = {"old:": _by_key(old), "new:": _by_key(new)}
        before, after = _laws(old), _laws(new)
        self.shared_laws = [k for k in after if k in before and before[k] == after[k]]
        merged: dict[str, Variable] = dict(self.variables["old:"])
        for key, variable in self.variables["new:"].items():
            earlier = merged.get(key)
            values = dict.fromkeys((*(earlier.values if earlier else ()), *variable.values))
            merged[key] = replace(variable, values=_ordered(tuple(values)))
        laws: list[Law | TableLaw] = []
        derived: list[Derived] = []
        for side, model in (("old:", old), ("new:", new)):
            own = {one.key for one in model.derived}

            def renamed(key: str, side: str = side, own: set[str] = own) -> str:
                return side + key if key in own else key

            derived += [rename_derived(one, renamed) for one in model.derived]
            for law in model.laws:
                is_shared = law.key in self.shared_laws
                if not is_shared or side == "new:":
                    again = rename_law(law, law.key if is_shared else side + law.key, renamed)
                    laws.append(_open(again))
        model = ProductModel("both", tuple(merged.values()), tuple(laws), tuple(derived))
        self.bench = LawBench(model, compiler)

    def only_in(self, side: str) -> tuple[dict[str, Value] | None, bool]:
        """A product of one side that the other does not have; whether None is certain."""
        other = "old:" if side == "new:" else "new:"
        bench = self.bench
        mine, theirs = self._holding(side), self._holding(other)
        outside = [
            bench.literal(Decision(key, value))
            for key, variable in self.variables[side].items()
            if key in self.variables[other]
            for value in _beyond(variable, self.variables[other][key])
        ]
        denied = [bench.denial(key) for key in self._keys(other)]
        broken = bench.either([*denied, *outside])
        shared = [v for k, v in self.variables[side].items() if k in self.variables[other]]
        blocked: list[int] = []
        for _ in range(MOST_TRIED):
            if not bench.prover.solve([*mine, broken, *blocked]):
                return None, True
            product = bench.product(self.variables[side].values())
            common = [bench.literal(Decision(one.key, product[one.key])) for one in shared]
            if not bench.prover.solve([*theirs, *common]):
                return product, True
            blocked.append(bench.either(-one for one in common))
        return None, False

    def _keys(self, side: str) -> list[str]:
        """The laws of one side that the other does not have."""
        return [key for key in self.bench.laws if key.startswith(side)]

    def _holding(self, side: str) -> list[int]:
        """The literals under which one side is fulfilled."""
        bench = self.bench
        shared = [bench.holding(key) for key in self.shared_laws]
        foreign = [
            -bench.literal(Decision(variable.key, value))
            for variable in bench.model.variables
            if variable.key in self.variables[side]
            for value in _beyond(variable, self.variables[side][variable.key])
        ]
        return [*shared, *(bench.holding(key) for key in self._keys(side)), *foreign]


def _ordered(values: tuple[Value, ...]) -> tuple[Value, ...]:
    if all(isinstance(value, int) for value in values):
        return tuple(sorted(values, key=int))
    return values


def _open(law: Law | TableLaw) -> Law | TableLaw:
    """Structural laws can differ between versions too, so here they are switched as all others."""
    return law if isinstance(law, TableLaw) else replace(law, is_structural=False)
