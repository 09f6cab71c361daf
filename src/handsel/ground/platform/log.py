"""The business event log: announcing and reading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model

from handsel.ground.platform.actor import Actor
from handsel.ground.platform.at_hand import laid_out
from handsel.ground.platform.copying import copy_in, take_keys
from handsel.ground.platform.dispatch import listeners_of
from handsel.ground.platform.events import Event
from handsel.ground.platform.models import BusinessEvent, EventObject

# From how many events on one COPY is cheaper than inserting instances.
WORTH_COPYING = 100


def announce(
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
    at_hand: Sequence[Model] = (),
) -> int:
    """Write one event with the objects it touches and let later rooms hear it.

    Must run inside the transaction of the action; a listener's error rolls all of it back.
    `at_hand` are rows the caller has locked or made, which listeners need not read again.
    Returns the event's id.
    """
    with laid_out(at_hand):
        return announce_many([event], actor=actor, now=now, occurred_at=occurred_at)[0]


def announce_many(
    events: Iterable[Event],
    *,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | Sequence[datetime] | None = None,
) -> list[int]:
    """Announce many events of one act with few statements (bulk imports and bill runs).

    `occurred_at` is one instant for all of them, or one for each.
    """
    batch = list(events)
    instants = (
        occurred_at if isinstance(occurred_at, Sequence) else [occurred_at or now] * len(batch)
    )
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("events are announced inside a transaction")
    write = _copy if len(batch) >= WORTH_COPYING else _insert
    keys = write(batch, instants, actor, now)
    for event in batch:
        for hear in listeners_of(type(event)):
            hear(event, actor=actor, now=now)
    return keys


# One statement an event: the row, the objects it touches, and its key back.
_ANNOUNCE = """
    WITH said AS (
        INSERT INTO platform_businessevent
            (type, version, occurred_at, recorded_at, actor_kind, actor_user_id, actor_label,
             payload)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)
        RETURNING id
    ), touched AS (
        INSERT INTO platform_eventobject (event_id, object_type, object_id, qualifier)
        SELECT said.id, o.object_type, o.object_id, o.qualifier
        FROM said, unnest(%s::text[], %s::bigint[], %s::text[])
            AS o (object_type, object_id, qualifier)
    )
    SELECT id FROM said
"""


def _insert(
    batch: Sequence[Event], instants: Sequence[datetime], actor: Actor, now: datetime
) -> list[int]:
    keys = []
    with connection.cursor() as cursor:
        for event, instant in zip(batch, instants, strict=True):
            refs = event.objects()
            cursor.execute(
                _ANNOUNCE,
                [
                    event.TYPE,
                    event.VERSION,
                    instant,
                    now,
                    actor.kind,
                    actor.user_id,
                    actor.label,
                    json.dumps(event.payload()),
                    [ref.object_type for ref in refs],
                    [ref.object_id for ref in refs],
                    [ref.qualifier for ref in refs],
                ],
            )
            keys.append(int(cursor.fetchone()[0]))
    return keys


def _copy(
    batch: Sequence[Event], instants: Sequence[datetime], actor: Actor, now: datetime
) -> list[int]:
    keys = take_keys(BusinessEvent, len(batch))
    who = (actor.kind, actor.user_id, actor.label)
    copy_in(
        BusinessEvent,
        [
            "id",
            "type",
            "version",
            "occurred_at",
            "recorded_at",
            "actor_kind",
            "actor_user_id",
            "actor_label",
            "payload",
        ],
        [
            (key, event.TYPE, event.VERSION, instant, now, *who, event.payload())
            for key, event, instant in zip(keys, batch, instants, strict=True)
        ],
    )
    touched = [
        (key, ref.object_type, ref.object_id, ref.qualifier)
        for key, event in zip(keys, batch, strict=True)
        for ref in event.objects()
    ]
    copy_in(
        EventObject,
        ["id", "event_id", "object_type", "object_id", "qualifier"],
        [
            (key, *row)
            for key, row in zip(take_keys(EventObject, len(touched)), touched, strict=True)
        ],
    )
    return keys


def timeline(
    *objects: tuple[str, int], limit: int = 100, of_rooms: Sequence[str] = ()
) -> list[BusinessEvent]:
    """The newest events that touch any of the given (type, id) objects, newest first.

    `of_rooms` leaves out what other rooms announced, such as the leads a user was given.
    """
    if not objects:
        return []
    from django.db.models import Q

    wanted = Q()
    for object_type, object_id in objects:
        wanted |= Q(object_type=object_type, object_id=object_id)
    touches = EventObject.objects.filter(wanted)
    if of_rooms:
        said = Q()
        for room in of_rooms:
            said |= Q(event__type__startswith=f"{room}.")
        touches = touches.filter(said)
    ids = touches.order_by("-event_id").values_list("event_id")
    newest = [pk for (pk,) in ids.distinct()[:limit]]
    return list(BusinessEvent.objects.filter(pk__in=newest).order_by("-occurred_at", "-pk"))
