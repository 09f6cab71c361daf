"""Golden configurations as they are written, to values of variables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language.domains import number_of, scaled, value_of_node
from handsel.bid.configure.rules.language.problems import LanguageFault, Problem, fault
from handsel.bid.configure.rules.language.references import Context, resolved
from handsel.bid.configure.rules.language.scopes import DerivedEntity, Scope, VariableEntity
from handsel.bid.configure.rules.language.source import GoldenSource
from handsel.bid.configure.rules.language.syntax import Name, Node
from handsel.bid.configure.rules.model import Golden
from handsel.ground.kernel.said import said

Pairs = tuple[tuple[Node, Node], ...]


def read_goldens(
    sources: Sequence[GoldenSource],
    held: Collection[GoldenSource],
    scope: Scope,
    problems: list[Problem],
) -> Iterator[Golden]:
    """The goldens among `held`, those that choose a value which does not hold here left out.

    All of them are checked; what is wrong goes to `problems`.
    """
    seen: set[str] = set()
    for source in sources:
        if source.name in seen:
            message = said("“%(name)s” is there twice.", name=source.name)
            problems.append(Problem(source.place, message, "each name once"))
        seen.add(source.name)
        try:
            golden = _golden(source, scope)
        except LanguageFault as found:
            problems.extend(found.problems)
            continue
        if golden is not None and source in held:
            yield golden


def _golden(source: GoldenSource, scope: Scope) -> Golden | None:
    chosen = _pairs(source.chosen, scope)
    expected = _pairs(source.expected, scope, is_derived_allowed=True)
    refused = _pairs(source.refused, scope)
    if not _can_be(chosen) or not _can_be(expected):
        return None
    return Golden(
        source.name,
        {key: value for key, (_, value) in chosen.items()},
        {key: value for key, (_, value) in expected.items()},
        {key: value for key, (_, value) in refused.items()},
        {name: format(amount, "f") for name, amount in source.amounts},
        source.place.line,
    )


Meant = dict[str, tuple[VariableEntity | DerivedEntity, Value]]


def _can_be(pairs: Meant) -> bool:
    """Whether every value holds on this day and market."""
    return all(
        not isinstance(entity, VariableEntity) or value in entity.values
        for entity, value in pairs.values()
    )


def _pairs(pairs: Pairs, scope: Scope, *, is_derived_allowed: bool = False) -> Meant:
    found: Meant = {}
    for path, value in pairs:
        entity, meant = _pair(path, value, scope, is_derived_allowed=is_derived_allowed)
        if entity.key in found:
            raise fault(path.place, said("“%(key)s” is said twice.", key=entity.key), "each once")
        found[entity.key] = entity, meant
    return found


def _pair(
    path: Node, value: Node, root: Scope, *, is_derived_allowed: bool
) -> tuple[VariableEntity | DerivedEntity, Value]:
    entity = resolved(path, Context(root))
    if isinstance(entity, VariableEntity):
        return entity, value_of_node(entity, value)
    if isinstance(entity, DerivedEntity) and is_derived_allowed:
        number = number_of(value)
        whole = None if number is None else scaled(number, entity.scale)
        if whole is None:
            raise fault(
                value.place, said("This is no value of “%(key)s”.", key=entity.key), "a number"
            )
        return entity, whole
    if entity is None and isinstance(path, Name):
        raise root.unknown(path)
    raise fault(path.place, "This is not a variable.", "the name of a variable")
