"""A port for ourselves, even when two of us look for one at the same moment."""

from __future__ import annotations

import argparse
import os
import socket
import sys

from handsel.site.cli.codes import CouldNotRun

TRIES = 100
LAST = 65_535


class Reservation:
    """A free port that no other Handsel takes while this object lives.

    The claim is needed because the web server lets several processes listen on one port, and
    would share it with another installation without a word.
    """

    def __init__(self, port: int, claim: socket.socket) -> None:
        self.port = port
        self._claim = claim

    def close(self) -> None:
        """Let others have it."""
        self._claim.close()


def number(text: str) -> int:
    """A port from the command line, 1 to 65535: what is wrong is said before work begins."""
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    if not 1 <= found <= LAST:
        raise argparse.ArgumentTypeError(f"{text} is no port; ports go from 1 to {LAST}")
    return found


def reserve(first: int, *, host: str = "127.0.0.1", tries: int = TRIES) -> Reservation:
    """The first free port from `first` on. CouldNotRun when none of `tries` is."""
    for port in range(first, min(first + tries, LAST + 1)):
        claim = _claim(port)
        if claim is None:
            continue
        if is_free(port, host):
            return Reservation(port, claim)
        claim.close()
    words = f"Port {first} is" if tries == 1 else f"Ports {first} to {first + tries - 1} are"
    raise CouldNotRun(f"{words} taken; choose another with --port.")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nobody listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            # Old connections in TIME_WAIT do not matter; a listener does, whatever it allows.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _claim(port: int) -> socket.socket | None:
    """A name only one process of this machine can hold, free again when that process is gone."""
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if sys.platform != "linux":
        return claim  # names without a file are Linux's; elsewhere a race of moments is accepted
    try:
        claim.bind(f"\0handsel-port-{port}")
    except OSError:
        claim.close()
        return None
    return claim
