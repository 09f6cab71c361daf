"""The API against its own document: generated requests, no 500, no answer the document denies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from handsel.ground.identity import actions as identity
from handsel.site import rest
from handsel.site.roles import ROLES
from handsel.site.wsgi import application
from tests.support.world import World

pytestmark = pytest.mark.django_db

EXAMPLES = 4


@pytest.fixture
def key(world: World) -> str:
    """A key of somebody who holds every role."""
    user = world.users["sales_rep"]
    identity.set_roles(actor=world.system, now=world.now, user_id=user.pk, roles=list(ROLES))
    _row, secret = identity.create_api_key(
        actor=world.system, now=world.now, user_id=user.pk, label="generated"
    )
    return secret


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """All requests stay in the test's transaction: none of them closes its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def document() -> dict[str, Any]:
    """The document, with a plain server."""
    import json

    return json.loads(json.dumps(rest.openapi(), default=str))


def failures_of(operation: Any, key: str) -> Iterator[str]:
    """What a handful of generated requests to one operation brought to light."""
    found: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        if response.status_code >= 500:
            found.append(f"{operation.label}: {response.status_code} for {case.as_curl_command()}")
            return
        try:
            case.validate_response(
                response,
                checks=[
                    status_code_conformance,
                    content_type_conformance,
                    response_schema_conformance,
                ],
            )
        except (Failure, schemathesis.errors.SchemathesisError, BaseExceptionGroup) as failure:
            found.append(f"{operation.label}: {failure}")

    from hypothesis import given

    given(operation.as_strategy())(ask)()
    yield from dict.fromkeys(found)


def test_generated_requests_find_no_contradiction(world: World, key: str) -> None:
    schema = schemathesis.openapi.from_dict(document())
    schema.app = application
    problems = [
        problem
        for result in schema.get_all_operations()
        for problem in failures_of(result.ok(), key)
    ]
    assert not problems, "\n".join(problems[:40])
