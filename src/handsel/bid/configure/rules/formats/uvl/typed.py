"""What a typed feature's value can be: from its attributes or from constraints that bound it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from handsel.bid.configure.rules.formats.uvl.tree import (
    Applied,
    Constraint,
    Feature,
    Reference,
    Term,
    Written,
)
from handsel.bid.configure.rules.language.domains import MOST_PLACES, MOST_VALUES, places_of
from handsel.bid.configure.rules.language.problems import Place, fault
from handsel.bid.configure.rules.model import Kind, Variable
from handsel.ground.kernel.said import said

OTHER = "(other)"  # stands for every text that no constraint names
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def value_variable(
    feature: Feature, constraints: tuple[Constraint, ...], place: Place, group: str, name: str
) -> Variable:
    """The variable `name.value`, `name` being the feature's or an instance's.

    LanguageFault when nothing bounds it.
    """
    key = f"{name}.value"
    titles = {"en": f"{name}: value"}
    if feature.type == "String":
        words = _words(feature, constraints)
        if not words:
            raise fault(
                place,
                said("The text of “%(name)s” may be anything.", name=feature.name),
                "an attribute such as values ['a', 'b'], or a constraint that compares it",
            )
        return Variable(
            key, "enumeration", tuple(words), group=group, titles=titles, line=place.line
        )
    numbers = _numbers(feature, constraints, place)
    scale = max(places_of(number) for number in numbers)
    if feature.type == "Integer" and scale:
        raise fault(
            place, said("“%(name)s” has decimals.", name=feature.name), "whole numbers, or Real"
        )
    values = tuple(sorted({int(number.scaleb(scale)) for number in numbers}))
    kind: Kind = "decimal" if scale else "integer"
    return Variable(
        key,
        kind,
        values,
        group=group,
        scale=scale,
        titles=titles,
        help_texts=_told_step(feature, values, scale),
        line=place.line,
    )


def _words(feature: Feature, constraints: tuple[Constraint, ...]) -> list[str]:
    declared = feature.attribute("values")
    if isinstance(declared, tuple):
        return list(dict.fromkeys(str(one) for one in declared))
    found = [
        str(other.value)
        for constraint in constraints
        for _, other in _comparisons(constraint.term, feature.name, is_deep=True)
        if isinstance(other.value, str)
    ]
    return list(dict.fromkeys([*found, OTHER])) if found else []


def _numbers(feature: Feature, constraints: tuple[Constraint, ...], place: Place) -> list[Decimal]:
    declared = feature.attribute("values")
    if isinstance(declared, tuple) and declared:
        numbers = [one for one in declared if isinstance(one, Decimal)]
        if len(numbers) != len(declared):
            raise fault(
                place,
                said("Not all values of “%(name)s” are numbers.", name=feature.name),
                "numbers",
            )
        return _checked(numbers, feature, place)
    low, high = _bounds(feature, constraints)
    if low is None or high is None:
        raise fault(
            place,
            said("“%(name)s” has no bounds.", name=feature.name),
            "attributes such as {min 0, max 100}, values [1, 2, 5], or constraints that give them",
        )
    step = feature.attribute("step")
    one = step if isinstance(step, Decimal) else _finest(feature, constraints, low, high)
    if one <= 0 or high < low:
        raise fault(
            place,
            said("“%(name)s” has no value.", name=feature.name),
            "a step above zero, bounds in order",
        )
    count = int((high - low) / one) + 1
    if count > MOST_VALUES:
        raise fault(
            place,
            said("“%(name)s” has %(count)s values.", name=feature.name, count=f"{count:,}"),
            said("at most %(most)s", most=f"{MOST_VALUES:,}"),
        )
    return _checked([low + one * at for at in range(count)], feature, place)


def _finest(
    feature: Feature, constraints: tuple[Constraint, ...], low: Decimal, high: Decimal
) -> Decimal:
    """The step of a number whose file names none: fine enough for all it is compared with."""
    compared = (
        other.value
        for constraint in constraints
        for _, other in _comparisons(constraint.term, feature.name, is_deep=True)
    )
    numbers = [low, high, *(one for one in compared if isinstance(one, Decimal))]
    return Decimal(1).scaleb(-max(places_of(one) for one in numbers))


def _told_step(feature: Feature, values: tuple[int, ...], scale: int) -> dict[str, str]:
    """What is said beside a Real whose file names no step: that one was chosen."""
    is_given = feature.attribute("step") is not None or feature.attribute("values") is not None
    if feature.type != "Real" or is_given or len(values) < 2:
        return {}
    step = f"{Decimal(values[1] - values[0]).scaleb(-scale):f}"
    return {
        "en": f"In steps of {step}; the file it was read from names none.",
        "de": f"In Schritten von {step}; die gelesene Datei nennt keine.",
    }


def _checked(numbers: list[Decimal], feature: Feature, place: Place) -> list[Decimal]:
    if max(places_of(number) for number in numbers) > MOST_PLACES or len(numbers) > MOST_VALUES:
        raise fault(
            place,
            said("“%(name)s” is too fine.", name=feature.name),
            said("at most %(most)s decimals", most=MOST_PLACES),
        )
    return numbers


def _bounds(
    feature: Feature, constraints: tuple[Constraint, ...]
) -> tuple[Decimal | None, Decimal | None]:
    low, high = feature.attribute("min"), feature.attribute("max")
    lows = [low] if isinstance(low, Decimal) else []
    highs = [high] if isinstance(high, Decimal) else []
    for constraint in constraints:
        for relation, other in _comparisons(constraint.term, feature.name, is_deep=False):
            if isinstance(other.value, Decimal) and relation in (">", ">=", "=="):
                lows.append(other.value)
            if isinstance(other.value, Decimal) and relation in ("<", "<=", "=="):
                highs.append(other.value)
    return max(lows, default=None), min(highs, default=None)


def _comparisons(term: Term, name: str, *, is_deep: bool) -> Iterator[tuple[str, Written]]:
    """What the feature is compared with; only what must hold anyway, unless `is_deep`."""
    if not isinstance(term, Applied):
        return
    if term.operator in (*_MIRROR, "!="):
        left, right = term.parts
        if isinstance(left, Reference) and left.path == (name,) and isinstance(right, Written):
            yield term.operator, right
        if isinstance(right, Reference) and right.path == (name,) and isinstance(left, Written):
            yield _MIRROR.get(term.operator, term.operator), left
    elif is_deep or term.operator == "&":
        for part in term.parts:
            yield from _comparisons(part, name, is_deep=is_deep)
