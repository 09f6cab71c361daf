"""Holds encoder and engine against CP-SAT on random partial configurations, as many as asked for.

`PYTHONPATH=src .venv/bin/python -m bench.work.agreement halden 1000`, or `clib-pc`; `--seed` for
others, `--first 400` to go on where a run ended.

A value the engine offers is held against the laws themselves: a product with it and all choices is
calculated, law by law, without encoder or solver. What it does not offer CP-SAT must prove
impossible, which has the laws from a statement of its own: one question a configuration.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handsel.bid.configure.rules.derived import WithDerived
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.engine import open_engine
from handsel.bid.configure.rules.expressions import Value, evaluate
from handsel.bid.configure.rules.language import load_model
from handsel.bid.configure.rules.model import ProductModel, TableLaw
from handsel.bid.configure.rules.oracle import Oracle
from handsel.bid.configure.rules.session import Configurator
from tests.support.backbone import Backbone, random_choices
from tests.support.table_models import table_model

CONVEYOR = Path(__file__).parents[2] / "src/handsel/site/demo/models/halden-conveyor.model"
TOLD_EVERY = 50

Choices = Mapping[str, Value]


@dataclass
class Agreement:
    """One model, its engine and CP-SAT; `wrong` has what they do not agree on."""

    model: ProductModel
    configurator: Configurator
    backbone: Backbone
    oracle: Oracle
    contradictory: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list)

    @staticmethod
    def of(model: ProductModel) -> Agreement:
        """The model made ready thrice."""
        compiled = encode(model)
        configurator = Configurator.of(compiled, model, open_engine(compiled))
        return Agreement(model, configurator, Backbone(compiled), Oracle(model))

    def check(self, chosen: Choices) -> None:
        """One configuration: engine, a plain solver, laws calculated and CP-SAT."""
        literals = [self.backbone.literal(*choice) for choice in chosen.items()]
        numbers = self._numbers(chosen)
        states = self.configurator.engine.domains(numbers)
        if states != self.backbone.states(literals):
            self._note(chosen, "the engine differs from a plain solver")
        if states is None:
            self.contradictory += 1
            first = self.model.variables[0]
            refused = {(first.key, value) for value in first.values}
        else:
            left = {
                (one.key, value)
                for one in self.model.variables
                for value in self.configurator.standing((), states, one.key).possible
            }
            self._show(chosen, numbers, set(left))
            refused = {(one.key, v) for one in self.model.variables for v in one.values} - left
        found = self.oracle.some_has(chosen, refused) if refused else None
        if found is not None:
            self._note(chosen, "CP-SAT has a product that is not offered", product=found)

    def _show(self, chosen: Choices, numbers: list[int], left: set[tuple[str, Value]]) -> None:
        """A product for every value, each checked by all laws."""
        engine = self.configurator.engine
        while left:
            pair = min(left, key=str)
            if not engine.solve([*numbers, *self._numbers(dict([pair]))]):
                self._note(chosen, "what is offered cannot be had", value=pair)
                return
            states = engine.model()
            product = {
                one.key: self.configurator.standing((), states, one.key).possible[0]
                for one in self.model.variables
            }
            left -= set(product.items())
            if pair[0] not in product or product[pair[0]] != pair[1]:
                self._note(chosen, "the product has not what was asked for", value=pair)
                return
            if not chosen.items() <= product.items() or not self._is_valid(product):
                self._note(chosen, "a product breaks a law", product=product)

    def _is_valid(self, product: Choices) -> bool:
        known = WithDerived(self.model, product)
        return all(
            tuple(product[key] for key in law.scope) in _rows(law)
            if isinstance(law, TableLaw)
            else evaluate(law.condition, known)
            for law in self.model.laws
        )

    def _numbers(self, chosen: Choices) -> list[int]:
        compiled = self.configurator.compiled
        found = []
        for key, value in chosen.items():
            own = compiled.numbers_of[key]
            if isinstance(value, bool):
                found.append(own[0] if value else -own[0])
            else:
                found += [n for n in own if compiled.options[n - 1].value == value]
        return found

    def _note(self, chosen: Choices, what: str, **facts: object) -> None:
        self.wrong.append({"chosen": dict(chosen), "what": what, **facts})
        print(json.dumps(self.wrong[-1], default=str), flush=True)


_known_rows: dict[str, frozenset[tuple[Value, ...]]] = {}


def _rows(law: TableLaw) -> frozenset[tuple[Value, ...]]:
    found = _known_rows.get(law.key)
    if found is None:
        found = _known_rows[law.key] = frozenset(law.rows)
    return found


def main() -> None:
    """Print one line: how many configurations, how many of them contradictory, how many wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("model", choices=("halden", "clib-pc"))
    asked.add_argument("count", type=int, nargs="?", default=1000, help="up to which number")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="how many to leave out")
    given = asked.parse_args()
    is_halden = given.model == "halden"
    held = Agreement.of(load_model(CONVEYOR) if is_halden else table_model("clib-pc.json"))
    luck, started = random.Random(given.seed), time.process_time()
    for number in range(1, given.count + 1):
        chosen = random_choices(held.model, held.backbone, luck)
        if number > given.first:
            held.check(chosen)
        if number % TOLD_EVERY == 0 and number > given.first:
            told = f"{number} of {given.count}, {len(held.wrong)} wrong"
            print(told, f"{time.process_time() - started:.0f} s", file=sys.stderr, flush=True)
    compiled = held.configurator.compiled
    told = {
        "model": given.model,
        "seed": given.seed,
        "first": given.first,
        "configurations": given.count - given.first,
        "contradictory": held.contradictory,
        "wrong": len(held.wrong),
        "variables": compiled.n_variables,
        "clauses": len(compiled.laws_of),
        "cpu_s": round(time.process_time() - started, 1),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
