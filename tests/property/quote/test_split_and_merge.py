"""Lines split off and merged again are the lines there were: none lost, none doubled, the same
amounts, groups, alternatives, periods and prices by hand."""

import random
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, RampStep
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.models import QuoteGroup, QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.rules.sheet.edits import AddGroup, MoveLine, SetField
from handsel.bid.quote.rules.sheet.tree import Group, ancestors
from handsel.bid.quote.rules.subscription import Subscription
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
SITES = [UUID(int=number + 1, version=4) for number in range(3)]


def act(world: World, version: QuoteVersion) -> dict[str, Any]:
    return {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}


def a_quote(world: World, shelf: Shelf, dice: random.Random) -> QuoteVersion:
    """Lines of every kind, in groups within groups."""
    lines = [
        NewLine(
            product_id=dice.choice([shelf.belt, shelf.stand, shelf.visit]).pk,
            quantity=Decimal(dice.randint(1, 40)) / dice.choice([1, 2, 8]),
            discount_bps=dice.choice([0, 333, 900]),
            is_optional=dice.random() < 0.4,
            is_chosen=dice.random() < 0.5,
        )
        for _ in range(dice.randint(4, 8))
    ]
    version = make_quote(world, shelf, lines=lines)
    do = act(world, version)
    keys = [line.key for line in queries.lines_of(version.pk)]
    edits: list[Any] = [
        AddGroup(group_key=SITES[0], title="Site"),
        AddGroup(group_key=SITES[1], title="Hall", parent_key=SITES[0]),
        AddGroup(group_key=SITES[2], title="Spare parts"),
    ]
    edits += [MoveLine(line_key=key, group_key=dice.choice([None, *SITES])) for key in keys]
    together = dice.sample(keys, 2)
    edits += [SetField(line_key=k, field="alternative_set", was="", now="Frame") for k in together]
    actions.apply_edits(**do, edits=edits)
    for key in keys:
        ask(do, key, dice)
    return queries.get_version(world.actor("sales_rep"), version.quote_id)


def ask(do: dict[str, Any], key: UUID, dice: random.Random) -> None:
    """Now and then something of a line's price."""
    what = dice.choice(["nothing", "nothing", "term", "period", "hand", "ramp"])
    start, end = date(2026, 4, 1), date(2027, 9, 30)
    if what == "term":
        asked = Subscription(start_on=start, end_on=end, convention="ANNIV").asked()
        actions.set_line_price(**do, line_key=key, asked=asked)
    elif what == "period":
        asked = Subscription(start_on=start, end_on=end, charge_months=1).asked()
        actions.set_line_price(**do, line_key=key, asked=asked, charge="recurring")
    elif what == "hand":
        asked = {"manual": {"target_line": f"{dice.randint(1, 99_999) / 100:.2f}"}, "reason": "R"}
        actions.set_line_price(**do, line_key=key, asked=asked)
    elif what == "ramp":
        steps = [RampStep(months=12, quantity=Decimal(dice.randint(1, 9))) for _ in range(2)]
        actions.ramp_line(**do, line_key=key, start_on=start, steps=steps, uplift_bps=250)


def told(version: QuoteVersion) -> Counter[str]:
    """Every line in words, its place in the groups and what it costs; without its identity."""
    rows = QuoteGroup.objects.filter(version_id=version.pk)
    groups = {
        key: Group(key, title, parent)
        for key, title, parent in rows.values_list("group_key", "title", "parent_key")
    }
    return Counter(one(line, groups) for line in queries.lines_of(version.pk))


def one(line: LineView, groups: dict[UUID, Group]) -> str:
    path = [groups[key].title for key in ancestors(line.group_key, groups)]
    asked = {name: value for name, value in line.asked.items() if name != "ramp"}
    ramp = (
        {name: line.asked["ramp"][name] for name in ("place", "count")}
        if "ramp" in line.asked
        else {}
    )
    facts = (line.sku, line.quantity, line.discount_bps, line.is_optional, line.is_chosen)
    return repr(
        (
            *facts,
            line.charge,
            asked,
            ramp,
            path,
            line.alternative_set,
            line.list_minor,
            line.net_minor,
        )
    )


def whole(version: QuoteVersion, dice: random.Random) -> list[UUID]:
    """Some lines, with those they belong to."""
    lines = queries.lines_of(version.pk)
    chosen = {line.key for line in lines if dice.random() < 0.5}
    bundles: dict[str, set[UUID]] = {}
    for line in lines:
        names = [line.alternative_set] if line.alternative_set else []
        names += [line.asked["ramp"]["of"]] if "ramp" in line.asked else []
        for name in names:
            bundles.setdefault(name, set()).add(line.key)
    # A ramp may be one of the alternatives: what hangs together does so by either.
    for _ in range(len(bundles) + 1):
        for members in bundles.values():
            if members & chosen:
                chosen |= members
    return [line.key for line in lines if line.key in chosen]


@pytest.mark.parametrize("seed", range(15))
def test_split_and_merged_is_what_there_was(seed: int) -> None:
    world = make_world()
    shelf = make_shelf(world.system, world.now)
    dice = random.Random(seed)
    version = a_quote(world, shelf, dice)
    before, net, count = told(version), version.net_minor, sum(told(version).values())
    chosen = whole(version, dice)
    if not 0 < len(chosen) < count:
        with pytest.raises(BadQuote):
            actions.split_quote(**act(world, version), line_keys=chosen)
        assert told(version) == before
        return
    part = actions.split_quote(**act(world, version), line_keys=chosen)
    version.refresh_from_db()
    assert told(version) + told(part) == before
    assert sum(told(part).values()) == len(chosen)
    assert version.net_minor + part.net_minor == net
    merged = actions.merge_quotes(**act(world, version), other_id=part.quote_id)
    assert told(merged) == before
    assert merged.net_minor == net
    keys = [line.key for line in queries.lines_of(merged.pk)]
    assert len(keys) == len(set(keys)) == count


def test_what_belongs_together_is_not_torn() -> None:
    world = make_world()
    shelf = make_shelf(world.system, world.now)
    lines = [NewLine(product_id=shelf.belt.pk, quantity=Decimal(2)) for _ in range(3)]
    version = make_quote(world, shelf, lines=lines)
    do = act(world, version)
    first, second, third = (line.key for line in queries.lines_of(version.pk))
    share = {"percent_of": {"percent": "10", "lines": [str(first)]}}
    actions.set_line_price(**do, line_key=second, asked=share)
    with pytest.raises(BadQuote, match="goes with the lines"):
        actions.split_quote(**do, line_keys=[second])
    part = actions.split_quote(**do, line_keys=[first, second])
    kept = queries.lines_of(part.pk)
    assert kept[1].asked["percent_of"]["lines"] == [str(kept[0].key)]
    assert kept[1].net_minor == 2 * kept[0].net_minor // 10  # two pieces
    assert [line.key for line in queries.lines_of(version.pk)] == [third]
