"""Small random models as files of other programs, and by brute force which products they allow.

What a file means is calculated beside its text, by the definition of the format and never by the
project's readers: a product is a truth for each option, in the order sessions number options.
"""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Product = tuple[bool, ...]
Meaning = Callable[[Mapping[str, object]], object]
Truths = Mapping[str, Callable[[bool, bool], bool]]
Relations = Mapping[str, Callable[[Fraction, Fraction], bool]]
Operations = Mapping[str, Callable[[Fraction, Fraction], Fraction]]

CONNECTIVES: Truths = {
    "&": lambda a, b: a and b,
    "|": lambda a, b: a or b,
    "=>": lambda a, b: not a or b,
    "<=>": lambda a, b: a == b,
}
RELATIONS: Relations = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
OPERATIONS: Operations = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file's text, how many options it has, and its valid products."""

    text: str
    options: int
    products: tuple[Product, ...]

    def states(self, decisions: Sequence[int]) -> bytes | None:
        """The state of every option under decisions, None when nothing fulfils them."""
        left = [one for one in self.products if all(one[abs(d) - 1] == (d > 0) for d in decisions)]
        if not left:
            return None
        columns = zip(*left, strict=True)
        return bytes(1 if all(column) else 0 if any(column) else 2 for column in columns)


def random_dimacs(seed: int) -> Foreign:
    """Clauses over up to seven variables, laid out as no tool would."""
    luck = random.Random(seed)
    count = luck.randint(0, 7)
    clauses: list[list[int]] = []
    for _ in range(luck.randint(0, 9) if count else 0):
        width = luck.choice((1, 2, 2, 3, 3, 4))
        clauses.append([luck.randint(1, count) * luck.choice((1, -1)) for _ in range(width)])
    if luck.random() < 0.05:
        clauses.insert(luck.randint(0, len(clauses)), [])
    products = tuple(
        product
        for product in itertools.product((False, True), repeat=count)
        if all(any(product[abs(one) - 1] == (one > 0) for one in clause) for clause in clauses)
    )
    words = [word for clause in clauses for word in (*map(str, clause), "0")]
    gaps = [luck.choice((" ", " ", "  ", "\t", "\n", "\r\n", "\nc 1 2 0\n")) for _ in words]
    body = "".join(itertools.chain.from_iterable(zip(words, gaps, strict=True)))
    names = "".join(
        f"c {n} {luck.choice('ab')}\n" for n in range(1, count + 1) if luck.random() < 1
    )
    ends = luck.choice(("", "\n", "\n\n", "\n%\n0\n", "\nc the end"))
    head = luck.choice(("", "\n", "c\n", "cc\n", "c a model\n"))
    announced = len(clauses) if luck.random() < 0.8 else 99
    return Foreign(f"{head}{names}p cnf {count} {announced}\n{body}{ends}", count, products)


@dataclass
class _Feature:
    name: str
    kind: str = "Boolean"
    values: tuple[object, ...] = ()
    p: Fraction | None = None
    groups: list[tuple[int, int, str, list[_Feature]]] = field(default_factory=list)

    def all(self) -> Iterator[_Feature]:
        yield self
        for *_, children in self.groups:
            for child in children:
                yield from child.all()


def random_uvl(seed: int) -> Foreign:
    """Up to six features, all kinds of groups, attributes, typed features, all operators."""
    return _Uvl(random.Random(seed)).drawn()


