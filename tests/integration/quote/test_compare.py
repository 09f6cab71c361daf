"""Any two versions on one page: lines, prices, groups, terms, documents."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, RampStep
from handsel.bid.quote.queries.compare import compared
from handsel.bid.quote.rules.sheet.edits import AddGroup, MoveLine
from handsel.bid.quote.rules.subscription import Subscription
from handsel.ground.kernel.money import Money
from tests.support.bid import make_quote, make_shelf
from tests.support.pages import sign_in, text_of
from tests.support.world import make_world

pytestmark = pytest.mark.django_db


def test_what_was_asked_grouped_and_chosen_since_is_told() -> None:
    world = make_world()
    shelf = make_shelf(world.system, world.now)
    lines = [
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(3)),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(2)),
        NewLine(product_id=shelf.visit.pk, quantity=Decimal(1), is_optional=True),
    ]
    quote_id = make_quote(world, shelf, lines=lines).quote_id
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": quote_id}
    belt, stand, visit = (
        line.key for line in queries.lines_of(queries.get_version(act["actor"], quote_id).pk)
    )
    actions.present_quote(**act, mail=False)
    actions.new_version(**act)
    hall = UUID("00000000-0000-4000-8000-000000000001")
    moved = [AddGroup(group_key=hall, title="Hall 1"), MoveLine(line_key=belt, group_key=hall)]
    actions.apply_edits(**act, edits=moved)
    term = Subscription(
        start_on=date(2026, 4, 1), end_on=date(2027, 3, 31), charge_months=1
    ).asked()
    actions.set_line_price(**act, line_key=stand, asked=term, charge="recurring")
    asked = {"manual": {"target_line": "390.00"}, "reason": "Agreed at the fair"}
    actions.set_line_price(**act, line_key=belt, asked=asked)
    actions.keep_scenario(**act, name="Lean")
    actions.set_pricing(**act, codes=["SPRING"])

    _old, new, found = compared(act["actor"], quote_id, 1, 2)
    changes = {line.key: {one.field: one for one in line.changes} for line in found.lines}
    assert changes[belt].keys() == {"group", "priced", "net_minor"}
    assert changes[belt]["group"].after == "Hall 1"
    assert changes[stand]["charge"].after == "recurring"
    assert changes[visit] == {}
    totals = {one.field: one.after for one in found.totals}
    assert totals["subtotal:Hall 1"] == Money(390_00, "EUR")
    assert totals["contract_minor"] == Money(390_00 + 12 * 48_33, "EUR")
    assert new.net_minor == 390_00 + 48_33
    assert {one.field for one in found.terms} == {"codes", "scenarios"}

    client = sign_in(world, "sales_rep")
    words = text_of(client.get(f"/quote/{quote_id}/compare/?before=1&after=2"))
    for said in ("Subtotal Hall 1", "Agreed at the fair", "SPRING", "Lean", "PDF of version 1"):
        assert said in words


def test_the_steps_of_a_ramp_are_told_line_by_line() -> None:
    world = make_world()
    shelf = make_shelf(world.system, world.now)
    quote_id = make_quote(world, shelf).quote_id
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": quote_id}
    belt = queries.lines_of(queries.get_version(act["actor"], quote_id).pk)[0]
    actions.present_quote(**act, mail=False)
    actions.new_version(**act)
    steps = [RampStep(months=12, quantity=Decimal(n)) for n in (3, 6)]
    actions.ramp_line(**act, line_key=belt.key, start_on=date(2026, 4, 1), steps=steps)
    _old, _new, found = compared(act["actor"], quote_id, 1, 2)
    assert [line.verdict for line in found.lines] == ["changed", "added", "same"]


def test_a_page_of_many_changed_lines_shows_the_first_and_leads_to_all() -> None:
    world = make_world()
    shelf = make_shelf(world.system, world.now)
    lines = [
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1), name=f"Stand {at}")
        for at in range(1, 204)
    ]
    quote_id = make_quote(world, shelf, lines=lines).quote_id
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": quote_id}
    actions.present_quote(**act, mail=False)
    actions.new_version(**act)
    actions.set_terms(**act, changes={"discount_bps": 500})
    client = sign_in(world, "sales_rep")
    words = text_of(client.get(f"/quote/{quote_id}/compare/?before=1&after=2"))
    assert "Stand 200 " in words
    assert "Stand 201 " not in words
    assert "3 more lines that changed" in words
    whole = text_of(client.get(f"/quote/{quote_id}/compare/?before=1&after=2&all=1"))
    assert "Stand 203 " in whole
    assert "more lines that changed" not in whole
