"""A model file of any format, ready to answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.formats.dimacs import read_dimacs
from handsel.bid.configure.rules.formats.table_json import read_table_json
from handsel.bid.configure.rules.formats.uvl import read_uvl
from handsel.bid.configure.rules.language import load_model
from handsel.bid.configure.rules.session import Configurator
from handsel.ground.kernel.errors import Invalid

ENDINGS = (".model", ".uvl", ".dimacs", ".cnf", ".json")


def open_configurator(
    path: Path, *, on: date | None = None, market: str | None = None
) -> Configurator:
    """Read and compile a model, told apart by the file's name; all but .model may be gzipped.

    `on` and `market` choose among what a .model file says for days and markets.
    Raises OSError when the file cannot be read, LanguageFault or NotDimacs for what it says, and
    Invalid for a name that tells no format.
    """
    name = path.name.removesuffix(".gz")
    if name.endswith((".dimacs", ".cnf")):
        return Configurator.of(read_dimacs(path))
    if name.endswith(".uvl"):
        model = read_uvl(path)
    elif name.endswith(".json"):
        model = read_table_json(path)
    elif path.name.endswith(".model"):
        model = load_model(path, on=on, market=market)
    else:
        raise Invalid(
            f"{path.name} tells no format by its name: expected one of {', '.join(ENDINGS)}."
        )
    return Configurator.of(encode(model), model)
