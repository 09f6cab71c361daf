"""What identity announces: who may do what, and since when. Secrets and passwords never."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.platform.events import Event

_USER: dict[str, str] = {"user_id": "user"}


@dataclass(frozen=True, slots=True)
class UserAdded(Event):
    """Somebody may sign in from now on."""

    TYPE: ClassVar[str] = "identity.user.added"
    TOUCHES: ClassVar[dict[str, str]] = _USER

    user_id: int
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserRevised(Event):
    """A user's name, language or time zone changed."""

    TYPE: ClassVar[str] = "identity.user.revised"
    TOUCHES: ClassVar[dict[str, str]] = _USER

    user_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RolesChanged(Event):
    """A user holds other roles than before."""

    TYPE: ClassVar[str] = "identity.user.roles_changed"
    TOUCHES: ClassVar[dict[str, str]] = _USER

    user_id: int
    given: tuple[str, ...]
    taken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserDeactivated(Event):
    """A user can no longer sign in; his keys ended with it."""

    TYPE: ClassVar[str] = "identity.user.deactivated"
    TOUCHES: ClassVar[dict[str, str]] = _USER

    user_id: int
    keys_revoked: int


@dataclass(frozen=True, slots=True)
class UserReactivated(Event):
    """A user can sign in again; his old keys stay ended."""

    TYPE: ClassVar[str] = "identity.user.reactivated"
    TOUCHES: ClassVar[dict[str, str]] = _USER

    user_id: int


@dataclass(frozen=True, slots=True)
class SignInLinkMade(Event):
    """A link to choose a password was made for a user."""

    TYPE: ClassVar[str] = "identity.user.sign_in_link_made"
    TOUCHES: ClassVar[dict[str, str]] = _USER

    user_id: int


@dataclass(frozen=True, slots=True)
class ApiKeyMade(Event):
    """A program may act for a user."""

    TYPE: ClassVar[str] = "identity.api_key.made"
    TOUCHES: ClassVar[dict[str, str]] = {"user_id": "user", "api_key_id": "api_key"}

    api_key_id: int
    user_id: int
    label: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Event):
    """A program may no longer act for a user."""

    TYPE: ClassVar[str] = "identity.api_key.revoked"
    TOUCHES: ClassVar[dict[str, str]] = {"user_id": "user", "api_key_id": "api_key"}

    api_key_id: int
    user_id: int
    label: str


@dataclass(frozen=True, slots=True)
class TeamChanged(Event):
    """A team was made, renamed, or has other members."""

    TYPE: ClassVar[str] = "identity.team.changed"
    TOUCHES: ClassVar[dict[str, str]] = {"team_id": "team", "member_ids": "user"}

    team_id: int
    name: str
    member_ids: tuple[int, ...]
