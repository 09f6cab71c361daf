"""The only writers of users, roles, teams and keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction

from handsel.ground.identity import declared, queries
from handsel.ground.identity.errors import (
    EmailTaken,
    KeyMissing,
    KeyNotAllowed,
    LastAdministrator,
    NameTaken,
    RoleUnknown,
    UserInvalid,
)
from handsel.ground.identity.events import (
    ApiKeyMade,
    ApiKeyRevoked,
    RolesChanged,
    SignInLinkMade,
    TeamChanged,
    UserAdded,
    UserDeactivated,
    UserReactivated,
    UserRevised,
)
from handsel.ground.identity.models import ApiKey, Team, TeamMember, User, UserRole
from handsel.ground.kernel.ids import new_token, token_hash
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce

KEY_PREFIX = "hsl_"
ADMINISTRATOR = "administrator"
USER_FACTS = frozenset({"name", "language", "time_zone"})
# Whoever takes away the right to administer holds this lock, so that one administrator is left.
_ADMINISTRATORS_LOCK = 7_010_001


def declare_roles(roles: Mapping[str, str], permissions: Collection[str] = ()) -> None:
    """Tell which roles and permissions exist (once, at start; see site/roles.py)."""
    declared.declare(roles, permissions)


@transaction.atomic
def create_user(
    *,
    actor: Actor,
    now: datetime,
    email: str,
    name: str,
    password: str | None,
    roles: Collection[str],
    language: str = "en",
    time_zone: str = "Europe/Berlin",
) -> User:
    """A user with his roles; without a password he cannot sign in until one is set.

    Raises EmailTaken, RoleUnknown, and UserInvalid for a malformed address, name or time zone.
    """
    _check_facts({"name": name, "language": language, "time_zone": time_zone})
    try:
        validate_email(email.strip())
    except ValidationError as wrong:
        raise UserInvalid(
            said("%(email)s is no mail address", email=repr(email)), fields={"email": "name@domain"}
        ) from wrong
    held = _known(roles)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                name=name.strip(),
                language=language,
                time_zone=time_zone,
                created_at=now,
            )
    except IntegrityError as clash:
        raise EmailTaken(said("somebody signs in with %(email)s already", email=email)) from clash
    UserRole.objects.bulk_create([UserRole(user=user, role=role) for role in held])
    announce(UserAdded(user_id=user.pk, roles=tuple(held)), actor=actor, now=now)
    return user


@transaction.atomic
def revise_user(*, actor: Actor, now: datetime, user_id: int, facts: Mapping[str, Any]) -> User:
    """Change a user's name, language or time zone. Raises UserMissing, UserInvalid."""
    user = queries.get_user(user_id)
    _check_facts(facts)
    changed = sorted(field for field in facts if getattr(user, field) != facts[field])
    for field in changed:
        setattr(user, field, facts[field])
    if changed:
        user.save(update_fields=changed)
        announce(UserRevised(user_id=user_id, changed=tuple(changed)), actor=actor, now=now)
    return user


def _check_facts(facts: Mapping[str, Any]) -> None:
    unknown = set(facts) - USER_FACTS
    if unknown:
        raise UserInvalid(
            said("not facts of a user: %(unknown)s", unknown=", ".join(sorted(unknown)))
        )
    wrong: dict[str, str] = {}
    if "name" in facts and not 1 <= len(str(facts["name"]).strip()) <= 200:
        wrong["name"] = "1 to 200 characters"
    if "time_zone" in facts and facts["time_zone"] not in available_timezones():
        wrong["time_zone"] = "a name such as Europe/Berlin"
    language = str(facts.get("language", "en"))
    if not (2 <= len(language) <= 8 and language.isascii() and language[:2].islower()):
        wrong["language"] = "a code such as en"
    if wrong:
        raise UserInvalid("these facts about a user cannot be right", fields=wrong)


def _known(roles: Collection[str]) -> list[str]:
    unknown = set(roles) - set(declared.ROLES)
    if unknown:
        raise RoleUnknown(said("no such role: %(unknown)s", unknown=", ".join(sorted(unknown))))
    return sorted(set(roles))


@transaction.atomic
def set_roles(*, actor: Actor, now: datetime, user_id: int, roles: Collection[str]) -> None:
    """Let a user hold exactly these roles. Raises RoleUnknown, UserMissing, LastAdministrator."""
    wanted = _known(roles)
    user = queries.get_user(user_id)
    _lock_administrators()
    before = set(queries.roles_of(user_id))
    if ADMINISTRATOR in before - set(wanted) and user.is_active:
        _leave_an_administrator(user_id)
    UserRole.objects.filter(user_id=user_id).exclude(role__in=wanted).delete()
    UserRole.objects.bulk_create(
        [UserRole(user_id=user_id, role=role) for role in wanted], ignore_conflicts=True
    )
    given, taken = sorted(set(wanted) - before), sorted(before - set(wanted))
    if given or taken:
        event = RolesChanged(user_id=user_id, given=tuple(given), taken=tuple(taken))
        announce(event, actor=actor, now=now)


def _lock_administrators() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADMINISTRATORS_LOCK])


def _leave_an_administrator(but_for: int) -> None:
    others = UserRole.objects.filter(role=ADMINISTRATOR, user__is_active=True)
    if not others.exclude(user_id=but_for).exists():
        raise LastAdministrator("this is the last administrator; name another one first")


