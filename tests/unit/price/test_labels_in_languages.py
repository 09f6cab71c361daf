"""Labels of rules in several languages: the written form, the waterfall, what is kept of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handsel.bid.price.rules.case.answer import price_case, read_case
from handsel.bid.price.rules.case.reading import CaseFault, strict_json
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.stored import StoredTerm, read_terms
from handsel.bid.price.rules.term_form import definition_of, values_of
from handsel.bid.price.rules.waterfall import Row
from handsel.ground.kernel.names import name_in, texts_of

EARLY = {"en": "Early bird", "de": "Frühbucher"}


def case(**context: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"date": "2026-03-01", "currency": "EUR", "prices": {"P": "100"}}
    return {"context": known | context, "lines": [{"product": "P", "quantity": "2"}]}


def read(document: dict[str, Any]) -> Any:
    return read_case(strict_json(json.dumps(document)))


def rows_of(document: dict[str, Any]) -> tuple[Row, ...]:
    context, lines = read(document)
    return price(context, lines).lines[0].rows


def test_a_label_in_two_languages_goes_to_the_waterfall_and_is_kept_with_it() -> None:
    (row,) = [
        one
        for one in rows_of(case(promotions=[{"percent": "10", "label": EARLY}]))
        if one.stage == "promotion"
    ]
    assert (row.label, name_in(row.label, "de")) == ("Early bird", "Frühbucher")
    kept = row.as_json()
    assert kept["label"] == "Early bird"
    assert kept["label_texts"] == EARLY
    again = Row.from_json(json.loads(json.dumps(kept)))
    assert again == row
    assert texts_of(again.label) == EARLY
    assert again.as_json() == kept


def test_a_plain_label_is_kept_as_it_always_was() -> None:
    rows = rows_of(case(promotions=[{"percent": "10", "label": "Early bird"}]))
    assert all("label_texts" not in row.as_json() for row in rows)


def test_the_language_of_a_label_changes_no_amount() -> None:
    plain = price_case(strict_json(json.dumps(case(promotions=[{"percent": "7"}]))))
    told = price_case(strict_json(json.dumps(case(promotions=[{"percent": "7", "label": EARLY}]))))
    assert plain["totals"] == told["totals"]
    (row,) = [one for one in told["lines"][0]["rows"] if one["stage"] == "promotion"]
    assert row["label"] == "Early bird"
    assert row["label_texts"] == EARLY


def test_the_same_case_gives_the_same_bytes_in_whatever_order_languages_stand() -> None:
    turned = dict(reversed(list(EARLY.items())))
    one, other = (
        price_case(strict_json(json.dumps(case(promotions=[{"percent": "7", "label": label}]))))
        for label in (EARLY, turned)
    )
    assert json.dumps(one) == json.dumps(other)


def test_words_said_once_are_the_translations_of_all_labels() -> None:
    elements = [
        {"key": "deck", "label": "Deck", "formula": "10"},
        {"key": "frame", "formula": "5"},
        {"key": "bed", "label": {"en": "Deck", "de": "Eigenes"}, "formula": "1"},
    ]
    tiers = [{"label": "Deck", "steps": [{"from": "1", "percent": "2"}]}]
    words = {"Deck": {"de": "Bahnkörper"}, "frame": {"de": "Gestell"}}
    rows = rows_of(case(words=words, elements=elements, tiers=tiers))
    told = [(row.stage.value, name_in(row.label, "de")) for row in rows if row.label]
    assert told == [
        ("option", "Bahnkörper"),
        ("option", "Gestell"),
        ("option", "Eigenes"),
        ("tier", "Bahnkörper"),
    ]


def test_words_of_a_book_reach_its_other_rules() -> None:
    stored = [
        StoredTerm(1, 1, "words", None, "", {"Freight": {"de": "Fracht"}}),
        StoredTerm(2, 1, "fees", None, "", {"label": "Freight", "amount": "45"}),
    ]
    (fee,) = read_terms(stored).lists["fees"]
    assert name_in(fee.label, "de") == "Fracht"


def test_a_bound_that_was_met_is_said_in_every_language() -> None:
    share = {
        "product": "P",
        "percent": "1",
        "least": "500",
        "label": {"en": "Care", "de": "Pflege"},
    }
    document = case(percent_of=[share], prices={"P": "0", "Q": "100"})
    document["lines"].append({"product": "Q"})
    label = rows_of(document)[0].label
    assert (label, name_in(label, "de")) == ("Care (minimum)", "Pflege (minimum)")


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ({}, "promotions[0].label: expected a text in one language at least"),
        ({"english": "x"}, "promotions[0].label.english: “english” is no language"),
        ({"de": ""}, "promotions[0].label.de: expected 1 to 200 characters"),
        ({"de": 4}, "promotions[0].label.de: expected a text"),
        (["x"], "promotions[0].label: expected a text"),
    ],
)
def test_a_label_that_is_none_is_refused_with_its_path(label: object, told: str) -> None:
    with pytest.raises(CaseFault) as refused:
        read(case(promotions=[{"percent": "1", "label": label}]))
    assert refused.value.message.startswith(f"context.{told}")


@pytest.mark.parametrize(
    "definition",
    [
        {"label": EARLY, "percent": "5"},
        {"label": "Early bird", "percent": "5"},
        {"label": {"de": "Frühbucher"}, "percent": "5"},
    ],
)
def test_a_rule_with_translations_has_its_form(definition: dict[str, Any]) -> None:
    values = values_of("promotions", definition)
    assert values is not None
    assert definition_of("promotions", values) == definition
