"""DATABASE_URL read strictly into Django's database settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# A statement that came so often on a connection is parsed once and kept by the server; its plan
# is kept after five more, where it suits all values.
PREPARED_FROM = 1


def database_from_url(url: str) -> dict[str, Any]:
    """Django settings for ``postgresql://user:password@host:port/name?host=/socket/dir``.

    ``prepared=never`` is for a pooler that gives every transaction another connection.
    Raises ValueError naming what is wrong; PostgreSQL is the only database.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL must name a database after the host")
    prepared = query.pop("prepared", "")
    if prepared not in ("", "never"):
        raise ValueError("prepared= in DATABASE_URL must be never, or be left out")
    options = {key: value for key, value in query.items() if key not in ("host", "port")}
    return {
        "ENGINE": "handsel.ground.platform.postgres",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **options,
            "server_side_binding": True,
            "prepare_threshold": None if prepared == "never" else PREPARED_FROM,
        },
        "ATOMIC_REQUESTS": False,
    }
