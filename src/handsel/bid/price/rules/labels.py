"""Labels of rules in other languages, said once for all rules of a book: `words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handsel.bid.price.rules.terms import Element, Named
from handsel.bid.price.rules.tiers import TierTable
from handsel.ground.kernel.names import texts_of, translated

Words = Mapping[str, Mapping[str, str]]


def with_words(rules: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Lists of rules, each label with what the words call it; what a label says itself stays."""
    return {
        kind: type(found)(_of_rule(one, words) for one in found)
        if words and isinstance(found, list | tuple)
        else found
        for kind, found in rules.items()
    }


def _of_rule(rule: Any, words: Words) -> Any:
    if not isinstance(rule, Named):
        return rule
    label = rule.label or (rule.key if isinstance(rule, Element) else "")
    said = words.get(label)
    return rule if said is None else replace(rule, label=_told(label, said))


def table_with_words(table: TierTable, words: Words) -> TierTable:
    """A table of tiers with its label and those of its steps."""
    if not words:
        return table
    steps = tuple(
        replace(step, label=_told(step.label, words[step.label])) if step.label in words else step
        for step in table.steps
    )
    label = _told(table.label, words[table.label]) if table.label in words else table.label
    return replace(table, steps=steps, label=label)


def _told(label: str, said: Mapping[str, str]) -> str:
    return translated(label, {**said, **texts_of(label)})
