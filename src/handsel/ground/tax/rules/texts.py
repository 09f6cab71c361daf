"""Sentences that go on documents, as message ids; whoever prints them translates them."""

from __future__ import annotations

from typing import Final


def gettext_noop(message: str) -> str:
    """Mark a message for the translation catalogue without translating it here."""
    return message


NONE: Final = ""

REVERSE_CHARGE: Final = gettext_noop(
    "Reverse charge: the recipient of the service is liable for the VAT "
    "(Articles 44 and 196 of Directive 2006/112/EC)."
)
INTRA_COMMUNITY: Final = gettext_noop(
    "Intra-Community supply exempt from VAT (Article 138 of Directive 2006/112/EC)."
)
EXPORT_FROM_EU: Final = gettext_noop(
    "Export outside the EU exempt from VAT (Article 146 of Directive 2006/112/EC)."
)
EXPORT_FROM_ELSEWHERE: Final = gettext_noop("Export: no VAT charged.")
OUTSIDE_SCOPE: Final = gettext_noop(
    "Service outside the scope of VAT: it is supplied where the customer is established."
)
EXEMPT: Final = gettext_noop("Exempt from VAT.")
