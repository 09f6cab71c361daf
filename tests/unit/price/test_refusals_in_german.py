"""What a price case refuses has German words, with the facts of the case in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from handsel.bid.price.rules.case.reading import CaseFault
from handsel.bid.price.rules.stored import StoredTerm, read_terms
from tests.support.code import PROJECT

CATALOGUE = PROJECT / "src/handsel/site/locale/de/LC_MESSAGES/django.po"
RULES = PROJECT / "src/handsel/bid/price/rules"
OTHERS = (
    "stored",
    "grid_form",
    "losers",
    "sources",
    "stages",
    "surcharges",
    "matrices",
    "waterfall",
)
FILES = (*sorted((RULES / "case").glob("*.py")), *(RULES / f"{name}.py" for name in OTHERS))


def german() -> dict[str, str]:
    """The catalogue's messages without a context."""
    with CATALOGUE.open("rb") as file:
        found = read_po(file, locale="de")
    return {str(one.id): str(one.string) for one in found if one.id and not one.context}


def said_in(tree: ast.Module) -> Iterator[str]:
    """The texts of refusals: templates of `said`, and plain ones of `refuse` and `CaseFault`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = name or getattr(node.func, "id", "")
        for given in node.args[:1] if name == "said" else node.args[-1:]:
            is_text = isinstance(given, ast.Constant) and isinstance(given.value, str)
            if name in ("said", "refuse", "CaseFault") and is_text:
                yield str(given.value)  # type: ignore[attr-defined]  # a Constant, as asked


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_refusal_of_a_case_has_german_words(file: object) -> None:
    known = german()
    tree = ast.parse(file.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    missing = [text for text in said_in(tree) if not known.get(text)]
    assert not missing


def test_no_refusal_of_a_case_is_put_together_without_its_template() -> None:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "")
            if isinstance(node, ast.Call) and name == "refuse":
                assert not isinstance(node.args[0], ast.JoinedStr), f"{file.name}:{node.lineno}"


def test_a_refusal_is_worded_with_its_path_and_facts() -> None:
    steps = [{"from": "0", "to": "10", "percent": "1"}, {"from": "12", "percent": "2"}]
    with pytest.raises(CaseFault) as refused:
        read_terms([StoredTerm(0, 0, "tiers", None, "", {"steps": steps})])
    assert refused.value.message == "tiers[0].steps[1]: leaves a gap between 10 and 12"
    with translation.override("de"):
        told = refused.value.message
    assert told == "tiers[0].steps[1]: lässt eine Lücke zwischen 10 und 12"
