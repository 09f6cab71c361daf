"""Every operation of the API × every role × own, foreign and missing records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from handsel.site import rest
from handsel.site.roles import PERMISSIONS, ROLES
from tests.support.deal import Keys
from tests.support.world import World

pytestmark = pytest.mark.django_db

MISSING = 999_999_999
# Records shared by all sellers of the house: nothing of them is foreign to anybody.
SHARED = {
    "organization_id",
    "person_id",
    "user_id",
    "key_id",
    "product_id",
    "book_id",
    "agreement_id",
    "team_id",
    "rule_id",
    "model_id",
    "version_no",
    "key",  # the name of a KPI, which counts the asker's own rows
}
Operation = tuple[str, str, str]


def operations() -> list[Operation]:
    """(method, address template, permission) of everything the API offers."""
    return [
        (method.upper(), path, operation["x-permission"])
        for path, methods in rest.openapi()["paths"].items()
        for method, operation in methods.items()
    ]


class Caller:
    """A user's requests, each undone. He signs in once."""

    def __init__(self, world: World, user: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(world.users[user])

    @classmethod
    def by_role(cls, world: World) -> Callable[[str], Caller]:
        """A caller for each role that is asked for, made once."""
        return lru_cache(maxsize=None)(lambda role: cls(world, role))

    def __call__(self, method: str, address: str, body: Any = None) -> Any:
        """The response; what it changed is rolled back."""
        with transaction.atomic():
            response = self.client.generic(
                method,
                address,
                json.dumps({} if body is None else body) if method == "POST" else "",
                content_type="application/json",
                headers={"Idempotency-Key": "matrix-0000001"} if method == "POST" else {},
            )
            transaction.set_rollback(True)
        return response


def parameters(path: str) -> list[str]:
    """The names in an address template."""
    return re.findall(r"{(?:\w+:)?(\w+)}", path)


def filled(path: str, keys: Keys) -> str:
    """The address with the keys of records in it."""

    def key(match: re.Match[str]) -> str:
        name = match.group(1)
        assert name in keys, f"the matrix has no record for {{{name}}} of {path}"
        return str(keys[name])

    return re.sub(r"{(?:\w+:)?(\w+)}", key, path)


def complaints(found: Iterator[str]) -> None:
    """Fail with every complaint at once."""
    listed = list(found)
    assert not listed, "\n".join(listed)


def test_nobody_unknown_gets_in(world: World, keys: Keys) -> None:
    call = Caller(world, None)

    def found() -> Iterator[str]:
        for method, path, _permission in operations():
            response = call(method, filled(path, keys))
            if response.status_code != 401:
                yield f"{method} {path}: {response.status_code} without signing in"

    complaints(found())


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_it_holds_and_nothing_else(role: str, world: World, keys: Keys) -> None:
    call = Caller(world, role)

    def found() -> Iterator[str]:
        for method, path, permission in operations():
            response = call(method, filled(path, keys))
            held = role in PERMISSIONS[permission]
            if response.status_code >= 500:
                yield f"{method} {path} as {role}: {response.status_code}"
            if held == (response.status_code == 403):
                yield f"{method} {path} as {role}: {response.status_code}, holds it: {held}"

    complaints(found())


def test_foreign_records_do_not_exist(world: World, keys: Keys) -> None:
    call = Caller(world, "stranger")

    def found() -> Iterator[str]:
        for method, path, _permission in operations():
            names = set(parameters(path))
            if not names - SHARED or MISSING in [keys.get(name) for name in names]:
                continue
            response = call(method, filled(path, keys))
            allowed = {404} if method == "GET" else {404, 422}
            if response.status_code not in allowed:
                yield f"{method} {path}: {response.status_code} for a stranger"

    complaints(found())


def test_missing_records_are_missed(world: World, keys: Keys) -> None:
    nowhere: Keys = {
        name: MISSING if isinstance(value, int) else value for name, value in keys.items()
    }
    nowhere["key"] = "nothing_of_the_kind"

    caller = Caller.by_role(world)

    def found() -> Iterator[str]:
        for method, path, permission in operations():
            if not parameters(path):
                continue
            call = caller(PERMISSIONS[permission][0])
            response = call(method, filled(path, nowhere))
            allowed = {404} if method == "GET" else {404, 422}
            if response.status_code not in allowed:
                yield f"{method} {path}: {response.status_code} for what is not there"

    complaints(found())


def test_own_records_are_read(world: World, keys: Keys) -> None:
    caller = Caller.by_role(world)

    def found() -> Iterator[str]:
        for method, path, permission in operations():
            names = parameters(path)
            if method != "GET" or MISSING in [keys.get(name) for name in names]:
                continue
            call = caller(PERMISSIONS[permission][0])
            response = call(method, filled(path, keys))
            if response.status_code not in (200, 404, 422):
                yield f"GET {path}: {response.status_code}"
            if response.status_code == 404 and not path.endswith(
                ("/confirmation", "/proof", "/purchase-order", "/documents/{kind}")
            ):
                yield f"GET {path}: own record not found"

    complaints(found())
