"""The only writers of users, roles, teams and keys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from handsel.ground.identity import queries
from handsel.ground.identity.errors import EmailTaken, RoleUnknown
from handsel.ground.identity.models import ApiKey, Team, TeamMember, User, UserRole
from handsel.ground.kernel.ids import new_token, token_hash
from handsel.ground.platform.actor import Actor

KEY_PREFIX = "hsl_"
KNOWN_ROLES: set[str] = set()


def declare_roles(roles: Collection[str]) -> None:
    """Tell which roles exist (once, at start; the table stands in site/roles.py)."""
    KNOWN_ROLES.clear()
    KNOWN_ROLES.update(roles)


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
    """A user with his roles; without a password he cannot sign in until one is set."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                name=name,
                language=language,
                time_zone=time_zone,
                created_at=now,
            )
    except IntegrityError as clash:
        raise EmailTaken(f"somebody signs in with {email} already") from clash
    set_roles(actor=actor, now=now, user_id=user.pk, roles=roles)
    return user


@transaction.atomic
def set_roles(*, actor: Actor, now: datetime, user_id: int, roles: Collection[str]) -> None:
    """Let a user hold exactly these roles."""
    unknown = set(roles) - KNOWN_ROLES
    if unknown:
        raise RoleUnknown(f"no such role: {', '.join(sorted(unknown))}")
    queries.get_user(user_id)
    UserRole.objects.filter(user_id=user_id).exclude(role__in=roles).delete()
    UserRole.objects.bulk_create(
        [UserRole(user_id=user_id, role=role) for role in sorted(set(roles))],
        ignore_conflicts=True,
    )


def deactivate_user(*, actor: Actor, now: datetime, user_id: int) -> None:
    """Stop a user from signing in and end his keys; what he did stays his."""
    with transaction.atomic():
        queries.get_user(user_id)
        User.objects.filter(pk=user_id).update(is_active=False)
        ApiKey.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=now)


def create_team(*, actor: Actor, now: datetime, name: str, members: Collection[int]) -> Team:
    """A team with its members."""
    with transaction.atomic():
        team, _ = Team.objects.get_or_create(name=name)
        TeamMember.objects.bulk_create(
            [TeamMember(team=team, user_id=user_id) for user_id in members], ignore_conflicts=True
        )
    return team


def create_api_key(
    *,
    actor: Actor,
    now: datetime,
    user_id: int,
    label: str,
    permissions: Collection[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A key for programs, and its secret, which is never to be seen again."""
    secret = KEY_PREFIX + new_token()
    key = ApiKey.objects.create(
        user_id=user_id,
        label=label,
        prefix=secret[:12],
        token_hash=token_hash(secret),
        permissions=sorted(permissions),
        created_at=now,
        expires_at=expires_at,
    )
    return key, secret


def revoke_api_key(*, actor: Actor, now: datetime, user_id: int, key_id: int) -> None:
    """End one of a user's keys."""
    ApiKey.objects.filter(pk=key_id, user_id=user_id, revoked_at=None).update(revoked_at=now)
