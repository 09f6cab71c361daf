"""Calling the JSON API in tests, as a program with a key does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from handsel.ground.identity import actions as identity
from tests.support.world import World


@dataclass
class Api:
    """The API seen with the key of one user."""

    secret: str

    def get(self, address: str, **query: Any) -> tuple[int, Any]:
        """(status, answer)."""
        answer = Client().get(f"/api{address}", query, headers=self._headers())
        return answer.status_code, answer.json()

    def post(self, address: str, *, key: str = "", **body: Any) -> tuple[int, Any]:
        """(status, answer); a fresh Idempotency-Key unless one is given."""
        answer = self.raw(address, json.dumps(body), key=key)
        return answer.status_code, answer.json()

    def raw(self, address: str, body: str | bytes, *, key: str = "") -> HttpResponse:
        """The response to a body sent as it is."""
        headers = {**self._headers(), "Idempotency-Key": key or str(uuid4())}
        return Client().post(  # type: ignore[return-value]  # the client's own kind of response
            f"/api{address}", body, content_type="application/json", headers=headers
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def api_of(world: World, role: str) -> Api:
    """The API as the user of a role sees it."""
    _, secret = identity.create_api_key(
        actor=world.system, now=world.now, user_id=world.users[role].pk, label="test"
    )
    return Api(secret)
