"""Namespaces of UBL 2.1 and what its two documents call the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

INVOICE_NS: Final = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE_NS: Final = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NAMES: Final = {"cac": CAC, "cbc": CBC}

BILLED_OBJECT: Final = "130"
"""DocumentTypeCode of a reference that stands for BT-18 and BT-128."""
PROJECT: Final = "50"
"""DocumentTypeCode of a reference that stands for BT-11 in a credit note."""
SEPA: Final = "SEPA"
"""Scheme of a party identification that stands for BT-90."""
ABSENT: Final = "NA"
"""What stands where UBL's schema demands an identifier that EN 16931 does not have."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The names in which an Invoice and a CreditNote differ."""

    namespace: str
    root: str
    type_code: str
    line: str
    quantity: str


INVOICE: Final = Dialect(
    INVOICE_NS, "Invoice", "InvoiceTypeCode", "InvoiceLine", "InvoicedQuantity"
)
CREDIT_NOTE: Final = Dialect(
    CREDIT_NOTE_NS, "CreditNote", "CreditNoteTypeCode", "CreditNoteLine", "CreditedQuantity"
)


def cac(name: str) -> str:
    """Return the qualified name of an aggregate component."""
    return f"{{{CAC}}}{name}"


def cbc(name: str) -> str:
    """Return the qualified name of a basic component."""
    return f"{{{CBC}}}{name}"
