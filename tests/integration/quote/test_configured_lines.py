"""Lines that carry a configuration: priced by their choices, shown and compared with them."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from handsel.bid.catalog.actions import add_product
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.configure.actions import begin_configuration, draft_model
from handsel.bid.configure.actions import test_version as examine_version
from handsel.bid.configure.models import Configuration, ConfigurationModel
from handsel.bid.configure.ports import pricing
from handsel.bid.configure.queries.states import seen
from handsel.bid.configure.rules.analysis.golden import run_goldens
from handsel.bid.configure.rules.derived import amount_of
from handsel.bid.price.actions import add_terms, draft_book, publish_book, set_entries
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote.actions import (
    NewLine,
    draft_quote,
    new_version,
    present_quote,
    set_line,
    set_rule,
)
from handsel.bid.quote.actions.paper import paper_of
from handsel.bid.quote.errors import NotQuotable
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.approval import picture_of
from handsel.bid.quote.queries.compare import compared
from handsel.bid.quote.queries.configured import quotable, quoted_in
from handsel.bid.quote.queries.offer import fresh_offer
from tests.support.approval import role
from tests.support.bid import BOOK_FROM
from tests.support.configure import LAMP
from tests.support.halden_prices import CASE_A, Conveyors, configured, make_conveyors
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def conveyors(world: World) -> Conveyors:
    return make_conveyors(world.system, world.now, ("SP-BELT", "82.40"))


def test_the_port_prices_case_a_to_the_cent(world: World, conveyors: Conveyors) -> None:
    made = configured(world.actor("sales_rep"), world.now, conveyors.model)
    one = seen(made, language="en", currency="EUR", on=world.now.date())
    assert one.price is not None
    assert one.price.total.text() == "9179.52"
    assert ("Deck", "3070.00") in [(label, money.text()) for label, money in one.price.rows]
    objective = pricing().objective(
        model_key="halden-conveyor",
        model=one.ready.model,
        currency="EUR",
        on=world.now.date(),
    )
    assert objective is not None
    named = partial(
        pricing().amounts,
        model_key="halden-conveyor",
        model=one.ready.model,
        currency="EUR",
        on=world.now.date(),
    )
    results = run_goldens(
        one.ready.configurator, amounts=lambda values: named(assignment=values) or {}
    )
    assert [each.failures for each in results] == [()] * len(results)
    assert amount_of(one.ready.model, objective, one.completion.values) == 917_952


def test_a_model_whose_golden_amount_is_wrong_is_not_published(world: World) -> None:
    lamp = add_product(
        actor=world.system, now=world.now, facts=ProductFacts(sku="LAMP", name="Lamp")
    )
    element = {"key": "body", "formula": "2 * power / 1 W", "scale": 2}
    book = draft_book(
        actor=world.system, now=world.now, name="Lamps", currency="EUR", valid_from=BOOK_FROM
    )
    set_entries(
        actor=world.system, now=world.now, book_id=book.pk, prices={lamp.pk: Decimal("10.50")}
    )
    terms = [NewTerm(kind="elements", definition=element, product_id=lamp.pk)]
    add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)
    publish_book(actor=world.system, now=world.now, book_id=book.pk)
    for amount, failures in (("130.50", 0), ("130.51", 1)):
        source = f"{LAMP}  amount list_total = {amount}\n".replace("dimmer = yes", "power = 60")
        draft = draft_model(
            actor=world.system,
            now=world.now,
            key=f"lamp{failures}",
            title="Lamp",
            source=source,
            product_id=lamp.pk,
        )
        outcome = examine_version(
            actor=world.system, now=world.now, model_id=draft.model_id, version_no=1
        )
        found = outcome.examined.report["failures"]
        assert len([line for line in found if "list_total" in line]) == failures, found


def test_a_configured_line_is_priced_shown_and_compared(world: World, conveyors: Conveyors) -> None:
    rep = world.actor("sales_rep")
    first = configured(rep, world.now, conveyors.model)
    version = draft_quote(
        actor=rep,
        now=world.now,
        organization_id=world.customer.pk,
        person_id=world.buyer.pk,
        title="Line 4",
        lines=[
            NewLine(product_id=0, quantity=Decimal(1), configuration_id=first.pk),
            NewLine(product_id=conveyors.plain["SP-BELT"], quantity=Decimal(2)),
        ],
    )
    line, plain = lines_of(version.pk)
    assert (line.list_minor, line.net_minor) == (917_952, 917_952)
    assert {row.label: row.amount_minor for row in line.rows}["Spares"] == 33_867
    assert line.configuration_id == first.pk and plain.configuration_id is None
    assert line.name == "Food incline" and "Length 6,000 mm" in line.description

    offer = fresh_offer(version, [line, plain])
    (built,) = offer.built.values()
    assert built["fingerprint"] == first.fingerprint
    assert built["model_version"] == 1
    assert built["choices"]["belt"]["exact"] == "PU_blue_FDA"
    present_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    paper = paper_of(fresh_offer(version, [line, plain]), now=world.now, time_zone="UTC")
    assert first.fingerprint[:8] in paper.lines[0].description

    second = new_version(actor=rep, now=world.now, quote_id=version.quote_id)
    other = configured(rep, world.now, conveyors.model, {**CASE_A, "photo_eyes": "3"})
    set_line(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        line_key=line.key,
        configuration_id=other.pk,
    )
    second.refresh_from_db()
    # One photo-eye more: 95.00 of hardware, with 4 % spares and 3 % warranty of it.
    assert second.list_minor == version.list_minor + 9_500 + 380 + 285
    _old, _new, found = compared(rep, version.quote_id, 1, 2)
    changes = {one.field: one for change in found.lines for one in change.changes}
    eyes = changes["choice:photo_eyes"]
    assert (eyes.label, eyes.before, eyes.after) == ("Photo-eyes", "2", "3")
    assert "choice:belt" not in changes

    elsewhere = quoted_in(rep, [other.fingerprint])
    assert [place.quote_id for place in elsewhere] == [version.quote_id]
    assert quoted_in(world.stranger, [other.fingerprint]) == []


def test_only_finished_configurations_of_the_house_are_quoted(
    world: World, conveyors: Conveyors
) -> None:
    rep = world.actor("sales_rep")
    opened = begin_configuration(actor=rep, now=world.now, model_id=conveyors.model.pk)
    foreign = configured(rep, world.now, conveyors.model)
    Configuration.objects.filter(pk=opened.pk).update(title="Half done")
    with pytest.raises(NotQuotable, match="“Half done” is still open"):
        draft_with(world, opened.pk)
    with pytest.raises(NotQuotable, match="does not exist"):
        quotable({foreign.pk}, seller_id=world.foreign_seller.pk)
    ConfigurationModel.objects.update(product=None)
    with pytest.raises(NotQuotable, match="names no product"):
        draft_with(world, foreign.pk)


def draft_with(world: World, configuration_id: int) -> QuoteVersion:
    return draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=world.customer.pk,
        lines=[NewLine(product_id=0, quantity=Decimal(1), configuration_id=configuration_id)],
    )


def test_an_option_out_of_the_ordinary_can_be_asked_about(
    world: World, conveyors: Conveyors
) -> None:
    rep = world.actor("sales_rep")
    made = configured(rep, world.now, conveyors.model)
    blue = {"any_line": {"fact": "line.options", "op": "has", "value": "belt=PU_blue_FDA"}}
    plain = {"fact": "options", "op": "has", "value": "belt=PVC_2ply_black"}
    for name, condition in (("A belt for food", blue), ("A plain belt", plain)):
        set_rule(
            actor=world.system,
            now=world.now,
            seller_id=world.seller.pk,
            name=name,
            condition=condition,
            steps=[role("sales_manager")],
        )
    version = draft_quote(
        actor=rep,
        now=world.now,
        organization_id=world.customer.pk,
        lines=[NewLine(product_id=0, quantity=Decimal(1), configuration_id=made.pk)],
    )
    fresh = QuoteVersion.objects.select_related("quote__seller").get(pk=version.pk)
    picture = picture_of(fresh, now=world.now, requester_id=rep.user_id)
    assert [why.rule_name for ask in picture.plan.asks for why in ask.reasons] == [
        "A belt for food"
    ]
