"""Names that people give, with their translations.

A name is a plain text, said to everybody, or an object of texts by language:
``{"en": "Deck", "de": "Bahnkörper"}``. Its text where no language is asked is the English one, and
where there is none the first of the alphabet's. A `Name` is that text with all the others, so that
whoever does not care for languages uses it as any other text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

MAIN: Final = "en"
"""The language a reader gets where there is none of his own."""
LONGEST: Final = 200
_LANGUAGE = re.compile("[a-z]{2}")


class Name(str):
    """A text with what it is called in other languages, `texts`, its own among them."""

    __slots__ = ("texts",)
    texts: Mapping[str, str]


def text_in(texts: Mapping[str, str], language: str, otherwise: str = "") -> str:
    """The text in a language, in English where there is none, or `otherwise`."""
    return texts.get(language) or texts.get(language[:2]) or texts.get(MAIN) or otherwise


def translated(text: str, texts: Mapping[str, str]) -> str:
    """A text with what it is called in other languages; the text alone where there are none."""
    kept = {language: texts[language] for language in sorted(texts) if texts[language]}
    if not kept:
        return text
    made = Name(text)
    made.texts = kept
    return made


def named(texts: Mapping[str, str]) -> str:
    """The name with such texts; "" where there are none."""
    first = next((texts[language] for language in sorted(texts) if texts[language]), "")
    return translated(texts.get(MAIN) or first, texts)


def texts_of(name: str) -> Mapping[str, str]:
    """What a name is called by language; nothing for a plain text."""
    return name.texts if isinstance(name, Name) else {}


def name_in(name: str, language: str) -> str:
    """A name as a reader of a language reads it."""
    if not isinstance(name, Name):
        return name
    return name.texts.get(language) or name.texts.get(language[:2]) or str(name)


def changed(name: str, change: Callable[[str], str]) -> str:
    """A name with every one of its texts changed."""
    texts = {language: change(text) for language, text in texts_of(name).items()}
    return translated(change(name), texts)


def is_language(code: object) -> bool:
    """Whether something can be the code of a language: "de"."""
    return isinstance(code, str) and _LANGUAGE.fullmatch(code) is not None


def read_name(value: object, *, longest: int = LONGEST) -> str:
    """A name as it is written: a text, or an object of texts by language. Raises Invalid."""
    if not isinstance(value, Mapping):
        return _text(value, longest)
    if not value:
        raise Invalid("expected a text in one language at least")
    for language, text in value.items():
        if not is_language(language):
            raise Invalid(said("“%(code)s” is no language, such as de", code=str(language)[:20]))
        _text(text, longest)
    return named(value)


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise Invalid("expected a text, or an object of texts by language")
    if not 0 < len(value) <= longest:
        raise Invalid(said("expected 1 to %(longest)s characters", longest=longest))
    return value


def written_name(name: str) -> str | dict[str, str]:
    """A name as it is written: the object where it has more than one text."""
    return dict(name.texts) if isinstance(name, Name) else name


def longest_text(name: str) -> int:
    """How many characters the longest of its texts has."""
    return max(len(text) for text in (name, *texts_of(name).values()))


def name_values(field: str, name: str) -> dict[str, str]:
    """What the fields of a name's form hold: its text, and `label_de` for each translation."""
    texts = dict(texts_of(name))
    found = {field: texts.pop(MAIN, "") if texts else str(name)}
    return found | {f"{field}_{language}": text for language, text in texts.items()}


def name_from(field: str, values: Mapping[str, str]) -> str:
    """The name that stands in such fields; "" where all are empty."""
    text = values.get(field, "").strip()
    found = {
        name.removeprefix(f"{field}_"): said.strip()
        for name, said in values.items()
        if name.startswith(f"{field}_") and is_language(name.removeprefix(f"{field}_"))
    }
    if not any(found.values()):
        return text
    return named({**found, MAIN: text})
