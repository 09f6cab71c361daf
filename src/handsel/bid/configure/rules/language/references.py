"""From what is written to what it stands for: paths through components, and their instances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from handsel.bid.configure.rules.language.problems import LanguageFault, did_you_mean, fault
from handsel.bid.configure.rules.language.scopes import (
    ComponentEntity,
    Entity,
    Presence,
    Scope,
    VariableEntity,
)
from handsel.bid.configure.rules.language.syntax import (
    Index,
    Member,
    Name,
    Node,
    Number,
    Span,
    children,
    names_in,
)
from handsel.ground.kernel.said import said

MOST_COMBINATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Context:
    """Where names are looked up, and which instance of a repeated component is meant."""

    scope: Scope
    bound: dict[int, Scope] = field(default_factory=dict)

    def with_instance(self, component: ComponentEntity, instance: Scope) -> Context:
        """The same with one more component bound."""
        return Context(self.scope, {**self.bound, id(component): instance})


def resolved(node: Node, context: Context) -> Entity | Scope | None:
    """What a path stands for; None when its name is unknown or it is no path."""
    match node:
        case Name("previous"):
            return _previous(node, context)
        case Name(key):
            return context.scope.find(key)
        case Member(base, key, place):
            whole = _dotted(node)
            if whole and (found := context.scope.find(whole)) is not None:
                return found
            scope = _instance(base, context)
            if scope is None:
                return None
            if key not in scope.names:
                near = did_you_mean(key, scope.names)
                raise fault(
                    place,
                    said(
                        "“%(line)s” has no “%(key)s”.%(near)s",
                        line=scope.prefix[:-1],
                        key=key,
                        near=near,
                    ),
                    "one of its names",
                )
            return scope.names[key]
        case Index(base, Number(value), place):
            component = resolved(base, context)
            if not isinstance(component, ComponentEntity):
                return None
            if value != int(value) or not 1 <= value <= len(component.instances):
                most = len(component.instances)
                raise fault(
                    place,
                    said("There is no %(key)s[%(value)s].", key=component.key, value=value),
                    said("1 to %(most)s", most=most),
                )
            return component.instances[int(value) - 1]
    return None


def _dotted(node: Node) -> str:
    """The key of a flat variable such as `care.monitored`; "" for any other path."""
    if isinstance(node, Name):
        return node.key
    if isinstance(node, Member) and (before := _dotted(node.base)):
        return f"{before}.{node.key}"
    return ""


def _instance(base: Node, context: Context) -> Scope | None:
    found = resolved(base, context)
    if isinstance(found, Scope):
        return found
    if not isinstance(found, ComponentEntity):
        if isinstance(base, Name) and found is None:
            raise context.scope.unknown(base)
        return None
    if id(found) in context.bound:
        return context.bound[id(found)]
    if found.is_repeated:
        raise fault(
            base.place,
            said("There can be several of “%(key)s”.", key=found.key),
            said(
                "one of them, as in %(key)s[1], or sum, count, min, max, all or any around it",
                key=found.key,
            ),
        )
    return found.instances[0]


def _previous(node: Name, context: Context) -> Scope | Entity | None:
    declared = context.scope.find(node.key)
    instance = _repeated(context.scope)
    if declared is not None or instance is None or instance.component is None:
        return declared
    if instance.number == 1:
        raise fault(node.place, "The first instance has none before it.", "a law, which skips it")
    return instance.component.instances[instance.number - 2]


def _repeated(scope: Scope) -> Scope | None:
    here: Scope | None = scope
    while here is not None and (here.component is None or not here.component.is_repeated):
        here = here.parent
    return here


def lacks_previous(node: Node, scope: Scope) -> bool:
    """Whether a law speaks of `previous` where there is none: in the first instance."""
    instance = _repeated(scope)
    is_first = instance is not None and instance.number == 1
    says_so = any(name.key == "previous" for name in names_in(node))
    return is_first and says_so and scope.find("previous") is None


def variable_of(node: Node, context: Context) -> VariableEntity | None:
    """The variable a path stands for, if it does."""
    if not isinstance(node, Name | Member | Index):
        return None
    found = resolved(node, context)
    return found if isinstance(found, VariableEntity) else None


def spread(node: Node, context: Context) -> list[tuple[Presence, Context]]:
    """One context an instance of each repeated component a node speaks of without saying which.

    Each comes with the conditions under which that instance is there.
    """
    done: list[tuple[Presence, Context]] = []
    waiting: list[tuple[Presence, Context]] = [((), context)]
    while waiting:
        presence, here = waiting.pop(0)
        component = next(_unbound(node, here), None)
        if component is None:
            done.append((presence, here))
            continue
        for instance in component.instances:
            joined = tuple(dict.fromkeys((*presence, *instance.presence)))
            waiting.append((joined, here.with_instance(component, instance)))
        if len(waiting) + len(done) > MOST_COMBINATIONS:
            raise fault(
                node.place,
                "This speaks of too many combinations of components.",
                said("at most %(most)s", most=f"{MOST_COMBINATIONS:,}"),
            )
    return done


def _unbound(node: Node | Span, context: Context) -> Iterator[ComponentEntity]:
    if isinstance(node, Member):
        yield from _unbound(node.base, context)
        try:
            base = resolved(node.base, context)
        except LanguageFault:  # said again, with its place, when the node is lowered
            return
        if isinstance(base, ComponentEntity) and base.is_repeated and id(base) not in context.bound:
            yield base
        return
    for child in children(node):
        yield from _unbound(child, context)
