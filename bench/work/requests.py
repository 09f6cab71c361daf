"""The deal's beginning as a program asks for it: three requests to the JSON API."""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from typing import Any

from bench.work.yardstick import Yardstick, yardstick
from tests.support.calls import Api, api_of

_inquiry = count(1)


@lru_cache(maxsize=1)
def sales_api() -> Api:
    """The API with the key of somebody in sales."""
    return api_of(yardstick().world, "sales_rep")


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
