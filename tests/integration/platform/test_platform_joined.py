"""A step joins the transaction of its act: no savepoint, and no half of it after a refusal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from handsel.ground.kernel.errors import Refused
from handsel.ground.platform import store
from handsel.ground.platform.joined import joined
from handsel.ground.platform.models import StoredFile

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@joined
def step(*, refused: bool = False) -> None:
    store.keep(b"kept", name="kept", media_type="text/plain", now=NOW)
    if refused:
        raise Refused("no", code="no")


@pytest.mark.django_db(transaction=True)
def test_a_step_of_an_act_needs_no_savepoint() -> None:
    with CaptureQueriesContext(connection) as said, transaction.atomic():
        step()
    assert [one["sql"] for one in said if "SAVEPOINT" in one["sql"]] == []
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_by_itself_it_is_a_transaction() -> None:
    with pytest.raises(Refused):
        step(refused=True)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_goes_on_after_a_refused_step_keeps_nothing() -> None:
    with transaction.atomic():
        with pytest.raises(Refused):
            step(refused=True)
        with pytest.raises(transaction.TransactionManagementError):
            StoredFile.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_refusal_does_not_spoil_the_transaction_of_a_test() -> None:
    with pytest.raises(Refused):
        step(refused=True)
    assert not StoredFile.objects.exists()
