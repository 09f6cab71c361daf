"""Pages as a signed-in user of a role sees them, without a browser."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client

from tests.support.world import World


def sign_in(world: World, role: str) -> Client:
    """A browser session of the role's user."""
    client = Client()
    client.force_login(world.users[role])
    return client


def submit(client: Client, address: str, **fields: Any) -> Any:
    """Send a form with a fresh key and go where the answer points; `.address` is where that is."""
    response: Any = client.post(address, {"idempotency_key": str(uuid4()), **fields})
    response.address = address
    if response.status_code in (302, 303):
        target = response["Location"]
        response = client.get(target)
        response.address = target
    return response


def text_of(response: Any) -> str:
    """The page's source with white space folded."""
    return " ".join(response.content.decode().split())
