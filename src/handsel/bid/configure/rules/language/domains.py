"""What a variable can be: ranges and lists to exact scaled values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language.problems import LanguageFault, did_you_mean, fault
from handsel.bid.configure.rules.language.scopes import VariableEntity
from handsel.bid.configure.rules.language.source import NumberRange, SourceValue, VariableSource
from handsel.bid.configure.rules.language.syntax import Name, Node, Number, Operation, Text, Truth
from handsel.ground.kernel.said import said

MOST_VALUES = 20_000
MOST_PLACES = 6
TRUTHS = {"yes": True, "true": True, "no": False, "false": False}


def places_of(number: Decimal) -> int:
    """How many decimals a number has as written."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def scaled(number: Decimal, scale: int) -> int | None:
    """The number in units of 10 to the minus scale; None when it is not whole there."""
    shifted = number.scaleb(scale)
    return int(shifted) if shifted == shifted.to_integral_value() else None


def variable_entity(
    source: VariableSource, key: str, group: str, *, on: date | None, market: str | None
) -> VariableEntity:
    """A variable with its declared values and those of that day and market."""
    scale = 0
    if source.kind == "boolean":
        declared: tuple[Value, ...] = (False, True)
    elif source.kind in ("enum", "ordered"):
        declared = _words(source)
    else:
        scale = _scale(source)
        declared = _numbers(source, scale)
    entity = VariableEntity(key, source, declared, declared, scale, group)
    gone = {
        value_of_source(entity, one.key, one)
        for one in source.values
        if not one.effectivity.holds(on, market)
    }
    entity.values = tuple(one for one in declared if one not in gone)
    if not entity.values:
        raise fault(
            source.place,
            said("“%(key)s” has no value on this day and market.", key=key),
            "one at least",
        )
    return entity


def _words(source: VariableSource) -> tuple[Value, ...]:
    found: dict[str, None] = {}
    for one in source.values:
        key = str(one.key)
        if key in found:
            raise fault(one.place, said("“%(key)s” is said twice.", key=key), "each value once")
        found[key] = None
    if not found:
        raise fault(
            source.place,
            said("“%(key)s” has no values.", key=source.key),
            "lines “- value” under it",
        )
    return _limited(source, tuple(found))


def _scale(source: VariableSource) -> int:
    written = [n for one in source.ranges for n in (one.first, one.last, one.step or Decimal(1))]
    scale = max(places_of(number) for number in written)
    if scale and source.kind == "integer":
        raise fault(
            source.place,
            said("“%(key)s” has decimals.", key=source.key),
            "“decimal” or whole numbers",
        )
    if scale > MOST_PLACES:
        raise fault(
            source.place,
            "There are too many decimals.",
            said("at most %(most)s", most=MOST_PLACES),
        )
    return scale


def _numbers(source: VariableSource, scale: int) -> tuple[Value, ...]:
    found: set[int] = set()
    for one in source.ranges:
        first, last, step = _bounds(source, one, scale)
        if (last - first) // step >= MOST_VALUES:
            raise _too_many(source, (last - first) // step + 1)
        found.update(range(first, last + 1, step))
    if not found:
        raise fault(
            source.place, said("“%(key)s” has no values.", key=source.key), "a range or a list"
        )
    return _limited(source, tuple(sorted(found)))


def _bounds(source: VariableSource, one: NumberRange, scale: int) -> tuple[int, int, int]:
    if one.step is None and source.kind == "decimal" and one.first != one.last:
        raise fault(source.place, "A decimal's range needs a step.", "“step 0.5” for example")
    first, last = scaled(one.first, scale), scaled(one.last, scale)
    step = scaled(one.step if one.step is not None else Decimal(1), scale)
    assert first is not None  # noqa: S101 the scale was made to fit
    assert last is not None  # noqa: S101
    assert step is not None  # noqa: S101
    if step <= 0:
        raise fault(source.place, "The step is not above zero.", "a step above zero")
    if last < first:
        raise fault(
            source.place,
            said("%(first)s..%(last)s holds nothing.", first=one.first, last=one.last),
            "the smaller first",
        )
    if (last - first) % step:
        raise fault(
            source.place,
            said(
                "Steps of %(step)s from %(first)s do not meet %(last)s.",
                step=one.step,
                first=one.first,
                last=one.last,
            ),
            "a last value that a step meets",
        )
    return first, last, step


def _limited(source: VariableSource, values: tuple[Value, ...]) -> tuple[Value, ...]:
    if len(values) > MOST_VALUES:
        raise _too_many(source, len(values))
    return values


def _too_many(source: VariableSource, count: int) -> LanguageFault:
    return fault(
        source.place,
        said("“%(key)s” has %(count)s values.", key=source.key, count=f"{count:,}"),
        said(
            "at most %(most)s; a larger step or narrower bounds",
            most=f"{MOST_VALUES:,}",
        ),
    )


def value_of_source(
    entity: VariableEntity, written: SourceValue, where: VariableSource | object
) -> Value:
    """A value written in a declaration; LanguageFault when the variable cannot be that."""
    place = getattr(where, "place", entity.source.place)
    node: Node = Name(written, place) if isinstance(written, str) else Number(written, "", place)
    return value_of_node(entity, node)


def value_of_node(entity: VariableEntity, node: Node) -> Value:
    """The declared value a node names; LanguageFault with the nearest one when there is none."""
    found = _read_value(entity, node)
    if found is None or found not in entity.declared:
        shown = _shown(node)
        near = did_you_mean(shown, [str(one) for one in entity.declared if isinstance(one, str)])
        raise fault(
            node.place,
            said("“%(key)s” cannot be %(shown)s.%(near)s", key=entity.key, shown=shown, near=near),
            said("one of %(values)s", values=told(entity)),
        )
    return found


def _read_value(entity: VariableEntity, node: Node) -> Value | None:
    if isinstance(node, Truth):
        return node.value if entity.is_boolean else None
    if isinstance(node, Name | Text):
        word = node.key if isinstance(node, Name) else node.value
        if entity.is_boolean:
            return TRUTHS.get(word)
        return word if entity.is_words else None
    if isinstance(node, Number) and entity.is_words:
        return str(node.value)
    number = number_of(node)
    return None if number is None or entity.is_boolean else scaled(number, entity.scale)


def number_of(node: object) -> Decimal | None:
    """The number a node writes, with its sign and without its unit; None for anything else."""
    match node:
        case Number(value):
            return value
        case Operation("-", (Number(value),)):
            return -value
    return None


def _shown(node: Node) -> str:
    match node:
        case Name(key):
            return key
        case Text(value):
            return value
        case Truth(value):
            return "yes" if value else "no"
    return str(number_of(node))


def told(entity: VariableEntity, most: int = 12) -> str:
    """The values of a variable in a message."""
    if entity.is_boolean:
        return "yes, no"
    shown = [shown_value(one, entity.scale) for one in entity.declared[:most]]
    return ", ".join(shown) + (", …" if len(entity.declared) > most else "")


def shown_value(value: Value, scale: int) -> str:
    """A value as it is written in a model."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else format(Decimal(value).scaleb(-scale), "f")
