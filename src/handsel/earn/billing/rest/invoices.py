"""Invoices and credit notes: list, get, issue, documents, send, credit, discard."""

from __future__ import annotations

import base64

from handsel.earn.billing import actions, ports, queries
from handsel.earn.billing.errors import DocumentMissing
from handsel.earn.billing.rest.answers import documents_out, record_out
from handsel.earn.billing.rest.routing import router
from handsel.earn.billing.rest.schemas import (
    CreditIn,
    DocumentContentOut,
    DocumentKind,
    InvoiceListOut,
    InvoiceOut,
    InvoiceRowOut,
    KeyInPath,
    MadeOut,
    PageSize,
    ReportOut,
    SendIn,
    SendingOut,
    Start,
    Word,
)
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.platform import store


@router.get("/", permission="billing.view", response=InvoiceListOut, summary="List invoices")
def list_invoices(
    request: Request,
    q: Word = "",
    state: Word = "",
    kind: Word = "",
    due: Word = "",
    start: Start = 0,
    limit: PageSize = 50,
) -> InvoiceListOut:
    """Newest first; `due` is "past" or "coming"; discarded drafts only when asked for."""
    if any("\x00" in text for text in (q, state, kind, due)):
        raise Invalid("text with a NUL character finds nothing", code="invalid")
    found = queries.search_invoices(
        request.actor, text=q, state=state, kind=kind, due=due, today=request.now.date()
    )
    rows = list(found[start : start + limit + 1])
    standing = ports.standing().of_invoices([one.pk for one in rows])
    return InvoiceListOut(
        rows=[InvoiceRowOut.of(one, standing.get(one.pk)) for one in rows[:limit]],
        next_start=start + limit if len(rows) > limit else 0,
    )


@router.get(
    "/{invoice_id}", permission="billing.view", response=InvoiceOut, summary="Get an invoice"
)
def get(request: Request, invoice_id: KeyInPath) -> InvoiceOut:
    """With its lines, VAT, deductions, documents, reports and sendings."""
    return record_out(request, invoice_id)


@router.get(
    "/{invoice_id}/documents/{kind}",
    permission="billing.view",
    response=DocumentContentOut,
    summary="Get a kept document",
)
def get_document(request: Request, invoice_id: KeyInPath, kind: DocumentKind) -> DocumentContentOut:
    """The bytes that were sent, in base64."""
    queries.get_invoice(request.actor, invoice_id)
    found = queries.documents_of(invoice_id).get(kind)
    if found is None:
        raise DocumentMissing("this invoice has no such document")
    content = base64.b64encode(store.read(found.file_id)).decode("ascii")
    (facts,) = documents_out({kind: found})
    return DocumentContentOut(content_base64=content, **facts.model_dump())


@router.post(
    "/{invoice_id}/issue",
    permission="billing.issue",
    response=InvoiceOut,
    summary="Issue a draft: number, date, seal",
)
def issue(request: Request, invoice_id: KeyInPath) -> InvoiceOut:
    """An issued one is answered unchanged."""
    actions.issue_invoice(actor=request.actor, now=request.now, invoice_id=invoice_id)
    return record_out(request, invoice_id)


@router.post(
    "/{invoice_id}/documents",
    permission="billing.issue",
    response=MadeOut,
    summary="Make the documents of an issued invoice and validate them",
)
def make_documents(request: Request, invoice_id: KeyInPath) -> MadeOut:
    """Once; kept only if the official rules and our own check pass."""
    made = actions.make_documents(actor=request.actor, now=request.now, invoice_id=invoice_id)
    return MadeOut(
        passed=made.passed,
        documents=documents_out(made.documents),
        reports=[ReportOut.of(report) for report in made.reports],
    )


@router.post(
    "/{invoice_id}/send",
    permission="billing.issue",
    response=SendingOut,
    summary="Send an issued invoice with its documents by mail",
)
def send(request: Request, invoice_id: KeyInPath, body: SendIn) -> SendingOut:
    """To one address once, unless `again`. Refused while documents are missing or did not pass."""
    sending = actions.send_invoice(
        actor=request.actor,
        now=request.now,
        invoice_id=invoice_id,
        recipient=body.recipient or None,
        again=body.again,
    )
    return SendingOut(recipient=sending.recipient, mail_id=sending.mail_id, sent_at=sending.sent_at)


@router.post(
    "/{invoice_id}/issue-and-send",
    permission="billing.issue",
    response=InvoiceOut,
    summary="Issue a draft; documents and mail follow in the background",
)
def issue_and_send(request: Request, invoice_id: KeyInPath) -> InvoiceOut:
    """Ask for the invoice again to see its documents and sendings."""
    actions.issue_then_finish_later(actor=request.actor, now=request.now, invoice_id=invoice_id)
    return record_out(request, invoice_id)


@router.post(
    "/{invoice_id}/credit",
    permission="billing.edit",
    response=InvoiceOut,
    summary="Draft a credit note on an issued invoice",
    status=201,
)
def credit(request: Request, invoice_id: KeyInPath, body: CreditIn) -> InvoiceOut:
    """In part or, without lines, everything that is left."""
    actor, now = request.actor, request.now
    if not body.lines:
        note = actions.credit_whole_invoice(
            actor=actor, now=now, invoice_id=invoice_id, reason=body.reason
        )
        return record_out(request, note.pk)
    quantities = {
        line.line_id: parse_decimal(line.quantity, max_digits=18, scale=6) for line in body.lines
    }
    if len(quantities) != len(body.lines):
        raise Invalid("a line is named twice", fields={"lines": "each line once"})
    note = actions.credit_invoice(
        actor=actor,
        now=now,
        invoice_id=invoice_id,
        quantities=quantities,
        reason=body.reason,
    )
    return record_out(request, note.pk)


@router.post(
    "/{invoice_id}/discard",
    permission="billing.edit",
    response=InvoiceOut,
    summary="Discard a draft",
)
def discard(request: Request, invoice_id: KeyInPath) -> InvoiceOut:
    """It never had a number; its part of the plan can be drafted again."""
    actions.discard_draft(actor=request.actor, now=request.now, invoice_id=invoice_id)
    return record_out(request, invoice_id)
