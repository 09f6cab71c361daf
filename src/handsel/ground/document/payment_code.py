"""The EPC QR code ("Girocode") that banking apps read: EPC069-12, version 002."""

from __future__ import annotations

import io

import segno

from handsel.ground.document.plain_text import one_line
from handsel.ground.kernel.money import Money

# EPC069-12 v2.1: character set 1 is UTF-8, error level M, at most version 13.
_LARGEST = 999_999_999_99


def payment_code(
    *, holder: str, iban: str, bic: str, amount: Money, reference: str
) -> segno.QRCode | None:
    """The code for a euro credit transfer; None where the standard has none for it.

    None for other currencies, for nothing to pay, for more than 999,999,999.99, and for a holder
    or reference that does not fit (70 and 140 characters).
    """
    if amount.currency != "EUR" or not 1 <= amount.amount_minor <= _LARGEST:
        return None
    holder, reference = one_line(holder), one_line(reference)
    if not holder or len(holder) > 70 or len(reference) > 140:
        return None
    rows = (
        "BCD",
        "002",
        "1",
        "SCT",
        "".join(bic.split()).upper(),
        holder,
        "".join(iban.split()).upper(),
        f"EUR{amount.text()}",
        "",
        "",
        reference,
    )
    return segno.make_qr("\n".join(rows).encode(), error="m", boost_error=False)


def payment_code_svg(code: segno.QRCode) -> str:
    """The code as an SVG drawing of one path, with the quiet zone of four modules."""
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, xmldecl=False, svgns=True, dark="#000", light="#fff")
    return out.getvalue().decode()
