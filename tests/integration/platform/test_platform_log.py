"""The business event log: append-only, heard in stream order, all or nothing."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import DatabaseError, connection, transaction

from handsel import stream
from handsel.ground.kernel.errors import Invalid, NotFound
from handsel.ground.kernel.money import Money
from handsel.ground.platform import dispatch, jobs, log, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.events import Event
from handsel.ground.platform.models import BusinessEvent, EventObject, StoredFile

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANN = Actor("user", "Ann", 7)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Rang(Event):
    """A made-up fact."""

    TYPE: ClassVar[str] = "test.bell.rang"
    TOUCHES: ClassVar[dict[str, str]] = {"bell_id": "bell", "hearer_ids": "person"}

    bell_id: int
    hearer_ids: tuple[int, ...] = ()
    price: Money | None = None


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What the listeners of `Rang` heard; they are gone afterwards."""
    notes: list[str] = []
    yield notes
    dispatch._listeners.pop(Rang, None)


def listen(module: str, notes: list[str], failure: Exception | None = None) -> None:
    """Register a listener as if it stood in that room."""

    def hear(event: Rang, *, actor: Actor, now: datetime) -> None:
        notes.append(f"{module}:{event.bell_id}")
        if failure is not None:
            raise failure

    hear.__module__ = f"{module}.listeners"
    dispatch.listener(Rang)(hear)


def announce(event: Event = Rang(bell_id=1), **more: Any) -> int:
    """Announce inside a transaction."""
    with transaction.atomic():
        return log.announce(event, actor=ANN, now=NOW, **more)


def test_an_event_says_who_when_and_what_it_touches() -> None:
    key = announce(
        Rang(bell_id=1, hearer_ids=(5, 6), price=Money(1250, "EUR")),
        occurred_at=NOW - timedelta(days=1),
    )
    row = BusinessEvent.objects.get(pk=key)
    assert (row.type, row.version, row.actor_user_id) == ("test.bell.rang", 1, 7)
    assert (row.occurred_at, row.recorded_at) == (NOW - timedelta(days=1), NOW)
    assert row.payload["price"] == {"minor": 1250, "currency": "EUR"}
    touched = EventObject.objects.filter(event=row).order_by("pk")
    assert list(touched.values_list("object_type", "object_id", "qualifier")) == [
        ("bell", 1, "bell"),
        ("person", 5, "hearer"),
        ("person", 6, "hearer"),
    ]
    assert [event.pk for event in log.timeline(("person", 6))] == [key]


@pytest.mark.parametrize("table", ["platform_businessevent", "platform_eventobject"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_history(table: str, verb: str) -> None:
    announce()
    statement = verb.format(table)
    refused = pytest.raises(DatabaseError, match="Cannot update or delete")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_rooms_hear_in_stream_order_whatever_order_they_were_loaded_in(heard: list[str]) -> None:
    rooms = [room.module for room in stream.DEAL_ROOMS]
    for module in reversed(rooms):
        listen(module, heard)
    announce()
    assert heard == [f"{module}:1" for module in rooms]


def test_a_listeners_error_undoes_everything(heard: list[str]) -> None:
    listen("handsel.earn.billing", heard)
    listen("handsel.earn.cash", heard, failure=ZeroDivisionError())
    listen("handsel.earn.ledger", heard)
    with pytest.raises(ZeroDivisionError):
        announce()
    assert heard == ["handsel.earn.billing:1", "handsel.earn.cash:1"]
    assert not BusinessEvent.objects.filter(type=Rang.TYPE).exists()


def test_bulk_events_are_the_same_as_single_ones(heard: list[str]) -> None:
    listen("handsel.earn.billing", heard)
    events = [Rang(bell_id=n, hearer_ids=(n + 1000,)) for n in range(1, 151)]
    instants = [NOW - timedelta(minutes=n) for n in range(150)]
    with transaction.atomic():
        keys = log.announce_many(events, actor=ANN, now=NOW, occurred_at=instants)
    rows = BusinessEvent.objects.in_bulk(keys)
    assert [rows[key].payload["bell_id"] for key in keys] == list(range(1, 151))
    assert [rows[key].occurred_at for key in keys] == instants
    assert len(heard) == 150
    assert EventObject.objects.filter(event_id__in=keys).count() == 300


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        log.announce(Rang(bell_id=1), actor=ANN, now=NOW)


def jobs_waiting(name: str) -> int:
    """How many jobs of that name the queue holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])


def test_jobs_of_a_transaction_that_is_rolled_back_do_not_exist() -> None:
    name = "document.deliver_mail"
    with transaction.atomic():
        jobs.enqueue(name, mail_id=1)
        transaction.set_rollback(True)
    assert jobs_waiting(name) == 0
    with transaction.atomic():
        jobs.enqueue(name, mail_id=1)
    assert jobs_waiting(name) == 1


def test_a_stored_file_is_its_bytes_and_their_hash() -> None:
    content = bytes(range(256)) * 10
    row = store.keep(content, name="../../etc/passwd", media_type="text/plain", now=NOW)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert store.read(row.pk) == content
    with pytest.raises(NotFound):
        store.read(row.pk + 1)


def test_a_stored_file_never_changes() -> None:
    row = store.keep(b"as sent", name="offer.pdf", media_type="application/pdf", now=NOW)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        StoredFile.objects.filter(pk=row.pk).update(content=b"as wished")
    assert store.read(row.pk) == b"as sent"


def test_bytes_that_do_not_fit_their_hash_are_not_handed_out() -> None:
    row = StoredFile.objects.create(
        sha256="0" * 64, name="x", media_type="text/plain", size=1, content=b"x", created_at=NOW
    )
    with pytest.raises(RuntimeError, match="does not match its hash"):
        store.read(row.pk)


def test_a_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", 10)
    with pytest.raises(Invalid) as caught:
        store.keep(b"x" * 11, name="x", media_type="text/plain", now=NOW)
    assert caught.value.code == "file_too_large"
