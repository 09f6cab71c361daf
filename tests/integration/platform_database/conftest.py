"""A home for a server that lies where the server's own user can walk in."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from handsel.ground.platform.database import EmbeddedProvider


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder with a space in its name."""
    outer = Path(tempfile.mkdtemp(prefix="handsel-test-"))
    outer.chmod(0o711)
    inner = outer / "a home"
    inner.mkdir()
    yield inner
    EmbeddedProvider(inner, durable=False).erase()
    shutil.rmtree(outer, ignore_errors=True)


@pytest.fixture
def provider(home: Path) -> Iterator[EmbeddedProvider]:
    """A started server."""
    server = EmbeddedProvider(home, durable=False)
    server.start()
    yield server
    server.stop()
