"""Sentences that are worded later: a template in English with the facts that stand in it.

Pure code says what is wrong; which language it is told in is decided at the edge. A `Said` is its
English text, so that whoever does not care for languages uses it as any other text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping


class Said(str):
    """A text with the template it was made of, which is the key of its translations."""

    __slots__ = ("facts", "template")
    template: str
    facts: Mapping[str, object]


# Control characters but tabs and line ends, what turns the direction of writing, half characters.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def seen(text: str) -> str:
    """A text of others with every character that a reader could not see named: U+0000."""
    return _UNSEEN.sub(lambda one: f"U+{ord(one.group()):04X}", text)


def said(template: str, **facts: object) -> Said:
    """A sentence with `%(name)s` in it for each fact; what facts hold is always to be seen."""
    for name, fact in facts.items():
        if type(fact) is str and _UNSEEN.search(fact):
            facts[name] = seen(fact)
    made = Said(template % facts if facts else template)
    made.template, made.facts = template, facts
    return made


def strung(parts: Iterable[str], mark: str = "; ") -> Said:
    """Sentences one after the other, each still with its own template."""
    found = [part if isinstance(part, Said) else said(part) for part in parts]
    whole = found[0] if found else said("")
    for part in found[1:]:
        whole = said("%(before)s" + mark + "%(after)s", before=whole, after=part)
    return whole


def expectations(fields: Mapping[str, str]) -> list[Said]:
    """What was expected of each field, by its name, as sentences for one message."""
    return [
        said(
            "%(field)s: expected %(expected)s",
            field=said(name),
            expected=text if isinstance(text, Said) else said(text),
        )
        for name, text in fields.items()
    ]


def worded(text: str, translate: Callable[[str], str]) -> str:
    """A text in the language of `translate`; facts that are sentences themselves are worded too."""
    if not isinstance(text, Said):
        return translate(text) if text else text
    template = translate(text.template)
    if not text.facts:
        return template
    facts = {
        name: worded(fact, translate) if isinstance(fact, Said) else fact
        for name, fact in text.facts.items()
    }
    return template % facts
