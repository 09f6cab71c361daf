"""Scenarios of a quote: named choices of options, of which one is what is offered."""

import json
from decimal import Decimal
from uuid import UUID

import pytest

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.queries.offer import shown_offer
from handsel.bid.quote.queries.scenarios import compared_scenarios
from handsel.bid.quote.rules.scenarios import outside
from handsel.bid.quote.rules.sheet.edits import SetField
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


class Deal:
    """A quote with a belt that always counts and three options: lean, rich, and a visit."""

    def __init__(self, world: World) -> None:
        self.world = world
        shelf: Shelf = make_shelf(world.system, world.now)
        option = {"is_optional": True, "quantity": Decimal(1)}
        lines = [
            NewLine(product_id=shelf.belt.pk, quantity=Decimal(2)),
            NewLine(product_id=shelf.stand.pk, name="Lean", **option),
            NewLine(product_id=shelf.stand.pk, name="Rich", **{**option, "quantity": Decimal(10)}),
            NewLine(product_id=shelf.visit.pk, name="Visit", **option),
        ]
        self.id = make_quote(world, shelf, lines=lines).quote_id
        self.act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": self.id}
        self.belt, self.lean, self.rich, self.visit = (line.key for line in self.lines)

    @property
    def version(self) -> QuoteVersion:
        return queries.get_version(self.world.actor("sales_rep"), self.id)

    @property
    def lines(self) -> list[queries.LineView]:
        return queries.lines_of(self.version.pk)

    def choose(self, *keys: UUID) -> None:
        for key in (self.lean, self.rich, self.visit):
            actions.set_line(**self.act, line_key=key, is_chosen=key in keys)

    def keep(self, name: str, *keys: UUID) -> None:
        self.choose(*keys)
        actions.keep_scenario(**self.act, name=name)

    def offer(self, name: str) -> QuoteVersion:
        return actions.offer_scenario(**self.act, name=name)


@pytest.fixture
def deal(world: World) -> Deal:
    found = Deal(world)
    found.keep("Lean", found.lean)
    found.keep("Rich", found.rich)
    return found


def test_scenarios_stand_side_by_side_with_what_they_cost(deal: Deal) -> None:
    lean, rich = compared_scenarios(deal.version).scenarios
    assert [(one.name, one.priced.net_minor) for one in (lean, rich)] == [
        ("Lean", 271_00 + 290_00),
        ("Rich", 271_00 + 2_755_00),  # ten stands have 5 % off
    ]
    assert compared_scenarios(deal.version).differing == [deal.lean, deal.rich]


@pytest.mark.parametrize("name", ["Lean", "Rich"])
def test_the_offered_scenario_is_the_offer(deal: Deal, name: str) -> None:
    wanted = {one.name: one.priced for one in compared_scenarios(deal.version).scenarios}[name]
    version = deal.offer(name)
    assert (version.net_minor, version.gross_minor) == (wanted.net_minor, wanted.gross_minor)
    presented = actions.present_quote(**deal.act, mail=False)
    shown = shown_offer(presented.version)
    keys = {"Lean": [deal.belt, deal.lean, deal.visit], "Rich": [deal.belt, deal.rich, deal.visit]}
    assert [line.key for line in shown.lines] == keys[name]
    assert [line.position for line in shown.lines] == [1, 2, 3]
    content = json.loads(shown.content)
    assert [line["key"] for line in content["lines"]] == [str(key) for key in keys[name]]
    assert content["scenario"] == name
    assert content["totals"]["net_minor"] == version.net_minor
    other = deal.rich if name == "Lean" else deal.lean
    with pytest.raises(BadQuote, match="no option"):
        shown_offer(presented.version, [other])


def test_what_is_ordered_is_what_was_offered(deal: Deal) -> None:
    deal.offer("Lean")
    presented = actions.present_quote(**deal.act, mail=False)
    token = presented.link.rstrip("/").rsplit("/", 1)[1]
    chosen = [deal.lean, deal.visit]
    shown = shown_offer(presented.version, chosen)
    acceptance = actions.accept_quote(
        now=deal.world.now,
        token=token,
        content_hash=shown.content_hash,
        signature=Signature(name="Ada Buyer", email="ada@example.com"),
        chosen=chosen,
    )
    kept = QuoteLine.objects.filter(version=acceptance.version).order_by("position")
    assert [line.line_key for line in kept] == [deal.belt, deal.lean, deal.visit]
    assert all(line.is_chosen for line in kept)
    assert acceptance.version.net_minor == sum(line.net_minor for line in kept)


def test_offering_none_opens_every_option_again(deal: Deal) -> None:
    deal.offer("Lean")
    assert outside(deal.version.scenarios, deal.lines) == {deal.rich}
    deal.offer("")
    assert outside(deal.version.scenarios, deal.lines) == frozenset()


def test_while_one_is_offered_it_follows_the_lines(deal: Deal) -> None:
    deal.offer("Lean")
    edit = SetField(line_key=deal.visit, field="kind", was="option", now="chosen")
    actions.apply_edits(**deal.act, edits=[edit])
    offered = next(one for one in compared_scenarios(deal.version).scenarios if one.is_offered)
    assert offered.chosen == {deal.lean, deal.visit}
    assert offered.priced.net_minor == deal.version.net_minor
    deal.offer("Rich")
    lean = next(o for o in compared_scenarios(deal.version).scenarios if o.name == "Lean")
    assert lean.chosen == {deal.lean, deal.visit}


def test_a_line_taken_out_leaves_every_scenario(deal: Deal) -> None:
    actions.remove_line(**deal.act, line_key=deal.rich)
    rich = compared_scenarios(deal.version).scenarios[1]
    assert (rich.name, rich.chosen) == ("Rich", frozenset())


def test_scenarios_go_with_copies_and_new_versions(deal: Deal) -> None:
    deal.offer("Rich")
    copy = actions.copy_quote(**deal.act)
    views = queries.lines_of(copy.pk)
    names = {line.name: line.key for line in views}
    assert copy.net_minor == deal.version.net_minor
    assert outside(copy.scenarios, views) == {names["Lean"]}
    actions.present_quote(**deal.act, mail=False)
    before = deal.version
    actions.new_version(**deal.act)
    assert deal.version.scenarios == before.scenarios
    assert deal.version.net_minor == before.net_minor


def test_what_is_no_scenario_is_refused(deal: Deal) -> None:
    for name in ("", "x" * 61):
        with pytest.raises(BadQuote):
            actions.keep_scenario(**deal.act, name=name)
    with pytest.raises(BadQuote, match="no scenario"):
        deal.offer("Other")
    for key in (deal.lean, deal.rich, deal.visit):
        actions.set_line(**deal.act, line_key=key, is_optional=False)
    with pytest.raises(BadQuote, match="make lines options"):
        actions.keep_scenario(**deal.act, name="None")


def test_a_removed_scenario_hides_nothing(deal: Deal) -> None:
    deal.offer("Lean")
    actions.remove_scenario(**deal.act, name="Rich")
    assert outside(deal.version.scenarios, deal.lines) == frozenset()
