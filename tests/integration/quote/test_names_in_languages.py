"""Names people give, read in the reader's language by the house and in the offer's by the buyer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from handsel.bid.price import actions as price
from handsel.bid.price.models import BookTerm, PriceBook, PriceRule
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.proposals import (
    choose_proposal,
    publish_proposal,
    write_proposal,
)
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.queries.offer import shown_offer
from handsel.ground.kernel.names import named
from handsel.ground.platform import store
from tests.support.bid import Shelf, make_shelf
from tests.support.calls import api_of
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

FREIGHT = {"en": "Freight", "de": "Fracht"}
EARLY = {"en": "Early bird", "de": "Frühbucher"}
STEP = named({"en": "from two", "de": "ab zwei"})


@pytest.fixture(autouse=True)
def whose_language() -> Iterator[None]:
    """What a page was read in is not what the next test is told in."""
    yield
    translation.deactivate()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def next_book(world: World, shelf: Shelf) -> PriceBook:
    book = price.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=world.now.date()
    )
    act = {"actor": world.system, "now": world.now, "book_id": book.pk}
    terms = [
        NewTerm(kind="fees", definition={"label": FREIGHT, "amount": "45"}),
        NewTerm(kind="promotions", definition={"label": EARLY, "percent": "10"}),
    ]
    rule = price.NewRule(
        product_id=shelf.stand.pk, min_quantity=Decimal(2), discount_bps=100, label=STEP
    )
    price.add_terms(**act, terms=terms)
    price.add_rules(**act, rules=[rule])
    return price.publish_book(**act, end_previous=True)


def quote_in(world: World, shelf: Shelf, language: str) -> QuoteVersion:
    return actions.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=world.customer.pk,
        person_id=world.buyer.pk,
        title="Line 4",
        language=language,
        lines=[actions.NewLine(product_id=shelf.stand.pk, quantity=Decimal(2))],
    )


def pdf_of(world: World, version: QuoteVersion) -> str:
    rep = world.actor("sales_rep")
    sent = actions.write_offer(actor=rep, now=world.now, version_id=version.pk)
    pages = PdfReader(BytesIO(store.read(sent.document_id or 0))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(("language", "told"), [("de", "Fracht"), ("en", "Freight")])
def test_a_fee_stands_in_the_language_of_the_offer(
    world: World, shelf: Shelf, language: str, told: str
) -> None:
    next_book(world, shelf)
    version = quote_in(world, shelf, language)
    assert queries.lines_of(version.pk)[1].name == told
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.present_quote(**act, mail=False)
    version = queries.get_version(act["actor"], version.quote_id)
    content = json.loads(shown_offer(version).content)
    assert [line["name"] for line in content["lines"]][1] == told
    assert told in pdf_of(world, version)


def test_the_house_reads_the_waterfall_in_its_own_language(world: World, shelf: Shelf) -> None:
    next_book(world, shelf)
    version = quote_in(world, shelf, "en")
    line = queries.lines_of(version.pk)[0]
    address = f"/quote/{version.quote_id}/{version.version_no}/why/{line.key}/"
    client = sign_in(world, "sales_rep")
    for language, told, other in (
        ("de", ("Frühbucher", "ab zwei"), ("Early bird", "from two")),
        ("en", ("Early bird", "from two"), ("Frühbucher", "ab zwei")),
    ):
        client.cookies["django_language"] = language
        page = text_of(client.get(address))
        assert all(word in page for word in told)
        assert not any(word in page for word in other)


def test_a_paper_tells_how_prices_come_about_in_its_own_language(
    world: World, shelf: Shelf
) -> None:
    next_book(world, shelf)
    version = quote_in(world, shelf, "de")
    rep = world.actor("sales_rep")
    body = "{block lines}\n{block waterfall}\n"
    draft = write_proposal(actor=rep, now=world.now, name="All of it", body=body)
    chosen = publish_proposal(actor=rep, now=world.now, template_id=draft.pk)
    choose_proposal(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        template_id=chosen.pk,
        with_waterfall=True,
    )
    actions.present_quote(actor=rep, now=world.now, quote_id=version.quote_id, mail=False)
    text = pdf_of(world, queries.get_version(rep, version.quote_id))
    assert "Frühbucher" in text
    assert "Early bird" not in text


def test_a_later_translation_changes_no_frozen_offer(world: World, shelf: Shelf) -> None:
    book = next_book(world, shelf)
    version = quote_in(world, shelf, "de")
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.present_quote(**act, mail=False)
    version = queries.get_version(act["actor"], version.quote_id)
    before = bytes(shown_offer(version).content)
    rows = list(QuoteLine.objects.filter(version=version).values_list("waterfall", flat=True))
    changed = {"label": {"en": "Freight", "de": "Transport"}, "amount": "45"}
    BookTerm.objects.filter(book=book, kind="fees").update(definition=changed)
    again = queries.get_version(act["actor"], version.quote_id)
    assert bytes(shown_offer(again).content) == before
    assert b"Fracht" in before
    assert list(QuoteLine.objects.filter(version=again).values_list("waterfall", flat=True)) == rows


def test_the_waterfall_over_rest_has_all_languages(world: World, shelf: Shelf) -> None:
    next_book(world, shelf)
    version = quote_in(world, shelf, "de")
    _status, found = api_of(world, "sales_rep").get(f"/quote/{version.quote_id}")
    steps = [step for line in found["lines"] for step in line["waterfall"]]
    (fee,) = [step for step in steps if step["stage"] == "fee"]
    assert fee["label"] == "Freight"
    assert fee["label_texts"] == FREIGHT


def test_a_publisher_enters_each_language_in_its_field(world: World, shelf: Shelf) -> None:
    draft = price.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 7, 1)
    )
    client = sign_in(world, "product_modeller")
    address = f"/price/{draft.pk}/terms/new/fees/"
    assert 'name="label_de"' in text_of(client.get(address))
    typed = {"label": "Freight", "label_de": "Fracht", "amount": "45"}
    submit(client, address, **typed)
    term = BookTerm.objects.get(book=draft)
    assert term.definition == {"label": FREIGHT, "amount": "45"}
    page = text_of(client.get(f"/price/{draft.pk}/terms/{term.pk}/"))
    assert 'value="Fracht"' in page
    refused = client.post(address, typed | {"label_de": "x" * 201})
    assert refused.status_code == 422
    assert "label-de-error" in text_of(refused)
    client.cookies["django_language"] = "de"
    assert "Fracht" in text_of(client.get(f"/price/{draft.pk}/terms/"))
    rule = {
        "scope": "",
        "min_quantity": "5",
        "discount": "2",
        "label": "from 5",
        "label_de": "ab 5",
    }
    submit(client, f"/price/{draft.pk}/rules/add/", **rule)
    assert PriceRule.objects.get(book=draft, label="from 5").label_texts == {
        "en": "from 5",
        "de": "ab 5",
    }
    assert "ab 5" in text_of(client.get(f"/price/{draft.pk}/"))
