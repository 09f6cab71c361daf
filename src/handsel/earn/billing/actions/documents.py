"""The documents of an issued invoice: made once, judged by the official rules, kept as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.earn.billing import ports, queries
from handsel.earn.billing.actions.paper import Papers, papers_of, sheet, today_of
from handsel.earn.billing.errors import InvoiceStateRefused
from handsel.earn.billing.models import Invoice, InvoiceDocument, ValidationReport
from handsel.earn.billing.rules.einvoice import cii, codes, facturx, ubl
from handsel.earn.billing.rules.mapping import einvoice, specification
from handsel.ground.document import documents, formatting
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor

PDF, XML = "application/pdf", "application/xml"
MEDIA_TYPES: Mapping[str, str] = {"pdf": PDF, "ubl": XML, "cii": XML, "facturx": PDF}
NAMES: Mapping[str, str] = {
    "pdf": "{number}.pdf",
    "ubl": "{number}-ubl.xml",
    "cii": "{number}-cii.xml",
    "facturx": "{number}-factur-x.pdf",
}
# What is judged: the two files that travel. The CII is judged where it travels, inside the PDF.
JUDGED = ("ubl", "facturx")


@dataclass(frozen=True, slots=True)
class Made:
    """What `make_documents` did: the documents by kind (none if refused), and the verdicts."""

    documents: Mapping[str, InvoiceDocument]
    reports: tuple[ValidationReport, ...]

    @property
    def passed(self) -> bool:
        """Whether the documents stand."""
        return bool(self.documents)


@transaction.atomic
def make_documents(*, actor: Actor, now: datetime, invoice_id: int) -> Made:
    """UBL, CII, PDF and Factur-X of an issued invoice, each judged before it is kept.

    A second call returns what is kept. If a rule fails, the verdict is kept and the documents
    are not: they can be made again once the cause is mended. Raises InvoiceStateRefused for
    what is not issued.
    """
    found = queries.get_invoice(actor, invoice_id)
    if found.state != "issued":
        raise InvoiceStateRefused("only an issued invoice has documents")
    # Two clerks at once: the second waits and finds what the first made.
    Invoice.objects.select_for_update(of=("self",), no_key=True).get(pk=invoice_id)
    kept = queries.documents_of(invoice_id)
    if kept:
        return Made(kept, tuple(queries.reports_of(invoice_id)))
    contents = write_documents(papers_of(found, today=today_of(found, now)), produced_at=now)
    reports = tuple(_judge(found, kind, contents[kind], now) for kind in JUDGED)
    if not all(is_passed(report) for report in reports):
        return Made({}, reports)
    return Made(_keep(found, contents, now), reports)


def write_documents(papers: Papers, *, produced_at: datetime) -> dict[str, bytes]:
    """The four documents of an invoice as bytes, by kind."""
    facts = papers.facts
    pdf = documents.typeset_document(sheet(papers, produced_at=produced_at))
    # The Factur-X profile knows the norm only; what a buyer asks for beyond it goes into the UBL.
    cii_xml = cii.write(einvoice(facts, specification=codes.EN16931))
    hybrid = facturx.embed(
        pdf,
        cii_xml,
        title=facts.number,
        author=facts.seller["legal_name"] or facts.seller["name"],
        language=formatting.language_of(papers.locale),
    )
    ubl_xml = ubl.write(einvoice(facts, specification=specification(facts.buyer)))
    return {"pdf": pdf, "ubl": ubl_xml, "cii": cii_xml, "facturx": hybrid}


def preview(*, actor: Actor, now: datetime, invoice_id: int) -> bytes:
    """The PDF of a draft, marked as one; nothing is kept."""
    invoice = queries.get_invoice(actor, invoice_id)
    papers = papers_of(invoice, today=today_of(invoice, now))
    return documents.typeset_document(sheet(papers, produced_at=now))


def is_passed(report: ValidationReport) -> bool:
    """Whether rules ran and none failed; a report of nothing is a failure."""
    return report.rules_run > 0 and report.rules_failed == 0 and report.own_failed == 0


def _judge(invoice: Invoice, kind: str, content: bytes, now: datetime) -> ValidationReport:
    verdict = ports.validator().judge(content)
    return ValidationReport.objects.create(
        invoice=invoice,
        syntax=kind,
        validator=verdict.validator,
        rules_run=verdict.rules_run,
        rules_failed=verdict.rules_failed,
        own_failed=verdict.own_failed,
        findings=verdict.findings,
        checked_at=now,
    )


def _keep(
    invoice: Invoice, contents: Mapping[str, bytes], now: datetime
) -> dict[str, InvoiceDocument]:
    return {
        kind: InvoiceDocument.objects.create(
            invoice=invoice,
            kind=kind,
            file=store.keep(
                content,
                name=NAMES[kind].format(number=invoice.number),
                media_type=MEDIA_TYPES[kind],
                now=now,
            ),
            created_at=now,
        )
        for kind, content in contents.items()
    }
