"""Pricing of a draft what an edit changed leaves it as pricing all of it would."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.actions.edit import keep, open_draft
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.rules.sheet.edits import (
    AddGroup,
    AddLine,
    Edit,
    MoveLine,
    RemoveGroup,
    RemoveLine,
    SetField,
)
from tests.support.bid import BOOK_FROM, Shelf, make_products, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
AMOUNTS = ("list_minor", "net_minor", "tax_minor", "gross_minor", "tax_rows")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def long_quote(world: World, shelf: Shelf, count: int = 60) -> QuoteVersion:
    products = (shelf.belt, shelf.stand, shelf.visit)
    lines = [
        NewLine(
            product_id=products[at % 3].pk,
            quantity=Decimal(1 + at % 14),
            discount_bps=(0, 0, 750)[at % 3],
            is_optional=at % 7 == 0,
            is_chosen=at % 14 != 0,
        )
        for at in range(count)
    ]
    return make_quote(world, shelf, lines=lines)


def apply(world: World, version: QuoteVersion, *edits: Edit) -> QuoteVersion:
    done = actions.apply_edits(
        actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id, edits=edits
    )
    assert not done.conflicts and not done.refused
    net = {row.key: row.net_minor for row in done.rows}
    assert net == {line.key: line.net_minor for line in queries.lines_of(version.pk)}
    return QuoteVersion.objects.get(pk=version.pk)


def assert_priced_whole(world: World, version: QuoteVersion) -> None:
    """Pricing everything anew finds every line, row and total as they are kept."""
    before = QuoteVersion.objects.get(pk=version.pk)
    with transaction.atomic():
        draft = open_draft(world.actor("sales_rep"), version.quote_id, None)
        draft.version.priced_with = ""
        keep(draft, draft.lines, actor=world.actor("sales_rep"), now=world.now)
        assert draft.changed == {}
        after = QuoteVersion.objects.get(pk=version.pk)
        assert [getattr(after, name) for name in AMOUNTS] == [
            getattr(before, name) for name in AMOUNTS
        ]
        transaction.set_rollback(True)


def edit_of(version: QuoteVersion, random: Random, shelf: Shelf) -> list[Edit]:
    lines = queries.lines_of(version.pk)
    line, other = random.sample(lines, 2)
    wanted = str(random.randrange(1, 40))
    quantity = f"{line.quantity:f}".rstrip("0").rstrip(".")
    kinds: list[Callable[[], Edit]] = [
        lambda: SetField(line_key=line.key, field="quantity", was=quantity, now=wanted),
        lambda: SetField(
            line_key=line.key,
            field="discount_bps",
            was=str(line.discount_bps),
            now=str(random.randrange(0, 4_000)),
        ),
        lambda: SetField(
            line_key=line.key, field="name", was=line.name, now=f"{line.name} {wanted}"[:150]
        ),
        lambda: RemoveLine(line_key=line.key),
        lambda: MoveLine(line_key=line.key, before_key=other.key),
        lambda: AddLine(
            ref=wanted,
            product_id=random.choice((shelf.belt, shelf.stand, shelf.visit)).pk,
            quantity=Decimal(wanted),
            kind=random.choice(("fixed", "option")),
            before_key=other.key,
        ),
    ]
    return (
        [kind() for kind in random.sample(kinds[:3], 2)]
        if wanted > "3"
        else [random.choice(kinds[3:])()]
    )


@pytest.mark.parametrize("header_bps", [0, 333])
def test_any_edits_leave_what_pricing_everything_would(
    world: World, shelf: Shelf, header_bps: int
) -> None:
    version = long_quote(world, shelf)
    actor, random = world.actor("sales_rep"), Random(header_bps)
    changes = {"discount_bps": header_bps}
    actions.set_terms(actor=actor, now=world.now, quote_id=version.quote_id, changes=changes)
    assert_priced_whole(world, version)
    for _ in range(14):
        version = apply(world, version, *edit_of(version, random, shelf))
        assert version.priced_with
    assert_priced_whole(world, version)
    actions.set_terms(
        actor=actor, now=world.now, quote_id=version.quote_id, changes={"discount_bps": 0}
    )
    assert_priced_whole(world, version)


def test_an_edit_writes_its_line_and_the_cents_that_moved(world: World, shelf: Shelf) -> None:
    version = long_quote(world, shelf)
    key = queries.lines_of(version.pk)[4].key
    edit = SetField(line_key=key, field="quantity", was="5", now="6")
    QuoteLine.objects.filter(version=version).exclude(line_key=key).update(description="as it was")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        apply(world, version, edit)
    read = [query["sql"] for query in seen if '"waterfall"' in query["sql"].split("FROM")[0]]
    # What others were priced by is not read to price one line; only the assertion reads it all.
    assert len(read) == 1
    assert len(seen) < 40
    assert_priced_whole(world, version)


def test_what_was_agreed_since_holds_for_all_lines_from_the_next_edit_on(
    world: World, shelf: Shelf
) -> None:
    version = long_quote(world, shelf)
    price.agree_price(
        actor=world.system,
        now=world.now,
        organization_id=world.customer.pk,
        currency="EUR",
        product_id=shelf.belt.pk,
        discount_bps=1_000,
        label="Frame",
        valid_from=BOOK_FROM,
    )
    stand = queries.lines_of(version.pk)[1]
    version = apply(
        world, version, SetField(line_key=stand.key, field="quantity", was="2", now="3")
    )
    belt = queries.lines_of(version.pk)[3]
    assert "Frame" in [row.label for row in belt.rows]
    assert_priced_whole(world, version)


def volume_shelf(world: World, *tables: dict[str, object]) -> Shelf:
    """Products of which the belt has price tables over several lines."""
    belt, stand, visit = make_products(world.system, world.now)
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="Volume",
        currency="EUR",
        segment="",
        valid_from=BOOK_FROM,
    )
    prices = {belt.pk: Decimal(100), stand.pk: Decimal(10), visit.pk: Decimal(98)}
    price.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    price.add_terms(
        actor=world.system,
        now=world.now,
        book_id=book.pk,
        terms=[NewTerm(kind="tiers", definition=one, product_id=belt.pk) for one in tables],
    )
    price.publish_book(actor=world.system, now=world.now, book_id=book.pk)
    return Shelf(belt, stand, visit, book)


VOLUME = {"scope": "quote", "steps": [{"from": "10", "percent": "10"}]}
SLABS = {
    "scope": "quote",
    "kind": "slab",
    "basis": "amount",
    "steps": [{"from": "0", "percent": "0"}, {"from": "2000", "percent": "20"}],
}


def test_where_lines_count_together_an_edit_reaches_the_others(world: World) -> None:
    shelf = volume_shelf(world, VOLUME)
    belt = shelf.belt
    lines = [NewLine(product_id=belt.pk, quantity=Decimal(4)) for _ in range(3)]
    version = make_quote(world, shelf, lines=lines[:2])
    first = queries.lines_of(version.pk)[0]
    assert first.net_minor == 400_00
    version = apply(world, version, AddLine(ref="a", product_id=belt.pk, quantity=Decimal(4)))
    assert [line.net_minor for line in queries.lines_of(version.pk)] == [360_00] * 3
    version = apply(world, version, RemoveLine(line_key=first.key))
    assert [line.net_minor for line in queries.lines_of(version.pk)] == [400_00] * 2
    assert_priced_whole(world, version)


@pytest.mark.parametrize("table", [VOLUME, SLABS])
def test_any_edits_leave_lines_that_count_together_as_pricing_everything_would(
    world: World, table: dict[str, object]
) -> None:
    shelf = volume_shelf(world, table)
    version, random = long_quote(world, shelf, 30), Random(3)
    changes = {"discount_bps": 150}
    actor = world.actor("sales_rep")
    actions.set_terms(actor=actor, now=world.now, quote_id=version.quote_id, changes=changes)
    for _ in range(10):
        edits = edit_of(version, random, shelf)
        seen = actions.preview_edits(
            actor=actor, now=world.now, quote_id=version.quote_id, edits=edits
        )
        nets = {line.key: line.net_minor for line in queries.lines_of(version.pk)}
        version = apply(world, version, *edits)
        # What was shown before is what came.
        assert seen.net_minor == version.net_minor
        for line in queries.lines_of(version.pk):
            nets.setdefault(line.key, -1)
            if line.net_minor == nets[line.key]:
                continue
            shown = {one.key: after for one, _before, after in seen.changed}
            assert shown[line.key] == line.net_minor
        assert_priced_whole(world, version)


def test_of_lines_that_count_together_only_those_are_written_that_another_step_reaches(
    world: World,
) -> None:
    shelf = volume_shelf(world, VOLUME)
    lines = [NewLine(product_id=shelf.belt.pk, quantity=Decimal(4)) for _ in range(5)]
    version = make_quote(world, shelf, lines=lines)
    key = queries.lines_of(version.pk)[0].key
    edit = SetField(line_key=key, field="quantity", was="4", now="5")
    done = actions.apply_edits(
        actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id, edits=[edit]
    )
    assert done.changed == (key,)
    edits = [RemoveLine(line_key=line.key) for line in queries.lines_of(version.pk)[1:4]]
    done = actions.apply_edits(
        actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id, edits=edits
    )
    assert len(done.changed) == 2
    assert_priced_whole(world, version)


def test_a_percentage_of_others_follows_an_edit(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt, stand = queries.lines_of(version.pk)
    actor = world.actor("sales_rep")
    actions.set_line_price(
        actor=actor,
        now=world.now,
        quote_id=version.quote_id,
        line_key=stand.key,
        asked={"percent_of": {"percent": "10", "of": "net", "lines": [str(belt.key)]}},
    )
    version = apply(world, version, SetField(line_key=belt.key, field="quantity", was="3", now="6"))
    lines = queries.lines_of(version.pk)
    assert lines[1].net_minor == 147_97  # 10 % of 739.83, twice
    assert_priced_whole(world, version)


def test_a_target_is_distributed_anew(world: World, shelf: Shelf) -> None:
    version = long_quote(world, shelf, 12)
    actions.set_target(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        total=Decimal(10_000),
        reason="as talked over",
    )
    line = queries.lines_of(version.pk)[2]
    edit = SetField(line_key=line.key, field="quantity", was="3", now="9")
    version = apply(world, version, edit)
    assert version.net_minor == 10_000_00
    assert_priced_whole(world, version)


def test_a_copy_and_a_new_version_stand_as_what_they_were_made_of(
    world: World, shelf: Shelf
) -> None:
    version = long_quote(world, shelf, 12)
    actor = world.actor("sales_rep")
    copy = actions.copy_quote(actor=actor, now=world.now, quote_id=version.quote_id)
    assert_priced_whole(world, copy)
    keys = [line.key for line in queries.lines_of(copy.pk)[:4]]
    actions.split_quote(
        actor=actor, now=world.now, quote_id=copy.quote_id, line_keys=keys, title="Part"
    )
    assert_priced_whole(world, copy)


def test_lines_of_a_group_count_together_and_take_their_price_along(world: World) -> None:
    shelf = volume_shelf(world, {**VOLUME, "scope": "group"})
    lines = [NewLine(product_id=shelf.belt.pk, quantity=Decimal(4)) for _ in range(4)]
    version = make_quote(world, shelf, lines=lines)
    keys = [line.key for line in queries.lines_of(version.pk)]
    one, other = UUID(int=1), UUID(int=2)

    def nets() -> list[int]:
        found = {line.key: line.net_minor for line in queries.lines_of(version.pk)}
        return [found[key] for key in keys]

    # Lines in no group are one lot of their own.
    assert nets() == [360_00] * 4
    groups = [AddGroup(group_key=key, title=f"Hall {key.int}") for key in (one, other)]
    moves = [
        MoveLine(line_key=key, group_key=group)
        for key, group in zip(keys, (one, one, one, other), strict=True)
    ]
    version = apply(world, version, *groups, *moves)
    assert nets() == [360_00, 360_00, 360_00, 400_00]
    assert_priced_whole(world, version)
    seen = actions.preview_edits(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        edits=[MoveLine(line_key=keys[2], group_key=other)],
    )
    assert seen.net_minor == 4 * 400_00
    version = apply(world, version, MoveLine(line_key=keys[2], group_key=other))
    assert nets() == [400_00] * 4
    version = apply(world, version, RemoveGroup(group_key=one), RemoveGroup(group_key=other))
    assert nets() == [360_00] * 4
    assert_priced_whole(world, version)
