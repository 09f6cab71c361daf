"""The model language: text to a product model and back.

`parse_model` reads the text, `lower` makes the flat model of one day and market, `read_model` does
both, `load_model` from a file with what it includes. The format is told in
docs/reference/model-language.md.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from handsel.bid.configure.rules.language.law_sets import parse_law_set, read_law_set
from handsel.bid.configure.rules.language.lower import lower
from handsel.bid.configure.rules.language.model_parser import Library, parse_model
from handsel.bid.configure.rules.language.printer import print_model, print_source
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem, fault
from handsel.bid.configure.rules.language.source import (
    ALWAYS,
    ModelSource,
    VariableSource,
    all_items,
)
from handsel.bid.configure.rules.model import ProductModel
from handsel.ground.kernel.said import said

LARGEST_FILE = 16_000_000

__all__ = [
    "LanguageFault",
    "Library",
    "ModelSource",
    "Place",
    "Problem",
    "check_model",
    "load_model",
    "load_source",
    "lower",
    "moments",
    "parse_law_set",
    "parse_model",
    "print_model",
    "print_source",
    "read_law_set",
    "read_model",
]


# Of how many days and markets a text is checked, the first ones.
MOST_CHECKED = 60


def read_model(
    text: str,
    *,
    file: str = "model",
    library: Library | None = None,
    on: date | None = None,
    market: str | None = None,
) -> ProductModel:
    """A text to the flat model of that day and market; LanguageFault names every problem."""
    return lower(parse_model(text, file=file, library=library), on=on, market=market)


def check_model(
    text: str, *, file: str = "model", library: Library | None = None
) -> tuple[Problem, ...]:
    """Every error and warning of a text, in its order; empty when there is nothing to say.

    Errors that show only on some day or market the text speaks of are among them.
    """
    found: list[Problem] = []
    try:
        source = parse_model(text, file=file, library=library)
        lower(source, warnings=found)
        for on, market in moments(source)[:MOST_CHECKED]:
            lower(source, on=on, market=market)
    except LanguageFault as fault_found:
        found.extend(fault_found.problems)
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: problem.place))


def moments(source: ModelSource) -> list[tuple[date, str | None]]:
    """The days and markets on which a model may change; none where it speaks of neither."""
    days: set[date] = set()
    markets: set[str | None] = {None}
    for item in all_items(source.items):
        spoken = [getattr(item, "effectivity", ALWAYS)]
        if isinstance(item, VariableSource):
            spoken = [value.effectivity for value in item.values]
        for one in spoken:
            days.update(day for day in (one.from_on, one.until_on) if day is not None)
            markets.update(one.markets)
    if not days and markets == {None}:
        return []
    first = min(days, default=date.min + timedelta(days=1)) - timedelta(days=1)
    ordered = sorted(markets, key=lambda market: market or "")
    return [(day, market) for day in (first, *sorted(days)) for market in ordered]


def load_source(path: Path) -> ModelSource:
    """Read a model from a file; included files are looked for in the same folder or below it."""
    folder = path.parent.resolve()

    def library(name: str) -> str:
        wanted = (folder / name).resolve()
        if not wanted.is_relative_to(folder):
            raise LookupError(name)
        return _text(wanted)

    return parse_model(_text(path), file=path.name, library=library)


def load_model(path: Path, *, on: date | None = None, market: str | None = None) -> ProductModel:
    """The flat model of a file for that day and market."""
    return lower(load_source(path), on=on, market=market)


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise fault(
            Place(path.name, 1, 1),
            said("The file has %(size)s bytes.", size=f"{size:,}"),
            said("at most %(most)s", most=f"{LARGEST_FILE:,}"),
        )
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise fault(Place(path.name, 1, 1), "The file is not UTF-8 text.", "UTF-8") from error