class _Uvl:
    def __init__(self, luck: random.Random) -> None:
        self.luck = luck
        self.left = luck.randint(0, 5)
        self.number = 0
        self.root = self._feature()
        self.features = list(self.root.all())

    def _feature(self) -> _Feature:
        luck = self.luck
        self.number += 1
        name = luck.choice(("f{}", "f{}_x", "Größe{}", "an other-{}")).format(self.number)
        feature = _Feature(name)
        if luck.random() < 0.5:
            feature.p = Fraction(luck.randint(-6, 9), luck.choice((1, 1, 2)))
        if self.number > 1 and luck.random() < 0.3:
            feature.kind = luck.choice(("Integer", "String", "Real"))
            if feature.kind == "String":
                feature.values = tuple(luck.sample(("a", "bc", "x y", "(z)"), luck.randint(1, 3)))
            else:
                parts = 2 if feature.kind == "Real" else 1
                numbers = luck.sample(range(-3, 6), luck.randint(1, 3))
                feature.values = tuple(Fraction(one, parts) for one in sorted(numbers))
        while self.left and luck.random() < 0.7:
            count = luck.randint(1, min(3, self.left))
            self.left -= count
            members = [self._feature() for _ in range(count)]
            least = luck.randint(0, count)
            word, low, high = luck.choice(
                (
                    ("mandatory", count, count),
                    ("optional", 0, count),
                    ("or", 1, count),
                    ("alternative", 1, 1),
                    (f"[{least}..*]", least, count),
                    (f"[{least}]", least, least),
                    (f"[{least} .. {count + 2}]", least, count),
                )
            )
            feature.groups.append((low, high, word, members))
        return feature

    def drawn(self) -> Foreign:
        lines = ["features", *self._lines(self.root, 1)]
        laws = [self._condition(3) for _ in range(self.luck.randint(0, 3))]
        if laws:
            lines += ["constraints", *(f"\t{text}" for text, _ in laws)]
        text = "\n".join(lines) + self.luck.choice(("", "\n", "\n// the end"))
        products = [
            self._product(one)
            for one in self._selections()
            if self._tree_holds(self.root, one) and all(law(one) for _, law in laws)
        ]
        count = sum(1 + len(self._value_options(one)) for one in self.features)
        return Foreign(text, count, tuple(products))

    # -- the text

    def _named(self, feature: _Feature) -> str:
        plain = feature.name.isidentifier() and self.luck.random() < 0.8
        return feature.name if plain else f'"{feature.name}"'

    def _lines(self, feature: _Feature, depth: int) -> Iterator[str]:
        attributes = []
        if feature.p is not None:
            attributes.append(f"p {float(feature.p):g}")
        if feature.values:
            shown = (f"'{v}'" if isinstance(v, str) else f"{float(v):g}" for v in feature.values)  # type: ignore[arg-type]
            attributes.append(f"values [{', '.join(shown)}]")
        if self.luck.random() < 0.2:
            attributes.append("abstract")
        gap = self.luck.choice((", ", ",\n", ", // more\n\t"))
        told = f" {{{gap.join(attributes)}}}" if attributes else ""
        kind = "" if feature.kind == "Boolean" else f"{feature.kind} "
        remark = self.luck.choice(("", "", " // f", " /* f\n more */"))
        yield "\t" * depth + kind + self._named(feature) + told + remark
        for _, _, word, members in feature.groups:
            yield "\t" * (depth + 1) + word
            for member in members:
                yield from self._lines(member, depth + 2)

    # -- what it means

    def _value_options(self, feature: _Feature) -> tuple[object, ...]:
        return feature.values

    def _selections(self) -> Iterator[dict[str, object]]:
        for chosen in itertools.product((False, True), repeat=len(self.features)):
            choices: list[Sequence[object]] = [
                feature.values if taken and feature.values else (taken,)
                for feature, taken in zip(self.features, chosen, strict=True)
            ]
            for values in itertools.product(*choices):
                found: dict[str, object] = {}
                for feature, taken, value in zip(self.features, chosen, values, strict=True):
                    found[feature.name] = taken
                    if feature.values:
                        found[f"{feature.name}.value"] = value if taken else None
                yield found

    def _tree_holds(self, feature: _Feature, one: Mapping[str, object]) -> bool:
        if feature is self.root and not one[feature.name]:
            return False
        for low, high, _, members in feature.groups:
            taken = sum(bool(one[member.name]) for member in members)
            if not low <= taken <= high if one[feature.name] else taken:
                return False
        return all(
            self._tree_holds(member, one) for *_, members in feature.groups for member in members
        )

    def _product(self, one: Mapping[str, object]) -> Product:
        truths: list[bool] = []
        for feature in self.features:
            truths.append(bool(one[feature.name]))
            if feature.values:
                # One that is not selected has its first value.
                value = one[f"{feature.name}.value"]
                value = feature.values[0] if value is None else value
                truths += [value == each for each in feature.values]
        return tuple(truths)

    # -- constraints: a text, and what it comes to

    def _condition(self, depth: int) -> tuple[str, Callable[[Mapping[str, object]], bool]]:
        luck = self.luck
        chance = luck.random()
        if depth <= 0 or chance < 0.3:
            feature = luck.choice(self.features)
            return self._named(feature), lambda one: bool(one[feature.name])
        if chance < 0.4:
            text, inner = self._condition(depth - 1)
            return f"!({text})", lambda one: not inner(one)
        words = [one for one in self.features if one.kind == "String"]
        if chance < 0.5 and words:
            return self._text(luck.choice(words))
        if chance < 0.7:
            return self._compared(depth)
        (left, first), (right, second) = self._condition(depth - 1), self._condition(depth - 1)
        sign, meaning = luck.choice(list(CONNECTIVES.items()))
        gap = luck.choice((" ", " ", "", "\n\t"))
        return f"(({left}){gap}{sign} ({right}))", lambda one: meaning(first(one), second(one))

    def _text(self, feature: _Feature) -> tuple[str, Callable[[Mapping[str, object]], bool]]:
        word = self.luck.choice((*feature.values, "none"))
        is_same = self.luck.random() < 0.5
        text = f"{self._named(feature)} {'==' if is_same else '!='} '{word}'"
        return text, lambda one: (one[f"{feature.name}.value"] == word) == is_same

    def _compared(self, depth: int) -> tuple[str, Callable[[Mapping[str, object]], bool]]:
        (left, first), (right, second) = self._number(depth - 1), self._number(depth - 1)
        sign, meaning = self.luck.choice(list(RELATIONS.items()))
        return f"{left} {sign} {right}", lambda one: meaning(first(one), second(one))

    def _number(self, depth: int) -> tuple[str, Callable[[Mapping[str, object]], Fraction]]:
        luck = self.luck
        chance = luck.random()
        if depth <= 0 or chance < 0.4:
            return self._leaf()
        if chance < 0.55:
            return self._aggregate()
        if chance < 0.65:
            (text, inner), divisor = self._number(depth - 1), luck.choice((2, 3, 4))
            return f"({text}) / {divisor}", lambda one: inner(one) / divisor
        if chance < 0.75:
            (text, inner), word = self._number(depth - 1), luck.choice(("floor", "ceil"))
            rounded = math.floor if word == "floor" else math.ceil
            return f"{word}({text})", lambda one: Fraction(rounded(inner(one)))
        (left, first), (right, second) = self._number(depth - 1), self._number(depth - 1)
        sign, meaning = luck.choice(list(OPERATIONS.items()))
        return f"({left}) {sign} ({right})", lambda one: meaning(first(one), second(one))

    def _leaf(self) -> tuple[str, Callable[[Mapping[str, object]], Fraction]]:
        luck = self.luck
        numbers = [one for one in self.features if one.kind in ("Integer", "Real")]
        words = [one for one in self.features if one.kind == "String"]
        holders = [one for one in self.features if one.p is not None]
        chance = luck.random()
        if numbers and chance < 0.35:
            feature = luck.choice(numbers)
            return self._named(feature), lambda one: Fraction(one[f"{feature.name}.value"] or 0)
        if holders and chance < 0.7:
            holder = luck.choice(holders)
            text = f"{self._named(holder)}.p"
            return text, lambda one: (holder.p or Fraction(0)) * bool(one[holder.name])
        if words and chance < 0.8:
            word = luck.choice(words)
            text = f"len({self._named(word)})"
            return text, lambda one: Fraction(len(str(one[f"{word.name}.value"] or "")))
        number = Fraction(luck.randint(-8, 12), luck.choice((1, 1, 2)))
        return f"{float(number):g}", lambda one: number

    def _aggregate(self) -> tuple[str, Callable[[Mapping[str, object]], Fraction]]:
        top = self.luck.choice([None, *self.features])
        below = self.features if top is None else list(top.all())
        holders = [one for one in below if one.p is not None]
        if not holders:
            return self._leaf()
        word = self.luck.choice(("sum", "avg"))
        inside = "p" if top is None else f"{self._named(top)}, p"

        def total(one: Mapping[str, object]) -> Fraction:
            taken = [holder.p or Fraction(0) for holder in holders if one[holder.name]]
            whole = sum(taken, Fraction(0))
            return whole if word == "sum" else whole / max(1, len(taken))

        return f"{word}({inside})", total


