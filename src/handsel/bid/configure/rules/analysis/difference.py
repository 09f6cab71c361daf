"""Two versions of a model compared as sets of products: what can be had now, what no longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from handsel.bid.configure.rules.analysis.aligned import FORMER, aligned, covering
from handsel.bid.configure.rules.analysis.lawbench import Compiler, LawBench
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.encode.refusals import ModelNotFinite
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
    False where the search for one was given up. Values are in the scale of `variables`, those of
    both models by key, the new ones before the old.
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
    variables: Mapping[str, Variable] = field(default_factory=dict)

    @property
    def is_same_product_range(self) -> bool:
        """Whether exactly the same products can be had."""
        return self.gained is None and self.lost is None and self.is_certain


def difference(old: ProductModel, new: ProductModel, compiler: Compiler) -> Difference:
    """Compare two versions of a model."""
    old_laws, new_laws = _laws(old), _laws(new)
    old, new = aligned(old, new)
    gained, lost, is_certain = _products(old, new, compiler)
    before, after = _by_key(old), _by_key(new)
    shared = before.keys() & after.keys()
    return Difference(
        gained,
        lost,
        is_certain,
        tuple(key for key in after if key not in before),
        tuple(key.removeprefix(FORMER) for key in before if key not in after),
        {k: v for k in after if k in shared and (v := _beyond(after[k], before[k]))},
        {k: v for k in before if k in shared and (v := _beyond(before[k], after[k]))},
        tuple(key for key in new_laws if key not in old_laws),
        tuple(key for key in old_laws if key not in new_laws),
        tuple(k for k in new_laws if k in old_laws and new_laws[k] != old_laws[k]),
        {**before, **after},
    )


Product = dict[str, Value]


def _products(
    old: ProductModel, new: ProductModel, compiler: Compiler
) -> tuple[Product | None, Product | None, bool]:
    """A product of the new one only, one of the old one only, and whether None is certain."""
    try:
        both = _Both(old, new, compiler)
    except ModelNotFinite:
        # Each can be reckoned by itself, and not with the values of both.
        return None, None, False
    gained, is_gain_certain = both.only_in("new:")
    lost, is_loss_certain = both.only_in("old:")
    return gained, lost, is_gain_certain and is_loss_certain


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
            every = dict.fromkeys((*(earlier.values if earlier else ()), *variable.values))
            merged[key] = replace(variable, values=_ordered(tuple(every)))
        values = {key: one.values for key, one in merged.items()}
        laws: list[Law | TableLaw] = []
        derived: list[Derived] = []
        for side, model in (("old:", old), ("new:", new)):
            own = {one.key for one in model.derived}

            def renamed(key: str, side: str = side, own: set[str] = own) -> str:
                return side + key if key in own else key

            for one in model.derived:
                again = rename_derived(one, renamed)
                derived.append(replace(again, expression=covering(again.expression, values)))
            for law in model.laws:
                is_shared = law.key in self.shared_laws
                if not is_shared or side == "new:":
                    key = law.key if is_shared else side + law.key
                    laws.append(_open(rename_law(law, key, renamed), values))
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
        own = [v for k, v in self.variables[other].items() if k not in self.variables[side]]
        extension: list[int] = []
        blocked: list[int] = []
        if outside and bench.prover.solve([*mine, bench.either(outside)]):
            return bench.product(self.variables[side].values()), True
        for _ in range(MOST_TRIED):
            # What the other side chooses beyond the common variables is tried as it was last found:
            # where nothing is broken then, every product of this side is one of the other, too.
            if not bench.prover.solve([*mine, broken, *extension, *blocked]):
                if not extension or not bench.prover.solve([*mine, broken, *extension]):
                    return None, True
                extension = []
                continue
            product = bench.product(self.variables[side].values())
            common = [bench.literal(Decision(one.key, product[one.key])) for one in shared]
            if not bench.prover.solve([*theirs, *common]):
                return product, True
            found = bench.product(own)
            extension = [bench.literal(Decision(key, value)) for key, value in found.items()]
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


def _open(law: Law | TableLaw, values: Mapping[str, tuple[Value, ...]]) -> Law | TableLaw:
    """Structural laws can differ between versions too, so here they are switched as all others."""
    if isinstance(law, TableLaw):
        return law
    return replace(law, condition=covering(law.condition, values), is_structural=False)
