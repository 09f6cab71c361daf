"""Code lists of EN 16931, as far as Handsel uses them by name.

The whole lists (units, currencies, countries, identifier schemes) are checked by the official
rules; here are only the codes that our own program decides about.
"""

from __future__ import annotations

from typing import Final

# BT-24: which rules a document claims to follow.
EN16931: Final = "urn:cen.eu:en16931:2017"
XRECHNUNG: Final = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PEPPOL_BILLING: Final = f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"

# BT-3, UNTDID 1001.
PARTIAL_INVOICE: Final = "326"
INVOICE: Final = "380"
CREDIT_NOTE: Final = "381"
CORRECTED_INVOICE: Final = "384"
PREPAYMENT_INVOICE: Final = "386"
SELF_BILLED_INVOICE: Final = "389"

CREDIT_NOTE_TYPES: Final = frozenset(
    ["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"]
)
"""Types that UBL writes with the root CreditNote (rule BR-CL-01); all others are an Invoice."""

XRECHNUNG_TYPES: Final = frozenset(["326", "380", "381", "384", "389", "875", "876", "877"])

# BT-81, UNTDID 4461.
CREDIT_TRANSFER: Final = "30"
SEPA_CREDIT_TRANSFER: Final = "58"
SEPA_DIRECT_DEBIT: Final = "59"
CARD: Final = "48"

# BT-151, UNCL 5305.
STANDARD: Final = "S"
ZERO: Final = "Z"
EXEMPT: Final = "E"
REVERSE_CHARGE: Final = "AE"
INTRA_COMMUNITY: Final = "K"
EXPORT: Final = "G"
NOT_SUBJECT: Final = "O"
CANARY_ISLANDS: Final = "L"
CEUTA_MELILLA: Final = "M"

SUM_RULE: Final = {
    STANDARD: "BR-S-08",
    ZERO: "BR-Z-08",
    EXEMPT: "BR-E-08",
    REVERSE_CHARGE: "BR-AE-08",
    INTRA_COMMUNITY: "BR-IC-08",
    EXPORT: "BR-G-08",
    NOT_SUBJECT: "BR-O-08",
    CANARY_ISLANDS: "BR-AF-08",
    CEUTA_MELILLA: "BR-AG-08",
}
"""The rule of the standard that says what the base of a VAT category is."""

UNTAXED: Final = frozenset({ZERO, EXEMPT, REVERSE_CHARGE, INTRA_COMMUNITY, EXPORT, NOT_SUBJECT})
"""Categories whose VAT is nothing; all but the zero rate also say why."""

# BT-121, the VATEX code list.
VATEX_REVERSE_CHARGE: Final = "VATEX-EU-AE"
VATEX_INTRA_COMMUNITY: Final = "VATEX-EU-IC"
VATEX_EXPORT: Final = "VATEX-EU-G"
VATEX_NOT_SUBJECT: Final = "VATEX-EU-O"


def deposit_type(specification: str) -> str:
    """Return the document type (BT-3) of a deposit invoice under a specification (BT-24).

    386 says what it is, and EN 16931 knows it. XRechnung does not list 386; there a deposit
    goes out as 326, a partial invoice (D10 of the billing reference).
    """
    return PARTIAL_INVOICE if specification.startswith(XRECHNUNG) else PREPAYMENT_INVOICE


def is_credit_note(type_code: str) -> bool:
    """Say whether a document type lowers what the buyer owes."""
    return type_code in CREDIT_NOTE_TYPES
