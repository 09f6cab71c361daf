"""A browser's session and an API key for tests that go through the web."""

from __future__ import annotations

from typing import Any

from django.test import Client

from handsel.ground.identity.models import User


def session_of(user: User) -> Client:
    """A client signed in as that user, without going through the form."""
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, address: str, key: str = "", **fields: Any) -> Any:
    """Post a form with a key of its own, so that two posts are two commands."""
    import uuid

    return client.post(address, {"idempotency_key": key or uuid.uuid4().hex, **fields})
