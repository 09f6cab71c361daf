"""The German catalogue: complete where it stands, and true to its placeholders."""

from __future__ import annotations

import re

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
