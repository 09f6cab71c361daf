"""Two people in one quote: what each is told of the other, and that no edit is ever lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from handsel.bid.quote import actions, queries
from handsel.bid.quote.models import QuotePresence, QuoteVersion
from handsel.ground.kernel.clock import FixedClock
from handsel.ground.platform.models import BusinessEvent
from handsel.site import middleware
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def version(world: World, shelf: Shelf) -> QuoteVersion:
    return make_quote(world, shelf)


@pytest.fixture
def clock(world: World, monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    standing = FixedClock(world.now)
    monkeypatch.setattr(middleware, "clock", standing)
    return standing


class Editor:
    """Somebody with the sheet on screen, who keeps what he is told as the page does."""

    def __init__(self, world: World, role: str, quote_id: int) -> None:
        self.client: Client = session_of(world.users[role])
        self.name = world.users[role].name
        self.home = f"/quote/{quote_id}/sheet/"
        self.take(self.client.get(f"{self.home}rows/").json())

    def take(self, told: dict[str, Any]) -> None:
        rows = {row[0]: row for row in told["rows"]}
        if told["is_whole"]:
            self.rows = rows
        else:
            self.rows |= rows
            if told.get("order") is not None:
                self.rows = {key: self.rows[key] for key in told["order"]}
        self.lock = told["lock"]
        self.version = told.get("version", getattr(self, "version", 0))
        self.groups, self.sums = told["groups"], told["sums"]

    def post(self, name: str, body: Any) -> Any:
        return self.client.post(self.home + name, json.dumps(body), content_type="application/json")

    def edit(self, *edits: Any) -> dict[str, Any]:
        body = {"key": uuid4().hex, "lock": self.lock, "version": self.version, "edits": edits}
        answer: dict[str, Any] = self.post("edits/", body).json()
        self.take(answer)
        return answer

    def ask(self, line: str = "", **more: Any) -> dict[str, Any]:
        body = {"lock": self.lock, "version": self.version, "line": line, **more}
        answer: dict[str, Any] = self.post("since/", body).json()
        if "news" in answer:
            self.take(answer["news"])
        return answer

    def set(self, at: int, field: str, now: str) -> dict[str, Any]:
        place = {"name": 2, "quantity": 4, "discount_bps": 7}[field]
        row = list(self.rows.values())[at]
        was = str(row[place])
        return {"kind": "set", "line_key": row[0], "field": field, "was": was, "now": now}

    def same_as_opened_anew(self, world: World, role: str) -> bool:
        anew = self.client.get(f"{self.home}rows/").json()
        rows = list(self.rows.values())
        about = (rows, self.sums, self.groups, self.lock)
        return about == (anew["rows"], anew["sums"], anew["groups"], anew["lock"])


def test_another_ones_edit_comes_as_the_lines_that_changed_and_by_whom(
    world: World, version: QuoteVersion
) -> None:
    rep = Editor(world, "sales_rep", version.quote_id)
    boss = Editor(world, "sales_manager", version.quote_id)
    assert "news" not in boss.ask()
    rep.edit(rep.set(0, "quantity", "5"))
    rep.edit(rep.set(0, "quantity", "7"), rep.set(0, "name", "Belt"))
    key = next(iter(rep.rows))
    news = boss.ask()["news"]
    assert (news["is_whole"], [row[0] for row in news["rows"]]) == (False, [key])
    assert news["order"] is None
    assert [(one["by"], one["count"], one["keys"]) for one in news["others"]] == [
        (rep.name, 1, [key])
    ] * 2
    assert boss.rows == rep.rows
    assert boss.sums == rep.sums
    assert "news" not in boss.ask()


def test_lines_that_come_go_and_move_and_groups_are_followed(
    world: World, shelf: Shelf, version: QuoteVersion
) -> None:
    rep = Editor(world, "sales_rep", version.quote_id)
    boss = Editor(world, "sales_manager", version.quote_id)
    belt, stand = rep.rows
    hall, line = str(uuid4()), str(uuid4())
    add = {"kind": "add", "product_id": shelf.visit.pk, "quantity": "1"}
    rep.edit({**add, "ref": "a", "before_key": belt}, {**add, "ref": "b"})
    boss.ask()
    assert list(boss.rows) == list(rep.rows)
    rep.edit({"kind": "group_add", "group_key": hall, "title": "Hall"})
    rep.edit({"kind": "group_add", "group_key": line, "title": "Line", "parent_key": hall})
    rep.edit({"kind": "move", "line_key": belt, "group_key": line, "before_key": None})
    boss.ask()
    assert boss.rows[belt][10] == line
    assert boss.groups == rep.groups
    # A group that goes leaves its lines to the one around it: told to him who did it, too.
    rep.edit({"kind": "group_remove", "group_key": line})
    assert rep.rows[belt][10] == hall
    rep.edit({"kind": "remove", "line_key": stand, "was": {}})
    boss.ask()
    assert stand not in boss.rows
    assert boss.same_as_opened_anew(world, "sales_manager")


def test_terms_that_move_every_amount_are_followed_and_long_absence_is_read_anew(
    world: World, version: QuoteVersion
) -> None:
    boss = Editor(world, "sales_manager", version.quote_id)
    rep = world.actor("sales_rep")
    actions.set_terms(
        actor=rep, now=world.now, quote_id=version.quote_id, changes={"discount_bps": 500}
    )
    news = boss.ask()["news"]
    assert (news["is_whole"], len(news["rows"])) == (False, 2)
    assert boss.same_as_opened_anew(world, "sales_manager")
    other = Editor(world, "sales_rep", version.quote_id)
    for quantity in range(10, 52):
        other.edit(other.set(0, "quantity", str(quantity)))
    assert boss.ask()["news"]["is_whole"]
    assert boss.rows == other.rows


def test_what_is_done_by_something_else_than_an_edit_is_read_anew(
    world: World, version: QuoteVersion
) -> None:
    boss = Editor(world, "sales_manager", version.quote_id)
    actions.choose_proposal(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        template_id=None,
    )
    assert boss.ask()["news"]["is_whole"]


def test_who_edits_an_older_state_gets_what_he_missed_with_his_answer(
    world: World, version: QuoteVersion
) -> None:
    rep = Editor(world, "sales_rep", version.quote_id)
    boss = Editor(world, "sales_manager", version.quote_id)
    rep.edit(rep.set(0, "quantity", "5"))
    answer = boss.edit(boss.set(1, "quantity", "4"))
    assert (answer["is_whole"], len(answer["rows"])) == (False, 2)
    assert [one["by"] for one in answer["others"]] == [rep.name]
    assert boss.same_as_opened_anew(world, "sales_manager")


def test_who_is_here_is_told_to_others_with_his_line_until_he_goes(
    world: World, version: QuoteVersion, clock: FixedClock
) -> None:
    rep = Editor(world, "sales_rep", version.quote_id)
    boss = Editor(world, "sales_manager", version.quote_id)
    line = next(iter(rep.rows))
    assert rep.ask(line)["here"] == []
    assert boss.ask()["here"] == [{"name": rep.name, "line": line}]
    assert rep.ask("")["here"] == [{"name": boss.name, "line": ""}]
    assert boss.ask("no line at all")["here"] == [{"name": rep.name, "line": ""}]
    assert boss.post("since/", {"is_leaving": True}).status_code == 204
    assert rep.ask()["here"] == []
    # Somebody whose battery died is here no longer after a minute, and nowhere after the next.
    boss.ask()
    clock.advance(timedelta(seconds=60))
    assert rep.ask(is_new=True)["here"] == []
    assert QuotePresence.objects.count() == 1


def test_being_here_is_in_no_log_and_in_no_journal_of_the_database(
    world: World, version: QuoteVersion
) -> None:
    before = BusinessEvent.objects.count()
    rep = Editor(world, "sales_rep", version.quote_id)
    rep.ask(next(iter(rep.rows)), is_new=True)
    assert QuotePresence.objects.count() == 1
    assert BusinessEvent.objects.count() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'quote_quotepresence'")
        assert cursor.fetchone() == ("u",)


def test_who_may_not_see_a_quote_is_not_in_it_and_learns_of_nobody(
    world: World, version: QuoteVersion
) -> None:
    rep = Editor(world, "sales_rep", version.quote_id)
    rep.ask(next(iter(rep.rows)))
    stranger = Client()
    address = f"/quote/{version.quote_id}/sheet/since/"
    body = json.dumps({"lock": 1, "version": version.pk})
    answer = stranger.post(address, body, content_type="application/json")
    assert (answer.status_code, "sign-in" in answer["Location"]) == (302, True)
    other = rep.post("../../999999/sheet/since/", {"lock": 1, "version": 1})
    assert other.status_code == 404
    assert QuotePresence.objects.count() == 1


def test_edits_are_those_of_who_made_them(world: World, version: QuoteVersion) -> None:
    rep = Editor(world, "sales_rep", version.quote_id)
    edit = rep.set(0, "quantity", "5")
    body = {"key": "a", "lock": 1, "edits": [edit], "person": world.users["sales_manager"].pk}
    refused = rep.post("edits/", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "other_person")
    assert queries.lines_of(version.pk)[0].quantity == 3
    assert rep.ask()["person"] == world.users["sales_rep"].pk


def test_a_presented_quote_keeps_nobody_and_says_that_it_is_no_draft(
    world: World, version: QuoteVersion
) -> None:
    boss = Editor(world, "sales_manager", version.quote_id)
    QuoteVersion.objects.filter(pk=version.pk).update(state="presented")
    told = boss.ask()
    assert (told["is_draft"], told["here"], QuotePresence.objects.count()) == (False, [], 0)


def test_asking_is_few_statements_and_one_of_its_own(
    world: World, version: QuoteVersion, django_assert_max_num_queries: Any
) -> None:
    rep = Editor(world, "sales_rep", version.quote_id)
    rep.ask()
    with django_assert_max_num_queries(3):  # the session, the user with his rights, the answer
        rep.ask()


def test_undoing_an_addition_that_somebody_worked_on_asks_first(
    world: World, shelf: Shelf, version: QuoteVersion
) -> None:
    rep = Editor(world, "sales_rep", version.quote_id)
    boss = Editor(world, "sales_manager", version.quote_id)
    added = {"kind": "add", "ref": "a", "product_id": shelf.visit.pk, "quantity": "1"}
    key = rep.edit(added)["added"]["a"]
    boss.ask()
    boss.edit(boss.set(2, "quantity", "3"))
    undo = {"kind": "remove", "line_key": key, "was": {"quantity": "1"}}
    (conflict,) = rep.edit(undo)["conflicts"]
    assert (conflict["field"], conflict["was"], conflict["found"]) == ("quantity", "1", "3")
    assert len(queries.lines_of(version.pk)) == 3
