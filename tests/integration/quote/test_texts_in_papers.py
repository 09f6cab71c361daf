"""Whatever customers and sellers type stands in the paper as they typed it: it is no markup of the
typesetter, no place of the template, no code; and it is never the reason that there is no paper."""

from __future__ import annotations

import random
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.actions.paper import paper_of
from handsel.bid.quote.actions.proposals import preview_proposal
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.offer import fresh_offer
from handsel.bid.quote.rules.sheet.edits import SetField
from handsel.ground.party.models import Organization
from tests.support.bid import make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

BODY = """{block cover}
# {quote.title} for {buyer.name}
{quote.intro}

- {buyer.contact}: {quote.terms}

{for line in lines}## {line.name}
{line.description}
{end}
{block lines}{block options}{block totals}{block terms}{block waterfall}{block signature}
"""
MARKUP = (
    '#panic("x")',
    '#read("/etc/passwd")',
    '#eval("1+1")',
    "#import sys: inputs",
    "#{ while true {} }",
    "#set page(fill: black)",
    "$ sum_(i=1)^n $",
    "@nowhere <label>",
    "*not bold* _nor this_",
    "= No heading",
    "- no item",
    "`raw` ```py x```",
    "\\u{41} \\ \\# \\\\",
    "// no comment /* nor */ this",
    '#link("https://example.com")[press]',
    '"]}) #[',
    "{quote.net} {{ }} {block terms} {if x}",
    "%(number)s %s {0.__class__}",
    "${7*7} <script>alert(1)</script> &lt;",
    "https://example.com/" + "a" * 300,
    "مرحبا שלום 汉字 👩‍🔧 é \u202ereversed\u202c",
    "x" * 199,
)


@pytest.fixture
def world() -> World:
    return make_world()


def squeezed(text: str) -> str:
    """Letters and signs of Latin script, which the house's font can draw, without blanks."""
    joined = str.maketrans({"\ufb01": "fi", "\ufb02": "fl", "\u00ad": ""})
    told = (char for char in text.translate(joined) if char < "\u0250" and not char.isspace())
    return "".join(told)


def paper(world: World, version: QuoteVersion) -> str:
    """The proposal read back."""
    pdf = preview_proposal(
        actor=world.actor("sales_rep"), now=world.now, body=BODY, quote_id=version.quote_id
    )
    return squeezed(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def quoting(world: World, name: str, text: str) -> QuoteVersion:
    """A quote with a text wherever somebody types one."""
    shelf = make_shelf(world.system, world.now)
    asked = {"override": {"price": "12"}, "reason": name}
    lines = [
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(1), name=name, description=text),
        NewLine(product_id=shelf.visit.pk, quantity=Decimal(1), name=name, asked=asked),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1), name=name, is_optional=True),
    ]
    Organization.objects.filter(pk=world.customer.pk).update(name=name)
    version = make_quote(world, shelf, lines=lines)
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    return actions.set_terms(
        **act, changes={"intro": text, "terms": text, "delivery_terms": name[:90]}
    )


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text(world: World, text: str) -> None:
    said = paper(world, quoting(world, text[:190], f"{text}\n\n{text}"))
    assert said.count(squeezed(text)) >= 6


@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_is_text(world: World, seed: int) -> None:
    dice = random.Random(seed)
    signs = [*"#$@*_=-`\\/<>[](){}\"'&%~^|;:,.!? \n\tab1é€\u2028", "\\n", "#{", "*/", "]]"]
    text = "".join(dice.choice([dice.choice(signs), dice.choice(MARKUP)[:9]]) for _ in range(120))
    name = " ".join(text.split())[:150] or "x"
    said = paper(world, quoting(world, name, text))
    assert squeezed(name)[:60] in said


def test_sets_of_alternatives_that_begin_alike_stand_apart(world: World) -> None:
    shelf = make_shelf(world.system, world.now)
    names = ("Geared motor left", "Drum motor left", "Geared motor right", "Drum motor right")
    lines = [
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1), name=name, is_optional=True)
        for name in names
    ]
    version = make_quote(world, shelf, lines=lines)
    keys = [line.key for line in queries.lines_of(version.pk)]
    sets = ("Antriebsstation links", "Antriebsstation rechts")  # alike for 16 letters
    edits = [
        SetField(line_key=key, field="alternative_set", was="", now=sets[place // 2])
        for place, key in enumerate(keys)
    ]
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.apply_edits(**act, edits=edits)
    fresh = queries.get_version(act["actor"], version.quote_id)
    told = paper_of(
        fresh_offer(fresh, queries.lines_of(fresh.pk)), now=world.now, time_zone="Europe/Berlin"
    ).option_sections
    assert [(one.title.partition(":")[0], [line.name for line in one.lines]) for one in told] == [
        (sets[0], ["Drum motor left"]),
        (sets[1], ["Drum motor right"]),
    ]
