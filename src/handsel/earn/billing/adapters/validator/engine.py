"""The one XSLT processor of a process, and what it knows about each rule set.

Starting Saxon and compiling the rules takes half a second, a validation a few milliseconds, so
the processor lives as long as the process does. One lock keeps it to one document at a time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from handsel.earn.billing.adapters.validator.errors import ValidatorUnavailable
from handsel.earn.billing.adapters.validator.rulesets import RuleSet

SVRL = "http://purl.oclc.org/dsdl/svrl"
_XSL = "http://www.w3.org/1999/XSL/Transform"
_PATTERN = f"{{{SVRL}}}active-pattern"
_FIRED = f"{{{SVRL}}}fired-rule"
_FAILED = (f"{{{SVRL}}}failed-assert", f"{{{SVRL}}}successful-report")


@dataclass(slots=True)
class _Saxon:
    """A processor and what it has compiled; of use only in the process that made it."""

    pid: int
    processor: Any
    compiled: dict[Path, Any] = field(default_factory=dict)


_lock = threading.Lock()
_saxon: _Saxon | None = None
"""Made on first use, again after a fork; guarded by the lock."""


def _renew_lock() -> None:
    global _lock
    _lock = threading.Lock()  # the parent may have held the old one in a thread that is gone


os.register_at_fork(after_in_child=_renew_lock)


class RulesBrokeOff(Exception):
    """The rules ended in an error of their own: a document in which an amount is no number."""


def run(rules: RuleSet, document: etree._Element) -> etree._Element:
    """Put a document to a set of rules and return what they say, as SVRL.

    The document was parsed by our own secure parser, so Saxon never sees a DOCTYPE. Raises
    RulesBrokeOff if the document makes the rules fail, ValidatorUnavailable if they cannot be
    asked at all.
    """
    text = etree.tostring(document, encoding="unicode")
    with _lock:
        saxon = _ready()
        stylesheet = _stylesheet(saxon, rules.path)
        try:
            source = saxon.processor.parse_xml(xml_text=text)
            answer = stylesheet.transform_to_string(xdm_node=source)
        except Exception as error:
            raise RulesBrokeOff(" ".join(str(error).split())) from error
    if not answer:
        raise ValidatorUnavailable(f"Saxon gave no answer running {rules.name}.")
    return etree.fromstring(answer.encode(), etree.XMLParser(resolve_entities=False))


def warm_up(*sets: tuple[RuleSet, ...]) -> None:
    """Start the processor and compile rules ahead of the first document."""
    with _lock:
        saxon = _ready()
        for rules in (it for group in sets for it in group):
            _stylesheet(saxon, rules.path)


def _ready() -> _Saxon:
    global _saxon
    if _saxon is None or _saxon.pid != os.getpid():
        try:
            from saxonche import PySaxonProcessor

            _saxon = _Saxon(os.getpid(), PySaxonProcessor(license=False))
        except Exception as error:
            raise ValidatorUnavailable(f"Saxon cannot be started: {error}") from error
    return _saxon


def _stylesheet(saxon: _Saxon, path: Path) -> Any:
    if path not in saxon.compiled:
        try:
            compiler = saxon.processor.new_xslt30_processor()
            saxon.compiled[path] = compiler.compile_stylesheet(stylesheet_file=str(path))
        except Exception as error:
            raise ValidatorUnavailable(f"Saxon cannot compile {path.name}: {error}") from error
    return saxon.compiled[path]


Contexts = Mapping[tuple[int, str], frozenset[str]]
"""For each group of rules, known by its pattern and context: the names of its rules."""


@cache
def contexts(rules: RuleSet) -> Contexts:
    """Return which rules belong to which group, read from the compiled set itself.

    The answer names the groups that were put to an element (``fired-rule``), and only the rules
    that failed; this table is what turns it into the number of rules that ran.
    """
    sheet = etree.parse(rules.path, etree.XMLParser(resolve_entities=False, no_network=True))
    modes = _modes(sheet)
    found: dict[tuple[int, str], frozenset[str]] = {}
    for template in sheet.iter(f"{{{_XSL}}}template"):
        fired = template.find(f".//{_FIRED}")
        mode = template.get("mode")
        if fired is None or mode not in modes:
            continue
        names = frozenset(
            name for tag in _FAILED for it in template.iter(tag) if (name := _rule_name(it))
        )
        found[modes.index(mode), fired.get("context", "")] = names
    return found


def _modes(sheet: etree._ElementTree) -> list[str]:
    """Return the mode of each pattern, in the order in which the answer lists the patterns."""
    root = sheet.find(f".//{{{_XSL}}}template[@match='/']//{_PATTERN}/..")
    if root is None:
        return []
    calls = root.findall(f"{{{_XSL}}}apply-templates")
    return [mode for call in calls if (mode := call.get("mode"))]


def _rule_name(failure: etree._Element) -> str | None:
    attribute = failure.find(f"{{{_XSL}}}attribute[@name='id']")
    return failure.get("id") if attribute is None else attribute.text


def rules_run(rules: RuleSet, answer: etree._Element) -> tuple[frozenset[str], int]:
    """Return the names of the rules that were put to an element, and how often groups were."""
    known = contexts(rules)
    names: set[str] = set()
    pattern, fired = -1, 0
    for element in answer:
        if element.tag == _PATTERN:
            pattern += 1
        elif element.tag == _FIRED:
            heard = {
                name
                for name in known.get((pattern, element.get("context", "")), frozenset())
                if rules.hears(name)
            }
            names |= heard
            fired += bool(heard)
    return frozenset(names), fired


def failures(answer: etree._Element) -> list[etree._Element]:
    """Return the elements of an answer that tell of a failed rule."""
    return [element for element in answer if element.tag in _FAILED]
