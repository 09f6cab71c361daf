"""Laws between the lines of a quote, as text: what they speak of, and what they demand.

    model halden_lines "Lines in a row"
    line upstream of "halden-conveyor"
    line downstream of "halden-conveyor" after upstream
    total anchors of "SP-ANCHOR" 0..999
    law L1: downstream.speed >= upstream.speed
      "The next conveyor runs at least as fast as the one before it."
    advice A1: upstream.foot == anchored -> anchors.quantity >= 1

A `law` forbids to present, an `advice` only tells. The text is read against the models that
configure the lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from handsel.bid.configure.rules.expressions import keys_of
from handsel.bid.configure.rules.language.attached import scope_of
from handsel.bid.configure.rules.language.goldens import read_goldens
from handsel.bid.configure.rules.language.lowering import Lowering
from handsel.bid.configure.rules.language.model_parser import parse_model
from handsel.bid.configure.rules.language.problems import (
    LanguageFault,
    Place,
    Problem,
    did_you_mean,
)
from handsel.bid.configure.rules.language.references import Context
from handsel.bid.configure.rules.language.scopes import ComponentEntity, Scope
from handsel.bid.configure.rules.language.source import (
    ComponentSource,
    GoldenSource,
    Item,
    LawSource,
    LineSource,
    ModelSource,
    TotalSource,
    all_items,
)
from handsel.bid.configure.rules.model import Golden, Law, ProductModel, Texts, Variable
from handsel.bid.configure.rules.system import SEPARATOR, joined
from handsel.ground.kernel.said import said

QUANTITY = "quantity"
MOST_ROLES = 8


@dataclass(frozen=True, slots=True)
class Role:
    """What laws call a line, or a total of products.

    A line is one that `model` configures; with `after`, the next one in its group behind the line
    of that name. A total is of `products` and has one number, `quantity`, from 0 to `most`.
    """

    key: str
    model: str = ""
    after: str = ""
    products: tuple[str, ...] = ()
    most: int = 0
    titles: Texts = field(default_factory=dict)

    @property
    def is_total(self) -> bool:
        """Whether it counts products rather than naming a line."""
        return bool(self.products)


@dataclass(frozen=True, slots=True)
class SystemLaw:
    """A law between lines. `roles` are those it speaks of, with the lines those come after."""

    law: Law
    is_advice: bool
    roles: tuple[str, ...]

    @property
    def key(self) -> str:
        """The law's key."""
        return self.law.key


@dataclass(frozen=True, eq=False)
class LawSet:
    """A text read against certain models: `model` is all of its lines as one, without its laws.

    Two readings are the same only when they are one, so that what is made of it can be kept.
    """

    name: str
    titles: Texts
    roles: tuple[Role, ...]
    laws: tuple[SystemLaw, ...]
    goldens: tuple[Golden, ...]
    model: ProductModel

    def role(self, key: str) -> Role:
        """The role of that name."""
        return next(one for one in self.roles if one.key == key)

    @property
    def system(self) -> ProductModel:
        """The lines as one product with the laws between them, those that only advise left out."""
        laws = tuple(one.law for one in self.laws if not one.is_advice)
        return replace(self.model, laws=(*self.model.laws, *laws), goldens=self.goldens)


def parse_law_set(text: str, *, file: str = "laws") -> ModelSource:
    """The text as written; LanguageFault with every problem."""
    source = parse_model(text, file=file)
    problems: list[Problem] = []
    roles_of(source, problems)
    if problems:
        raise LanguageFault(sorted(problems, key=lambda one: one.place))
    return source


def roles_of(source: ModelSource, problems: list[Problem] | None = None) -> tuple[Role, ...]:
    """What a text's laws speak of. What is wrong with it is added to `problems`."""
    found: dict[str, Role] = {}
    for item in all_items(source.items):
        if not isinstance(item, LineSource | TotalSource):
            continue
        if problems is not None:
            problems += _role_problems(item, found)
        if isinstance(item, LineSource):
            role = Role(item.key, item.model, item.after, titles=dict(item.texts))
        else:
            role = Role(item.key, products=item.products, most=item.most, titles=dict(item.texts))
        found.setdefault(item.key, role)
    if problems is not None and not found:
        wanted = 'a line such as: line conveyor of "belt-conveyor"'
        problems.append(Problem(source.place, "The laws speak of no line.", wanted))
    return tuple(found.values())


def _role_problems(item: LineSource | TotalSource, before: Mapping[str, Role]) -> Iterator[Problem]:
    if item.key in before:
        text = said("“%(key)s” is declared twice.", key=item.key)
        yield Problem(item.place, text, "each name once")
    if SEPARATOR in item.key or not item.key:
        yield Problem(item.place, said("“%(key)s” names no line.", key=item.key), "a plain name")
    if len(before) >= MOST_ROLES:
        most = said("at most %(most)s", most=MOST_ROLES)
        yield Problem(item.place, "The laws speak of too many lines.", most)
    if isinstance(item, LineSource) and item.after:
        other = before.get(item.after)
        if other is None or other.is_total:
            near = did_you_mean(item.after, [one.key for one in before.values()])
            text = said("“%(key)s” is not known here.%(near)s", key=item.after, near=near)
            yield Problem(item.place, text, "a line declared above")


