"""Talking to the JSON API as a signed-in user of a role."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client

from tests.support.world import World


class ApiClient:
    """Gets and posts JSON as one user; commands carry a fresh key unless one is given."""

    def __init__(self, world: World, role: str) -> None:
        self.client = Client()
        self.client.force_login(world.users[role])

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        """(status, body) of a read."""
        response = self.client.get(f"/api{path}", query)
        return response.status_code, response.json()

    def post(self, path: str, body: Any = None, *, key: str = "") -> tuple[int, Any]:
        """(status, body) of a command."""
        response = self.client.post(
            f"/api{path}",
            data=body if body is not None else {},
            content_type="application/json",
            headers={"Idempotency-Key": key or str(uuid4())},
        )
        return response.status_code, response.json()
