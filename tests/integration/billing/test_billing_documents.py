"""Documents of every kind of invoice pass the official rules, are kept, and are sent once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from handsel.earn.billing import actions, ports, queries
from handsel.earn.billing.adapters.judge import RulesValidator
from handsel.earn.billing.adapters.validator.check import check_file
from handsel.earn.billing.errors import InvoiceStateRefused, NotSendable
from handsel.earn.billing.models import Invoice, InvoiceDocument, InvoiceSending
from handsel.earn.billing.ports import Verdict
from handsel.earn.billing.rules.einvoice import facturx
from handsel.ground.document.models import Mail
from handsel.ground.document.queries import enclosure_of
from handsel.ground.platform import store
from tests.support.billing import (
    billed_order,
    deliver,
    drafts,
    issue,
    issued_invoice,
    plain_good,
    ship,
)
from tests.support.order import Wanted
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def make(world: World, invoice: Invoice) -> actions.Made:
    return actions.make_documents(
        actor=world.actor("accountant"), now=world.now, invoice_id=invoice.pk
    )


def read(made: actions.Made, kind: str) -> bytes:
    return store.read(made.documents[kind].file_id)


def passes(world: World, invoice: Invoice):
    """Make the documents; every verdict is clean; the e-invoice as read back from the UBL."""
    made = make(world, invoice)
    assert made.passed, [report.findings for report in made.reports]
    for report in made.reports:
        assert report.rules_run > 600
        assert (report.rules_failed, report.own_failed) == (0, 0)
    for kind in ("ubl", "cii", "facturx"):
        assert check_file(read(made, kind)).ok
    assert facturx.extract(read(made, "facturx")) == read(made, "cii")
    read_back = check_file(read(made, "ubl")).invoice
    assert read_back is not None
    assert read_back.totals.due == Decimal(invoice.payable_minor) / 100
    return read_back


def test_discounted_lines_show_price_and_discount_and_sum_to_the_cent(world):
    good = plain_good(world)
    invoice = issued_invoice(
        world,
        Wanted(good, "3", "99.99", list_price="120"),
        Wanted(plain_good(world, "B"), "2.5", "0.333333", list_price="0.40"),
        Wanted(plain_good(world, "C"), "1", "110", list_price="100"),
    )
    found = passes(world, invoice)
    assert found.type_code == "380"
    first, second, third = found.lines
    assert (first.price.net, first.allowances[0].amount, first.net) == (
        Decimal(120),
        Decimal("60.03"),
        Decimal("299.97"),
    )
    assert second.net == Decimal("0.83")
    assert third.charges[0].amount == 10
    assert found.payment.remittance == invoice.payment_reference
    assert found.buyer.endpoint.value == "invoices@brandt.example"
    assert found.purchase_order == "PO-4711"


def test_deposit_final_and_credit_note(world):
    order = billed_order(world, method="shares", shares=[3000, 7000])
    deposit = issue(world, drafts(order)[0])
    assert passes(world, deposit).type_code == "386"
    deliver(world, ship(world, order, days=0), days=1)
    final = issue(world, drafts(order)[0])
    found = passes(world, final)
    assert found.totals.prepaid == 3570
    assert [one.number for one in found.preceding] == [deposit.number]
    assert found.delivery.delivered_on == world.now.date()
    note = issue(
        world,
        actions.credit_whole_invoice(
            actor=world.actor("accountant"), now=world.now, invoice_id=final.pk, reason="returned"
        ),
    )
    found = passes(world, note)
    assert (found.type_code, found.preceding[0].number) == ("381", final.number)
    assert found.payment is None


@pytest.mark.parametrize(
    ("tax", "country", "vat_id"),
    [
        ({"category": "AE", "rate_bps": 0, "reason_code": "VATEX-EU-AE"}, "AT", "ATU12345675"),
        ({"category": "K", "rate_bps": 0, "reason_code": "VATEX-EU-IC"}, "AT", "ATU12345675"),
        ({"category": "G", "rate_bps": 0, "reason_code": "VATEX-EU-G"}, "US", ""),
        ({"category": "O", "rate_bps": 0, "reason_code": "VATEX-EU-O"}, "US", ""),
        ({"category": "E", "rate_bps": 0, "reason_code": ""}, "DE", "DE129273398"),
    ],
)
def test_tax_free_invoices_say_why(world, tax, country, vat_id):
    customer, _ = make_customer(
        world.system,
        world.now,
        name="Alpenkost",
        country=country,
        vat_id=vat_id,
        domain="alpen.example",
    )
    invoice = issued_invoice(world, customer=customer, tax=tax)
    found = passes(world, invoice)
    (row,) = found.vat_rows
    assert (row.category, row.tax) == (tax["category"], 0)
    assert row.reason
    assert (row.reason_code or "") == tax["reason_code"]
    assert (found.seller.vat_id is None) == (tax["category"] == "O")
    deposit = issue(
        world,
        drafts(
            billed_order(
                world,
                Wanted(plain_good(world, "B"), "1", "500"),
                customer=customer,
                tax=tax,
                method="shares",
                shares=[3000, 7000],
            )
        )[0],
    )
    passes(world, deposit)


def test_a_german_authority_gets_xrechnung_in_ubl(world):
    world.customer.electronic_address = "04011000-12345-34"
    world.customer.electronic_address_scheme = "0204"
    world.customer.buyer_reference = "04011000-12345-34"
    world.customer.save()
    found = passes(world, issued_invoice(world))
    assert "xrechnung" in found.specification
    order = billed_order(
        world, Wanted(plain_good(world, "B"), "1", "9"), method="shares", shares=[5000, 5000]
    )
    assert passes(world, issue(world, drafts(order)[0])).type_code == "326"


def test_documents_are_made_once_and_never_change(world):
    invoice = issued_invoice(world)
    first, second = make(world, invoice), make(world, invoice)
    assert {k: d.pk for k, d in first.documents.items()} == {
        k: d.pk for k, d in second.documents.items()
    }
    assert set(first.documents) == {"pdf", "ubl", "cii", "facturx"}
    with pytest.raises(DatabaseError, match="update"), transaction.atomic():
        InvoiceDocument.objects.filter(invoice=invoice).update(kind="pdf")


def test_sending_waits_for_valid_documents_and_happens_once(world):
    order = billed_order(world)
    (draft,) = drafts(order)
    who = {"actor": world.actor("accountant"), "now": world.now}
    with pytest.raises(InvoiceStateRefused):
        actions.send_invoice(**who, invoice_id=draft.pk)
    with pytest.raises(InvoiceStateRefused):
        actions.make_documents(**who, invoice_id=draft.pk)
    issue(world, draft)
    with pytest.raises(NotSendable):
        actions.send_invoice(**who, invoice_id=draft.pk)
    make(world, draft)
    sent = actions.send_invoice(**who, invoice_id=draft.pk)
    again = actions.send_invoice(**who, invoice_id=draft.pk, recipient="invoices@brandt.example")
    assert sent.pk == again.pk
    other = actions.send_invoice(**who, invoice_id=draft.pk, recipient="cfo@brandt.example")
    assert other.pk != sent.pk
    more = actions.send_invoice(**who, invoice_id=draft.pk, again=True)
    assert (more.recipient, more.mail_id) != (sent.recipient, sent.mail_id)
    mail = Mail.objects.get(pk=sent.mail_id)
    assert [one["name"] for one in mail.attachments] == [
        "I-2026-00001-factur-x.pdf",
        "I-2026-00001-ubl.xml",
    ]
    kept = queries.documents_of(draft.pk)
    assert enclosure_of(mail.attachments[1]).content == store.read(kept["ubl"].file_id)
    assert "RF" in mail.body_text and "11,900.00" in mail.body_text


class Strict:
    """A validator that runs `rules_run` rules and fails `failed` of them."""

    def __init__(self, rules_run: int, failed: int) -> None:
        self.said = Verdict("ubl", "strict", rules_run, failed, 0, [])

    def judge(self, content: bytes) -> Verdict:
        return self.said

    def get_ready(self) -> None:
        pass


@pytest.mark.parametrize(("rules_run", "failed"), [(0, 0), (10, 1)])
def test_nothing_run_is_a_failure_and_one_click_goes_on_where_it_stopped(world, rules_run, failed):
    (draft,) = drafts(billed_order(world))
    who = {"actor": world.actor("accountant"), "now": world.now, "invoice_id": draft.pk}
    ports.plug(Strict(rules_run, failed))
    try:
        outcome = actions.issue_and_send(**who)
    finally:
        ports.plug(RulesValidator())
    assert (outcome.failed_at, outcome.invoice.number) == ("documents", "I-2026-00001")
    assert queries.documents_of(draft.pk) == {}
    assert len(queries.reports_of(draft.pk)) == 2
    outcome = actions.issue_and_send(**who)
    assert outcome.failed_at == ""
    assert actions.issue_and_send(**who).failed_at == ""
    assert InvoiceSending.objects.count() == 1
    assert Invoice.objects.count() == 1


def test_a_preview_is_a_pdf_and_keeps_nothing(world):
    (draft,) = drafts(billed_order(world))
    content = actions.preview(actor=world.actor("accountant"), now=world.now, invoice_id=draft.pk)
    assert content.startswith(b"%PDF")
    assert InvoiceDocument.objects.count() == 0


def test_a_credit_note_is_mailed_as_one(world):
    invoice = issued_invoice(world)
    who = {"actor": world.actor("accountant"), "now": world.now}
    note = actions.credit_whole_invoice(**who, invoice_id=invoice.pk, reason="returned")
    assert actions.issue_and_send(**who, invoice_id=note.pk).failed_at == ""
    mail = Mail.objects.get()
    assert mail.subject == "Credit note C-2026-00001 from Halden GmbH"
    assert "corrects invoice I-2026-00001" in mail.body_text
    assert "Reason: returned" in mail.body_text