def total_model(role: Role) -> ProductModel:
    """The pieces of some products as a model of one number."""
    number = Variable(QUANTITY, "integer", tuple(range(role.most + 1)), titles=_QUANTITY)
    return ProductModel(role.key, (number,), (), titles=role.titles)


_QUANTITY = {"en": "Quantity", "de": "Menge"}


def read_law_set(
    source: ModelSource,
    models: Mapping[str, ProductModel],
    *,
    on: date | None = None,
    market: str | None = None,
    tested: bool = True,
) -> LawSet:
    """The laws of one day and market against the models of their lines, by name of the line.

    Raises LanguageFault with every problem; a line without a model is one. Without `tested` its
    goldens are left out: laws that can be read hold whatever became of their tests.
    """
    problems: list[Problem] = []
    roles = roles_of(source, problems)
    lines = dict(_line_models(source, roles, models, problems))
    if problems:
        raise LanguageFault(sorted(problems, key=lambda one: one.place))
    model = joined(lines, name=source.name)
    lowering = Lowering(is_scaled=source.is_scaled)
    scope = scope_of(model, lowering)
    _add_lines(scope, roles)
    items = list(all_items(source.items))
    laws = list(_laws(items, roles, lowering, scope, problems))
    held = [(law, one) for law, one in laws if law.effectivity.holds(on, market)]
    written = [one for one in items if tested and isinstance(one, GoldenSource)]
    goldens = tuple(read_goldens(written, written, scope, problems))
    if problems:
        raise LanguageFault(sorted(dict.fromkeys(problems), key=lambda one: one.place))
    kept = tuple(one for _, one in held)
    return LawSet(source.name, dict(source.texts), roles, kept, goldens, model)


def _add_lines(scope: Scope, roles: Iterable[Role]) -> None:
    """The lines as parts of the whole, so that a wrong name is told as one of the line's."""
    for role in roles:
        begin = role.key + SEPARATOR
        own = {
            key.removeprefix(begin): entity
            for key, entity in scope.names.items()
            if key.startswith(begin)
        }
        inner = Scope(begin, scope, names=own)
        scope.names[role.key] = ComponentEntity(ComponentSource(role.key), role.key, [inner])


def _line_models(
    source: ModelSource,
    roles: Iterable[Role],
    models: Mapping[str, ProductModel],
    problems: list[Problem],
) -> Iterator[tuple[str, ProductModel]]:
    places = _places(source.items)
    for role in roles:
        if role.is_total:
            yield role.key, total_model(role)
        elif role.key in models:
            # Between lines only the laws between them are asked; each fulfils its own.
            yield role.key, models[role.key]
        else:
            text = said("No model “%(key)s” is in use.", key=role.model)
            problems.append(Problem(places[role.key], text, "the key of a published model"))


def _places(items: tuple[Item, ...]) -> dict[str, Place]:
    return {
        one.key: one.place for one in all_items(items) if isinstance(one, LineSource | TotalSource)
    }


def _laws(
    items: Iterable[Item],
    roles: tuple[Role, ...],
    lowering: Lowering,
    scope: Scope,
    problems: list[Problem],
) -> Iterator[tuple[LawSource, SystemLaw]]:
    seen: set[str] = set()
    for item in items:
        if isinstance(item, LineSource | TotalSource | GoldenSource):
            continue
        if not isinstance(item, LawSource) or item.is_structural:
            wanted = "line, total, law, advice or golden"
            problems.append(Problem(item.place, "This is no law.", wanted))
            continue
        if item.key in seen:
            text = said("Law “%(key)s” is there twice.", key=item.key)
            problems.append(Problem(item.place, text, "each key once"))
        seen.add(item.key)
        try:
            condition = lowering.condition(item.condition, Context(scope))
        except LanguageFault as found:
            problems.extend(found.problems)
            continue
        law = Law(item.key, condition, dict(item.texts), line=item.place.line)
        spoken = spoken_of(law, roles)
        if not spoken:
            text = said("Law “%(key)s” speaks of no line.", key=item.key)
            problems.append(Problem(item.place, text, "the variable of a line"))
        yield item, SystemLaw(law, item.is_advice, spoken)


def spoken_of(law: Law, roles: tuple[Role, ...]) -> tuple[str, ...]:
    """The roles a law speaks of, with those they come after, in the order of the text."""
    wanted = {key.partition(SEPARATOR)[0] for key in keys_of(law.condition)}
    by_key = {one.key: one for one in roles}
    todo = list(wanted)
    while todo:
        before = by_key[todo.pop()].after
        if before and before not in wanted:
            wanted.add(before)
            todo.append(before)
    return tuple(one.key for one in roles if one.key in wanted)
