"""Small random UVL models with features that repeat and imports, and what they mean.

The meaning is reckoned on trees of instances that are really there, by the definition in the
folder's README (src/handsel/bid/configure/rules/formats/uvl): no copies, no guards, none of the
project's readers. Products come as truths for each option, in the order sessions number them.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tests.support.foreign_models import CONNECTIVES, OPERATIONS, RELATIONS, Foreign

ANY = 0
MOST = 1_500


@dataclass(eq=False)
class Part:
    """A feature: its groups are (least, most, how it is written, members)."""

    name: str
    kind: str = "Boolean"
    values: tuple[object, ...] = ()
    p: int | None = None
    cardinality: tuple[int, int] | None = None
    groups: list[tuple[int, int, str, list[Part]]] = field(default_factory=list)
    above: tuple[Part, ...] = ()
    alias: str = ""

    def all(self) -> Iterator[Part]:
        yield self
        for *_, members in self.groups:
            for member in members:
                yield from member.all()

    @property
    def is_repeated(self) -> bool:
        return self.cardinality not in (None, (1, 1))

    def chain(self, *, is_own: bool) -> tuple[Part, ...]:
        around = tuple(one for one in self.above if one.is_repeated)
        return (*around, self) if is_own and self.is_repeated else around


@dataclass(eq=False)
class Instance:
    """One instance that is there; below each feature that is there, its instances."""

    value: object
    below: dict[Part, list[Instance]]


@dataclass(frozen=True)
class Use:
    """A feature in a constraint; `is_own`: of one of its own instances."""

    part: Part
    is_own: bool


State = tuple[Part, list[Instance]]
Bound = Mapping[Part, int]
Meaning = Callable[[State, Bound], object]


@dataclass(frozen=True)
class Stated:
    """A piece of a constraint: its text, the features it names, what it comes to."""

    text: str
    uses: tuple[Use, ...]
    meaning: Meaning


class TooMany(Exception):
    """The drawn model has more products than are worth writing down."""


# -- what is there


def contents(part: Part) -> Iterator[Instance]:
    """Everything an instance of a feature can be."""
    choices: list[list[dict[Part, list[Instance]]]] = []
    for least, most, _, members in part.groups:
        found: list[dict[Part, list[Instance]]] = []
        for size in range(least, min(most, len(members)) + 1):
            for taken in itertools.combinations(members, size):
                nodes = [list(itertools.islice(standing(one), MOST + 1)) for one in taken]
                for chosen in itertools.product(*nodes):
                    found.append(dict(zip(taken, chosen, strict=True)))
                    if len(found) > MOST:
                        raise TooMany
        choices.append(found)
    for value in part.values or (None,):
        for below in itertools.product(*choices):
            yield Instance(value, {key: one for group in below for key, one in group.items()})


def standing(part: Part) -> Iterator[list[Instance]]:
    """Everything a feature that is there can be: its instances."""
    least, most = part.cardinality or (1, 1)
    for count in range(least, most + 1):
        yield from map(list, itertools.product(contents(part), repeat=count))


def nodes_of(state: State, part: Part, bound: Bound) -> list[list[Instance]]:
    """Where the feature is there, in the instances that are bound; in all where none is."""
    root, instances = state
    if part is root:
        return [instances]
    nodes = [instances]
    for above, below in itertools.pairwise((*part.above, part)):
        inner: list[list[Instance]] = []
        for node in nodes:
            number = bound.get(above, ANY) if above.is_repeated else 1
            taken = node if number == ANY else node[number - 1 : number]
            inner += [one.below[below] for one in taken if below in one.below]
        nodes = inner
    return nodes


def instance_of(state: State, part: Part, bound: Bound) -> Instance | None:
    for node in nodes_of(state, part, bound):
        number = bound[part] if part.is_repeated else 1
        return node[number - 1] if number <= len(node) else None
    return None


def holds(stated: Stated, state: State, bound: Bound) -> bool:
    """In every instance; and in any, where it speaks of more than one repeating feature's own."""
    chains = [use.part.chain(is_own=use.is_own) for use in stated.uses]
    repeated = next((one for chain in chains for one in chain if one not in bound), None)
    if repeated is None:
        return bool(stated.meaning(state, bound))
    for node in nodes_of(state, repeated, bound):
        for number in range(1, len(node) + 1):
            if not holds(stated, state, {**bound, repeated: number}):
                return False
    inside = [at for at, chain in enumerate(chains) if repeated in chain]
    if len(inside) == len(chains) or any(stated.uses[at].is_own for at in inside):
        return True
    below = {one for at in inside for one in chains[at][chains[at].index(repeated) :]}
    return holds(stated, state, {**bound, **dict.fromkeys(below, ANY)})


