"""The roles and permissions there are, as the house declares them once at start.

The table itself stands in `site/roles.py`, because permissions belong to the rooms above.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ROLES: dict[str, str] = {}
PERMISSIONS: set[str] = set()


def declare(roles: Mapping[str, str], permissions: Iterable[str]) -> None:
    """Tell which roles (with their English titles) and permissions exist."""
    ROLES.clear()
    ROLES.update(roles)
    PERMISSIONS.clear()
    PERMISSIONS.update(permissions)
