"""Django's backend for PostgreSQL, with statements kept on both sides of the connection."""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.postgresql import base, operations

MOST_PREPARED: Final = 500


class DatabaseOperations(operations.DatabaseOperations):
    """Writes SQL by `compiler.py` here."""

    compiler_module = "handsel.ground.platform.postgres.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection on which the server may keep as many statements as the program has."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; the driver forgets the oldest of 100 prepared statements otherwise."""
        made = super().get_new_connection(conn_params)
        made.prepared_max = MOST_PREPARED
        return made