@transaction.atomic
def deactivate_user(*, actor: Actor, now: datetime, user_id: int) -> None:
    """Stop a user from signing in and end his keys; what he did stays his.

    Raises UserMissing, and LastAdministrator for the only one there is.
    """
    user = queries.get_user(user_id)
    if not user.is_active:
        return
    _lock_administrators()
    if ADMINISTRATOR in queries.roles_of(user_id):
        _leave_an_administrator(user_id)
    User.objects.filter(pk=user_id).update(is_active=False)
    ended = ApiKey.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=now)
    announce(UserDeactivated(user_id=user_id, keys_revoked=ended), actor=actor, now=now)


@transaction.atomic
def reactivate_user(*, actor: Actor, now: datetime, user_id: int) -> None:
    """Let a user sign in again; keys that ended stay ended."""
    queries.get_user(user_id)
    if User.objects.filter(pk=user_id, is_active=False).update(is_active=True):
        announce(UserReactivated(user_id=user_id), actor=actor, now=now)


@transaction.atomic
def note_sign_in_link(*, actor: Actor, now: datetime, user_id: int) -> None:
    """Keep that a link to choose a password was made; the link itself is kept nowhere."""
    queries.get_user(user_id)
    announce(SignInLinkMade(user_id=user_id), actor=actor, now=now)


@transaction.atomic
def create_team(*, actor: Actor, now: datetime, name: str, members: Collection[int]) -> Team:
    """A team with its members; a team of that name gets the members added."""
    _check_team_name(name)
    team, _ = Team.objects.get_or_create(name=name.strip())
    _add_members(team, members)
    _announce_team(team, actor, now)
    return team


@transaction.atomic
def revise_team(
    *, actor: Actor, now: datetime, team_id: int, name: str, members: Collection[int]
) -> Team:
    """Name a team and let exactly these users be in it. Raises TeamMissing, NameTaken."""
    _check_team_name(name)
    team = queries.get_team(team_id)
    team.name = name.strip()
    try:
        with transaction.atomic():
            team.save(update_fields=["name"])
    except IntegrityError as clash:
        raise NameTaken(said("there is a team %(name)s already", name=name.strip())) from clash
    TeamMember.objects.filter(team=team).exclude(user_id__in=members).delete()
    _add_members(team, members)
    _announce_team(team, actor, now)
    return team


def _check_team_name(name: str) -> None:
    if not 1 <= len(name.strip()) <= 100:
        raise UserInvalid("a team needs a name", fields={"name": "1 to 100 characters"})


def _add_members(team: Team, members: Collection[int]) -> None:
    known = User.objects.filter(pk__in=members).values_list("pk", flat=True)
    if set(known) != set(members):
        raise UserInvalid("a member is no user", fields={"members": "users"})
    TeamMember.objects.bulk_create(
        [TeamMember(team=team, user_id=user_id) for user_id in members], ignore_conflicts=True
    )


def _announce_team(team: Team, actor: Actor, now: datetime) -> None:
    members = tuple(queries.members_of(team.pk))
    announce(TeamChanged(team_id=team.pk, name=team.name, member_ids=members), actor=actor, now=now)


@transaction.atomic
def create_api_key(
    *,
    actor: Actor,
    now: datetime,
    user_id: int,
    label: str,
    permissions: Collection[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A key for programs, and its secret, which is never to be seen again.

    People make keys for themselves; a key makes no keys, or a narrowed one could widen itself.
    Without `permissions` the key may do what its user may, today and later. Raises KeyNotAllowed,
    UserInvalid.
    """
    if actor.kind != "system" and (actor.kind != "user" or actor.user_id != user_id):
        raise KeyNotAllowed("keys are made by the person they act for, signed in on a page")
    beyond = [code for code in permissions if not actor.may(code)]
    if beyond:
        raise KeyNotAllowed(said("you do not hold: %(beyond)s", beyond=", ".join(sorted(beyond))))
    if not 1 <= len(label.strip()) <= 100:
        raise UserInvalid("a key needs a name", fields={"label": "what it is for"})
    if expires_at is not None and expires_at <= now:
        raise UserInvalid("a key must expire in the future", fields={"expires_on": "a later day"})
    secret = KEY_PREFIX + new_token()
    key = ApiKey.objects.create(
        user_id=user_id,
        label=label.strip(),
        prefix=secret[:12],
        token_hash=token_hash(secret),
        permissions=sorted(set(permissions)),
        created_at=now,
        expires_at=expires_at,
    )
    event = ApiKeyMade(
        api_key_id=key.pk, user_id=user_id, label=key.label, permissions=tuple(key.permissions)
    )
    announce(event, actor=actor, now=now)
    return key, secret


@transaction.atomic
def revoke_api_key(*, actor: Actor, now: datetime, user_id: int, key_id: int) -> None:
    """End one of a user's keys; one that ended already stays as it is. Raises KeyMissing."""
    key = ApiKey.objects.filter(pk=key_id, user_id=user_id).first()
    if key is None:
        raise KeyMissing("this key does not exist")
    if ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=now):
        event = ApiKeyRevoked(api_key_id=key_id, user_id=user_id, label=key.label)
        announce(event, actor=actor, now=now)
