"""Templates of proposals: what they may say, what is refused and where, how values go in."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from handsel.bid.quote.errors import BadTemplate
from handsel.bid.quote.rules.proposal.grammar import parse_template
from handsel.bid.quote.rules.proposal.merge import Merge, merged
from handsel.bid.quote.rules.proposal.names import NAMES
from handsel.bid.quote.rules.proposal.sections import Heading, Placed, sections_of


def merge(text: str, language: str = "en", **given: Any) -> list[tuple[str, str]]:
    values: dict[str, Any] = {
        name: {"text": "", "number": Decimal(0), "flag": False}[kind]
        for name, kind in NAMES.items()
    }
    values |= {name.replace("__", "."): value for name, value in given.items()}
    groups = [{"group.title": "Hall 1", "group.amount": "10"}, {"group.title": "Hall 2"}]
    collections = {"lines": [], "options": [], "groups": groups}
    pieces = merged(parse_template(text), Merge(values, collections, language))
    return [(piece.kind, piece.text) for piece in pieces]


def test_words_headings_lists_and_blocks() -> None:
    text = "# For {buyer.name}\n\nDear {buyer.contact},\nwelcome.\n- one\n- two\n{block lines}bye"
    assert merge(text, buyer__name="Brandt", buyer__contact="Kim") == [
        ("heading", "For Brandt"),
        ("paragraph", "Dear Kim,\nwelcome."),
        ("item", "one"),
        ("item", "two"),
        ("block", "lines"),
        ("paragraph", "bye"),
    ]


def test_two_languages_in_one_text() -> None:
    text = "{lang en}Offer{end}{lang de}Angebot{end} {quote.number}"
    assert merge(text, quote__number="Q-1") == [("paragraph", "Offer Q-1")]
    assert merge(text, "de", quote__number="Q-1") == [("paragraph", "Angebot Q-1")]


@pytest.mark.parametrize(
    ("condition", "given", "holds"),
    [
        ("has_options", {"has_options": True}, True),
        ("not has_options", {"has_options": True}, False),
        ("groups", {}, True),
        ("not options", {}, True),
        ('buyer.country = "DE"', {"buyer__country": "DE"}, True),
        ('buyer.country != "DE"', {"buyer__country": "DE"}, False),
        ("quote.discount >= 10", {"quote__discount": Decimal(10)}, True),
        ("quote.discount < 9.5", {"quote__discount": Decimal("9.5")}, False),
        ("quote.intro", {"quote__intro": ""}, False),
    ],
)
def test_conditions(condition: str, given: dict[str, Any], holds: bool) -> None:
    said = merge(f"{{if {condition}}}yes{{else}}no{{end}}", **given)
    assert said == [("paragraph", "yes" if holds else "no")]


def test_a_loop_over_groups() -> None:
    assert merge("{for group in groups}- {group.title}\n{end}") == [
        ("item", "Hall 1"),
        ("item", "Hall 2"),
    ]


def test_a_value_is_never_read_as_template_or_heading() -> None:
    hostile = "# big\n\n{block lines}{quote.number}\n- x"
    assert merge("{quote.intro}", quote__intro=hostile) == [("paragraph", hostile)]
    assert merge("{{quote.number}}", quote__number="Q-1") == [("paragraph", "{quote.number}")]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("Hello\n{nobody.name}", "line 2, column 1", "no name"),
        ("{line.name}", "line 1, column 1", "no name"),
        ("{if has_options}x", "line 1, column 1", "never closed"),
        ("ab{end}", "line 1, column 3", "closes nothing"),
        ("{lang de}{else}{end}", "line 1, column 10", "closes nothing"),
        ("{block scripts}", "line 1, column 1", "no block"),
        ("{lang fr}{end}", "line 1, column 1", "no language"),
        ("{for x in secrets}{end}", "line 1, column 1", "for goes over"),
        ("{for x in lines}{end}", "line 1, column 1", "is called line"),
        ("{for line in lines}{for line in lines}{end}{end}", "line 1, column 20", "no loop"),
        ("{if quote.net > 3}{end}", "line 1, column 1", "cannot be compared"),
        ("{if quote.discount > 1e9}{end}", "line 1, column 1", "no condition"),
        ("{if quote.discount > 1.2.3}{end}", "line 1, column 1", "no number"),
        ("{has_options}", "line 1, column 1", "asked with if"),
        ("{import os}", "line 1, column 1", "no command"),
        ("{__class__}", "line 1, column 1", "no name"),
        ("a } b", "line 1, column 3", "lone"),
        ("a { b", "line 1, column 3", "lone"),
        ("{if has_options}" * 9 + "{end}" * 9, "line 1, column 129", "lie in each other"),
    ],
)
def test_what_is_refused_and_where(text: str, place: str, what: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        parse_template(text)
    assert place in refused.value.message.lower()
    assert what in refused.value.message


def test_a_branch_nobody_takes_is_read_too() -> None:
    with pytest.raises(BadTemplate, match="no name"):
        parse_template("{if has_options}{else}{nonsense}{end}")


def test_too_long_and_too_many() -> None:
    with pytest.raises(BadTemplate, match="at most"):
        parse_template("x" * 40_001)
    with pytest.raises(BadTemplate, match="at most"):
        parse_template("{quote.net}" * 1_001)


def test_sections_sum_what_lies_within() -> None:
    a, b, c, lost = (UUID(int=n) for n in (1, 2, 3, 9))
    headings = [Heading(b, a, "Inner", 1), Heading(a, None, "Outer", 0), Heading(c, None, "No", 2)]
    lines = [Placed(0, None, 1), Placed(1, b, 20), Placed(2, a, 300), Placed(3, lost, 4_000)]
    found = sections_of(headings, lines)
    assert [(s.title, s.depth, s.places, s.net_minor) for s in found] == [
        ("", 0, (0, 3), 4_001),
        ("Outer", 0, (2,), 320),
        ("Inner", 1, (1,), 20),
    ]


def test_groups_in_a_ring_lose_no_line() -> None:
    a, b = UUID(int=1), UUID(int=2)
    found = sections_of([Heading(a, b, "A", 0), Heading(b, a, "B", 1)], [Placed(0, a, 5)])
    assert [(s.title, s.places) for s in found] == [("", (0,))]
