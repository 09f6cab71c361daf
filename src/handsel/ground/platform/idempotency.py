"""One effect per command: keys of commands that change money.

The key row is inserted first, in the transaction of the effect, and the answer is stored in it
before commit; a retry with the same body gets the stored answer, with another body a 422.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import IdempotencyKey

# A laptop closed on Friday sends again on Monday; an accountant comes back after three weeks.
KEPT_DAYS = 30


def once(
    *,
    actor: Actor,
    route: str,
    key: str,
    request: Mapping[str, Any],
    now: datetime,
    effect: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Run `effect` at most once for (actor, route, key) and answer what it answered.

    `request` is the command's body (JSON values); `effect` returns the JSON answer. Raises
    Invalid when the key is empty or was used with another body. If the effect raises, nothing is
    kept and the key is free again.
    """
    if not key or len(key) > 200:
        raise Invalid("this command needs an Idempotency-Key", code="idempotency_key_missing")
    scope = f"{actor.kind}:{actor.user_id or actor.label}"[:80]
    digest = _digest(request)
    for _ in range(2):
        with transaction.atomic():
            # Waits for a concurrent holder of the same key; no row when he committed.
            row = _claim(scope, route, key, digest, now)
            if row is not None:
                answer = effect()
                _keep(row, answer)
                return answer
        stored = IdempotencyKey.objects.filter(scope=scope, route=route, key=key).first()
        if stored is not None:
            return _replay(stored, digest)
    raise RuntimeError("idempotency key neither free nor stored")


_CLAIM = """
    INSERT INTO platform_idempotencykey (scope, route, key, request_hash, created_at)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (scope, route, key) DO NOTHING
    RETURNING id
"""


def _claim(scope: str, route: str, key: str, digest: bytes, now: datetime) -> int | None:
    """The key of the new row, or None where there is one."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [scope, route, key, digest, now])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _keep(row: int, answer: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [json.dumps(answer), row])


_ANSWERED = "UPDATE platform_idempotencykey SET response = %s::jsonb WHERE id = %s"


def _replay(stored: IdempotencyKey, digest: bytes) -> dict[str, Any]:
    if bytes(stored.request_hash) != digest:
        raise Invalid(
            "this Idempotency-Key was used with another request; nothing was changed",
            code="idempotency_key_reused",
        )
    return dict(stored.response or {})


def forget_old(*, now: datetime) -> int:
    """Delete keys older than KEPT_DAYS; returns how many. A retry after that is a new command."""
    old = IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS))
    return old.delete()[0]


def _digest(request: Mapping[str, Any]) -> bytes:
    text = json.dumps(request, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).digest()
