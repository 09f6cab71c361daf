"""Proposals: written, published, chosen, sent; read back from the PDF."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.actions.proposals import (
    choose_proposal,
    preview_proposal,
    publish_proposal,
    write_proposal,
)
from handsel.bid.quote.errors import BadTemplate, QuoteNotEditable, StaleEdit, TemplateNotFound
from handsel.bid.quote.models import ProposalTemplate, QuoteGroup, QuoteLine, QuoteVersion
from handsel.bid.quote.queries.proposals import choice_of
from handsel.bid.quote.rules.subscription import Step
from handsel.ground.platform import store
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
BODY = """{block cover}
{lang en}# Your offer
Dear {buyer.contact},{end}{lang de}# Ihr Angebot
Guten Tag {buyer.contact},{end}

{if has_groups}{for group in groups}- {group.title}: {group.amount}
{end}{end}
{block lines}
{block totals}
{if has_options}{block options}{end}
{block pictures}
{block terms}
{block signature}
{block waterfall}
"""


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def read_back(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def template(world: World, body: str = BODY) -> ProposalTemplate:
    rep = world.actor("sales_rep")
    draft = write_proposal(actor=rep, now=world.now, name="Letter and tables", body=body)
    return publish_proposal(actor=rep, now=world.now, template_id=draft.pk)


def with_option_and_group(world: World, shelf: Shelf) -> QuoteVersion:
    version = make_quote(
        world,
        shelf,
        lines=(
            NewLine(product_id=shelf.belt.pk, quantity=Decimal(3), discount_bps=900),
            NewLine(product_id=shelf.stand.pk, quantity=Decimal(2)),
            NewLine(product_id=shelf.visit.pk, quantity=Decimal(1), is_optional=True),
        ),
    )
    first = queries.lines_of(version.pk)[0].key
    QuoteGroup.objects.create(version=version, group_key=first, title="Hall 1", position=1)
    QuoteLine.objects.filter(version=version, line_key=first).update(group_key=first)
    return version


def test_what_is_sent_is_the_chosen_proposal_with_its_totals(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), with_option_and_group(world, shelf)
    chosen = template(world)
    choose_proposal(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        template_id=chosen.pk,
        with_waterfall=True,
    )
    actions.present_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    sent = actions.write_offer(actor=rep, now=world.now, version_id=version.pk)
    text = read_back(store.read(sent.document_id or 0))
    german = world.customer.language.startswith("de")
    assert ("Ihr Angebot" if german else "Your offer") in text
    assert ("Your offer" if german else "Ihr Angebot") not in text
    # 3 × 135.50 less 9 % = 369.91 (9 % of 406.50 is 36.585, taken off as 36.59); with 580.00
    # for the stands 949.91 net, 1,130.39 with 19 % VAT. The option is not in it.
    for amount in ("369,91", "949,91", "1.130,39") if german else ("369.91", "949.91", "1,130.39"):
        assert amount in text
    assert text.count("Hall 1") >= 3
    for word in ("Service visit", "Listenpreis" if german else "List price"):
        assert word in text
    with pytest.raises(DatabaseError), transaction.atomic():
        choice = choice_of(version.pk)
        assert choice is not None
        choice.delete()
    with pytest.raises(QuoteNotEditable):
        choose_proposal(actor=rep, now=world.now, quote_id=version.quote_id, template_id=None)


def test_both_languages_come_from_one_text(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    said = {
        language: read_back(
            preview_proposal(
                actor=rep,
                now=world.now,
                body=BODY,
                quote_id=version.quote_id,
                language=language,
            )
        )
        for language in ("en", "de")
    }
    assert "Your offer" in said["en"]
    assert "1,130.39" in said["en"] or "1.130,39" in said["en"]
    assert "Ihr Angebot" in said["de"]
    assert "1.130,39" in said["de"]


def test_a_letter_names_the_first_year_and_the_whole_contract(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    body = "{if has_years}First {quote.first_year}, all {quote.contract_value}.{else}Once.{end}"
    asked = {"actor": rep, "now": world.now, "body": body, "quote_id": version.quote_id}
    assert "Once." in read_back(preview_proposal(**asked, language="en"))
    belt = queries.lines_of(version.pk)[0]
    actions.ramp_line(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        line_key=belt.key,
        start_on=date(2026, 4, 1),
        steps=[Step(months=12, quantity=Decimal(n)) for n in (100, 200, 300)],
        charge_months=1,
    )
    said = read_back(preview_proposal(**asked, language="en"))
    assert "First €14,130.04, all €81,880.00." in said


def test_without_a_choice_the_standard_document_stays(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    template(world)
    actions.present_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    sent = actions.write_offer(actor=rep, now=world.now, version_id=version.pk)
    text = read_back(store.read(sent.document_id or 0))
    assert "Your offer" not in text
    assert "Ihr Angebot" not in text


def test_versions_of_a_template(world: World) -> None:
    rep, first = world.actor("sales_rep"), template(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProposalTemplate.objects.filter(pk=first.pk).update(body="changed behind")
    draft = write_proposal(
        actor=rep, now=world.now, name="Letter", body="{quote.net}", template_id=first.pk
    )
    assert (draft.version_no, draft.state) == (2, "draft")
    again = write_proposal(
        actor=rep,
        now=world.now,
        name="Letter",
        body="{quote.gross}",
        template_id=draft.pk,
        lock_no=draft.lock_no,
    )
    assert again.pk == draft.pk
    with pytest.raises(StaleEdit):
        write_proposal(
            actor=rep, now=world.now, name="L", body="x", template_id=draft.pk, lock_no=1
        )
    publish_proposal(actor=rep, now=world.now, template_id=draft.pk)
    first.refresh_from_db()
    assert first.state == "retired"
    with pytest.raises(BadTemplate):
        publish_proposal(actor=rep, now=world.now, template_id=draft.pk)


def test_foreign_and_unpublished_templates_are_not_there(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), make_quote(world, shelf)
    published = template(world)
    draft = write_proposal(actor=rep, now=world.now, name="Not yet", body="x")
    with pytest.raises(TemplateNotFound):
        publish_proposal(actor=world.stranger, now=world.now, template_id=draft.pk)
    with pytest.raises(TemplateNotFound):
        choose_proposal(actor=rep, now=world.now, quote_id=version.quote_id, template_id=draft.pk)
    abroad = write_proposal(actor=world.stranger, now=world.now, name="Abroad", body="x")
    with pytest.raises(TemplateNotFound):
        choose_proposal(actor=rep, now=world.now, quote_id=version.quote_id, template_id=abroad.pk)
    with pytest.raises(BadTemplate):
        write_proposal(actor=rep, now=world.now, name="", body="x")
    with pytest.raises(BadTemplate, match="Line 1, column 1"):
        write_proposal(
            actor=rep, now=world.now, name="Bad", body="{nonsense}", template_id=published.pk
        )
