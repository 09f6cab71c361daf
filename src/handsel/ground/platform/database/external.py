"""A server somebody else runs, named by its address."""

from __future__ import annotations

import psycopg

from handsel.ground.platform.database.address import without_password
from handsel.ground.platform.database.errors import DatabaseUnavailable
from handsel.ground.platform.database.provider import Role

OLDEST_VERSION = 150000
CONNECT_TIMEOUT_S = 10


class UrlProvider:
    """Checks that the server answers and is new enough; starts and stops nothing."""

    def __init__(self, app_url: str, *, owner_url: str | None = None) -> None:
        self._urls: dict[Role, str] = {"app": app_url, "owner": owner_url or app_url}

    def start(self) -> None:
        """Connect once. Raises DatabaseUnavailable when that fails or the server is too old."""
        shown = self.describe()
        try:
            with psycopg.connect(
                self._urls["app"], connect_timeout=CONNECT_TIMEOUT_S
            ) as connection:
                version = connection.info.server_version
        except psycopg.Error as error:
            raise DatabaseUnavailable(f"{shown} does not answer: {error}") from error
        if version < OLDEST_VERSION:
            raise DatabaseUnavailable(
                f"{shown} is PostgreSQL {version // 10000}; Handsel needs 15 or newer"
            )

    def stop(self) -> None:
        """Nothing was started."""

    def url(self, role: Role) -> str:
        """The address for that role; there is no administrator of a foreign server."""
        if role == "admin":
            raise DatabaseUnavailable(
                "Handsel has no administrator's rights on the server named by DATABASE_URL"
            )
        return self._urls[role]

    def describe(self) -> str:
        """The address without its password."""
        return without_password(self._urls["app"])
