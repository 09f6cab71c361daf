"""What each role in the database may not do."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from handsel.ground.platform.database import EmbeddedProvider, roles


@pytest.fixture
def provider(shared_provider: EmbeddedProvider) -> Iterator[EmbeddedProvider]:
    """The module's server, with the roles and the empty schema it began with."""
    with psycopg.connect(shared_provider.url("admin"), autocommit=True) as admin:
        roles.create_roles(admin)
        yield shared_provider
        admin.execute("DROP DATABASE IF EXISTS by_hand")
    with psycopg.connect(shared_provider.url("owner")) as owner:
        owner.execute("DROP TABLE IF EXISTS thing, shown, django_migrations")


@pytest.fixture
def app(provider: EmbeddedProvider) -> Iterator[psycopg.Connection]:
    """The program's connection, beside a table that the owner made after the roles."""
    with psycopg.connect(provider.url("owner")) as owner:
        owner.execute("CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
        owner.execute("CREATE TABLE django_migrations (name text)")
        assert roles.renew_grants(owner)
    with psycopg.connect(provider.url("app"), autocommit=True) as connection:
        yield connection


def test_the_program_reads_and_writes_rows(app: psycopg.Connection) -> None:
    app.execute("INSERT INTO thing (word) VALUES ('a')")
    app.execute("UPDATE thing SET word = 'b'")
    assert app.execute("SELECT id, word FROM thing").fetchall() == [(1, "b")]
    app.execute("DELETE FROM thing")


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE thing",
        "DROP TABLE thing",
        "ALTER TABLE thing ADD COLUMN more text",
        "ALTER TABLE thing DISABLE TRIGGER ALL",
        "CREATE TABLE other (id int)",
        "CREATE TABLE other (id bigint REFERENCES thing (id))",
        "CREATE ROLE friend",
        "CREATE EXTENSION pg_trgm",
        "SET ROLE handsel_owner",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
        "COPY thing TO PROGRAM 'cat'",
    ],
)
def test_the_program_may_not(app: psycopg.Connection, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(statement.encode())


def test_the_portal_reaches_nothing_by_default(app: psycopg.Connection) -> None:
    app.execute("SET ROLE handsel_portal")
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute("SELECT * FROM thing")


def test_the_program_does_not_inherit_what_the_portal_gets(provider: EmbeddedProvider) -> None:
    with psycopg.connect(provider.url("owner")) as owner:
        owner.execute("CREATE TABLE shown (word text)")
        owner.execute("REVOKE ALL ON shown FROM handsel_app")
        owner.execute("GRANT SELECT ON shown TO handsel_portal")
    with psycopg.connect(provider.url("app"), autocommit=True) as connection:
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM shown")
        connection.execute("SET ROLE handsel_portal")
        connection.execute("SELECT * FROM shown")


def test_the_portal_cannot_sign_in(provider: EmbeddedProvider) -> None:
    url = provider.url("app").replace("handsel_app", "handsel_portal")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(url)


def test_attributes_are_held_when_somebody_made_a_role_strong(provider: EmbeddedProvider) -> None:
    with psycopg.connect(provider.url("admin"), autocommit=True) as admin:
        admin.execute("ALTER ROLE handsel_app SUPERUSER BYPASSRLS")
        roles.create_roles(admin)
        query = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'handsel_app'"
        assert admin.execute(query).fetchone() == (False, False)


def test_grants_are_left_alone_where_the_roles_are_not_ours(provider: EmbeddedProvider) -> None:
    with psycopg.connect(provider.url("admin"), autocommit=True) as admin:
        admin.execute("ALTER ROLE handsel_app RENAME TO somebody")
        try:
            assert not roles.renew_grants(admin)
        finally:
            admin.execute("ALTER ROLE somebody RENAME TO handsel_app")


def test_the_script_for_other_servers_makes_the_same_roles(provider: EmbeddedProvider) -> None:
    names = [roles.OWNER, roles.APP, roles.PORTAL]
    query = (
        "SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreaterole "
        "FROM pg_roles WHERE rolname = ANY(%s) ORDER BY rolname"
    )
    with psycopg.connect(provider.url("admin"), autocommit=True) as admin:
        admin.execute("CREATE DATABASE by_hand")
        wanted = admin.execute(query, [names]).fetchall()
    with psycopg.connect(provider.url("admin"), dbname="by_hand") as admin:
        for name in names:
            admin.execute(f"ALTER ROLE {name} RENAME TO old_{name}".encode())
        admin.execute(roles.script().encode())
        assert admin.execute(query, [names]).fetchall() == wanted
        admin.rollback()
    assert len(wanted) == 3
