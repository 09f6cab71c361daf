"""Several at once: the version's row is locked first, so exactly one of them gets his way."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.models import Quote, QuoteAcceptance, QuoteVersion
from handsel.bid.quote.queries.offer import shown_offer
from handsel.ground.kernel.errors import HandselError
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
Outcome = list[Any]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def at_once(*acts: Callable[[], Any]) -> Outcome:
    """Run acts in threads that start together; what each returned or was refused with."""
    outcome: Outcome = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            outcome[place] = act()
        except HandselError as refused:
            outcome[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def presented(world: World, shelf: Shelf) -> tuple[int, str, str]:
    """A presented quote: its key, the buyer's token, the hash his page shows."""
    quote_id = make_quote(world, shelf).quote_id
    link = actions.present_quote(
        actor=world.actor("sales_rep"), now=world.now, quote_id=quote_id
    ).link
    version = queries.shown_version(quote_id)
    assert version is not None
    return quote_id, link.rstrip("/").rpartition("/")[2], shown_offer(version).content_hash


def accepting(world: World, token: str, content_hash: str, name: str) -> Callable[[], Any]:
    return lambda: actions.accept_quote(
        now=world.now,
        token=token,
        content_hash=content_hash,
        signature=Signature(name=name, email=f"{name.lower()}@brandt.example"),
    )


def test_many_buyers_accept_at_once_and_one_acceptance_stands(world: World, shelf: Shelf) -> None:
    quote_id, token, content_hash = presented(world, shelf)
    names = ["Kim", "Kim", "Alex", "Alex", "Sam", "Robin"]
    outcome = at_once(*(accepting(world, token, content_hash, name) for name in names))
    (acceptance,) = QuoteAcceptance.objects.all()
    winners = [one for one in outcome if isinstance(one, QuoteAcceptance)]
    assert winners
    assert {winner.pk for winner in winners} == {acceptance.pk}
    refused = [one for one in outcome if not isinstance(one, QuoteAcceptance)]
    assert {one.code for one in refused} == {"quote_already_accepted"}
    assert Quote.objects.get(pk=quote_id).state == "accepted"


@pytest.mark.parametrize("round_no", range(5))
def test_accepting_and_revising_never_both_succeed(
    world: World, shelf: Shelf, round_no: int
) -> None:
    quote_id, token, content_hash = presented(world, shelf)
    outcome = at_once(
        accepting(world, token, content_hash, "Kim"),
        lambda: actions.new_version(
            actor=world.actor("sales_rep"), now=world.now, quote_id=quote_id
        ),
    )
    succeeded = [one for one in outcome if not isinstance(one, HandselError)]
    assert len(succeeded) == 1
    accepted = QuoteAcceptance.objects.count()
    states = sorted(QuoteVersion.objects.values_list("state", flat=True))
    assert states == (["accepted"] if accepted else ["draft", "superseded"])


def test_accepting_and_expiring_never_both_succeed(world: World, shelf: Shelf) -> None:
    quote_id, token, content_hash = presented(world, shelf)
    late = world.now + timedelta(days=60)
    outcome = at_once(
        accepting(world, token, content_hash, "Kim"),
        lambda: actions.expire_quote(actor=world.system, now=late, quote_id=quote_id, version_no=1),
    )
    accepted = isinstance(outcome[0], QuoteAcceptance)
    assert outcome[1] is not accepted
    assert Quote.objects.get().state == ("accepted" if accepted else "expired")


def test_editors_of_one_state_do_not_overwrite_each_other(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt, stand = queries.lines_of(version.pk)

    def edit(line_key: Any, quantity: int) -> Callable[[], Any]:
        return lambda: actions.set_line(
            actor=world.actor("sales_rep"),
            now=world.now,
            quote_id=version.quote_id,
            line_key=line_key,
            quantity=Decimal(quantity),
            lock_no=version.lock_no,
        )

    outcome = at_once(edit(belt.key, 7), edit(stand.key, 9))
    assert sum(isinstance(one, StaleEdit) for one in outcome) == 1
    changed = [line.quantity for line in queries.lines_of(version.pk)]
    assert changed in ([Decimal(7), Decimal(2)], [Decimal(3), Decimal(9)])
    assert QuoteVersion.objects.get().lock_no == version.lock_no + 1


def test_programs_that_add_lines_at_once_lose_none(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)

    def add() -> Any:
        return actions.add_lines(
            actor=world.system,
            now=world.now,
            quote_id=version.quote_id,
            lines=[NewLine(product_id=shelf.visit.pk, quantity=Decimal(1))] * 3,
        )

    at_once(*[add] * 6)
    lines = queries.lines_of(version.pk)
    assert [line.position for line in lines] == list(range(1, 21))
    assert len({line.key for line in lines}) == 20
    assert QuoteVersion.objects.get().net_minor == sum(line.net_minor for line in lines)


def test_numbers_have_no_gap(world: World, shelf: Shelf) -> None:
    at_once(*[lambda: make_quote(world, shelf)] * 6)
    numbers = sorted(Quote.objects.values_list("number", flat=True))
    assert numbers == [f"Q-2026-{place:05d}" for place in range(1, 7)]
