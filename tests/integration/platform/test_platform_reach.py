"""What a buyer reaches in the database: his own rows of declared tables, read only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from handsel.bid.quote import actions as quotes
from handsel.bid.quote import queries
from handsel.bid.quote.actions import NewLine, Presented
from handsel.bid.quote.models import Quote, QuoteLine, QuoteVersion
from handsel.bid.quote.queries.offer import shown_offer
from handsel.ground.party.models import Organization, Seller
from handsel.ground.platform.models import StoredFile
from handsel.ground.platform.reach import AlreadyReading, as_customer
from handsel.site import reach
from tests.support.bid import make_shelf
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def rows(sql: str, *parameters: object) -> list[tuple[object, ...]]:
    """What a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())


@pytest.fixture
def world() -> World:
    return make_world(now=NOW)


@pytest.fixture
def other(world: World) -> Organization:
    """Another customer of the same seller."""
    return make_customer(
        world.system, NOW, name="Other GmbH", vat_id="DE811569869", domain="other.example"
    )[0]


@pytest.fixture
def offers(world: World, other: Organization) -> Iterator[dict[int, Presented]]:
    """One presented quote for each of two customers, and a draft for the first."""
    shelf = make_shelf(world.system, NOW)
    rep = world.actor("sales_rep")
    made = {}
    for organization in (world.customer, other):
        version = quotes.draft_quote(
            actor=rep,
            now=NOW,
            organization_id=organization.pk,
            lines=[NewLine(product_id=shelf.stand.pk, quantity=Decimal(3))],
        )
        made[organization.pk] = quotes.present_quote(
            actor=rep, now=NOW + timedelta(hours=1), quote_id=version.quote_id, to="x@y.example"
        )
        made[organization.pk].version.document = quotes.write_offer(
            actor=rep, now=NOW + timedelta(hours=1), version_id=version.pk
        ).document
    quotes.draft_quote(
        actor=rep,
        now=NOW,
        organization_id=world.customer.pk,
        lines=[NewLine(product_id=shelf.visit.pk, quantity=Decimal(1))],
    )
    return made


def test_every_table_has_a_declared_reach() -> None:
    tables = {
        str(name) for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    ours = {name for name in tables if not name.startswith(reach.LIBRARIES)}
    assert sorted(ours - reach.STAFF - set(reach.CUSTOMER)) == [], (
        "say in site/reach.py who reaches these tables"
    )
    assert sorted((reach.STAFF | set(reach.CUSTOMER)) - tables) == [], "these are gone"
    assert not reach.STAFF & set(reach.CUSTOMER)


def test_what_a_buyer_reaches_is_secured_row_by_row() -> None:
    secured = rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert {name for (name,) in secured} == set(reach.CUSTOMER)
    narrowed = rows(
        "SELECT tablename FROM pg_policies WHERE policyname = 'portal_reach' "
        "AND permissive = 'RESTRICTIVE' AND roles = '{handsel_portal}'"
    )
    assert {name for (name,) in narrowed} == set(reach.CUSTOMER)


def test_the_portal_may_read_that_and_nothing_else() -> None:
    granted = rows(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'handsel_portal' AND table_schema = 'public'"
    )
    assert set(granted) == {(name, "SELECT") for name in reach.CUSTOMER}


def test_no_view_or_definer_function_leads_around_it() -> None:
    views = rows(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND relkind IN ('v', 'm')"
    )
    assert not views
    definers = rows(
        "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = 'public' AND prosecdef"
    )
    assert not definers


def test_a_customer_sees_his_own_and_no_draft(
    world: World, other: Organization, offers: dict[int, Presented]
) -> None:
    for organization in (world.customer, other):
        with as_customer(organization.pk):
            quotes_seen = set(Quote.objects.values_list("organization_id", flat=True))
            versions = set(QuoteVersion.objects.values_list("pk", flat=True))
            lines = set(QuoteLine.objects.values_list("version_id", flat=True))
            people = set(Organization.objects.values_list("pk", flat=True))
            sellers = set(Seller.objects.values_list("pk", flat=True))
            files = set(StoredFile.objects.values_list("pk", flat=True))
        mine = offers[organization.pk].version
        assert quotes_seen == {organization.pk}
        assert versions == lines == {mine.pk}
        assert people == {organization.pk}
        assert sellers == {world.seller.pk}
        assert files == {mine.content_id, mine.document_id}
    assert Quote.objects.count() == 3, "our own people see all of it again"


def test_the_page_of_the_offer_can_be_read_as_the_customer(
    world: World, other: Organization, offers: dict[int, Presented]
) -> None:
    version = offers[world.customer.pk].version
    plain = shown_offer(queries.shown_version(version.quote_id))  # type: ignore[arg-type]
    with as_customer(world.customer.pk):
        seen = queries.shown_version(version.quote_id)
        assert seen is not None
        shown = shown_offer(seen)
    assert (shown.content, shown.lines) == (plain.content, plain.lines)
    with as_customer(other.pk):
        assert queries.shown_version(version.quote_id) is None
        assert not queries.lines_of(version.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO party_seller (name) VALUES ('x')",
        "UPDATE quote_quote SET title = 'cheaper'",
        "DELETE FROM quote_quotemessage",
        "TRUNCATE quote_quote CASCADE",
        "SELECT * FROM identity_user",
        "SELECT * FROM order_order",
        "SELECT * FROM identity_linkgrant",
        "CREATE TABLE mine (id int)",
    ],
)
def test_a_customer_changes_nothing_and_reads_no_other_table(world: World, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|row-level security")
    with refused, as_customer(world.customer.pk):
        rows(statement)
    assert rows("SELECT current_setting('role')") == [("none",)]


def test_both_settings_end_with_the_block_however_it_ends(world: World) -> None:
    before = rows("SELECT current_user")
    with as_customer(world.customer.pk):
        assert rows("SELECT current_user") == [("handsel_portal",)]
    assert rows("SELECT current_user") == before
    with pytest.raises(ZeroDivisionError), as_customer(world.customer.pk):
        raise ZeroDivisionError
    assert rows("SELECT current_user") == before
    assert rows("SELECT nullif(current_setting('app.customer', true), '')") == [(None,)]


def test_without_a_customer_the_portal_sees_nothing(offers: dict[int, Presented]) -> None:
    with transaction.atomic():
        rows("SELECT set_config('role', 'handsel_portal', true)")
        for table in reach.CUSTOMER:
            assert rows(f"SELECT count(*) FROM {table}") == [(0,)]
        transaction.set_rollback(True)


def test_one_transaction_reads_for_one_customer(world: World, other: Organization) -> None:
    with as_customer(world.customer.pk), pytest.raises(AlreadyReading), as_customer(other.pk):
        pass


def test_the_programs_own_role_writes_lines_although_row_security_binds_it(world: World) -> None:
    shelf = make_shelf(world.system, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE handsel_app")
    version = quotes.draft_quote(
        actor=world.actor("sales_rep"),
        now=NOW,
        organization_id=world.customer.pk,
        lines=[NewLine(product_id=shelf.stand.pk, quantity=Decimal(1))] * 501,
    )
    positions = QuoteLine.objects.filter(version=version).values_list("position", flat=True)
    assert sorted(positions) == list(range(1, 502))
