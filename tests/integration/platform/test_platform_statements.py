"""A statement that was kept says what Django would have written anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.compiler import SQLCompiler as Anew
from django.db.models import F, Q, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from handsel.ground.party.models import Address, ContactPoint, Organization, Seller
from handsel.ground.platform.models import NumberSeries
from handsel.ground.platform.postgres import compiler

pytestmark = pytest.mark.django_db

SHAPES: list[Callable[[Any], QuerySet[Any, Any]]] = [
    lambda n: Organization.objects.filter(pk=n),
    lambda n: Organization.objects.filter(pk=n).order_by("name"),
    lambda n: Organization.objects.filter(pk=n).order_by("-name", "pk")[:n],
    lambda n: Organization.objects.filter(pk__in=range(n)),
    lambda n: Organization.objects.exclude(pk=n).select_related("parent"),
    lambda n: Organization.objects.select_related("parent__parent").filter(parent__name=str(n)),
    lambda n: Organization.objects.filter(parent=None).only("name"),
    lambda n: Organization.objects.filter(pk__gt=n).defer("name", "country"),
    lambda n: Organization.objects.filter(pk=n).values_list("parent__name", "pk"),
    lambda n: Organization.objects.filter(pk=n).values("name").distinct(),
    lambda n: Organization.objects.filter(Q(name=str(n)) | Q(parent__pk=n)),
    lambda n: Organization.objects.filter(pk=F("parent_id"), name__startswith=str(n)),
    lambda n: Address.objects.filter(organization__in=Organization.objects.filter(pk=n)),
    lambda n: Address.objects.filter(organization__parent=n).values_list("organization", flat=True),
    lambda n: ContactPoint.objects.filter(person=None, organization_id=n).order_by("pk").reverse(),
    lambda n: Seller.objects.all(),
    lambda n: Seller.objects.filter(pk=n).select_for_update(no_key=True, of=("self",)),
    lambda n: Seller.objects.filter(pk=n).select_for_update(skip_locked=True),
]


def written_anew(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    sql, values = Anew(rows.query.clone(), connection, "default").as_sql()
    return sql, tuple(values)


def test_kept_statements_are_those_written_anew() -> None:
    compiler._kept.clear()
    for n in (1, 2, 3, 2):
        for shape in SHAPES:
            rows = shape(n)
            assert rows.query.get_compiler("default").as_sql() == written_anew(rows)
            list(rows)
    assert len(compiler._kept) >= len(SHAPES)


def test_values_do_not_stay_with_the_statement() -> None:
    for name in ("One", "Two"):
        Organization.objects.create(name=name, created_at=datetime(2026, 3, 2, tzinfo=UTC))
    for name in ("One", "Two", "One"):
        assert Organization.objects.get(name=name).name == name
    assert Organization.objects.filter(pk__in=[]).first() is None


def test_all_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "MOST_KEPT", 3)
    for length in range(1, 9):
        list(Organization.objects.filter(pk__in=range(length)))
    assert len(compiler._kept) <= 3


def test_rows_are_inserted_by_a_kept_statement() -> None:
    for year in (2026, 2027):
        made = NumberSeries.objects.create(seller_id=1, kind="quote", year=year, last_number=year)
        assert NumberSeries.objects.get(pk=made.pk).last_number == year


@pytest.mark.django_db(transaction=True)
def test_a_kept_lock_still_needs_a_transaction() -> None:
    with transaction.atomic():
        list(Seller.objects.select_for_update())
    with pytest.raises(TransactionManagementError):
        list(Seller.objects.select_for_update())


def test_the_server_keeps_statements_too() -> None:
    for number in range(5):
        list(Organization.objects.filter(pk=number, number="for the server to keep"))
    with CaptureQueriesContext(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s",
            ['%FROM "party_organization"%'],
        )
        assert cursor.fetchone()[0] > 0
