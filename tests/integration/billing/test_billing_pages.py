"""Pages and API of billing: what they show, to whom, and what one click does."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from handsel.earn.billing import ports, queries
from handsel.earn.billing.adapters.judge import RulesValidator
from handsel.earn.billing.jobs import finish
from handsel.earn.billing.models import Invoice, InvoiceSending
from handsel.earn.billing.ports import Verdict
from tests.support.api import ApiClient
from tests.support.billing import billed_order, deliver, drafts, issue, plain_good, ship
from tests.support.order import Wanted
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def client_of(world: World, role: str = "accountant") -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def post(client: Client, path: str, **fields: Any):
    answer = client.post(path, {"idempotency_key": str(uuid4()), **fields})
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    return answer, said


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def test_one_click_issues_makes_documents_and_sends(world):
    (draft,) = drafts(billed_order(world, Wanted(plain_good(world), "3", "99", list_price="120")))
    client = client_of(world)
    assert "Brandt Lebensmittel" in text(client, "/billing/to-bill/")
    page = text(client, f"/billing/invoices/{draft.pk}/")
    assert "Issue and send" in page and "Discard draft" in page
    path = f"/billing/invoices/{draft.pk}/issue-and-send/"
    answer, said = post(client, path)
    assert answer.status_code == 302
    assert said[0].endswith("is issued and handed to the mail for invoices@brandt.example.")
    post(client, path)
    assert InvoiceSending.objects.count() == 1
    page = text(client, f"/billing/invoices/{draft.pk}/")
    number = Invoice.objects.get(pk=draft.pk).number
    for word in (number, "rules run, 0 failed", "Factur-X", "Correct by credit note", "353.43"):
        assert word in page, word
    for kind in ("pdf", "ubl", "cii", "facturx"):
        file = client.get(f"/billing/invoices/{draft.pk}/documents/{kind}/")
        assert file.status_code == 200 and number in file["Content-Disposition"]
    assert client.get(f"/billing/invoices/{draft.pk}/documents/doc/").status_code == 404
    assert number in text(client, "/billing/?q=brandt&state=issued&kind=invoice&due=coming")
    assert number not in text(client, "/billing/?due=past&state=draft")


def test_a_failed_rule_is_shown_and_the_next_click_goes_on(world):
    class Refusing:
        def judge(self, content: bytes) -> Verdict:
            finding = {"rule": "BR-X", "severity": "fatal", "location": "/", "text": "nonsense"}
            return Verdict("ubl", "refusing", 5, 1, 0, [finding])

        def get_ready(self) -> None:
            pass

    (draft,) = drafts(billed_order(world))
    client = client_of(world)
    ports.plug(Refusing())
    try:
        _, said = post(client, f"/billing/invoices/{draft.pk}/issue-and-send/")
    finally:
        ports.plug(RulesValidator())
    assert "issued, but not sent" in said[0]
    page = text(client, f"/billing/invoices/{draft.pk}/")
    assert "BR-X: nonsense" in page and "Make documents and send" in page
    post(client, f"/billing/invoices/{draft.pk}/issue-and-send/")
    assert "Send by mail" in text(client, f"/billing/invoices/{draft.pk}/")


def test_many_at_once_are_issued_and_finished_by_jobs(world):
    good = plain_good(world)
    waiting = [drafts(billed_order(world, Wanted(good)))[0] for _ in range(3)]
    ids = [str(one.pk) for one in waiting]
    _, said = post(client_of(world), "/billing/issue-and-send/", ids=[*ids, "99999", "x"])
    assert said == ["3 invoices issued; their documents and mails follow."]
    jobs = ProcrastinateJob.objects.filter(task_name="billing.finish_invoice")
    assert jobs.count() == 3
    for job in jobs:
        finish(**job.args)
        finish(**job.args)
    assert InvoiceSending.objects.count() == 3


def test_crediting_by_form(world):
    (draft,) = drafts(billed_order(world, Wanted(plain_good(world), "3", "100")))
    invoice = issue(world, draft)
    client = client_of(world)
    path = f"/billing/invoices/{invoice.pk}/credit/"
    assert "Draft credit note" in text(client, path)
    dialog = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert dialog.lstrip().startswith("<dialog")
    (line,) = queries.lines_of(invoice.pk)
    field = f"quantity_{line.pk}"
    for wrong in ("4", "1e3", "-1", "x"):
        answer, said = post(client, path, **{field: wrong, "reason": "returned"})
        assert answer.status_code == 200 and said, wrong
    answer, _ = post(client, path, **{field: "2", "reason": "returned"})
    note = Invoice.objects.get(kind="credit_note")
    assert answer["Location"] == f"/billing/invoices/{note.pk}/"
    assert note.net_minor == 20000
    page = text(client, answer["Location"])
    assert "238.00" in page and invoice.number in page
    post(client, f"/billing/invoices/{note.pk}/discard/")
    assert "Discarded" in text(client, answer["Location"])


def test_the_plan_of_an_order(world):
    order = billed_order(world, method="shares", shares=[3000, 6000, 1000])
    client = client_of(world)
    page = text(client, f"/billing/orders/{order.pk}/")
    assert "30" in page and "on delivery" in page and "Draft the part on shipment now" in page
    items = queries.items_of(queries.get_plan(world.system, order.pk).pk)
    answer, _ = post(client, f"/billing/plan-items/{items[1].pk}/draft/")
    assert Invoice.objects.get(pk=int(answer["Location"].split("/")[-2])).kind == "deposit"
    for one in drafts(order):
        issue(world, one)
    deliver(world, ship(world, order))
    (final,) = drafts(order)
    page = text(client, f"/billing/invoices/{final.pk}/")
    assert "Deposit I-2026-00001" in page and "1,190.00" in page
    _, said = post(client, f"/billing/orders/{order.pk}/draft/")
    assert "billed in shares" in said[0]


def test_who_may_not(world):
    (draft,) = drafts(billed_order(world))
    rep, nobody = client_of(world, "sales_rep"), client_of(world, "production")
    assert rep.get(f"/billing/invoices/{draft.pk}/").status_code == 200
    answer, _ = post(rep, f"/billing/invoices/{draft.pk}/issue/")
    assert answer.status_code == 403
    assert nobody.get("/billing/").status_code == 403
    accountant = client_of(world)
    for path in ("", "preview/", "documents/pdf/", "credit/"):
        assert accountant.get(f"/billing/invoices/999999/{path}").status_code == 404
    for path in ("issue/", "issue-and-send/", "send/", "discard/"):
        assert post(accountant, f"/billing/invoices/999999/{path}")[0].status_code in (302, 404)
    assert accountant.get("/billing/orders/999999/").status_code == 404
    assert Invoice.objects.get(pk=draft.pk).state == "draft"


def test_the_api_walks_the_same_way(world):
    order = billed_order(world, Wanted(plain_good(world), "3", "100"))
    (draft,) = drafts(order)
    api = ApiClient(world, "accountant")
    status, plan = api.get(f"/billing/plans/{order.pk}")
    assert (status, plan["items"][0]["invoice_id"]) == (200, draft.pk)
    key = str(uuid4())
    first = api.post(f"/billing/{draft.pk}/issue", key=key)
    assert first == api.post(f"/billing/{draft.pk}/issue", key=key)
    status, issued = first
    assert (status, issued["invoice"]["payable"]) == (200, {"amount": "357.00", "currency": "EUR"})
    assert issued["invoice"]["open"]["amount"] == "357.00"
    assert api.post(f"/billing/{draft.pk}/send", {})[1]["code"] == "invoice_not_sendable"
    status, made = api.post(f"/billing/{draft.pk}/documents")
    assert status == 200 and made["passed"] and len(made["documents"]) == 4
    status, sent = api.post(f"/billing/{draft.pk}/send", {"recipient": "a@b.example"})
    assert (status, sent["recipient"]) == (200, "a@b.example")
    status, file = api.get(f"/billing/{draft.pk}/documents/ubl")
    assert base64.b64decode(file["content_base64"]).startswith(b"<?xml")
    line = issued["lines"][0]["id"]
    body = {"reason": "one returned", "lines": [{"line_id": line, "quantity": "1"}]}
    status, note = api.post(f"/billing/{draft.pk}/credit", body)
    assert (status, note["gross"]["amount"], note["corrects_id"]) == (201, "119.00", draft.pk)
    status, rest = api.post(f"/billing/{draft.pk}/credit", {"reason": "the rest"})
    assert (status, rest["gross"]["amount"]) == (201, "238.00")
    assert api.post(f"/billing/{draft.pk}/credit", {"reason": "more"})[0] == 409
    assert api.post(f"/billing/{rest['invoice']['id']}/discard")[1]["invoice"]["state"] == (
        "discarded"
    )
    status, page = api.get("/billing/", q="brandt", limit=1)
    assert (status, len(page["rows"]), page["next_start"]) == (200, 1, 1)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"reason": "x", "total": "1.00"}, 422),
        ({"reason": ""}, 422),
        ({"reason": "x", "lines": [{"line_id": 1, "quantity": "-1"}]}, 422),
        ({"reason": "x", "lines": [{"line_id": 10**18, "quantity": "1"}]}, 422),
    ],
)
def test_the_api_refuses_what_it_must(world, body, status):
    (draft,) = drafts(billed_order(world))
    issue(world, draft)
    api = ApiClient(world, "accountant")
    assert api.post(f"/billing/{draft.pk}/credit", body)[0] == status
    for path in ("issue", "documents", "issue-and-send", "discard"):
        assert api.post(f"/billing/999999/{path}")[0] == 404
    assert api.get("/billing/999999")[0] == 404
    assert ApiClient(world, "production").get("/billing/")[0] == 403
