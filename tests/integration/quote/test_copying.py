"""Lines that go from one quote to another: copied, split, merged; quotes begun from templates."""

from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.quote import queries
from handsel.bid.quote.actions import NewLine, present_quote, set_terms
from handsel.bid.quote.actions.copying import copy_quote, merge_quotes, split_quote
from handsel.bid.quote.actions.quote_templates import (
    draft_from_template,
    end_template,
    keep_as_template,
)
from handsel.bid.quote.errors import (
    BadQuote,
    LineNotFound,
    QuoteNotEditable,
    QuoteNotFound,
    StaleEdit,
    TemplateNotFound,
)
from handsel.bid.quote.models import Quote, QuoteGroup, QuoteLine, QuoteVersion
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def five_lines(world: World, shelf: Shelf) -> QuoteVersion:
    wanted = [(shelf.belt, 3, 900), (shelf.stand, 12, 0), (shelf.visit, 7, 333)]
    wanted += [(shelf.belt, 1, 0), (shelf.stand, 2, 50)]
    lines = tuple(
        NewLine(product_id=product.pk, quantity=Decimal(count), discount_bps=bps)
        for product, count, bps in wanted
    )
    return make_quote(world, shelf, lines=lines)


def told(version: QuoteVersion) -> list[tuple[Any, ...]]:
    return [
        (line.sku, line.quantity, line.discount_bps, line.name, line.list_minor, line.net_minor)
        for line in queries.lines_of(version.pk)
    ]


def test_a_copy_has_the_lines_and_terms_and_leaves_the_source(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), five_lines(world, shelf)
    set_terms(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        changes={"terms": "As discussed", "discount_bps": 250},
    )
    version.refresh_from_db()
    copy = copy_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    assert copy.quote_id != version.quote_id
    assert told(copy) == told(version)
    assert (copy.net_minor, copy.gross_minor) == (version.net_minor, version.gross_minor)
    assert (copy.terms, copy.discount_bps) == ("As discussed", 250)
    assert not {line.key for line in queries.lines_of(copy.pk)} & {
        line.key for line in queries.lines_of(version.pk)
    }


def test_a_copy_to_another_customer_is_priced_for_him(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), five_lines(world, shelf)
    other, person = make_customer(
        world.system, world.now, name="Kern AG", vat_id="", domain="kern.example"
    )
    copy = copy_quote(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        organization_id=other.pk,
        person_id=person.pk,
    )
    quote = Quote.objects.get(pk=copy.quote_id)
    assert (quote.organization_id, quote.person_id) == (other.pk, person.pk)
    assert quote.opportunity_id is None
    assert copy.net_minor == version.net_minor
    with pytest.raises(QuoteNotFound):
        copy_quote(actor=world.stranger, now=world.now, quote_id=version.quote_id)


def test_split_and_merge_come_back_to_the_same(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), five_lines(world, shelf)
    before, net = told(version), version.net_minor
    keys = [line.key for line in queries.lines_of(version.pk)]
    group = QuoteGroup.objects.create(version=version, group_key=keys[0], title="A", position=1)
    QuoteLine.objects.filter(version=version, line_key__in=keys[3:]).update(group_key=keys[0])
    part = split_quote(actor=rep, now=world.now, quote_id=version.quote_id, line_keys=keys[3:])
    version.refresh_from_db()
    assert told(version) == before[:3]
    assert told(part) == before[3:]
    assert version.net_minor + part.net_minor == net
    assert QuoteGroup.objects.get(version=part).title == group.title
    merged = merge_quotes(
        actor=rep, now=world.now, quote_id=version.quote_id, other_id=part.quote_id
    )
    assert told(merged) == before
    assert merged.net_minor == net
    assert Quote.objects.get(pk=part.quote_id).state == "withdrawn"
    assert QuoteGroup.objects.filter(version=version).count() == 1
    groups = QuoteLine.objects.filter(version=version).order_by("position")
    assert [row.group_key for row in groups] == [None] * 3 + [keys[0]] * 2


