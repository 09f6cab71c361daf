"""Prices asked for by programs: 20 lines against the yardstick's book, over HTTP."""

from __future__ import annotations

import json
from functools import lru_cache

from bench.work.yardstick import NOW, yardstick
from handsel.ground.identity import actions as identity

LINES = 20
DIFFERENT = 97
ADDRESS = "/api/price/lines"


def bodies() -> list[str]:
    """Calls that differ in products and quantities; every fourth is for a known customer."""
    stick = yardstick()
    return [json.dumps(_body(number, stick.customers[0])) for number in range(DIFFERENT)]


def _body(number: int, customer_id: int) -> dict[str, object]:
    lines = [
        {
            "product": f"P{(7 * number + place) % 500:03d}",
            "quantity": str(1 + place % 12),
            "discount_percent": "2.5" if place % 3 else "0",
        }
        for place in range(LINES)
    ]
    body: dict[str, object] = {"currency": "EUR", "on": "2026-03-02", "lines": lines}
    return body if number % 4 else body | {"organization_id": customer_id}


@lru_cache(maxsize=1)
def secret() -> str:
    """The key of a program that acts for sales."""
    world = yardstick().world
    user = world.users["sales_rep"]
    made = identity.create_api_key(actor=world.system, now=NOW, user_id=user.pk, label="bench")
    return str(made[1])


def orders(base: str) -> dict[str, object]:
    """What the client apart is told."""
    return {"base": base, "bearer": secret(), "pages": [ADDRESS], "bodies": bodies()}
