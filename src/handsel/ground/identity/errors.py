"""What identity can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class UserMissing(NotFound):
    """There is no such user."""

    default_code = "user_missing"


class EmailTaken(Refused):
    """Somebody signs in with this address already."""

    default_code = "email_taken"


class RoleUnknown(Invalid):
    """There is no such role."""

    default_code = "role_unknown"
