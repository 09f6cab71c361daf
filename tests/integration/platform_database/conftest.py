"""A home for a server that lies where the server's own user can walk in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from handsel.ground.platform.database import EmbeddedProvider


@contextmanager
def empty_home() -> Iterator[Path]:
    """An empty folder with a space in its name, its server gone afterwards."""
    outer = Path(tempfile.mkdtemp(prefix="handsel-test-"))
    outer.chmod(0o711)
    inner = outer / "a home"
    inner.mkdir()
    yield inner
    EmbeddedProvider(inner, durable=False).erase()
    shutil.rmtree(outer, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder for a server."""
    with empty_home() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[EmbeddedProvider]:
    """A started server for all tests of a module, which leave it as they found it."""
    with empty_home() as folder:
        server = EmbeddedProvider(folder, durable=False)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def provider(home: Path) -> Iterator[EmbeddedProvider]:
    """A started server."""
    server = EmbeddedProvider(home, durable=False)
    server.start()
    yield server
    server.stop()
