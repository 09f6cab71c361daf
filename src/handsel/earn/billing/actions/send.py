"""Sending: an issued invoice whose documents passed goes to its buyer by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.earn.billing import queries
from handsel.earn.billing.actions.documents import JUDGED, Made, is_passed, make_documents
from handsel.earn.billing.actions.issue import issue_invoice
from handsel.earn.billing.errors import InvoiceStateRefused, NotSendable, RecipientMissing
from handsel.earn.billing.events import InvoiceSent
from handsel.earn.billing.models import Invoice, InvoiceDocument, InvoiceSending
from handsel.ground.document import actions as mail
from handsel.ground.document import formatting
from handsel.ground.document.addresses import parse_address
from handsel.ground.document.mail import compose
from handsel.ground.document.stationery import document_locale
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import enqueue

SENT_FILES = ("facturx", "ubl")
FINISH_JOB = "billing.finish_invoice"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far issue-and-send came: `failed_at` is empty, "documents" or "send"; `why` says why."""

    invoice: Invoice
    failed_at: str = ""
    why: str = ""


@transaction.atomic
def send_invoice(
    *,
    actor: Actor,
    now: datetime,
    invoice_id: int,
    recipient: str | None = None,
    again: bool = False,
) -> InvoiceSending:
    """Queue the mail with Factur-X and UBL; to the same recipient once, unless `again`.

    Without `recipient` it goes where `queries.recipient_of` says.
    Raises NotSendable while documents are missing or did not pass, RecipientMissing.
    """
    invoice = queries.get_invoice(actor, invoice_id)
    Invoice.objects.select_for_update(of=("self",), no_key=True).get(pk=invoice_id)
    documents = _sendable(invoice)
    to = (recipient or "").strip() or queries.recipient_of(invoice)
    if not to:
        raise RecipientMissing(
            "no mail address is known for this invoice", fields={"recipient": "a mail address"}
        )
    address = parse_address(to).addr_spec
    before = InvoiceSending.objects.filter(invoice=invoice, recipient=address).order_by("-pk")
    if before and not again:
        return before[0]
    mail_id = _queue(actor, now, invoice, documents, address, len(before))
    sending = InvoiceSending.objects.create(
        invoice=invoice, recipient=address, mail_id=mail_id, sent_at=now, sent_by_id=actor.user_id
    )
    event = InvoiceSent(invoice.pk, invoice.order_id, invoice.organization_id, mail_id)
    log.announce(event, actor=actor, now=now)
    return sending


def issue_and_send(*, actor: Actor, now: datetime, invoice_id: int) -> Outcome:
    """Issue, make the documents, send: three transactions, each of which can be tried again.

    What refuses the issue is raised. Once issued, a failure is told, not raised: the invoice
    stands, and the same call goes on where it stopped.
    """
    invoice = issue_invoice(actor=actor, now=now, invoice_id=invoice_id)
    return finish_invoice(actor=actor, now=now, invoice=invoice)


def finish_invoice(*, actor: Actor, now: datetime, invoice: Invoice) -> Outcome:
    """The two steps after the issue; see `issue_and_send`."""
    step = "documents"
    try:
        made = make_documents(actor=actor, now=now, invoice_id=invoice.pk)
        if not made.passed:
            return Outcome(invoice, step, _failures(made))
        step = "send"
        if not InvoiceSending.objects.filter(invoice=invoice).exists():
            send_invoice(actor=actor, now=now, invoice_id=invoice.pk)
    except HandselError as failure:
        return Outcome(invoice, step, str(failure))
    return Outcome(invoice)


def _failures(made: Made) -> str:
    failed = [report for report in made.reports if not is_passed(report)]
    return "; ".join(
        f"{report.syntax}: {report.rules_failed + report.own_failed} failed of "
        f"{report.rules_run} rules run"
        for report in failed
    )


@transaction.atomic
def issue_then_finish_later(*, actor: Actor, now: datetime, invoice_id: int) -> Invoice:
    """Issue now; documents and mail follow as a job after commit (bulk, API)."""
    invoice = issue_invoice(actor=actor, now=now, invoice_id=invoice_id)
    enqueue(FINISH_JOB, lock=f"invoice-{invoice.pk}", invoice_id=invoice.pk, user_id=actor.user_id)
    return invoice


def _sendable(invoice: Invoice) -> Mapping[str, InvoiceDocument]:
    if invoice.state != "issued":
        raise InvoiceStateRefused("a draft is not sent; issue it first")
    documents = queries.documents_of(invoice.pk)
    if not all(kind in documents for kind in SENT_FILES):
        raise NotSendable(
            said(
                "invoice %(number)s has no valid documents yet; make them first",
                number=invoice.number,
            )
        )
    newest = {report.syntax: report for report in reversed(queries.reports_of(invoice.pk))}
    for kind in JUDGED:
        report = newest.get(kind)
        if report is None or not is_passed(report):
            raise NotSendable(
                said(
                    "the %(kind)s file of %(number)s did not pass the rules",
                    kind=kind,
                    number=invoice.number,
                )
            )
    return documents


def _queue(
    actor: Actor,
    now: datetime,
    invoice: Invoice,
    documents: Mapping[str, InvoiceDocument],
    address: str,
    before: int,
) -> int:
    locale = document_locale(invoice.language, invoice.buyer_snapshot.get("country", ""))
    template, values = _words(invoice, locale)
    queued = mail.queue_mail(
        actor=actor,
        now=now,
        seller_id=invoice.seller_id,
        composed=compose(template, formatting.language_of(locale), values),
        to=[address],
        reply_to=invoice.seller_snapshot.get("email", ""),
        attachments=[
            mail.Attachment(documents[kind].file_id, documents[kind].file.name)
            for kind in SENT_FILES
        ],
        about=[mail.About("invoice", invoice.pk)],
        template=template,
        once_key=f"{template}:invoice:{invoice.pk}:{address}:{before}",
    )
    return int(queued.pk)


def _words(invoice: Invoice, locale: str) -> tuple[str, dict[str, str]]:
    """The mail's template and its values."""
    seller = invoice.seller_snapshot
    contact = invoice.order.contact_name if invoice.order else ""
    shared = {
        "recipient_name": contact or invoice.organization.name,
        "total": formatting.money(Money(invoice.payable_minor, invoice.currency), locale),
        "sender_name": "",
        "seller_name": seller["legal_name"] or seller["name"],
    }
    if invoice.corrects is not None:
        return "credit_note_sent", shared | {
            "credit_note_number": invoice.number,
            "invoice_number": invoice.corrects.number,
            "reason": invoice.correction_reason,
        }
    asks = invoice.payable_minor > 0
    iban = seller.get("iban", "")
    return "invoice_sent", shared | {
        "invoice_number": invoice.number,
        "due_on": formatting.day(invoice.due_on, locale) if asks and invoice.due_on else "",
        "iban": formatting.iban(iban) if asks and iban else "",
        "reference": invoice.payment_reference if asks else "",
    }
