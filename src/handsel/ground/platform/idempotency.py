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

from django.db import IntegrityError, transaction

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
        stored = IdempotencyKey.objects.filter(scope=scope, route=route, key=key).first()
        if stored is not None:
            return _replay(stored, digest)
        try:
            return _first(scope, route, key, digest, now, effect)
        except _Raced:
            continue
    raise RuntimeError("idempotency key neither free nor stored")


class _Raced(Exception):
    pass


def _first(
    scope: str,
    route: str,
    key: str,
    digest: bytes,
    now: datetime,
    effect: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    with transaction.atomic():
        try:
            with transaction.atomic():
                # Waits for a concurrent holder of the same key; fails if he committed.
                row = IdempotencyKey.objects.create(
                    scope=scope, route=route, key=key, request_hash=digest, created_at=now
                )
        except IntegrityError as clash:
            raise _Raced from clash
        answer = effect()
        row.response = answer
        row.save(update_fields=["response"])
        return answer


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
