"""Two people in one draft, by one command: what is merged, what is a conflict, what is refused."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.errors import BadQuote, QuoteNotEditable, QuoteNotFound
from handsel.bid.quote.models import QuoteGroup, QuoteLine, QuoteVersion
from handsel.bid.quote.rules.sheet.edits import (
    AddGroup,
    AddLine,
    Edit,
    MoveGroup,
    MoveLine,
    RemoveGroup,
    RemoveLine,
    RenameGroup,
    SetField,
)
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def apply(world: World, quote_id: int, *edits: Edit, role: str = "sales_rep") -> actions.Outcome:
    return actions.apply_edits(
        actor=world.actor(role), now=world.now, quote_id=quote_id, edits=edits
    )


def lines(quote_id: int) -> list[queries.LineView]:
    return queries.lines_of(QuoteVersion.objects.get(quote_id=quote_id).pk)


def change(key: UUID, field: str, was: str, now: str) -> SetField:
    return SetField(line_key=key, field=field, was=was, now=now)


def test_edits_are_priced_once_and_told_with_what_they_touched(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt, stand = lines(quote_id)
    done = apply(
        world,
        quote_id,
        change(belt.key, "quantity", "3", "5"),
        change(stand.key, "discount_bps", "0", "1000"),
    )
    assert (done.applied, done.conflicts, done.refused) == ((0, 1), (), ())
    assert (done.lock_before, done.version.lock_no) == (1, 2)
    belt, stand = lines(quote_id)
    assert (belt.quantity, belt.net_minor) == (5, 616_52)
    assert stand.net_minor == 522_00
    assert done.version.net_minor == 616_52 + 522_00


def test_two_editors_of_two_fields_of_one_line_both_keep_theirs(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt = lines(quote_id)[0]
    apply(world, quote_id, change(belt.key, "quantity", "3", "4"))
    done = apply(
        world, quote_id, change(belt.key, "name", belt.name, "Belt, blue"), role="sales_manager"
    )
    assert done.applied == (0,)
    after = lines(quote_id)[0]
    assert (after.quantity, after.name) == (4, "Belt, blue")


def test_one_field_twice_is_a_conflict_that_names_both_values_and_who(
    world: World, shelf: Shelf
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt, stand = lines(quote_id)
    apply(world, quote_id, change(belt.key, "quantity", "3", "4"), role="sales_manager")
    done = apply(
        world,
        quote_id,
        change(belt.key, "quantity", "3", "9"),
        change(stand.key, "quantity", "2", "3"),
    )
    assert done.applied == (1,)
    (conflict,) = done.conflicts
    assert (conflict.field, conflict.was, conflict.wanted) == ("quantity", "3", "9")
    assert (conflict.found, conflict.by) == ("4", world.actor("sales_manager").label)
    assert conflict.at is not None
    assert [line.quantity for line in lines(quote_id)] == [4, 3]


def test_what_stands_already_is_no_edit_and_writes_nothing(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt = lines(version.quote_id)[0]
    done = apply(world, version.quote_id, change(belt.key, "quantity", "2", "3.000"))
    assert (done.applied, done.conflicts, done.version.lock_no) == ((0,), (), version.lock_no)


def test_a_line_somebody_took_out_keeps_the_other_ones_edit_as_a_conflict(
    world: World, shelf: Shelf
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt = lines(quote_id)[0]
    apply(world, quote_id, RemoveLine(line_key=belt.key), role="sales_manager")
    done = apply(world, quote_id, change(belt.key, "quantity", "3", "8"))
    (conflict,) = done.conflicts
    assert (conflict.found, conflict.wanted) == (None, "8")
    assert conflict.by == world.actor("sales_manager").label
    assert apply(world, quote_id, RemoveLine(line_key=belt.key)).conflicts == ()


def test_a_line_that_changed_is_not_taken_out_unseen(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt = lines(quote_id)[0]
    apply(world, quote_id, change(belt.key, "quantity", "3", "4"))
    done = apply(world, quote_id, RemoveLine(line_key=belt.key, was={"quantity": "3"}))
    assert [one.found for one in done.conflicts] == ["4"]
    assert len(lines(quote_id)) == 2


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("quantity", "0"),
        ("quantity", "-1"),
        ("quantity", "NaN"),
        ("quantity", "1e400"),
        ("quantity", "٣"),
        ("quantity", "1.0000001"),
        ("quantity", "1000000000000"),
        ("discount_bps", "10001"),
        ("discount_bps", "12.5"),
        ("name", "  "),
        ("name", "x" * 201),
        ("kind", "perhaps"),
        ("group_key", "no key"),
        ("group_key", "00000000-0000-4000-8000-000000000000"),
        ("net_minor", "1"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_the_others_go_on(
    world: World, shelf: Shelf, field: str, given: str
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt, stand = lines(quote_id)
    done = apply(
        world,
        quote_id,
        change(belt.key, field, "", given),
        change(stand.key, "quantity", "2", "6"),
    )
    assert done.applied == (1,)
    (refusal,) = done.refused
    assert (refusal.index, refusal.key, refusal.field) == (0, belt.key, field)
    assert refusal.expected
    assert [line.quantity for line in lines(quote_id)] == [3, 6]


def added(shelf: Shelf, ref: str, quantity: str = "1", **more: Any) -> AddLine:
    return AddLine(ref=ref, product_id=shelf.visit.pk, quantity=Decimal(quantity), **more)


def test_lines_come_in_the_middle_and_come_back_as_themselves(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt, stand = lines(quote_id)
    done = apply(world, quote_id, added(shelf, "a", "7", before_key=stand.key))
    assert [line.key for line in lines(quote_id)] == [belt.key, done.added["a"], stand.key]
    apply(world, quote_id, RemoveLine(line_key=belt.key))
    back = AddLine(
        ref="b",
        product_id=belt.product_id,
        quantity=Decimal(3),
        discount_bps=900,
        before_key=done.added["a"],
        line_key=belt.key,
    )
    assert apply(world, quote_id, back).added == {"b": belt.key}
    now = lines(quote_id)
    assert [line.key for line in now] == [belt.key, done.added["a"], stand.key]
    assert [line.position for line in now] == [1, 2, 3]
    assert now[0].net_minor == belt.net_minor
    foreign = replace(back, line_key=uuid4(), ref="c")
    assert [one.field for one in apply(world, quote_id, foreign).refused] == ["line_key"]


def test_what_has_no_price_or_is_not_offered_is_named_and_the_rest_is_added(
    world: World, shelf: Shelf
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    facts = ProductFacts(sku="NEW-1", name="Without price")
    unpriced = catalog.add_product(actor=world.system, now=world.now, facts=facts)
    done = apply(
        world,
        quote_id,
        AddLine(ref="a", product_id=unpriced.pk, quantity=Decimal(1)),
        added(shelf, "b"),
        AddLine(ref="c", product_id=987_654, quantity=Decimal(1)),
    )
    assert set(done.added) == {"b"}
    assert [(one.index, one.field) for one in done.refused] == [
        (0, "product_id"),
        (2, "product_id"),
    ]
    assert "NEW-1" in done.refused[0].given


def test_five_hundred_rows_are_one_price_and_few_statements(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    with CaptureQueriesContext(connection) as asked:
        done = apply(world, quote_id, *(added(shelf, str(at)) for at in range(500)))
    assert len(done.added) == 500
    assert len(lines(quote_id)) == 502
    assert len(asked) < 45


def test_too_many_rows_are_refused_before_anything_is_read(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    rows = [added(shelf, "x")] * 100_000
    with CaptureQueriesContext(connection) as asked, pytest.raises(BadQuote, match="100,000 rows"):
        actions.preview_edits(
            actor=world.actor("sales_rep"), now=world.now, quote_id=quote_id, edits=rows
        )
    assert len([query for query in asked if "quote_" in query["sql"]]) == 0
    assert len(lines(quote_id)) == 2


def test_moving_one_line_of_many_writes_one_line(world: World, shelf: Shelf) -> None:
    many = [NewLine(product_id=shelf.belt.pk, quantity=Decimal(1)) for _ in range(60)]
    version = make_quote(world, shelf, lines=many)
    keys = [line.key for line in lines(version.quote_id)]
    apply(world, version.quote_id, MoveLine(line_key=keys[50], before_key=keys[3]))
    before = dict(QuoteLine.objects.values_list("line_key", "position"))
    done = apply(world, version.quote_id, MoveLine(line_key=keys[40], before_key=keys[0]))
    after = dict(QuoteLine.objects.values_list("line_key", "position"))
    assert [key for key in keys if before[key] != after[key]] == [keys[40]]
    assert done.applied == (0,)
    order = [line.key for line in lines(version.quote_id)]
    assert order[:2] == [keys[40], keys[0]]
    assert order.index(keys[50]) == order.index(keys[3]) - 1


def test_groups_nest_are_renamed_moved_and_dissolved(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    quote_id = version.quote_id
    belt, stand = lines(quote_id)
    hall, cell = uuid4(), uuid4()
    done = apply(
        world,
        quote_id,
        AddGroup(group_key=hall, title="Hall 4"),
        AddGroup(group_key=cell, title="Cell A", parent_key=hall),
        MoveLine(line_key=belt.key, group_key=cell),
        RenameGroup(group_key=hall, was="Hall 4", now="Hall 5"),
    )
    assert done.applied == (0, 1, 2, 3)
    # A line of no group is read before all groups.
    assert [line.key for line in lines(quote_id)] == [stand.key, belt.key]
    again = apply(world, quote_id, RenameGroup(group_key=hall, was="Hall 4", now="Hall 6"))
    assert [one.found for one in again.conflicts] == ["Hall 5"]
    around = apply(world, quote_id, MoveGroup(group_key=hall, parent_key=cell))
    assert [one.field for one in around.refused] == ["parent_key"]
    apply(world, quote_id, RemoveGroup(group_key=hall))
    (left,) = QuoteGroup.objects.filter(version=version)
    assert (left.title, left.parent_key) == ("Cell A", None)
    assert QuoteLine.objects.get(version=version, line_key=belt.key).group_key == cell


def test_of_alternatives_exactly_one_counts(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt, stand = lines(quote_id)
    apply(
        world,
        quote_id,
        change(belt.key, "alternative_set", "", "Frame"),
        change(stand.key, "alternative_set", "", "Frame"),
    )
    assert [line.is_chosen for line in lines(quote_id)] == [True, False]
    assert QuoteVersion.objects.get(quote_id=quote_id).net_minor == belt.net_minor
    apply(world, quote_id, change(stand.key, "kind", "option", "chosen"))
    assert [line.is_chosen for line in lines(quote_id)] == [False, True]
    apply(world, quote_id, change(stand.key, "kind", "chosen", "option"))
    assert sum(line.is_chosen for line in lines(quote_id)) == 1
    apply(world, quote_id, RemoveLine(line_key=belt.key))
    (left,) = lines(quote_id)
    assert left.is_chosen


def test_a_new_version_keeps_groups_and_alternatives(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt, stand = lines(quote_id)
    hall = uuid4()
    apply(
        world,
        quote_id,
        AddGroup(group_key=hall, title="Hall 4"),
        MoveLine(line_key=belt.key, group_key=hall),
        change(stand.key, "alternative_set", "", "Frame"),
    )
    rep = world.actor("sales_rep")
    actions.present_quote(actor=rep, now=world.now, quote_id=quote_id)
    with pytest.raises(QuoteNotEditable):
        apply(world, quote_id, change(belt.key, "quantity", "3", "4"))
    version = actions.new_version(actor=rep, now=world.now, quote_id=quote_id)
    rows = QuoteLine.objects.filter(version=version)
    assert dict(rows.values_list("line_key", "group_key")) == {belt.key: hall, stand.key: None}
    assert rows.get(line_key=stand.key).alternative_set == "Frame"
    assert QuoteGroup.objects.get(version=version).title == "Hall 4"


def test_a_preview_is_what_would_be_and_writes_nothing(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt = lines(version.quote_id)[0]
    edits = [change(belt.key, "quantity", "3", "5"), change(belt.key, "kind", "fixed", "never")]
    rep = world.actor("sales_rep")
    seen = actions.preview_edits(actor=rep, now=world.now, quote_id=version.quote_id, edits=edits)
    assert [one.field for one in seen.refused] == ["kind"]
    assert lines(version.quote_id)[0].quantity == 3
    done = apply(world, version.quote_id, edits[0])
    assert seen.net_minor == done.version.net_minor


def test_strangers_find_no_sheet(world: World, shelf: Shelf) -> None:
    quote_id = make_quote(world, shelf).quote_id
    with pytest.raises(QuoteNotFound):
        actions.apply_edits(actor=world.stranger, now=world.now, quote_id=quote_id, edits=[])


@pytest.mark.parametrize("seed", range(6))
def test_of_two_who_edit_at_once_nobody_loses_an_edit(
    world: World, shelf: Shelf, seed: int
) -> None:
    """Each edits from what he last saw. Whatever was applied stands until a later applied edit
    of somebody who had seen it; whatever was not is told to him with what stands instead."""
    dice = random.Random(seed)
    many = [NewLine(product_id=shelf.stand.pk, quantity=Decimal(1)) for _ in range(4)]
    quote_id = make_quote(world, shelf, lines=many).quote_id
    keys = [line.key for line in lines(quote_id)]
    truth = {(key, field): "1" if field == "quantity" else "0" for key in keys for field in FIELDS}
    seen = {"sales_rep": dict(truth), "sales_manager": dict(truth)}
    for _ in range(25):
        role = dice.choice(["sales_rep", "sales_manager"])
        cells = dice.sample(sorted(truth), dice.randint(1, 3))
        edits = [change(*cell, was=seen[role][cell], now=str(dice.randint(1, 5))) for cell in cells]
        done = apply(world, quote_id, *edits, role=role)
        told = {one.index: one.found for one in done.conflicts}
        for index, (cell, edit) in enumerate(zip(cells, edits, strict=True)):
            is_free = truth[cell] in (edit.was, edit.now)
            assert (index in done.applied) is is_free
            assert is_free or told[index] == truth[cell]
            truth[cell] = edit.now if is_free else truth[cell]
            seen[role][cell] = truth[cell]
        if dice.random() < 0.3:
            seen[role] = dict(truth)
    stored = {line.key: line for line in lines(quote_id)}
    for (key, field), value in truth.items():
        assert Decimal(getattr(stored[key], field)) == Decimal(value)


FIELDS = ("quantity", "discount_bps")
