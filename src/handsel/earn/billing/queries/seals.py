"""The seal of an issued document, made from its rows, and looking for broken ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handsel.earn.billing.models import Invoice, InvoiceLine, InvoiceTax
from handsel.earn.billing.queries.records import lines_of, taxes_of, visible_invoices
from handsel.earn.billing.rules.chain import ChainLink, number_before, sealed_text, text_hash
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """An issued document that is not what was sealed, or whose predecessor is not there."""

    number: str
    why: str


def series_of(invoice: Invoice) -> str:
    """The kind of number a document gets."""
    return "credit_note" if invoice.kind == "credit_note" else "invoice"


def link_of(
    invoice: Invoice, lines: Sequence[InvoiceLine], taxes: Sequence[InvoiceTax]
) -> ChainLink:
    """What is sealed of a document, from its rows."""
    return ChainLink(
        series=f"{invoice.seller_id}/{series_of(invoice)}",
        number=invoice.number,
        kind=invoice.kind,
        issued_on=str(invoice.issued_on),
        currency=invoice.currency,
        net_minor=invoice.net_minor,
        tax_minor=invoice.tax_minor,
        payable_minor=invoice.payable_minor,
        tax_rows=[
            (t.category, t.rate_bps, t.reason_code, t.basis_minor, t.tax_minor) for t in taxes
        ],
        lines=[(line.position, line.name, f"{line.quantity:f}", line.net_minor) for line in lines],
        buyer_id=invoice.organization_id,
        previous_hash=invoice.previous_hash,
    )


def broken_seals(actor: Actor, *, seller_id: int) -> list[BrokenSeal]:
    """Every issued document of a seller that was changed, or before which one is missing."""
    issued = visible_invoices(actor).filter(seller_id=seller_id, state="issued")
    hashes = dict(issued.values_list("number", "content_hash"))
    return [
        BrokenSeal(invoice.number, why)
        for invoice in issued.order_by("number").iterator()
        for why in _faults(invoice, hashes)
    ]


def _faults(invoice: Invoice, hashes: dict[str, str]) -> Iterator[str]:
    text = sealed_text(link_of(invoice, lines_of(invoice.pk), taxes_of(invoice.pk)))
    if text != invoice.sealed_text or text_hash(text) != invoice.content_hash:
        yield "its rows are not what was sealed"
    before = number_before(invoice.number)
    if before is not None and before not in hashes:
        yield f"{before} is missing before it"
    elif invoice.previous_hash != (hashes[before] if before else ""):
        yield f"it does not follow {before or 'as the first'}"
