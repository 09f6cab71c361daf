"""Reading users, teams and keys."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from handsel.ground.identity.errors import KeyMissing, TeamMissing, UserMissing
from handsel.ground.identity.models import ApiKey, Team, TeamMember, User, UserRole


def get_user(user_id: int) -> User:
    """A user by his key."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise UserMissing("this user does not exist")
    return user


def active_users() -> QuerySet[User]:
    """Everybody who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("name")


def users(text: str = "") -> QuerySet[User]:
    """Everybody, active ones first, by name; narrowed to a part of name or address."""
    rows = User.objects.order_by("-is_active", "name", "pk")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return rows


def roles_of(user_id: int) -> list[str]:
    """The roles a user holds, by name."""
    held = UserRole.objects.filter(user_id=user_id).order_by("role")
    return list(held.values_list("role", flat=True))


def roles_of_users(user_ids: Iterable[int]) -> dict[int, list[str]]:
    """User to the roles he holds, by name; one statement for many."""
    rows = UserRole.objects.filter(user_id__in=user_ids).order_by().values_list("user_id")
    return dict(rows.annotate(held=ArrayAgg("role", order_by="role")))


def api_keys_of(user_id: int) -> QuerySet[ApiKey]:
    """A user's keys, newest first; their secrets cannot be read."""
    return ApiKey.objects.filter(user_id=user_id).order_by("-created_at", "-pk")


def get_api_key(user_id: int, key_id: int) -> ApiKey:
    """One of a user's keys; foreign and missing ones alike are KeyMissing."""
    key = ApiKey.objects.filter(pk=key_id, user_id=user_id).first()
    if key is None:
        raise KeyMissing("this key does not exist")
    return key


def teams() -> QuerySet[Team]:
    """All teams, by name."""
    return Team.objects.order_by("name")


def get_team(team_id: int) -> Team:
    """A team by its key."""
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise TeamMissing("this team does not exist")
    return team


def members_of(team_id: int) -> list[int]:
    """The keys of a team's members."""
    rows = TeamMember.objects.filter(team_id=team_id).order_by("user_id")
    return list(rows.values_list("user_id", flat=True))


def members_of_teams() -> dict[int, list[str]]:
    """Team to the names of its members; one statement."""
    rows = TeamMember.objects.order_by().values_list("team_id")
    return dict(rows.annotate(names=ArrayAgg("user__name", order_by="user__name")))
