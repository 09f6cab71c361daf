"""What can go wrong before there is a database to talk to."""

from __future__ import annotations


class DatabaseUnavailable(RuntimeError):
    """The database cannot be started or reached; the message says why and what to do."""