def random_tables(seed: int) -> Foreign:
    """Up to four variables of words, numbers and truths, tables both ways, expressions."""
    luck = random.Random(seed)
    domains = [_domain(luck) for _ in range(luck.randint(1, 4))]
    names = [f"v{at}" for at in range(len(domains))]
    by_index = luck.random() < 0.5
    tables, holding = [], []
    for at in range(luck.randint(0, 2)):
        scope = [luck.randrange(len(domains)) for _ in range(luck.randint(1, 3))]
        scope = scope if luck.random() < 0.2 else list(dict.fromkeys(scope))
        every = list(itertools.product(*(range(len(domains[one])) for one in scope)))
        rows = luck.sample(every, luck.randint(0 if luck.random() < 0.1 else 1, len(every)))
        rows += rows[: luck.randint(0, 1)]
        shown = rows if by_index else [[domains[k][c] for k, c in zip(scope, r)] for r in rows]  # noqa: B905
        tables.append({"name": f"t{at}", "scope": scope, "tuples": shown})
        holding.append((scope, set(rows)))
    laws = [_expression(luck, names, domains, 2) for _ in range(luck.randint(0, 2))]
    products = []
    for row in itertools.product(*(range(len(domain)) for domain in domains)):
        values = {name: domains[at][row[at]] for at, name in enumerate(names)}
        if all(tuple(row[k] for k in scope) in rows for scope, rows in holding) and all(
            law(values) for _, law in laws
        ):
            products.append(
                tuple(k == row[at] for at, domain in enumerate(domains) for k in range(len(domain)))
            )
    content: dict[str, object] = {
        "name": "drawn",
        "variables": [{"name": n, "domain": d} for n, d in zip(names, domains, strict=True)],
        "tables": tables,
        "expressions": [{"expr": text} for text, _ in laws],
    }
    if by_index or luck.random() < 0.5:
        content["tables_value_indices"] = by_index
    text = json.dumps(content, indent=luck.choice((None, 1)))
    return Foreign(text, sum(map(len, domains)), tuple(products))


