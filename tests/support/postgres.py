"""One PostgreSQL server for a whole test session, in a folder of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from handsel.ground.platform.database import EmbeddedProvider, roles

# Names a server to test against instead of the embedded one; its user must be a superuser.
# Deliberately not DATABASE_URL: tests erase what they find.
SERVER_VARIABLE = "HANDSEL_TEST_DATABASE_URL"


@contextmanager
def temporary_server() -> Iterator[str]:
    """The administrator's address of a server that is gone afterwards."""
    given = os.environ.get(SERVER_VARIABLE)
    if given:
        with psycopg.connect(given, autocommit=True) as connection:
            roles.create_roles(connection)
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="handsel-test-"))
    folder.chmod(0o711)  # root's server runs as somebody who must be able to walk in
    provider = EmbeddedProvider(folder, durable=False)
    try:
        provider.start()
        yield provider.url("admin")
    finally:
        provider.stop()
        shutil.rmtree(folder, ignore_errors=True)


def django_parts(url: str) -> dict[str, Any]:
    """HOST, PORT, USER and PASSWORD of Django's settings for that address."""
    parts = conninfo_to_dict(url)
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    return {ours: str(parts.get(theirs) or "") for ours, theirs in names.items()}
