"""The pages of the books: balance, journal, entry, accounts, months, rules, files."""

from __future__ import annotations

import csv
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from handsel.earn.ledger.models import JournalEntry, JournalLine, LedgerAccount, LedgerPeriod
from tests.support.cash import allocate, issued, paid
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
YEAR = {"from": "2026-01-01", "until": "2026-12-31"}


@pytest.fixture
def world() -> World:
    world = make_world()
    allocate(world, paid(world, "1190.00"), issued(world, "1000"), "1190.00")
    return world


@pytest.fixture
def clerk(world: World) -> Client:
    client = Client()
    client.force_login(world.users["accountant"])
    return client


def shown(client: Client, name: str, *keys: int, **query: str) -> str:
    answer = client.get(reverse(f"ledger:{name}", args=keys), query)
    assert answer.status_code == 200, answer.content[:2000]
    return answer.content.decode()


def rows(client: Client, name: str) -> list[dict[str, Any]]:
    text = client.get(reverse(f"ledger:{name}"), YEAR).content.decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_the_trial_balance_shows_equal_sums_and_its_proofs(clerk: Client) -> None:
    text = shown(clerk, "list", **YEAR)
    assert "1400 Trade receivables" in text and "Open items of customers" in text
    assert "differs" not in text
    before = shown(clerk, "list", **{"from": "2020-01-01", "until": "2020-12-31"})
    assert "Nothing is posted in these days" in before and "1400 Trade" not in before
    table = rows(clerk, "trial_balance_csv")
    assert {row["code"]: row["closing"] for row in table} == {
        "1200": "1190.00",
        "1400": "0.00",
        "1590": "0.00",
        "1776": "-190.00",
        "8400": "-1000.00",
    }


def test_from_the_balance_down_to_the_document(clerk: Client, world: World) -> None:
    account = LedgerAccount.objects.get(seller=world.seller, role="receivable")
    text = shown(clerk, "account", account.pk, currency="EUR", **YEAR)
    entry = JournalEntry.objects.get(rule="invoice")
    assert reverse("ledger:record", args=[entry.pk]) in text
    page = shown(clerk, "record", entry.pk)
    assert entry.number in page and entry.invoice.number in page and "8400" in page


def test_the_journal_lists_filters_and_exports(clerk: Client) -> None:
    text = shown(clerk, "journal", **YEAR)
    assert text.count("J-2026-") >= 3
    entry = JournalEntry.objects.get(rule="payment")
    assert entry.number in text
    assert entry.number not in shown(clerk, "journal", rule="invoice", **YEAR)
    table = rows(clerk, "journal_csv")
    assert len(table) == JournalLine.objects.count()
    assert sum(float(row["amount"]) for row in table) == 0


def test_accounts_months_and_rules_are_shown(clerk: Client) -> None:
    assert "VAT on sales" in shown(clerk, "accounts")
    assert "March 2026" in shown(clerk, "periods")
    assert "deposit: net deducted" in shown(clerk, "rules")


def test_closing_is_asked_for_and_told(clerk: Client, world: World) -> None:
    period = LedgerPeriod.objects.get()
    address = reverse("ledger:close", args=[period.pk])
    answer = clerk.post(address, {"idempotency_key": uuid4().hex})
    assert answer.status_code == 303
    period.refresh_from_db()
    assert period.state == "closed"


def test_others_see_no_books(world: World) -> None:
    rep = Client()
    rep.force_login(world.users["sales_rep"])
    assert rep.get(reverse("ledger:list")).status_code == 403
    clerk = Client()
    clerk.force_login(world.users["accountant"])
    foreign = {"seller": str(world.foreign_seller.pk)}
    assert clerk.get(reverse("ledger:list"), foreign).status_code == 404
    assert clerk.get(reverse("ledger:record", args=[10**9])).status_code == 404
