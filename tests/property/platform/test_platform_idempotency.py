"""The same command twice has one effect, whoever races whom."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform import idempotency, jobs, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import IdempotencyKey, StoredFile
from tests.support.race import race

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANN = Actor("user", "Ann", 1)
BEN = Actor("user", "Ben", 2)


def command(
    *,
    actor: Actor = ANN,
    key: str = "key-1",
    body: dict[str, Any] | None = None,
    route: str = "pay",
    failure: Exception | None = None,
) -> Callable[[], dict[str, Any]]:
    """A command whose effect is a stored file; its answer names the file."""

    def effect() -> dict[str, Any]:
        kept = store.keep(b"effect", name="effect", media_type="text/plain", now=NOW)
        if failure is not None:
            raise failure
        return {"id": kept.pk}

    return lambda: idempotency.once(
        actor=actor,
        route=route,
        key=key,
        request=body or {"amount": "10.00"},
        now=NOW,
        effect=effect,
    )


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_have_one_effect_and_one_answer() -> None:
    answers = race([command() for _ in range(8)])
    assert StoredFile.objects.count() == 1
    assert answers == [{"id": StoredFile.objects.get().pk}] * 8


@pytest.mark.django_db(transaction=True)
def test_of_eight_with_different_bodies_one_wins_and_the_others_are_told() -> None:
    answers = race([command(body={"amount": f"{n}.00"}) for n in range(8)])
    won = [answer for answer in answers if isinstance(answer, dict)]
    refused = [answer for answer in answers if isinstance(answer, Invalid)]
    assert (len(won), len(refused)) == (1, 7)
    assert {failure.code for failure in refused} == {"idempotency_key_reused"}
    assert {failure.http_status for failure in refused} == {422}
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_fails_frees_the_key() -> None:
    with pytest.raises(ZeroDivisionError):
        command(failure=ZeroDivisionError())()
    assert not StoredFile.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert command()() == {"id": StoredFile.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_when_the_first_of_eight_fails_another_does_it_once() -> None:
    calls = [command(failure=ZeroDivisionError()), *(command() for _ in range(7))]
    answers = race(calls)
    assert StoredFile.objects.count() == 1
    assert answers[1:] == [{"id": StoredFile.objects.get().pk}] * 7


@pytest.mark.django_db
def test_a_key_belongs_to_one_actor_and_one_route() -> None:
    first = command()()
    assert command()() == first
    assert command(actor=BEN)() != first
    assert command(route="refund")() != first
    assert StoredFile.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_command_needs_a_key_of_bearable_length(key: str) -> None:
    with pytest.raises(Invalid) as caught:
        command(key=key)()
    assert caught.value.code == "idempotency_key_missing"


@pytest.mark.django_db
def test_keys_are_forgotten_after_thirty_days_and_not_before() -> None:
    first = command()()
    assert idempotency.forget_old(now=NOW + timedelta(days=30)) == 0
    assert command()() == first
    assert idempotency.forget_old(now=NOW + timedelta(days=30, seconds=1)) == 1
    assert command()() != first


def test_the_clock_forgets_them_every_night() -> None:
    from procrastinate.contrib.django import app

    declared = app.current_app.tasks if hasattr(app, "current_app") else app.tasks
    assert "platform.forget_idempotency_keys" in declared
    assert jobs.forget_idempotency_keys.name == "platform.forget_idempotency_keys"
