"""The pipeline as it stood on any past day, rebuilt from the log."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection

from handsel.attract.opportunity.rules import pipeline
from handsel.ground.platform.actor import Actor

_EVENTS = """
SELECT o.object_id, e.type, e.occurred_at, e.payload
FROM platform_eventobject o
JOIN platform_businessevent e ON e.id = o.event_id
JOIN opportunity_opportunity d ON d.id = o.object_id AND d.seller_id = ANY(%(sellers)s)
WHERE o.object_type = 'opportunity' AND o.qualifier = 'opportunity'
  AND e.type = ANY(%(types)s) AND e.occurred_at <= %(as_of)s
  AND (%(known_at)s::timestamptz IS NULL OR e.recorded_at <= %(known_at)s)
ORDER BY e.occurred_at, e.id
"""
_TYPES = [
    pipeline.PREFIX + verb for verb in ("opened", "moved", "revised", "won", "lost", "reopened")
]


def pipeline_at(
    actor: Actor, *, as_of: datetime, known_at: datetime | None = None
) -> list[pipeline.DealAt]:
    """Every deal as it stood at `as_of`, rebuilt from events (CRM-52).

    `known_at` leaves out what we learned of later; without it, late news counts where it happened.
    """
    parameters: dict[str, Any] = {
        "sellers": sorted(actor.seller_ids),
        "types": _TYPES,
        "as_of": as_of,
        "known_at": known_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, parameters)
        events = [
            pipeline.DealEvent(deal, kind, at, json.loads(payload))
            for deal, kind, at, payload in cursor.fetchall()
        ]
    return list(pipeline.deals(events).values())
