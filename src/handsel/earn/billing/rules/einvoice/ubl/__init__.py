"""UBL 2.1 Invoice and CreditNote, bound to EN 16931 by CEN/TS 16931-3-2."""

from handsel.earn.billing.rules.einvoice.ubl.names import CREDIT_NOTE_NS, INVOICE_NS
from handsel.earn.billing.rules.einvoice.ubl.reader import read, read_root
from handsel.earn.billing.rules.einvoice.ubl.writer import write

__all__ = ["CREDIT_NOTE_NS", "INVOICE_NS", "read", "read_root", "write"]
