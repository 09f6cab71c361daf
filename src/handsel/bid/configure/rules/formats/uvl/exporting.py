"""A flat product model to a UVL feature model.

A model that came of UVL is written as the tree it was, its constraints as they were written; where
they speak of numeric attributes, those have new names. Any other is one feature with all its
variables below it, its repeating components as features that repeat where that says the same: laws
inside hold for each instance there as here, and what speaks of single instances has no words in
UVL, so such a component is written with its instances side by side. Tables of many rows are
refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from handsel.bid.configure.rules.expressions import (
    Compare,
    Expression,
    Fixed,
    Logic,
    Ref,
    children,
    keys_of,
)
from handsel.bid.configure.rules.formats.uvl.components import Shaped, Shaping, components
from handsel.bid.configure.rules.formats.uvl.constraints import ConstraintParser
from handsel.bid.configure.rules.formats.uvl.features import FeatureLowering, lower_features
from handsel.bid.configure.rules.formats.uvl.instances import (
    Instances,
    all_features,
    always_there,
    is_repeated,
)
from handsel.bid.configure.rules.formats.uvl.raising import raised
from handsel.bid.configure.rules.formats.uvl.spelled import Repeated, Spelled, joined, unsayable
from handsel.bid.configure.rules.formats.uvl.spelling import MOST_TABLE_ROWS, Spelling
from handsel.bid.configure.rules.formats.uvl.tree import (
    Applied,
    Constraint,
    Feature,
    FeatureGroup,
    FeatureModel,
    Reference,
    Term,
    Written,
)
from handsel.bid.configure.rules.formats.uvl.words import PieceReader
from handsel.bid.configure.rules.formats.uvl.writing import write_feature_model
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable
from handsel.bid.configure.rules.rename import rename_expression
from handsel.ground.kernel.said import said

_OF_INSTANCES = re.compile(r"^[^:]+\]: ")
_OF_ANY = re.compile(r"( \(any [^()]+\))+$")


def export_uvl(model: ProductModel) -> str:
    """UVL text of a model; LanguageFault names every law that UVL cannot say."""
    return write_feature_model(_named(_feature_model(model)))


def _feature_model(model: ProductModel) -> FeatureModel:
    found = raised(model)
    if found is not None:
        try:
            return _Writing(model, _shaped(*found), found[0]).feature_model()
        except LanguageFault:
            pass  # told flat, like a model of any other kind
    kept = components(model)
    if len(kept) > 1:
        kept = [one for one in kept if _try(model, Shaping(model, [one]).shaped())]
    told = _try(model, Shaping(model, kept).shaped()) if kept else None
    return told or _Writing(model, Shaping(model, []).shaped()).feature_model()


def _try(model: ProductModel, shaped: Shaped) -> FeatureModel | None:
    try:
        return _Writing(model, shaped).feature_model()
    except LanguageFault:
        return None


def _shaped(tree: FeatureModel, laws: list[Law | TableLaw]) -> Shaped:
    """A tree that was found again, told like one that is made."""
    instances = Instances(tree, "")
    variables = {one.key: one for one in lower_features(tree).variables}
    shaped = Shaped(tree.root, {}, [], laws, tree.namespace)
    always = frozenset(always_there(tree.root))
    there: dict[str, dict[str, Expression | None]] = {}
    for name, origin in instances.origins.items():
        owner = instances.owners[name]
        is_own = name == owner
        value, count = variables.get(f"{name}.value"), variables.get(f"{name}.count")
        if value is not None:
            may_lack = not is_own and name not in always
            shaped.spelled[value.key] = _typed(value, origin, owner, may_lack=may_lack)
        if is_own:
            continue
        shaped.spelled[name] = Spelled("truth", origin.name, owner)
        if not is_repeated(origin):
            continue
        least, most = origin.cardinality or (1, 1)
        if count is not None:
            shaped.spelled[count.key] = Spelled(
                "count", origin.name, owner, first=least, may_lack=True
            )
        for number in range(1, most + 1):
            later = Compare(">=", Ref(f"{name}.count"), Fixed(number))
            told = there.setdefault(origin.name, {})
            told[f"{name}[{number}]"] = later if number > least else Ref(name)
    for name, told in there.items():
        shaped.repeated.append(Repeated(name, told))
        shaped.siblings |= {own: list(told) for own in told}
    return shaped


def _typed(value: Variable, origin: Feature, owner: str, *, may_lack: bool) -> Spelled:
    kind = "text" if value.kind == "enumeration" else "number"
    first = value.values[0]
    return Spelled(kind, origin.name, owner, scale=value.scale, first=first, may_lack=may_lack)


class _Writing:
    def __init__(
        self, model: ProductModel, shaped: Shaped, tree: FeatureModel | None = None
    ) -> None:
        self._model = model
        self._shaped = shaped
        taken = {one.name for one in all_features(shaped.root)}
        known = {name for one in all_features(shaped.root) for name, _ in one.attributes}
        self._spelling = Spelling(model, shaped.spelled, shaped.repeated, taken, known)
        self._owners = {key: one.owner for key, one in shaped.spelled.items()}
        self._there = {own: one for part in shaped.repeated for own, one in part.instances.items()}
        self._texts: dict[str, str] = {}
        self._said_of = dict(self._of_one())
        self._left = Counter(self._canonical(law) for law in shaped.laws)
        self._again = FeatureLowering(tree, "") if tree else None
        if self._again is not None:
            self._again.model()

    def feature_model(self) -> FeatureModel:
        """The tree with a constraint for each law. Raises LanguageFault."""
        problems: list[Problem] = []
        constraints: list[Constraint] = []
        for law in self._shaped.laws:
            own = self._canonical(law)
            if not self._left[own]:
                continue  # said with another instance's
            try:
                constraints.append(Constraint(self._law(law)))
            except LanguageFault as found:
                place = Place(self._model.name, law.line, 1)
                problems += [
                    Problem(place, said("%(key)s: %(message)s", key=law.key, message=one.message))
                    for one in found.problems
                ]
        if problems:
            raise LanguageFault(problems)
        helping = [
            Constraint(Applied("<=>", (Reference((name,)), term)))
            for name, term in self._spelling.helping
        ]
        root = self._finished(self._shaped.root)
        helpers = tuple(
            Feature(name, attributes=(("abstract", True), *self._spelling.attributes(name)))
            for name, _ in self._spelling.helping
        )
        numbers = tuple(
            Feature(one.name, "Integer", (("min", Decimal(one.low)), ("max", Decimal(one.high))))
            for one in self._spelling.numbers
        )
        helping += [
            Constraint(Applied("==", (Reference((one.name,)), one.term)))
            for one in self._spelling.numbers
        ]
        if numbers:
            root = replace(root, groups=(*root.groups, FeatureGroup("mandatory", numbers)))
        if helpers:
            root = replace(root, groups=(*root.groups, FeatureGroup("optional", helpers)))
        levels = ["Boolean.group-cardinality", "Arithmetic.*", "Type.*"]
        return FeatureModel(root, (*constraints, *helping), self._shaped.namespace, tuple(levels))

    def _finished(self, feature: Feature) -> Feature:
        groups = tuple(
            replace(group, features=tuple(map(self._finished, group.features)))
            for group in feature.groups
        )
        attributes = (*feature.attributes, *self._spelling.attributes(feature.name))
        return replace(feature, groups=groups, attributes=attributes)

    # -- laws

    def _law(self, law: Law | TableLaw) -> Term:
        if isinstance(law, TableLaw):
            return self._table(law)
        return self._as_written(law) or self._of_instances(law) or self._plain(law)

    def _table(self, law: TableLaw) -> Term:
        if len(law.rows) > MOST_TABLE_ROWS:
            raise unsayable(said("a table of %(count)s rows", count=f"{len(law.rows):,}"))
        rows = [self._spelling.row(law.scope, row) for row in law.rows]
        self._left[self._canonical(law)] -= 1
        return joined("|", rows) if rows else Written(False)

    def _plain(self, law: Law) -> Term:
        term = self._spelling.condition(law.condition)
        self._left[self._canonical(law)] -= 1
        return term

    def _as_written(self, law: Law) -> Term | None:
        """The constraint that the law came of: its sentence, where that says the same again."""
        if self._again is None:
            return None
        text = _OF_ANY.sub("", _OF_INSTANCES.sub("", law.sentences.get("en", "")))
        try:
            term = ConstraintParser(PieceReader(text, file="", line=1)).constraint()
            found = [one for _, _, one in self._again.conditions(Constraint(term, text))]
        except LanguageFault:
            return None
        return term if self._take(Counter(map(_shown, found)), law) else None

    def _take(self, wanted: Counter[str], law: Law) -> bool:
        if not wanted <= self._left or not wanted[self._canonical(law)]:
            return False
        self._left -= wanted
        return True

    def _of_instances(self, law: Law) -> Term | None:
        """What is said of each instance, as it is said once."""
        owners = {self._owners.get(key, "") for key in keys_of(law.condition)} - {""}
        if len(owners) != 1:
            return None
        (own,) = owners
        inner = self._unguarded(law.condition, own)
        if inner is None or any(self._owners.get(key) != own for key in self._spoken(inner, own)):
            return None
        told = self._as_of(inner, own)
        wanted: Counter[str] = Counter()
        for other in self._shaped.siblings[own]:
            found = self._said_of.get((other, told))
            if found is None:
                return None
            wanted[found] += 1
        term = self._spelling.of_instance(inner, own, self._there[own])
        return term if self._take(wanted, law) else None

    def _unguarded(self, condition: Expression, own: str) -> Expression | None:
        there = self._there[own]
        if there is None:
            return condition
        match condition:
            case Logic("implies", (guard, inner)) if guard == there:
                return inner
        return None

    def _spoken(self, inner: Expression, own: str) -> Iterator[str]:
        """The variables of a condition, but for what says that the instance is there."""
        there = self._there[own]
        if there is None:
            yield from keys_of(inner)
        elif inner != there:
            parts = children(inner)
            yield from (each for part in parts for each in self._spoken(part, own))
            if not parts:
                yield from keys_of(inner)

    def _as_of(self, inner: Expression, own: str) -> str:
        """A condition with nothing of its instance in it, to be held against another's."""
        text = _shown(rename_expression(inner, lambda key: _inside(key, own)))
        there = self._there[own]
        return text if there is None else text.replace(_shown(there), "there")

    def _of_one(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Each law of one instance: by that and by what it says of it."""
        for law in self._shaped.laws if self._shaped.repeated else ():
            if not isinstance(law, Law):
                continue
            for own in {self._owners.get(key, "") for key in keys_of(law.condition)} - {""}:
                inner = self._unguarded(law.condition, own)
                if inner is not None:
                    yield (own, self._as_of(inner, own)), self._canonical(law)

    def _canonical(self, law: Law | TableLaw) -> str:
        """Laws that say the same."""
        if law.key not in self._texts:
            told = _shown(law.condition) if isinstance(law, Law) else f"table {law.key}"
            self._texts[law.key] = told
        return self._texts[law.key]


def _shown(expression: Expression) -> str:
    return repr(expression)


def _inside(key: str, own: str) -> str:
    return f"\0.{key.removeprefix(own)}" if key.startswith(f"{own}.") else key


def _named(model: FeatureModel) -> FeatureModel:
    """The model under names that other tools read: without points and quotation marks in them."""
    names = {one.name for one in all_features(model.root)}
    new: dict[str, str] = {}
    for name in names:
        if any(sign in name for sign in '."\r\n'):
            legal = re.sub(r"[\r\n]+", " ", name.replace(".", ",").replace('"', "'"))
            while legal in names:
                legal += "'"
            names = names | {legal}
            new[name] = legal
    if not new:
        return model
    constraints = tuple(replace(one, term=_renamed(one.term, new)) for one in model.constraints)
    namespace = model.namespace.replace(".", ",").replace('"', "'")
    return replace(
        model, root=_under(model.root, new), constraints=constraints, namespace=namespace
    )


def _under(feature: Feature, new: dict[str, str]) -> Feature:
    groups = tuple(
        replace(group, features=tuple(_under(one, new) for one in group.features))
        for group in feature.groups
    )
    return replace(feature, name=new.get(feature.name, feature.name), groups=groups)


def _renamed(term: Term, new: dict[str, str]) -> Term:
    if isinstance(term, Applied):
        return replace(term, parts=tuple(_renamed(part, new) for part in term.parts))
    if isinstance(term, Reference):
        for length in range(len(term.path), 0, -1):
            whole = ".".join(term.path[:length])
            if whole in new:
                return replace(term, path=(new[whole], *term.path[length:]))
    return term
