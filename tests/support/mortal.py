"""Processes that walk a deal and die at a named point of it, really, without a word.

A point is one business event being written: its number among those the process announces, and
whether death comes before the commit or right after. The processes are forked from one that has
loaded the program but opened no connection and started no thread of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.cash_walk import Deal

KILLED = 9
WRITTEN, COMMITTED = "written", "committed"


@dataclass(frozen=True)
class Point:
    """Where to die: at the `place`th event of a step, of this type, `when`."""

    step: str
    event: str
    place: int
    when: str


class Announced:
    """An execute wrapper that tells each business event right after it was written."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        self.hear = hear

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if "INSERT INTO platform_businessevent" in str(sql):
            # Each event is five values: its place, its type, version, instant and payload.
            for place in range(str(sql).count("%s::jsonb")):
                self.hear(str(params[5 * place + 1]))
        return answer


@contextmanager
def hearing(hear: Callable[[str], None]) -> Iterator[None]:
    """Tell `hear` the type of every event written meanwhile."""
    from django.db import connection

    with connection.execute_wrapper(Announced(hear)):
        yield


class Mortals:
    """Lets processes walk until their point; `meet` answers with the status one ended with."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._parent = subprocess.Popen(  # this module, in a fresh process
            [sys.executable, "-m", "tests.support.mortal"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Mortals:
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.communicate(timeout=60)

    def meet(self, deal: Deal, point: Point) -> int:
        """Walk the deal in a process of its own that dies at the point."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        task = {"deal": asdict(deal), "place": point.place, "when": point.when}
        self._parent.stdin.write(json.dumps({**task, "event": point.event}) + "\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())


def _die_at(place: int, event: str, when: str) -> Callable[[str], None]:
    from django.db import transaction

    heard: list[str] = []

    def hear(announced: str) -> None:
        heard.append(announced)
        if len(heard) - 1 != place:
            return
        if announced != event:
            os._exit(3)
        if when == WRITTEN:
            os._exit(KILLED)
        transaction.on_commit(lambda: os._exit(KILLED))

    return hear


def _live(task: dict[str, Any]) -> None:
    from tests.support.cash_walk import Deal

    with hearing(_die_at(task["place"], task["event"], task["when"])):
        Deal(**task["deal"]).walk()


def _serve() -> None:
    """Fork a process for each line read; say how it ended."""
    import traceback

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                _live(json.loads(line))
            except BaseException:  # noqa: BLE001 - told, then the process ends whatever it was
                traceback.print_exc()
                os._exit(4)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _load() -> None:
    """Import and prepare what every walk needs, so that forked processes begin with it."""
    import django

    django.setup()
    from django.urls import get_resolver

    from handsel.ground.document import typesetting
    from tests.support import cash_walk

    get_resolver().url_patterns  # noqa: B018 - loads every room's pages and endpoints
    typesetting.covered()
    assert cash_walk.STEPS


if __name__ == "__main__":
    _load()
    _serve()
