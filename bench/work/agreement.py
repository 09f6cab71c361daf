"""Holds the encoder against CP-SAT on random partial configurations, as many as asked for.

`PYTHONPATH=src .venv/bin/python -m bench.work.agreement halden 1000`, or `clib-pc`; `--seed` for
others.
Every configuration takes CP-SAT seconds on the conveyor: a thousand are most of an hour.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.language import load_model
from handsel.bid.configure.rules.oracle import Oracle
from tests.support.backbone import Backbone, random_choices
from tests.support.table_models import table_model

CONVEYOR = Path(__file__).parents[2] / "src/handsel/site/demo/models/halden-conveyor.model"


def main() -> None:
    """Print one line: how many configurations, how many of them contradictory, how many wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("model", choices=("halden", "clib-pc"))
    asked.add_argument("count", type=int, nargs="?", default=1000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    is_halden = given.model == "halden"
    model = load_model(CONVEYOR) if is_halden else table_model("clib-pc.json")
    compiled = encode(model)
    backbone, oracle, luck = Backbone(compiled), Oracle(model), random.Random(given.seed)
    wrong = contradictory = 0
    started = time.process_time()
    for _ in range(given.count):
        chosen = random_choices(model, backbone, luck)
        found = backbone.domains(model, chosen)
        contradictory += found is None
        if found != oracle.valid_domains(chosen):
            wrong += 1
            print(json.dumps({"differs": chosen}, default=str))
    told = {
        "model": given.model,
        "seed": given.seed,
        "configurations": given.count,
        "contradictory": contradictory,
        "wrong": wrong,
        "variables": compiled.n_variables,
        "clauses": len(compiled.laws_of),
        "cpu_s": round(time.process_time() - started, 1),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
