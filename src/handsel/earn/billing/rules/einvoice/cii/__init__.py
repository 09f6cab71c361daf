"""UN/CEFACT Cross Industry Invoice, bound to EN 16931 by CEN/TS 16931-3-3."""

from handsel.earn.billing.rules.einvoice.cii.names import RSM as CII_NS
from handsel.earn.billing.rules.einvoice.cii.reader import read, read_root
from handsel.earn.billing.rules.einvoice.cii.writer import write

__all__ = ["CII_NS", "read", "read_root", "write"]
