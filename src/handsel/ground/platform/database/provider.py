"""The interface of a database provider, and the choice between the two there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol

# admin: makes roles and databases (embedded only, where it is the superuser);
# owner: runs migrations and owns the tables; app: what the program runs as.
Role = Literal["admin", "owner", "app"]


class Provider(Protocol):
    """Starts, names and stops a PostgreSQL server."""

    def start(self) -> None:
        """Make the database reachable. Raises DatabaseUnavailable with the reason."""

    def stop(self) -> None:
        """Stop what `start` started, unless somebody else still uses it."""

    def url(self, role: Role) -> str:
        """The address under which that role reaches the database."""

    def describe(self) -> str:
        """One line that says which server this is, without secrets."""


def choose_provider(home: Path, environ: Mapping[str, str]) -> Provider:
    """The server named by DATABASE_URL, or else the embedded one with its data under `home`.

    DATABASE_OWNER_URL names the role that runs migrations; without it the same role does both,
    which the start-up check of production refuses.
    """
    from handsel.ground.platform.database.embedded import EmbeddedProvider
    from handsel.ground.platform.database.external import UrlProvider

    url = environ.get("DATABASE_URL", "")
    if url:
        return UrlProvider(url, owner_url=environ.get("DATABASE_OWNER_URL") or None)
    return EmbeddedProvider(home)
