"""Bodies that must be refused, sent to every command of the API: with a clear problem document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from handsel.site import rest
from handsel.site.roles import PERMISSIONS
from tests.integration.api.test_api_matrix import complaints, filled
from tests.support.deal import Keys
from tests.support.world import World

pytestmark = pytest.mark.django_db

Send = Callable[[str, str, bytes], Any]


def commands() -> list[tuple[str, str]]:
    """(address template, permission) of every command that takes a body."""
    return [
        (path, operation["x-permission"])
        for path, methods in rest.openapi()["paths"].items()
        for method, operation in methods.items()
        if method == "post" and "requestBody" in operation
    ]


@pytest.fixture
def send(world: World, keys: Keys) -> Send:
    """Post bytes to a command as somebody who may."""
    clients: dict[str, Client] = {}

    def posted(path: str, permission: str, body: bytes, kind: str = "application/json") -> Any:
        role = PERMISSIONS[permission][0]
        if role not in clients:
            clients[role] = Client(raise_request_exception=False)
            clients[role].force_login(world.users[role])
        return clients[role].generic(
            "POST",
            filled(path, keys),
            body,
            content_type=kind,
            headers={"Idempotency-Key": "strict-00000001"},
        )

    return posted


def refusals(send: Send, body: bytes, statuses: set[int]) -> Iterator[str]:
    """Every command that did not refuse the body as it should."""
    for path, permission in commands():
        response = send(path, permission, body)
        kind = response.headers["Content-Type"]
        if response.status_code not in statuses or kind != "application/problem+json":
            yield f"{path}: {response.status_code} {kind}"
        elif not response.json()["detail"]:
            yield f"{path}: refused without a word"


@pytest.mark.parametrize(
    "body",
    [
        b'{"surprise": 1}',
        b'{"net_minor": 1, "total": "1.00", "gross": "1.00"}',
        b'{"amount": NaN}',
        b'{"amount": Infinity}',
        b'{"amount": 1e400}',
        b'{"a": 1, "a": 2}',
        b"[]",
        b"[[[[[",
        b"null",
        b"",
        b'"text"',
        b"\xff\xfe",
        b'{"name": "\\u0000"}',
        b'{"quantity": 99999999999999999999999999}',
        ("[" * 200 + "]" * 200).encode(),
    ],
)
def test_strange_bodies_are_refused_everywhere(body: bytes, send: Send) -> None:
    complaints(refusals(send, body, {400, 422}))


def test_only_json_is_read(send: Any) -> None:
    for path, permission in commands():
        response = send(path, permission, b"a=1", "application/x-www-form-urlencoded")
        assert response.status_code == 415, path


def test_an_oversized_body_is_refused(send: Send) -> None:
    path, permission = commands()[0]
    body = json.dumps({"name": "x" * (11 * 1024 * 1024)}).encode()
    response = send(path, permission, body)
    assert response.status_code in (400, 413, 422)
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_command_without_a_key_is_refused(world: World, keys: Keys) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.users["accountant"])
    response = client.post(
        f"/api/billing/{keys['invoice_id']}/issue", content_type="application/json"
    )
    assert response.status_code == 422
    assert "Idempotency-Key" in json.dumps(response.json())


def test_a_foreign_id_in_a_body_is_refused(world: World, keys: Keys) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.users["sales_rep"])
    response = client.post(
        "/api/opportunity/",
        {"name": "Theirs", "seller_id": world.foreign_seller.pk},
        content_type="application/json",
        headers={"Idempotency-Key": "foreign-0000001"},
    )
    assert response.status_code in (404, 422), response.content
