"""Several configured products as one: laws between the lines of a quote.

The lines' variables stand under prefixes (`infeed.speed`, `outfeed.speed`); laws between them are
laws like any other, so they are answered, explained and repaired by the same engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handsel.bid.configure.rules.decisions import Decision, Decisions
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import Group, Law, ProductModel, TableLaw, Variable
from handsel.bid.configure.rules.rename import rename_derived, rename_law

SEPARATOR = "."


def joined(
    lines: Mapping[str, ProductModel],
    laws: Sequence[Law | TableLaw] = (),
    *,
    name: str = "system",
) -> ProductModel:
    """One model of all lines, by prefix, and the laws between them.

    The laws' keys are complete (`outfeed.speed`). Raises ValueError for a prefix that holds the
    separator and for two laws of one key.
    """
    variables: list[Variable] = []
    groups: list[Group] = []
    own: list[Law | TableLaw] = []
    derived = []
    for prefix, model in lines.items():
        if not prefix or SEPARATOR in prefix:
            raise ValueError(f"{prefix!r} cannot stand before a variable's name")

        def within(key: str, prefix: str = prefix) -> str:
            return f"{prefix}{SEPARATOR}{key}" if key else prefix

        groups.append(Group(prefix, titles=model.titles))
        groups += [
            replace(one, key=within(one.key), parent=within(one.parent)) for one in model.groups
        ]
        variables += [
            replace(one, key=within(one.key), group=within(one.group)) for one in model.variables
        ]
        derived += [rename_derived(one, within) for one in model.derived]
        own += [rename_law(law, within(law.key), within) for law in model.laws]
    every_law = (*own, *laws)
    if len({law.key for law in every_law}) < len(every_law):
        raise ValueError("two laws of a system have the same key")
    return ProductModel(name, tuple(variables), every_law, tuple(derived), tuple(groups))


def within_line(prefix: str, decisions: Sequence[Decision]) -> Decisions:
    """A line's own decisions as decisions of the system."""
    return tuple(replace(one, variable=f"{prefix}{SEPARATOR}{one.variable}") for one in decisions)


def of_line(prefix: str, decisions: Sequence[Decision]) -> Decisions:
    """Those of a system's decisions that are about one line, as the line's own."""
    begin = prefix + SEPARATOR
    return tuple(
        replace(one, variable=one.variable.removeprefix(begin))
        for one in decisions
        if one.variable.startswith(begin)
    )


def fixed_line(prefix: str, values: Mapping[str, Value]) -> Decisions:
    """A line whose product is complete: all its values as decisions of the system."""
    return within_line(prefix, [Decision(key, value) for key, value in values.items()])
