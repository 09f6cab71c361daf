"""A client apart: people who configure, each in a configuration of his own; prints what it saw.

Runs as a process of its own (`python -m bench.work.deciding`), with its orders as JSON on stdin.
Without a pace one decision follows the other, of `at_once` people at a time. With one, everybody
decides once in `pace_s` seconds, and a decision's time runs from the moment it was due.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

CONNECTIONS = 24
TOKEN = "a" * 32  # any: the cookie and the header must be the same
Step = list[str]


@dataclass
class Crowd:
    """Who decides what, and how long each decision took; below zero for one that failed."""

    base: str
    cookie: str
    configurations: list[int]
    walks: list[list[Step]]
    pace_s: float = 0.0
    at_once: int = 1
    times_ms: list[float] = field(default_factory=list)
    locks: dict[int, int] = field(default_factory=dict)

    def decide(self) -> list[float]:
        """All decisions of all; milliseconds of each."""
        if not self.pace_s:
            with ThreadPoolExecutor(self.at_once) as pool:
                list(pool.map(self._walk, self.configurations, self.walks))
            return self.times_ms
        begin = time.perf_counter() + 0.5
        share = self.pace_s / len(self.walks)
        due = [
            (begin + number * self.pace_s + place * share, place, step)
            for place, walk in enumerate(self.walks)
            for number, step in enumerate(walk)
        ]
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for at, place, step in sorted(due):
                time.sleep(max(0.0, at - time.perf_counter()))
                pool.submit(self._decide, self.configurations[place], step, at)
        return self.times_ms

    def _walk(self, configuration: int, walk: list[Step]) -> None:
        for step in walk:
            self._decide(configuration, step, time.perf_counter())

    def _decide(self, configuration: int, step: Step, due: float) -> None:
        variable, operator, value = step
        lock = self.locks.get(configuration, 1)
        body = {"variable": variable, "operator": operator, "value": value, "lock": lock}
        path = f"/configure/{configuration}/data/decide/"
        status, said = self._post(path, json.dumps(body))
        took = (time.perf_counter() - due) * 1000
        if status != 200:
            self.times_ms.append(-1.0)
            print(path, body, status, said[:300], file=sys.stderr)
            return
        self.times_ms.append(took)
        self.locks[configuration] = json.loads(said)["lock"]

    def _post(self, path: str, body: str) -> tuple[int, bytes]:
        headers = {
            "Cookie": f"sessionid={self.cookie}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
        }
        connection = _connection(self.base)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0, b""
        return answer.status, said


_own = threading.local()


def _connection(base: str) -> http.client.HTTPConnection:
    found: http.client.HTTPConnection | None = getattr(_own, "connection", None)
    if found is None:
        parts = urlsplit(base)
        found = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        _own.connection = found
    return found


def main() -> None:
    """Read the orders, decide, tell."""
    orders: dict[str, Any] = json.load(sys.stdin)
    print(json.dumps(Crowd(**orders).decide()))


if __name__ == "__main__":
    main()