def _domain(luck: random.Random) -> list[object]:
    kind = luck.choice(("words", "numbers", "numbers", "halves", "truths", "turned"))
    count = luck.randint(1, 4)
    if kind == "words":
        return list(luck.sample(("a", "b c", "ä", "1x", ""), count))
    if kind == "truths":
        return luck.choice([[False, True], [True, False], [True], [1, True], ["true", False]])
    numbers = sorted(luck.sample(range(-3, 8), count))
    if kind == "halves":
        return [one / 2 for one in numbers]
    if kind == "turned":
        luck.shuffle(numbers)
    return list(numbers)


def _expression(
    luck: random.Random, names: list[str], domains: list[list[object]], depth: int
) -> tuple[str, Meaning]:
    if depth > 0 and luck.random() < 0.6:
        word = luck.choice(("and", "or", "not"))
        left, first = _expression(luck, names, domains, depth - 1)
        if word == "not":
            return f"not ({left})", lambda values: not first(values)
        right, second = _expression(luck, names, domains, depth - 1)
        if word == "and":
            return f"({left}) and ({right})", lambda values: first(values) and second(values)
        return f"({left}) or ({right})", lambda values: first(values) or second(values)
    numbers = [
        name
        for name, domain in zip(names, domains, strict=True)
        if all(isinstance(one, int | float) and not isinstance(one, bool) for one in domain)
    ]
    if not numbers:
        return "1 + 1 == 2", lambda values: True
    parts = [luck.choice(numbers) for _ in range(luck.randint(1, 3))]
    limit = luck.randint(-4, 12)
    sign = luck.choice(("==", "!=", "<=", ">"))
    meaning = RELATIONS[sign]

    def total(values: Mapping[str, object]) -> Fraction:
        return sum((Fraction(str(values[one])) for one in parts), Fraction(0))

    text = f"{' + '.join(parts)} {sign} {limit}"
    return text, lambda values: meaning(total(values), Fraction(limit))
