"""A client apart: so many requests a second, whether answers come or not; prints what it saw.

Runs as a process of its own (`python -m bench.work.pressure`), with its orders as JSON on stdin.
A request's time runs from the moment it was due, so that a slow answer does not hide those
behind it.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

CONNECTIONS = 24
_own = threading.local()


def press(
    base: str,
    pages: Sequence[str],
    rate: float,
    seconds: float,
    cookie: str = "",
    bearer: str = "",
    bodies: Sequence[str] = (),
) -> list[float]:
    """Milliseconds of each request in order; below zero for one that failed.

    With `bodies` they are posted, one after the other, else pages are got.
    """
    headers = {"Cookie": f"sessionid={cookie}"} if cookie else {"Authorization": f"Bearer {bearer}"}
    if bodies:
        headers["Content-Type"] = "application/json"
    begin = time.perf_counter() + 0.5
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        waiting = []
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            body = bodies[number % len(bodies)] if bodies else None
            page = pages[number % len(pages)]
            waiting.append(pool.submit(_ask, base, headers, page, body, due))
        return [one.result() for one in waiting]


def _ask(base: str, headers: dict[str, str], page: str, body: str | None, due: float) -> float:
    parts = urlsplit(base)
    connection = getattr(_own, "connection", None)
    if connection is None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        _own.connection = connection
    try:
        connection.request("GET" if body is None else "POST", page, body, headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return -1.0
    took = (time.perf_counter() - due) * 1000
    return took if answer.status == 200 else -1.0


def main() -> None:
    """Read the orders, press, tell."""
    print(json.dumps(press(**json.load(sys.stdin))))


if __name__ == "__main__":
    main()
