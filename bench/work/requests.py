"""The deal's beginning as a program asks for it: three requests to the JSON API."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from bench.work.yardstick import Yardstick, yardstick
from tests.support.calls import api_of

_inquiry = count(1)


@dataclass(frozen=True)
class Wire:
    """The program as its web server calls it: WSGI, one request after the other."""

    application: Callable[..., Any]
    secret: str

    def post(self, address: str, **body: Any) -> tuple[int, Any]:
        """(status, answer) of a command with a fresh Idempotency-Key."""
        sent = json.dumps(body).encode()
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": f"/api{address}",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(sent)),
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {self.secret}",
            "HTTP_IDEMPOTENCY_KEY": str(uuid4()),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(sent),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        answer = self.application(environ, lambda status, headers: said.append(status))
        try:
            content = b"".join(answer)
        finally:
            answer.close()
        return int(said[0].split()[0]), json.loads(content)


@lru_cache(maxsize=1)
def sales_api() -> Wire:
    """The API with the key of somebody in sales."""
    from django.core.wsgi import get_wsgi_application

    return Wire(get_wsgi_application(), api_of(yardstick().world, "sales_rep").secret)


def lead_to_quote(stick: Yardstick) -> dict[str, Any]:
    """Capture a lead, convert it, draft a quote of 3 lines for it; returns the quote's record."""
    api, number = sales_api(), next(_inquiry)
    lead = _made(
        api.post(
            "/lead/",
            person_name=f"Kim Number{number}",
            email=f"kim@new{number}.example",
            company_name=f"New Company {number} GmbH",
            country="DE",
            message="Three belts, please.",
        )
    )
    deal = _made(
        api.post(
            f"/opportunity/of-lead/{lead['lead']['id']}",
            organization_name=f"New Company {number} GmbH",
            country="DE",
            person_name=f"Kim Number{number}",
            name=f"Belts for New Company {number}",
        )
    )
    lines = [
        {"product_id": line.product_id, "quantity": str(line.quantity)}
        for line in stick.lines(number, 3)
    ]
    return _made(api.post("/quote/", opportunity_id=deal["id"], lines=lines))


def _made(answer: tuple[int, Any]) -> dict[str, Any]:
    status, made = answer
    if status != 201:
        raise AssertionError(f"asked for in vain: {status} {made}")
    return dict(made)
