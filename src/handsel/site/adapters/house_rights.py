"""Tells rooms which roles hold a right, from the house's one table."""

from __future__ import annotations

from handsel.site.roles import PERMISSIONS


class HouseRights:
    """Fills the quote room's port `Rights`."""

    def roles_holding(self, permission: str) -> frozenset[str]:
        """The roles whose holders have the permission; none for one that does not exist."""
        return frozenset(PERMISSIONS.get(permission, ()))
