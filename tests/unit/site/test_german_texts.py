"""The German catalogue: complete where it stands, and true to its placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from babel.messages.pofile import read_po

from tests.support.code import PROJECT

CATALOGUE = PROJECT / "src/handsel/site/locale/de/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd](?![a-z])")


def texts(value: object) -> list[str]:
    """A message or its plural forms as a list."""
    return list(value) if isinstance(value, (tuple, list)) else [str(value)]


def test_every_text_is_translated_with_its_placeholders() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="de")
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        wanted = {m.group(0) for m in PLACEHOLDER.finditer(texts(message.id)[-1])}
        for text in texts(message.string):
            if not text:
                wrong.append(f"{message.id}: no German")
            elif {m.group(0) for m in PLACEHOLDER.finditer(text)} - wanted:
                wrong.append(f"{message.id}: {text}")
    assert not wrong, "\n".join(wrong)


# Whose words pages show: makers of sentences in rules, which know no languages.
SAYS = {"said", "fault", "_fault", "_problem", "Problem", "unexpected", "unsayable"}
SAYS |= {"ModelTooLarge", "ModelNotFinite", "_wrong"}


def said_by(tree: ast.Module) -> Iterator[str]:
    """The texts and templates that a module hands to what makes sentences."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        for argument in call.args if name in SAYS else ():
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def test_what_the_rules_of_the_configurator_say_is_translated() -> None:
    with CATALOGUE.open("rb") as file:
        known = {text for one in read_po(file, locale="de") for text in texts(one.id)}
    rules = PROJECT / "src/handsel/bid/configure/rules"
    missing = {
        f"{path.relative_to(rules)}: {text}"
        for path in rules.rglob("*.py")
        for text in said_by(ast.parse(path.read_text(encoding="utf-8")))
        if text and text not in known
    }
    assert not missing, "\n".join(sorted(missing))


# What is shown of a room's refusals: makers of errors, by the place of the argument that is told.
REFUSES = {"said": 0, "Unreadable": 2}
ROOMS = ("quote", "catalog", "price")


def errors_of(tree: ast.Module) -> set[str]:
    """The names of the classes a module imports from a module of errors, or from the kernel's."""
    return {
        one.name
        for found in ast.walk(tree)
        if isinstance(found, ast.ImportFrom) and (found.module or "").endswith("errors")
        for one in found.names
    }


def refused_by(tree: ast.Module) -> Iterator[str]:
    """Texts that a module's refusals consist of; texts that are put together have none here."""
    errors = errors_of(tree)
    for call in ast.walk(tree):
        name = getattr(getattr(call, "func", None), "id", "")
        if not isinstance(call, ast.Call) or name not in errors | REFUSES.keys():
            continue
        told = list(call.args[(at := REFUSES.get(name, 0)) : at + 1])
        told += [
            value
            for one in call.keywords
            if one.arg == "fields" and isinstance(one.value, ast.Dict)
            for value in one.value.values
        ]
        for text in told:
            if isinstance(text, ast.JoinedStr):
                yield ast.unparse(text)
            elif isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def test_what_rooms_refuse_is_translated() -> None:
    with CATALOGUE.open("rb") as file:
        known = {text for one in read_po(file, locale="de") for text in texts(one.id)}
    missing = {
        f"{path.name}: {text}"
        for room in ROOMS
        for path in (PROJECT / "src/handsel/bid" / room).rglob("*.py")
        for text in refused_by(ast.parse(path.read_text(encoding="utf-8")))
        if text and text not in known
    }
    assert not missing, "\n".join(sorted(missing))
