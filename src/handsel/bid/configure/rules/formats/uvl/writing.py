"""A feature model to UVL text; `parse_feature_model` of it gives the same model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from handsel.bid.configure.rules.formats.uvl.tree import (
    Applied,
    Attribute,
    Feature,
    FeatureGroup,
    FeatureModel,
    Import,
    Nested,
    Reference,
    Term,
    Written,
)

_STRICT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TAKEN = {
    *("Boolean", "Integer", "Real", "String", "mandatory", "optional", "or", "alternative"),
    *("features", "constraints", "include", "imports", "namespace", "cardinality"),
    *("true", "false", "sum", "avg", "len", "floor", "ceil", "as", "constraint"),
}
_FUNCTIONS = ("sum", "avg", "len", "floor", "ceil")
_BINDING = {"<=>": 1, "=>": 2, "|": 3, "&": 4, "!": 5, "+": 7, "-": 7, "*": 8, "/": 8}
_RELATION = 6


def write_feature_model(model: FeatureModel) -> str:
    """The text, indented by tabs."""
    lines: list[str] = []
    if model.namespace:
        lines += [f"namespace {name_text(model.namespace)}", ""]
    if model.includes:
        lines += ["include", *(f"\t{one}" for one in model.includes), ""]
    if model.imports:
        lines += ["imports", *(f"\t{_import(one)}" for one in model.imports), ""]
    lines.append("features")
    lines += _feature(model.root, 1)
    if model.constraints:
        lines += ["", "constraints"]
        lines += [f"\t{term_text(one.term)}" for one in model.constraints]
    return "\n".join(lines) + "\n"


def name_text(name: str) -> str:
    """A name as UVL writes it, between quotation marks where it must be."""
    return name if _STRICT.fullmatch(name) and name not in _TAKEN else f'"{name}"'


def _feature(feature: Feature, level: int) -> Iterator[str]:
    kind = "" if feature.type == "Boolean" else f"{feature.type} "
    tail = f" {_attributes(feature.attributes)}" if feature.attributes else ""
    name = _path(feature.via) + "." if feature.via else ""
    name += name_text(feature.name.removeprefix("".join(f"{one}." for one in feature.via)))
    if feature.cardinality:
        least, most = feature.cardinality
        name += f" cardinality [{least}..{most}]"
    yield "\t" * level + kind + name + tail
    for group in feature.groups:
        yield "\t" * (level + 1) + _group(group)
        for child in group.features:
            yield from _feature(child, level + 2)


def _path(path: tuple[str, ...]) -> str:
    return ".".join(name_text(one) for one in path)


def _import(one: Import) -> str:
    return _path(one.path) + (f" as {_path(one.alias)}" if one.alias != one.path else "")


def _group(group: FeatureGroup) -> str:
    if group.kind != "cardinality":
        return group.kind
    return f"[{group.least}..{'*' if group.most is None else group.most}]"


def _attributes(attributes: tuple[tuple[str, Attribute], ...]) -> str:
    told = (
        name_text(name) if value is True else f"{name_text(name)} {attribute_text(value)}"
        for name, value in attributes
    )
    return "{" + ", ".join(told) + "}"


def attribute_text(value: Attribute) -> str:
    """An attribute's value as UVL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, Nested):
        return _attributes(value.attributes)
    return "[" + ", ".join(attribute_text(one) for one in value) + "]"


def term_text(term: Term) -> str:
    """A constraint's text."""
    return _text(term)[0]


def _text(term: Term) -> tuple[str, int]:
    match term:
        case Reference(path):
            return ".".join(name_text(part) for part in path), 9
        case Written(value):
            return attribute_text(value), 9
        case Applied(operator, parts) if operator in _FUNCTIONS:
            return f"{operator}({', '.join(term_text(part) for part in parts)})", 9
        case Applied("!", (part,)):
            return "!" + _inside(part, _BINDING["!"]), _BINDING["!"]
        case Applied("-", (part,)):
            return "-" + _inside(part, 9), 9
    binding = _BINDING.get(term.operator, _RELATION)
    return f" {term.operator} ".join(_inside(part, binding + 1) for part in term.parts), binding


def _inside(term: Term, least: int) -> str:
    text, binding = _text(term)
    return text if binding >= least else f"({text})"
