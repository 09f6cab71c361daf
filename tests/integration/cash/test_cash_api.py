"""Cash and the books over JSON, and from the command line."""

from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from handsel.earn.cash.models import BankEntry, BankStatement, Payment
from handsel.earn.ledger.models import JournalEntry, LedgerPeriod
from handsel.site.cli.books import export_journal, export_trial_balance
from handsel.site.cli.output import Output
from handsel.site.cli.statement_import import bring_in_file
from tests.support.cash import camt, issued, open_minor, paid, transfer
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def clerk(world: World) -> Client:
    client = Client()
    client.force_login(world.users["accountant"])
    return client


def get(client: Client, path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/{path}")
    assert answer.status_code == status, answer.content[:1500]
    return answer.json()


def post(client: Client, path: str, body: dict[str, Any] | None, status: int = 200) -> Any:
    answer = client.post(
        f"/api/{path}",
        json.dumps(body) if body is not None else None,
        content_type="application/json",
        headers={"Idempotency-Key": uuid4().hex},
    )
    assert answer.status_code == status, answer.content[:1500]
    return answer.json()


def file_of(content: bytes, **more: Any) -> dict[str, Any]:
    return {"name": "s.xml", "content_base64": base64.b64encode(content).decode(), **more}


def test_a_file_is_tried_and_imported(world: World, clerk: Client) -> None:
    invoice = issued(world, "1000")
    content = camt(transfer("1190.00", text=invoice.number), transfer("5.00", iban="", name="?"))
    tried = post(clerk, "cash/statements", file_of(content, dry_run=True))
    assert tried["statements"][0]["matched"] == 1 and not BankStatement.objects.exists()
    done = post(clerk, "cash/statements", file_of(content))["statements"][0]
    assert (done["outcome"], done["matched"], done["waiting"]) == ("accepted", 1, 1)
    assert done["entries"][0]["paid"] == [invoice.number]
    record = get(clerk, f"cash/statements/{done['id']}")
    assert [e["state"] for e in record["entries"]] == ["matched", "open"]
    assert get(clerk, "cash/statements")["rows"][0]["closing"]["amount"] == "1295.00"
    (waiting,) = get(clerk, "cash/entries")
    post(clerk, f"cash/entries/{waiting['id']}/set-aside", {"reason": "gift"})
    assert post(clerk, "cash/statements", file_of(b"nonsense"), 422)["code"] == "statement_format"
    refused = post(clerk, "cash/statements", {"name": "x", "content_base64": "%%%%"}, 422)
    assert "content_base64" in refused["fields"]


def test_an_entry_is_confirmed_or_matched_by_hand(world: World, clerk: Client) -> None:
    one, two = issued(world, "100"), issued(world, "100")
    content = camt(transfer("119.00", iban="", name="?"), transfer("100.00", iban="", name="?"))
    post(clerk, "cash/statements", file_of(content))
    first, second = BankEntry.objects.order_by("position")
    found = get(clerk, f"cash/entries/{first.pk}/candidates")
    assert len(found) == 2 and found[0]["is_ambiguous"] and found[0]["evidence"]
    post(clerk, f"cash/entries/{first.pk}/confirm", {"mark": found[0]["mark"]})
    post(clerk, f"cash/entries/{first.pk}/confirm", {"mark": found[0]["mark"]}, 409)
    assert get(clerk, f"cash/entries/{first.pk}/candidates") == []
    left = two if open_minor(one) == 0 else one
    part = {"invoice_id": left.pk, "amount": "100.00", "discount": "19.00"}
    body = {"organization_id": world.customer.pk, "parts": [part]}
    post(clerk, f"cash/entries/{second.pk}/match", body)
    assert open_minor(left) == 0


def test_payments_receivables_and_write_offs(world: World, clerk: Client) -> None:
    invoice = issued(world, "100")
    body = {
        "organization_id": world.customer.pk,
        "amount": "100.00",
        "currency": "EUR",
        "received_on": "2026-03-04",
        "parts": [{"invoice_id": invoice.pk, "amount": "60.00"}],
    }
    made = post(clerk, "cash/payments", body, 201)
    assert made["unallocated"]["amount"] == "40.00"
    key = made["payment"]["id"]
    more = {"invoice_id": invoice.pk, "amount": "40.00", "allocated_on": "2026-03-04"}
    row = post(clerk, f"cash/payments/{key}/allocations", more, 201)
    post(clerk, f"cash/payments/{key}/allocations", more, 409)
    undo = f"cash/payments/{key}/allocations/{row['id']}/reverse"
    assert post(clerk, undo, {"on": "2026-03-05"})["reverses_id"] == row["id"]
    give_up = {"amount": "59.00", "effective_on": "2026-03-06", "reason": "scratches"}
    off = post(clerk, f"cash/receivables/{invoice.pk}/write-offs", give_up, 201)
    assert off["tax"]["amount"] == "9.42"
    assert get(clerk, f"cash/receivables/{invoice.pk}")["open"]["amount"] == "0.00"
    again = f"cash/receivables/{invoice.pk}/write-offs/{off['id']}/reverse"
    post(clerk, again, {"effective_on": "2026-03-07", "reason": "paid after all"})
    aged = get(clerk, "cash/receivables?as_of=2026-12-31")
    assert aged["customers"][0]["buckets"]["over_90"]["amount"] == "59.00"
    assert aged["customers"][0]["unapplied"]["amount"] == "-40.00"
    assert len(get(clerk, "cash/payments")["rows"]) == 1
    for wrong in ({"amount": "NaN"}, {"amount": "1e3"}, {"total": "1"}, {"reason": ""}):
        post(clerk, f"cash/receivables/{invoice.pk}/write-offs", {**give_up, **wrong}, 422)
    post(clerk, "cash/receivables/999999/write-offs", give_up, 404)


def test_the_books_over_json(world: World, clerk: Client) -> None:
    issued(world, "100")
    payment = paid(world, "5.00")
    balance = get(clerk, "ledger/trial-balance?from_on=2026-01-01&until_on=2027-01-01")
    assert {row["code"]: row["closing"]["amount"] for row in balance["rows"]}["1400"] == "119.00"
    assert all(proof["holds"] for proof in balance["proofs"])
    journal = get(clerk, "ledger/journal?from_on=2026-01-01&until_on=2027-01-01&limit=1")
    assert journal["next_start"] == 1 and journal["rows"][0]["payment_id"] == payment.pk
    entry = get(clerk, f"ledger/entries/{journal['rows'][0]['id']}")
    assert [leg["amount"]["amount"] for leg in entry["legs"]] == ["5.00", "-5.00"]
    assert len(get(clerk, "ledger/accounts")) == 15
    (month,) = get(clerk, "ledger/periods")
    assert post(clerk, f"ledger/periods/{month['id']}/close", None)["state"] == "closed"
    get(clerk, f"ledger/accounts?seller_id={world.foreign_seller.pk}", 404)
    get(clerk, "ledger/journal?from_on=yesterday", 422)


def spoken(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_command_line_imports_and_says_what_happened(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    invoice = issued(world, "1000")
    content, path = camt(transfer("1190.00", text=invoice.number)), Path("march.xml")
    output = Output(as_json=True)
    assert bring_in_file(content, path, output, is_trial=True) == 0
    tried = spoken(capsys)
    assert tried["outcome"][0]["entries"][0]["pays"] == [invoice.number]
    assert tried["statements"][0]["findings"][0]["code"] == "first_statement"
    assert not Payment.objects.exists()
    assert bring_in_file(content, path, output, is_trial=False) == 0
    spoken(capsys)
    assert open_minor(invoice) == 0
    assert bring_in_file(content, path, output, is_trial=False) == 0
    assert spoken(capsys)["outcome"][0]["outcome"] == "known"
    held = camt(transfer("1.00"), opening="7.00", name="S-2", number=2, on="2026-03-03")
    assert bring_in_file(held, path, output, is_trial=False) == 1
    assert spoken(capsys)["statements"][0]["is_held"] is True
    assert bring_in_file(b"<nothing/>", path, output, is_trial=True) == 1
    assert spoken(capsys)["refused"]["code"].startswith("statement_")


def test_the_command_line_exports_the_books(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    issued(world, "100")
    said = {"seller": world.seller.pk, "from_on": "2026-01-01", "until_on": "2027-01-01"}
    arguments = argparse.Namespace(**said, output=None)
    assert export_trial_balance(arguments, Output(as_json=True)) == 0
    balance = spoken(capsys)
    assert sum(float(row["closing"]) for row in balance["accounts"]) == 0
    file = tmp_path / "journal.csv"
    arguments = argparse.Namespace(**said, output=str(file))
    assert export_journal(arguments, Output()) == 0
    assert len(file.read_text().splitlines()) == 4
    assert JournalEntry.objects.count() == LedgerPeriod.objects.count() == 1
