"""From a signed-in user or an API key to the actor of a request."""

from __future__ import annotations

from typing import Any

from django.db import connection

from handsel.ground.kernel.ids import token_hash
from handsel.ground.platform.actor import Actor
from handsel.site.roles import permissions_of

_RIGHTS = """
    SELECT COALESCE((SELECT array_agg(role) FROM identity_userrole WHERE user_id = %(user)s), '{}'),
           COALESCE((SELECT array_agg(seller_id) FROM party_sellermember
                     WHERE user_id = %(user)s), '{}')
"""

# When a key was last used is kept to the minute: a program that asks ten times a second must not
# write ten times a second, nor wait for itself on its key's row.
_KEY = """
    WITH found AS (
        SELECT k.id, k.user_id, k.label, k.permissions, u.name
        FROM identity_apikey k JOIN identity_user u ON u.id = k.user_id
        WHERE k.token_hash = %(hash)s AND u.is_active
          AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %(now)s)
    ), used AS (
        UPDATE identity_apikey k SET last_used_at = %(now)s FROM found
        WHERE k.id = found.id
          AND (k.last_used_at IS NULL OR k.last_used_at <= %(now)s - interval '1 minute')
    )
    SELECT found.user_id, found.label, found.permissions, found.name,
           COALESCE((SELECT array_agg(r.role) FROM identity_userrole r
                     WHERE r.user_id = found.user_id), '{}'),
           COALESCE((SELECT array_agg(m.seller_id) FROM party_sellermember m
                     WHERE m.user_id = found.user_id), '{}')
    FROM found
"""


def actor_of(request: Any) -> Actor | None:
    """The actor of a request with a session, or None for a stranger."""
    user = request.user
    if not user.is_authenticated:
        return None
    roles, sellers = user.rights or _rights(user.pk)
    return Actor("user", user.name, user.pk, permissions_of(roles), frozenset(sellers))


def actor_of_key(token: str, *, now: Any) -> Actor | None:
    """The actor of an API key: never more than its user, less where the key is narrowed."""
    with connection.cursor() as cursor:
        cursor.execute(_KEY, {"hash": token_hash(token), "now": now})
        row = cursor.fetchone()
    if row is None:
        return None
    user_id, label, narrowed, name, roles, sellers = row
    held = permissions_of(roles)
    allowed = held & frozenset(narrowed) if narrowed else held
    return Actor("api_key", f"{name} ({label})", user_id, allowed, frozenset(sellers))


def _rights(user_id: int) -> tuple[list[str], list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, {"user": user_id})
        roles, sellers = cursor.fetchone()
    return roles, sellers
