"""Fixtures of all tests: a real PostgreSQL for those that ask for one, and a browser."""

from collections.abc import Iterator

import hypothesis
import pytest
from pytest_django import DjangoDbBlocker

from tests.support import chromium, postgres

# How long a case takes says how busy the machine is, and nothing of the code.
hypothesis.settings.register_profile("handsel", deadline=None)
hypothesis.settings.load_profile("handsel")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The administrator's address of this session's PostgreSQL, started when first asked for."""
    with postgres.temporary_server() as url:
        yield url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_server: str) -> None:
    """Point Django at the session's server, before pytest-django makes the test database."""
    from django.db import connections

    connections["default"].settings_dict.update(postgres.django_parts(postgres_server))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Migrated by the administrator; granted to the program's role as in an installation."""
    from django.db import connection

    from handsel.ground.platform.database import roles

    with django_db_blocker.unblock():
        connection.ensure_connection()
        assert connection.connection is not None
        roles.prepare_schema(connection.connection)
        roles.renew_grants(connection.connection)


@pytest.fixture(autouse=True)
def nothing_of_a_test_stays(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """No language or zone of a page, and no job of a test that committed: its tables are emptied
    after it, but the queue's are none of the framework's."""
    yield
    from django.db import connection
    from django.utils import timezone, translation

    translation.deactivate()
    timezone.deactivate()
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """The Chromium to start; skips with a plain word where there is none."""
    path = chromium.chromium_path()
    if path is None:
        pytest.skip(chromium.MISSING)
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in tests/browser carry the mark; without a browser they are left out, with a word."""
    without_browser = pytest.mark.skip(reason=chromium.MISSING)
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser") and chromium.chromium_path() is None:
            item.add_marker(without_browser)