def truths(part: Part, node: list[Instance] | None) -> Iterator[bool]:
    """The options of a feature and of all below it."""
    least, most = part.cardinality or (1, 1)
    yield node is not None
    if not part.is_repeated:
        yield from inner_truths(part, node[0] if node else None)
        return
    if least < most:
        yield from ((least if node is None else len(node)) == n for n in range(least, most + 1))
    for at in range(most):
        yield from inner_truths(part, node[at] if node and at < len(node) else None)


def inner_truths(part: Part, instance: Instance | None) -> Iterator[bool]:
    if part.values:
        value = part.values[0] if instance is None else instance.value
        yield from (one == value for one in part.values)
    for *_, members in part.groups:
        for member in members:
            yield from truths(member, instance.below.get(member) if instance else None)


# -- drawing


@dataclass(frozen=True)
class Drawn:
    """A model: its main file and those it imports."""

    model: Foreign
    files: dict[str, str]


def random_repeated(seed: int) -> Drawn:
    """A model whose features repeat, sometimes with a part of it in a file of its own."""
    for attempt in itertools.count():
        try:
            return _Drawing(random.Random(f"{seed}.{attempt}")).drawn()
        except TooMany:
            continue
    raise AssertionError


class _Drawing:
    def __init__(self, luck: random.Random) -> None:
        self.luck = luck
        self._left = luck.randint(2, 6)
        self._at = 0

    def _part(self, above: tuple[Part, ...], alias: str = "") -> Part:
        luck = self.luck
        self._at += 1
        kind = luck.choice(("Boolean", "Boolean", "Boolean", "Integer", "String"))
        values: tuple[object, ...] = {"Integer": (1, 3), "String": ("a", "bcd")}.get(kind, ())
        name = luck.choice((f"F{self._at}", f"F {self._at}"))
        part = Part(name, kind, values, luck.choice((None, 1, 2)), above=above, alias=alias)
        if luck.random() < 0.4:
            least = luck.randint(0, 2)
            part.cardinality = (least, max(1, luck.randint(least, 3)))
        while self._left > 0 and luck.random() < 0.75:
            members = []
            for _ in range(luck.randint(1, min(3, self._left))):
                self._left -= 1
                members.append(self._part((*above, part), alias))
            count = len(members)
            part.groups.append(
                (
                    *luck.choice(
                        (
                            (count, count, "mandatory"),
                            (0, count, "optional"),
                            (1, count, "or"),
                            (1, 1, "alternative"),
                            (1, 2, "[1..2]"),
                        )
                    ),
                    members,
                )
            )
        return part

    def drawn(self) -> Drawn:
        luck = self.luck
        root = self._part(())
        imported: Part | None = None
        if luck.random() < 0.4:
            self._left = luck.randint(0, 2)
            holder = luck.choice(list(root.all()))
            imported = self._part((*holder.above, holder), "m")
            holder.groups.append((0, 1, "optional", [imported]))
        own = list(root.all())
        laws = [self._condition(own, "", 2) for _ in range(luck.randint(0, 2))]
        theirs: list[Stated] = []
        files = {}
        if imported is not None:
            theirs = [
                self._condition(list(imported.all()), "m", 2) for _ in range(luck.randint(0, 1))
            ]
            files["parts/motor.uvl"] = self._text(imported, "m", theirs, "")
        head = "imports\n\tparts.motor as m\n" if imported else ""
        text = self._text(root, "", laws, head)
        products = []
        for at, node in enumerate(standing(root)):
            if at > MOST:
                raise TooMany
            if all(holds(law, (root, node), {}) for law in (*laws, *theirs)):
                products.append(tuple(truths(root, node)))
        return Drawn(Foreign(text, len(list(truths(root, None))), tuple(products)), files)

    # -- the text

    def _name(self, part: Part, here: str) -> str:
        own = part.name if part.name.isidentifier() else f'"{part.name}"'
        return own if part.alias == here else f"{part.alias}.{own}"

    def _text(self, root: Part, here: str, laws: Sequence[Stated], head: str) -> str:
        lines = ["features", *self._lines(root, here, 1)]
        if laws:
            lines += ["constraints", *(f"\t{law.text}" for law in laws)]
        return head + "\n".join(lines) + "\n"

    def _lines(self, part: Part, here: str, depth: int) -> Iterator[str]:
        name = self._name(part, here)
        if part.alias != here:
            yield "\t" * depth + name
            return
        kind = "" if part.kind == "Boolean" else f"{part.kind} "
        told = [f"p {part.p}"] if part.p is not None else []
        if part.values:
            told.append(f"values [{', '.join(map(repr, part.values))}]")
        if part.cardinality:
            least, most = part.cardinality
            is_short = least == most and self.luck.random() < 0.5
            name += f" cardinality [{least}]" if is_short else f" cardinality [{least}..{most}]"
        yield "\t" * depth + kind + name + (f" {{{', '.join(told)}}}" if told else "")
        for _, _, word, members in part.groups:
            yield "\t" * (depth + 1) + word
            for member in members:
                yield from self._lines(member, here, depth + 2)

    # -- constraints

    def _condition(self, parts: Sequence[Part], here: str, depth: int) -> Stated:
        luck = self.luck
        chance = luck.random()
        if depth <= 0 or chance < 0.25:
            part = luck.choice(parts)
            return Stated(
                self._name(part, here),
                (Use(part, False),),
                lambda state, bound: bool(nodes_of(state, part, bound)),
            )
        if chance < 0.35:
            inner = self._condition(parts, here, depth - 1)
            return Stated(f"!({inner.text})", inner.uses, lambda s, b: not inner.meaning(s, b))
        words = [one for one in parts if one.kind == "String"]
        if chance < 0.45 and words:
            word = luck.choice(words)
            return Stated(
                f"{self._name(word, here)} == 'a'",
                (Use(word, True),),
                lambda s, b: (one := instance_of(s, word, b)) is not None and one.value == "a",
            )
        if chance < 0.65:
            relation, compare = luck.choice(list(RELATIONS.items()))
            left, right = self._number(parts, here, 1), self._number(parts, here, 0)
            return Stated(
                f"{left.text} {relation} {right.text}",
                left.uses + right.uses,
                lambda s, b: compare(Fraction(left.meaning(s, b)), Fraction(right.meaning(s, b))),  # type: ignore[call-overload]
            )
        sign, join = luck.choice(list(CONNECTIVES.items()))
        first, second = (self._condition(parts, here, depth - 1) for _ in range(2))
        return Stated(
            f"(({first.text}) {sign} ({second.text}))",
            first.uses + second.uses,
            lambda s, b: join(bool(first.meaning(s, b)), bool(second.meaning(s, b))),
        )

    def _number(self, parts: Sequence[Part], here: str, depth: int) -> Stated:
        luck = self.luck
        chance = luck.random()
        if depth > 0 and chance < 0.4:
            sign, calculate = luck.choice(list(OPERATIONS.items()))
            first, second = (self._number(parts, here, depth - 1) for _ in range(2))
            return Stated(
                f"({first.text}) {sign} ({second.text})",
                first.uses + second.uses,
                lambda s, b: calculate(
                    Fraction(first.meaning(s, b)),
                    Fraction(second.meaning(s, b)),  # type: ignore[call-overload]
                ),
            )
        numbers = [one for one in parts if one.kind == "Integer"]
        holders = [one for one in parts if one.p is not None]
        if numbers and chance < 0.6:
            part = luck.choice(numbers)
            return Stated(
                self._name(part, here),
                (Use(part, True),),
                lambda s, b: one.value if (one := instance_of(s, part, b)) else 0,
            )
        if holders and chance < 0.75:
            holder = luck.choice(holders)
            return Stated(
                f"{self._name(holder, here)}.p",
                (Use(holder, True),),
                lambda s, b: holder.p if instance_of(s, holder, b) else 0,
            )
        if holders:
            return self._aggregate(parts, here)
        number = luck.randint(-1, 5)
        return Stated(str(number), (), lambda s, b: number)

    def _aggregate(self, parts: Sequence[Part], here: str) -> Stated:
        top = self.luck.choice([None, *parts])
        below = [one for one in (parts if top is None else top.all()) if one.p is not None]
        if not below:
            return Stated("1", (), lambda s, b: 1)
        word = self.luck.choice(("sum", "avg"))
        text = f"{word}(p)" if top is None else f"{word}({self._name(top, here)}, p)"

        def total(state: State, bound: Bound) -> object:
            found = [one.p or 0 for one in below for node in nodes_of(state, one, {}) for _ in node]
            return sum(found) if word == "sum" else Fraction(sum(found), max(1, len(found)))

        return Stated(text, (), total)
