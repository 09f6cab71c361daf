"""Factur-X and ZUGFeRD: CII carried inside the PDF that people read.

The XML is the invoice and stays as it was, byte for byte; the PDF is a view of it (reliability
N6). The factur-x library stamps the moment of embedding into the PDF, so that two runs differ
in that; what is kept is the file that was sent. Its own rule check is never used: it posts the
invoice to an outside server and takes no answer for a pass.
"""

from __future__ import annotations

import io
from fnmatch import fnmatch

from handsel.earn.billing.rules.einvoice.errors import NotExpressible, UnreadableInvoice

FILENAME = "factur-x.xml"
LEVEL = "en16931"
PDF_MAGIC = b"%PDF-"
MOST_BYTES = 64 * 1024 * 1024

_NAMES = (FILENAME, "xrechnung.xml", "zugferd-invoice.xml")


def embed(pdf: bytes, cii: bytes, *, title: str, author: str, language: str) -> bytes:
    """Return a Factur-X file: the PDF, which must be PDF/A-3, with the invoice inside.

    Raises NotExpressible if the PDF is not one that can carry it.
    """
    from facturx import generate_from_binary

    if _pdfa_part(pdf) != "3":
        raise NotExpressible("A Factur-X invoice needs a PDF/A-3 to stand in.", code="not_pdfa3")
    metadata = {
        "title": title,
        "author": author,
        "subject": title,
        "keywords": "Factur-X, Invoice",
    }
    made: bytes = generate_from_binary(
        pdf,
        cii,
        flavor="factur-x",
        level=LEVEL,
        check_xsd=False,
        check_schematron=False,
        pdf_metadata=metadata,
        lang=language,
        afrelationship="alternative",
    )
    return made


def is_pdf(content: bytes) -> bool:
    """Say whether a file is a PDF; its mark may stand a little behind the start."""
    return PDF_MAGIC in content[:1024]


def extract(pdf: bytes) -> bytes:
    """Return the XML inside a Factur-X, ZUGFeRD 2 or hybrid XRechnung file, as it is.

    Raises UnreadableInvoice if there is none, or if the PDF cannot be read.
    """
    import pypdf  # here, because loading it would cost every start of the program
    from pypdf.errors import PyPdfError

    if len(pdf) > MOST_BYTES:
        raise UnreadableInvoice(f"The file is larger than {MOST_BYTES // 2**20} MiB.")
    try:
        for attached in pypdf.PdfReader(io.BytesIO(pdf)).attachment_list:
            if any(fnmatch(attached.name.lower(), name) for name in _NAMES):
                return bytes(attached.content)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableInvoice("The PDF cannot be read.") from error
    raise UnreadableInvoice(f"The PDF carries no invoice: no file named {', '.join(_NAMES)}.")


def _pdfa_part(pdf: bytes) -> str | None:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        metadata = pypdf.PdfReader(io.BytesIO(pdf)).xmp_metadata
        return metadata.pdfaid_part if metadata else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotExpressible("The PDF cannot be read.", code="pdf_unreadable") from error
