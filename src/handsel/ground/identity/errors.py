"""What identity can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Forbidden, Invalid, NotFound, Refused


class UserMissing(NotFound):
    """There is no such user."""

    default_code = "user_missing"


class TeamMissing(NotFound):
    """There is no such team."""

    default_code = "team_missing"


class KeyMissing(NotFound):
    """There is no such key, or it is somebody else's."""

    default_code = "api_key_missing"


class UserInvalid(Invalid):
    """A fact about a user, key or team is not well formed."""

    default_code = "user_invalid"


class EmailTaken(Refused):
    """Somebody signs in with this address already."""

    default_code = "email_taken"


class NameTaken(Refused):
    """There is a team of this name."""

    default_code = "team_name_taken"


class RoleUnknown(Invalid):
    """There is no such role."""

    default_code = "role_unknown"


class LastAdministrator(Refused):
    """Without an administrator nobody could change this again."""

    default_code = "last_administrator"


class KeyNotAllowed(Forbidden):
    """Only a person who is signed in makes keys, and none wider than himself."""

    default_code = "api_key_not_allowed"
