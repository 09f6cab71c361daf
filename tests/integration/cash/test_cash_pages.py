"""The pages of cash as the accountant uses them: one click from the bank's file to paid."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from handsel.earn.cash import queries
from handsel.earn.cash.models import BankEntry, BankStatement, Payment, ReceivableEntry
from tests.support.cash import (
    allocate,
    brought_in,
    camt,
    credit,
    issued,
    open_minor,
    paid,
    transfer,
)
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


def shown(client: Client, name: str, *keys: int, **query: str) -> str:
    answer = client.get(reverse(f"cash:{name}", args=keys), query)
    assert answer.status_code == 200, answer.content[:2000]
    return answer.content.decode()


def post(client: Client, name: str, *keys: int, **fields: Any) -> Any:
    fields.setdefault("idempotency_key", uuid4().hex)
    answer: Any = client.post(reverse(f"cash:{name}", args=keys), fields)
    if answer.status_code == 303:
        place = answer["Location"]
        answer = client.get(place)
        answer.place = place
    return answer


def upload(content: bytes, name: str = "camt.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/xml")


def test_one_click_from_the_banks_file_to_paid_invoices(world: World, clerk: Client) -> None:
    first, second = issued(world, "1000"), issued(world, "50")
    content = camt(
        transfer("1190.00", text=first.number),
        transfer("59.50", reference=second.payment_reference),
    )
    answer = post(clerk, "take_in", file=upload(content))
    statement = BankStatement.objects.get()
    assert answer.place == reverse("cash:statement", args=[statement.pk])
    text = answer.content.decode()
    assert "2 entries matched, 0 wait for you" in text and "The two agree." in text
    assert (open_minor(first), open_minor(second)) == (0, 0)
    again = post(clerk, "take_in", file=upload(content))
    assert "imported before; nothing was added" in again.content.decode()
    assert Payment.objects.count() == 2


def test_a_try_shows_what_would_happen_and_then_does_it(world: World, clerk: Client) -> None:
    invoice = issued(world, "1000")
    content = camt(transfer("1190.00", text=invoice.number), transfer("3.00", text="?", iban=""))
    tried = post(clerk, "take_in", file=upload(content), act="try")
    text = tried.content.decode()
    assert "1 will be matched, 1 will wait for a person" in text and invoice.number in text
    assert not BankStatement.objects.exists()
    kept = text.split('name="kept" value="')[1].split('"')[0]
    post(clerk, "take_in", kept=kept)
    assert open_minor(invoice) == 0
    forged = post(clerk, "take_in", kept=kept[:-2] + "xx")
    assert "Choose the file" in forged.content.decode()


def test_what_cannot_be_read_is_said_and_nothing_is_kept(world: World, clerk: Client) -> None:
    for content, word in ((b"PK..", "ZIP"), (b"<html/>", ""), (b"", "")):
        answer = post(clerk, "take_in", file=upload(content))
        assert answer.status_code == 200 and word in answer.content.decode()
    assert not BankStatement.objects.exists()


def test_a_held_statement_shows_its_difference_and_waits(world: World, clerk: Client) -> None:
    invoice = issued(world, "1000")
    wrong = camt(transfer("1190.00", text=invoice.number), closing="1290.05")
    text = post(clerk, "take_in", file=upload(wrong)).content.decode()
    assert "Difference" in text and "A person must decide" in text
    statement = BankStatement.objects.get()
    refused = post(clerk, "decide", statement.pk, verdict="accept", reason="  ")
    assert "needs a reason" in refused.content.decode()
    post(clerk, "decide", statement.pk, verdict="accept", reason="typing error of the bank")
    assert open_minor(invoice) == 0
    assert clerk.get(reverse("cash:statement_file", args=[statement.pk])).content == wrong


def test_a_held_statement_is_told_in_the_readers_language(world: World, clerk: Client) -> None:
    post(clerk, "take_in", file=upload(camt(transfer("11.90"), closing="1111.85")))
    statement = BankStatement.objects.get()
    clerk.cookies["django_language"] = "de"
    page = clerk.get(reverse("cash:statement", args=[statement.pk]))
    told = page.content.decode().replace("\xa0", " ")
    assert "der Endsaldo ist aber 1.111,85 EUR: ein Unterschied von 999,95 EUR." in told


def test_the_desk_proposes_with_reasons_and_one_click_confirms(world: World, clerk: Client) -> None:
    invoice = issued(world, "100")
    issued(world, "100")
    brought_in(world, camt(transfer("119.00", text="Rechnung", iban="", name="Müller")))
    entry = BankEntry.objects.get()
    text = shown(clerk, "match")
    assert "Müller" in text and text.count('name="mark"') == 2
    assert "and 1 other items as well" in text
    best = queries.match_candidates(entry)[0]
    answer = post(clerk, "confirm", entry.pk, mark=queries.mark_of(best))
    assert answer.status_code == 200 and open_minor(invoice) == 0
    assert "matched" in shown(clerk, "entry", entry.pk)


def test_by_hand_with_a_discount_and_set_aside(world: World, clerk: Client) -> None:
    invoice = issued(world, "1000")
    brought_in(world, camt(transfer("1166,20".replace(",", "."), iban="", name="?"), ("-5.00", "")))
    entry, fee = BankEntry.objects.order_by("position")
    text = shown(clerk, "entry", entry.pk, customer=str(world.customer.pk))
    assert f"amount_{invoice.pk}" in text and "1166.20" in text
    assert "Brandt" in shown(clerk, "entry", entry.pk, q="brandt")
    fields = {f"amount_{invoice.pk}": "1166,20", f"discount_{invoice.pk}": "23,80"}
    too_much = post(
        clerk,
        "match_by_hand",
        entry.pk,
        customer=world.customer.pk,
        **{**fields, f"amount_{invoice.pk}": "2000"},
    )
    assert "does not fit" in too_much.content.decode()
    post(clerk, "match_by_hand", entry.pk, customer=world.customer.pk, **fields)
    assert open_minor(invoice) == 0
    post(clerk, "set_aside", fee.pk, reason="bank fee")
    assert "Nothing waits" in shown(clerk, "match")


def test_a_payment_is_allocated_and_undone_on_its_page(world: World, clerk: Client) -> None:
    invoice = issued(world, "100")
    payment = paid(world, "200.00")
    text = shown(clerk, "record", payment.pk)
    assert payment.number in text and 'value="119.00"' in text
    post(clerk, "allocate", payment.pk, invoice.pk, amount="119.00")
    assert open_minor(invoice) == 0
    key = payment_allocation(payment)
    post(clerk, "undo", payment.pk, key)
    assert open_minor(invoice) == 11900
    assert "undoes" in shown(clerk, "record", payment.pk)
    assert payment.number in shown(clerk, "payments", q="brandt")


def payment_allocation(payment: Payment) -> int:
    return queries.allocations_of(payment.pk)[0].pk


def test_a_receivable_is_paid_written_off_and_taken_up_again(world: World, clerk: Client) -> None:
    invoice = issued(world, "100")
    assert 'value="119.00"' in shown(clerk, "pay", invoice.pk)
    post(clerk, "pay", invoice.pk, amount="100.00", received_on="2026-03-04", method="cash")
    assert open_minor(invoice) == 1900
    refused = post(clerk, "write_off", invoice.pk, amount="19,00", reason="", kind="write_off")
    assert "for a reason" in refused.content.decode()
    post(clerk, "write_off", invoice.pk, amount="19,00", reason="scratches", kind="write_off")
    assert open_minor(invoice) == 0
    row = ReceivableEntry.objects.get(kind="write_off")
    assert "scratches" in shown(clerk, "receivable", invoice.pk)
    post(clerk, "take_up_again", invoice.pk, row.pk)
    assert open_minor(invoice) == 1900
    assert "Over 90 days" in shown(clerk, "ageing", as_of="2026-12-31")
    assert "Nothing is open" in shown(clerk, "ageing", as_of="2026-01-01")


def test_credit_is_used_on_the_invoices_page(world: World, clerk: Client) -> None:
    old, new = issued(world, "100"), issued(world, "100")
    allocate(world, paid(world, "119.00"), old, "119.00")
    note = credit(world, old)
    assert note.number in shown(clerk, "receivable", new.pk)
    post(clerk, "use_credit", new.pk, note.pk)
    assert (open_minor(new), open_minor(note)) == (0, 0)


def test_the_customers_account_and_its_paper(world: World, clerk: Client) -> None:
    invoice = issued(world, "100")
    allocate(world, paid(world, "150.00"), invoice, "119.00")
    assert invoice.number in shown(clerk, "customer", world.customer.pk)
    paper = clerk.get(reverse("cash:customer_paper", args=[world.customer.pk]))
    assert paper.content.startswith(b"%PDF") and len(paper.content) > 5000


def test_who_may_only_look_cannot_act_and_others_see_nothing(world: World) -> None:
    invoice = issued(world, "100")
    looker = Client()
    looker.force_login(world.users["order_desk"])
    assert "is off" in shown(looker, "receivable", invoice.pk)
    assert looker.get(reverse("cash:pay", args=[invoice.pk])).status_code == 403
    assert post(looker, "take_in").status_code == 403
    rep = Client()
    rep.force_login(world.users["sales_rep"])
    assert rep.get(reverse("cash:list")).status_code == 403
    assert looker.get(reverse("cash:receivable", args=[10**9])).status_code == 404
