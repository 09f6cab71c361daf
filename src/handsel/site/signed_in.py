"""Who is signed in, with what he may do: one statement where every request would take two."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from handsel.ground.identity.models import User

_USER: Final = """
    SELECT u.*,
       COALESCE((SELECT array_agg(role) FROM identity_userrole WHERE user_id = u.id), '{}'),
       COALESCE((SELECT array_agg(seller_id) FROM party_sellermember WHERE user_id = u.id), '{}')
    FROM identity_user u WHERE u.id = %s AND u.is_active
"""


class Backend(AuthenticationBackend):  # type: ignore[misc]  # the library is untyped
    """Sign-in by the library; a user comes back from his session with his rights."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user with `rights`; that the session is his, the framework checks."""
        with connection.cursor() as cursor:
            cursor.execute(_USER, [user_id])
            row = cursor.fetchone()
            if row is None:
                return None
            columns = [column[0] for column in cursor.description]
        *values, roles, sellers = row
        found = dict(zip(columns, values, strict=False))
        fields = User._meta.concrete_fields
        user = User.from_db(
            connection.alias,
            [field.attname for field in fields],
            [found[str(field.column)] for field in fields],
        )
        user.rights = (roles, sellers)
        return user
