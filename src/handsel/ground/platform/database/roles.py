"""The roles in the database, so that a mistake in the program cannot do everything.

* ``handsel_owner`` owns the tables and runs migrations.
* ``handsel_app`` reads and writes rows: no ownership, no BYPASSRLS, no TRUNCATE, no CREATE.
* ``handsel_portal`` is what the program becomes (``SET LOCAL ROLE``) for people from outside;
  row security applies to it. It cannot sign in.
"""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql

OWNER = "handsel_owner"
APP = "handsel_app"
PORTAL = "handsel_portal"
DATABASE = "handsel"

_WEAK: LiteralString = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION"
_ATTRIBUTES: dict[str, LiteralString] = {
    OWNER: "LOGIN",
    APP: "LOGIN NOINHERIT",
    PORTAL: "NOLOGIN NOINHERIT",
}

_SCHEMA: tuple[LiteralString, ...] = (
    "ALTER SCHEMA public OWNER TO handsel_owner",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO handsel_app, handsel_portal",
)

_GRANTS: tuple[LiteralString, ...] = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO handsel_app",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO handsel_app",
)

_FOR_NEW_OBJECTS: LiteralString = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE handsel_owner IN SCHEMA public GRANT "
)
_DEFAULTS: tuple[LiteralString, ...] = (
    _FOR_NEW_OBJECTS + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO handsel_app",
    _FOR_NEW_OBJECTS + "USAGE, SELECT ON SEQUENCES TO handsel_app",
)

_HISTORY_IS_READ_ONLY: LiteralString = (
    "REVOKE INSERT, UPDATE, DELETE ON TABLE django_migrations FROM handsel_app"
)


def create_roles(connection: psycopg.Connection) -> None:
    """Make the three roles where they are missing, and hold their attributes where they exist.

    Needs a superuser, or a role that may create roles.
    """
    for name, attributes in _ATTRIBUTES.items():
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        verb = sql.SQL("ALTER ROLE {}" if known else "CREATE ROLE {}").format(sql.Identifier(name))
        connection.execute(sql.SQL(" ").join([verb, sql.SQL(attributes), sql.SQL(_WEAK)]))
    connection.execute("GRANT handsel_portal TO handsel_app")


def create_database(connection: psycopg.Connection, name: str = DATABASE) -> None:
    """Make the database, owned by the owner, where it is missing. Needs autocommit."""
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    database = sql.Identifier(name)
    if not known:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER handsel_owner").format(database))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO handsel_owner, handsel_app").format(
            database
        )
    )


def prepare_schema(connection: psycopg.Connection) -> None:
    """Give the schema to the owner, rows to the program, nothing to anybody else.

    Needs a superuser connected to the database itself.
    """
    for statement in (*_SCHEMA, *_GRANTS, *_DEFAULTS):
        connection.execute(statement)


def renew_grants(connection: psycopg.Connection) -> bool:
    """After migrations, as the owner: the program may use every table, but not rewrite history.

    Returns False, having done nothing, on a server without the role ``handsel_app``.
    """
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone()
    if not known:
        return False
    for statement in _GRANTS:
        connection.execute(statement)
    if connection.execute("SELECT to_regclass('public.django_migrations')").fetchone() != (None,):
        connection.execute(_HISTORY_IS_READ_ONLY)
    return True


def script() -> str:
    """The same as SQL for a server somebody else runs, to be read before it is run."""
    lines = ["-- Run once as a superuser, connected to the new database."]
    for name, attributes in _ATTRIBUTES.items():
        lines.append(f"CREATE ROLE {name} {attributes} {_WEAK};")
    lines.append("GRANT handsel_portal TO handsel_app;")
    lines += [f"{statement};" for statement in (*_SCHEMA, *_DEFAULTS)]
    lines.append("-- Then: ALTER ROLE … PASSWORD …, and connect as handsel_app (DATABASE_URL)")
    lines.append("-- and as handsel_owner (DATABASE_OWNER_URL, for ./handsel migrate only).")
    return "\n".join(lines) + "\n"
