"""Reading users, teams and keys."""

from __future__ import annotations

from django.db.models import QuerySet

from handsel.ground.identity.errors import UserMissing
from handsel.ground.identity.models import ApiKey, User, UserRole


def get_user(user_id: int) -> User:
    """A user by his key."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise UserMissing("this user does not exist")
    return user


def active_users() -> QuerySet[User]:
    """Everybody who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("name")


def roles_of(user_id: int) -> list[str]:
    """The roles a user holds, by name."""
    held = UserRole.objects.filter(user_id=user_id).order_by("role")
    return list(held.values_list("role", flat=True))


def api_keys_of(user_id: int) -> QuerySet[ApiKey]:
    """A user's keys, newest first; their secrets cannot be read."""
    return ApiKey.objects.filter(user_id=user_id).order_by("-created_at")
