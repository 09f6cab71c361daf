"""Rules as fields of a form and back: nothing is lost, and what a form cannot say is not said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handsel.bid.price.rules import checks
from handsel.bid.price.rules.case.reading import CaseFault
from handsel.bid.price.rules.stored import StoredTerm, read_terms, terms_of_case
from handsel.bid.price.rules.term_form import FORMS, definition_of, values_of
from handsel.bid.price.web.term_words import FOUND
from tests.support.code import PROJECT

SAID: list[tuple[str, dict[str, Any]]] = [
    ("tiers", {"steps": [{"from": "0", "percent": "5"}, {"from": "10", "percent": "7.5"}]}),
    (
        "tiers",
        {
            "label": "Care",
            "kind": "slab",
            "basis": "amount",
            "scope": "quote",
            "cumulative": True,
            "first": 1,
            "steps": [{"from": "1", "percent": "3"}],
        },
    ),
    ("tiers", {"kind": "package", "steps": [{"from": "0", "price": "40", "per": "10"}]}),
    ("tiers", {"kind": "block", "steps": [{"from": "0", "flat": "10", "price": "0.08"}]}),
    (
        "promotions",
        {"percent": "5", "code": "FAIR", "valid_from": "2026-03-01", "valid_until": "2026-04-01"},
    ),
    ("promotions", {"per_unit": "1.5", "from": "10", "label": "Autumn"}),
    ("combination", {"policy": "best"}),
    ("elements", {"key": "length", "formula": "196 * length / 1 m", "scale": 2}),
    ("elements", {"key": "alloy", "formula": "max(steel - 2.15, 0) * mass / 1 kg", "market": True}),
    ("elements", {"key": "paint", "formula": "250", "discountable": False}),
    ("elements", {"key": "frame", "formula": "1.42", "factor": True}),
    ("elements", {"key": "odd", "formula": "floor(2 * length / pitch) * 6.50"}),
    ("market", {"steel": "2.31", "energy": "0.4"}),
    ("limits", {"floor": "820", "label": "Floor"}),
    ("limits", {"margin_percent": "25"}),
    ("endings", {"step": "1", "offset": "-0.05", "direction": "up"}),
    ("cost_plus", {"basis": "margin", "percent": "35"}),
    ("term_discounts", {"percent": "8", "from_months": 36}),
    ("partners", {"percent": "24", "tier": "2", "off_list": True}),
    ("fees", {"amount": "45"}),
    ("conventions", {"convention": "ANNIV"}),
    ("distributors", {"percent": "3", "tier": "gold"}),
    ("matrices", {"axes": [{"attribute": "wood", "points": ["oak", "ash"]}], "cells": ["9", None]}),
    (
        "matrices",
        {
            "label": "Doors",
            "axes": [
                {"attribute": "height", "points": ["1800", "2000.5"], "unit": "mm"},
                {"attribute": "width", "points": ["600", "800"], "unit": "mm", "reading": "step"},
            ],
            "cells": [["100", "120"], [None, "140"]],
        },
    ),
    (
        "matrices",
        {
            "axes": [
                {"attribute": "wood", "points": ["oak", "ash"]},
                {"attribute": "height", "points": ["1", "2"]},
                {"attribute": "width", "points": ["3"]},
            ],
            "cells": [[["1"], ["2"]], [[None], ["4"]]],
        },
    ),
    ("tables", {"belt_m2": {"PVC": "0", "PU": "14.5"}, "leg": {"P80": {"low": "3", "high": "4"}}}),
]


@pytest.mark.parametrize(("kind", "definition"), SAID)
def test_what_a_form_says_comes_back_the_same(kind: str, definition: dict[str, Any]) -> None:
    values = values_of(kind, definition)
    assert values is not None
    assert definition_of(kind, values) == definition
    read_terms([StoredTerm(0, 0, kind, None, "", definition)])


@pytest.mark.parametrize(
    ("kind", "definition"),
    [
        ("tiers", {"steps": [{"to": "10", "percent": "5"}]}),
        ("tiers", {"steps": "none"}),
        ("limits", {"floor": "1", "rule": "mine"}),
        ("elements", {"key": "a", "formula": "1", "part": "deck"}),
        ("matrices", {"axes": [], "cells": []}),
        ("promotions", {"percent": "1", "valid_until": "soon"}),
    ],
)
def test_what_no_form_can_say_is_left_to_the_written_form(
    kind: str, definition: dict[str, Any]
) -> None:
    assert values_of(kind, definition) is None


def test_every_kind_of_form_is_read_strictly() -> None:
    for kind in FORMS:
        with pytest.raises(CaseFault):
            read_terms([StoredTerm(0, 0, kind, None, "", {"nonsense": {}})])


def test_a_form_gives_back_the_demo_books_rules_or_leaves_them() -> None:
    path = PROJECT / "src/handsel/site/demo/prices/halden-conveyor.json"
    terms = terms_of_case(json.loads(path.read_text("utf-8"))["context"], {"halden-bc": 1})
    for one in terms:
        values = values_of(one.kind, one.definition)
        if values is not None:
            assert definition_of(one.kind, values) == dict(one.definition)


def test_empty_rows_are_no_steps() -> None:
    values = {"kind": "slab", "scope": "line", "from_0": "1", "percent_0": "5", "from_3": ""}
    assert definition_of("tiers", values)["steps"] == [{"from": "1", "percent": "5"}]


def test_translators_find_every_sentence_of_the_checks() -> None:
    said = {
        value for name, value in vars(checks).items() if name.isupper() and isinstance(value, str)
    }
    assert said == set(FOUND)
