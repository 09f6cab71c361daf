"""The JSON API of users, teams and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from handsel.ground.identity import actions, queries
from handsel.ground.identity.models import ApiKey, User
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.api import ClosedSchema, RoomRouter

router = RoomRouter("identity")

RoleCode = Annotated[str, Field(pattern=r"^[a-z_]{1,30}$", examples=["sales_rep"])]
PermissionCode = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", examples=["lead.view"])]
LARGEST_KEY = 2**63 - 1
MOST = 50


class UserOut(ClosedSchema):
    """Somebody who may sign in."""

    id: int
    email: str
    name: str
    language: str
    time_zone: str
    is_active: bool
    roles: list[str]


class UserPage(ClosedSchema):
    """Some users, and where the next ones begin."""

    items: list[UserOut]
    next_start: int | None


class UserIn(ClosedSchema):
    """A new user. He chooses his password by a link that an administrator sends him."""

    email: str = Field(min_length=3, max_length=200)
    name: str = Field(min_length=1, max_length=200)
    roles: list[RoleCode] = Field(min_length=1, max_length=20)
    language: str = Field("en", pattern=r"^[a-z]{2}$")
    time_zone: str = Field("Europe/Berlin", max_length=64)


class RolesIn(ClosedSchema):
    """The roles a user is to hold, no others."""

    roles: list[RoleCode] = Field(max_length=20)


class KeyOut(ClosedSchema):
    """A key: what it is for and how it stands, never its secret."""

    id: int
    label: str
    prefix: str
    permissions: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeyMade(KeyOut):
    """A new key with its secret, which is never to be seen again."""

    secret: str


class KeyIn(ClosedSchema):
    """A key for a program of one's own; without permissions it may do what its user may."""

    label: str = Field(min_length=1, max_length=100)
    permissions: list[PermissionCode] = Field(default_factory=list, max_length=100)
    expires_at: AwareDatetime | None = None


class TeamOut(ClosedSchema):
    """A team and the keys of its members."""

    id: int
    name: str
    member_ids: list[int]


class Me(ClosedSchema):
    """Who asks, and what he may do."""

    kind: str
    label: str
    user_id: int | None
    permissions: list[str]
    seller_ids: list[int]


def _out(user: User, roles: list[str]) -> UserOut:
    plain = ("id", "email", "name", "language", "time_zone", "is_active")
    return UserOut(**{name: getattr(user, name) for name in plain}, roles=roles)


def _key_out(key: ApiKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in KeyOut.model_fields}


@router.get("/me", permission="home.view", response=Me, summary="Who asks")
def me(request: Any) -> Me:
    """The actor of this request."""
    actor: Actor = request.actor
    return Me(
        kind=actor.kind,
        label=actor.label,
        user_id=actor.user_id,
        permissions=sorted(actor.permissions),
        seller_ids=sorted(actor.seller_ids),
    )


@router.get("/users", permission="settings.view", response=UserPage, summary="List users")
def users(request: Any, q: str = "", start: int = 0) -> UserPage:
    """Fifty at a time, active ones first."""
    begin = max(0, min(start, 10_000_000))
    found = list(queries.users(q[:200].replace("\0", ""))[begin : begin + MOST + 1])
    held = queries.roles_of_users([user.pk for user in found])
    items = [_out(user, held.get(user.pk, [])) for user in found[:MOST]]
    return UserPage(items=items, next_start=begin + MOST if len(found) > MOST else None)


@router.get(
    "/users/{int:user_id}", permission="settings.view", response=UserOut, summary="One user"
)
def user(request: Any, user_id: int) -> UserOut:
    """By his key."""
    found = queries.get_user(min(user_id, LARGEST_KEY))
    return _out(found, queries.roles_of(found.pk))


@router.post(
    "/users", permission="settings.edit", response=UserOut, summary="Add a user", status=201
)
def add_user(request: Any, body: UserIn) -> UserOut:
    """He sees no records before somebody lets him work for a seller."""
    made = actions.create_user(
        actor=request.actor, now=request.now, password=None, **body.model_dump()
    )
    return _out(made, sorted(set(body.roles)))


@router.post(
    "/users/{int:user_id}/roles",
    permission="settings.edit",
    response=UserOut,
    summary="Set a user's roles",
)
def set_roles(request: Any, user_id: int, body: RolesIn) -> UserOut:
    """Exactly these; one administrator is always left."""
    found = queries.get_user(min(user_id, LARGEST_KEY))
    actions.set_roles(actor=request.actor, now=request.now, user_id=found.pk, roles=body.roles)
    return _out(found, sorted(set(body.roles)))


@router.post(
    "/users/{int:user_id}/deactivate",
    permission="settings.edit",
    response=UserOut,
    summary="Stop a user from signing in",
)
def deactivate(request: Any, user_id: int) -> UserOut:
    """His keys end with it."""
    found = queries.get_user(min(user_id, LARGEST_KEY))
    actions.deactivate_user(actor=request.actor, now=request.now, user_id=found.pk)
    found.refresh_from_db()
    return _out(found, queries.roles_of(found.pk))


@router.post(
    "/users/{int:user_id}/reactivate",
    permission="settings.edit",
    response=UserOut,
    summary="Let a user sign in again",
)
def reactivate(request: Any, user_id: int) -> UserOut:
    """Keys that ended stay ended."""
    found = queries.get_user(min(user_id, LARGEST_KEY))
    actions.reactivate_user(actor=request.actor, now=request.now, user_id=found.pk)
    found.refresh_from_db()
    return _out(found, queries.roles_of(found.pk))


@router.get("/keys", permission="home.view", response=list[KeyOut], summary="One's own API keys")
def keys(request: Any) -> list[KeyOut]:
    """Newest first."""
    return [KeyOut(**_key_out(key)) for key in queries.api_keys_of(request.actor.user_id or 0)]


@router.post(
    "/keys",
    permission="home.view",
    response=KeyMade,
    summary="Make an API key for oneself",
    # No command: its answer would be kept for a retry, and a secret is kept nowhere.
    command=False,
    status=201,
)
def make_key(request: Any, body: KeyIn) -> KeyMade:
    """Only for a person who is signed in; a key makes no keys."""
    key, secret = actions.create_api_key(
        actor=request.actor,
        now=request.now,
        user_id=request.actor.user_id or 0,
        **body.model_dump(),
    )
    return KeyMade(**_key_out(key), secret=secret)


@router.post(
    "/keys/{int:key_id}/revoke",
    permission="home.view",
    response=KeyOut,
    summary="End an API key of one's own",
)
def revoke_key(request: Any, key_id: int) -> KeyOut:
    """At once."""
    me_id = request.actor.user_id or 0
    found = queries.get_api_key(me_id, min(key_id, LARGEST_KEY))
    actions.revoke_api_key(actor=request.actor, now=request.now, user_id=me_id, key_id=found.pk)
    return KeyOut(**_key_out(queries.get_api_key(me_id, found.pk)))


@router.get("/teams", permission="settings.view", response=list[TeamOut], summary="List teams")
def teams(request: Any) -> list[TeamOut]:
    """By name."""
    return [
        TeamOut(id=team.pk, name=team.name, member_ids=queries.members_of(team.pk))
        for team in queries.teams()
    ]