def test_scenarios_and_alternatives_go_along(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), five_lines(world, shelf)
    keys = [line.key for line in queries.lines_of(version.pk)]
    scenarios = [{"name": "Small", "chosen": [str(keys[0]), str(keys[1])]}]
    QuoteVersion.objects.filter(pk=version.pk).update(scenarios=scenarios)
    QuoteLine.objects.filter(version=version, line_key__in=keys[:2]).update(alternative_set="Belt")
    with pytest.raises(BadQuote, match="Alternatives stay together"):
        split_quote(actor=rep, now=world.now, quote_id=version.quote_id, line_keys=keys[:1])
    copy = copy_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    named = [str(line.key) for line in queries.lines_of(copy.pk)]
    copy.refresh_from_db()
    assert copy.scenarios == [{"name": "Small", "chosen": named[:2]}]
    merged = merge_quotes(
        actor=rep, now=world.now, quote_id=version.quote_id, other_id=copy.quote_id
    )
    sets = QuoteLine.objects.filter(version=merged).order_by("position")
    assert [row.alternative_set for row in sets] == ["Belt"] * 2 + [""] * 3 + ["Belt 2"] * 2 + [
        ""
    ] * 3


def test_what_cannot_be_split_or_merged(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), five_lines(world, shelf)
    keys = [line.key for line in queries.lines_of(version.pk)]
    at: dict[str, Any] = {"actor": rep, "now": world.now, "quote_id": version.quote_id}
    for wrong in ([], keys):
        with pytest.raises(BadQuote, match="some of the lines"):
            split_quote(**at, line_keys=wrong)
    elsewhere = queries.lines_of(make_quote(world, shelf).pk)[0].key
    with pytest.raises(LineNotFound):
        split_quote(**at, line_keys=[elsewhere])
    with pytest.raises(StaleEdit):
        split_quote(**at, line_keys=keys[:1], lock_no=version.lock_no + 1)
    with pytest.raises(BadQuote, match="itself"):
        merge_quotes(**at, other_id=version.quote_id)
    other, person = make_customer(
        world.system, world.now, name="Kern AG", vat_id="", domain="kern.example"
    )
    abroad = copy_quote(**at, organization_id=other.pk, person_id=person.pk)
    with pytest.raises(BadQuote, match="same customer"):
        merge_quotes(**at, other_id=abroad.quote_id)
    QuoteVersion.objects.filter(pk=version.pk).update(target_minor=100_00)
    with pytest.raises(BadQuote, match="target"):
        split_quote(**at, line_keys=keys[:1])
    QuoteVersion.objects.filter(pk=version.pk).update(target_minor=None)
    sent = make_quote(world, shelf)
    present_quote(actor=rep, now=world.now, quote_id=sent.quote_id)
    with pytest.raises(QuoteNotEditable):
        merge_quotes(**at, other_id=sent.quote_id)


def test_a_quote_begins_from_a_template(world: World, shelf: Shelf) -> None:
    rep, version = world.actor("sales_rep"), five_lines(world, shelf)
    set_terms(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        changes={"billing_method": "shares", "billing_shares": (3000, 7000), "terms": "Ours"},
    )
    kept = keep_as_template(
        actor=rep, now=world.now, quote_id=version.quote_id, name=" Line  of 5 "
    )
    again = keep_as_template(actor=rep, now=world.now, quote_id=version.quote_id, name="Line of 5")
    with pytest.raises(TemplateNotFound):
        end_template(actor=rep, now=world.now, template_id=kept.pk)
    begun = draft_from_template(
        actor=rep, now=world.now, template_id=again.pk, organization_id=world.customer.pk
    )
    assert told(begun) == told(version)
    assert (begun.billing_shares, begun.terms) == ([3000, 7000], "Ours")
    with pytest.raises(TemplateNotFound):
        end_template(actor=world.stranger, now=world.now, template_id=again.pk)
    end_template(actor=rep, now=world.now, template_id=again.pk)
    with pytest.raises(TemplateNotFound):
        draft_from_template(
            actor=rep, now=world.now, template_id=again.pk, organization_id=world.customer.pk
        )
