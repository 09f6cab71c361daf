"""Reading a bank's file whatever its format."""

from __future__ import annotations

from datetime import UTC, tzinfo

from handsel.earn.cash.rules.statement.camt import parse_camt
from handsel.earn.cash.rules.statement.model import StatementFile
from handsel.earn.cash.rules.statement.mt940 import parse_mt940
from handsel.earn.cash.rules.statement.refusals import refuse
from handsel.earn.cash.rules.statement.xml import Limits
from handsel.ground.kernel.said import said

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_statement_file(
    content: bytes, *, zone: tzinfo = UTC, limits: Limits | None = None
) -> StatementFile:
    """Read camt.052/053/054 or MT940, told apart by their first characters.

    ``zone`` is meant by times that state no offset. Raises StatementRefused.
    """
    start = content[:4096]
    for bom in _BOMS:
        start = start.removeprefix(bom)
    start = start.replace(b"\x00", b"").lstrip()
    if start.startswith(b"<"):
        return parse_camt(content, zone=zone, limits=limits)
    if start.startswith(b"PK"):
        raise refuse("format", said("This is a ZIP archive; unpack it and import the files in it."))
    if start.startswith((b":20:", b"{1:", b"{4:")) or b"\n:20:" in start:
        return parse_mt940(content, limits=limits)
    raise refuse(
        "format",
        said("The file is neither a camt message (XML) nor an MT940 (fields such as :20:)."),
    )
