"""A port for each of us."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from handsel.site.cli import ports
from handsel.site.cli.codes import CouldNotRun

HOLD = """
import sys
from handsel.site.cli import ports
print(ports.reserve(int(sys.argv[1])).port, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def taken() -> Iterator[int]:
    """A port somebody listens on, who lets others share it."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_passed_over(taken: int) -> None:
    assert not ports.is_free(taken)
    reservation = ports.reserve(taken)
    assert reservation.port > taken
    reservation.close()


def test_a_port_asked_for_by_number_is_refused_when_taken(taken: int) -> None:
    with pytest.raises(CouldNotRun, match=f"Port {taken} is taken"):
        ports.reserve(taken, tries=1)


def test_two_that_look_at_the_same_moment_get_two(taken: int) -> None:
    first = ports.reserve(taken)
    command = [sys.executable, "-c", HOLD, str(taken)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.Popen(
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert int(other.stdout.readline()) != first.port
    other.communicate("")
    first.close()


def test_a_released_port_is_free_again(taken: int) -> None:
    first = ports.reserve(taken)
    first.close()
    second = ports.reserve(taken)
    assert second.port == first.port
    second.close()
