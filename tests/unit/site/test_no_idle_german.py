"""No German stands for English that nobody says any more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from babel.messages.pofile import read_po

from tests.support.code import SourceFile, all_files
from tests.unit.site.test_german_texts import CATALOGUE, texts

VARIABLE = re.compile(r"\{\{ *(\w+) *\}\}")
# What the standard library, in one version or another, says of a file that is no JSON.
LIBRARY = {
    "Expecting value",
    "Extra data",
    "Expecting ',' delimiter",
    "Expecting ':' delimiter",
    "Expecting property name enclosed in double quotes",
    "Unterminated string starting at",
    "Invalid control character at",
    "Invalid \\escape",
    "Illegal trailing comma before end of object",
    "Illegal trailing comma before end of array",
}


def literals(file: SourceFile) -> Iterator[str]:
    """Every text a module holds, those written in parts joined."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def squeezed(text: str) -> str:
    """On one line, with the variables of templates as the catalogue writes them."""
    return " ".join(VARIABLE.sub(r"%(\1)s", text).split()).replace("%%", "%")


def test_every_german_text_is_of_a_text_that_is_said() -> None:
    ours = [one for one in all_files() if one.name.startswith("src/")]
    said = {text for one in ours if one.path.suffix == ".py" for text in literals(one)}
    shown = squeezed("\n".join(one.text for one in ours if one.path.suffix in (".html", ".txt")))
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="de")
    idle = [
        text
        for message in catalogue
        if message.id
        for text in texts(message.id)
        if text not in said and squeezed(text) not in shown and text not in LIBRARY
    ]
    assert not idle, "\n".join(idle)
