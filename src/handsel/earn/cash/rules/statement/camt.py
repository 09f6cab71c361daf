"""camt.052, camt.053 and camt.054 (ISO 20022), versions 2 to 8, and newer ones with a warning.

The version is told by the namespace. The file is read entry by entry, so that the memory taken
is that of the result and not of the document.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, tzinfo
from typing import NamedTuple

from handsel.earn.cash.rules.statement.camt_entry import entry_of
from handsel.earn.cash.rules.statement.camt_parties import account_of, party_of
from handsel.earn.cash.rules.statement.model import (
    Balance,
    Entry,
    Header,
    Kind,
    OriginalQuery,
    Page,
    Statement,
    StatementFile,
    Totals,
)
from handsel.earn.cash.rules.statement.refusals import refuse
from handsel.earn.cash.rules.statement.values import (
    amount_of,
    day_or_time,
    decimal_of,
    direction_of,
    flag_of,
    number_of,
    time_at,
)
from handsel.earn.cash.rules.statement.xml import (
    Element,
    Limits,
    Node,
    events,
    line_of,
    local_name,
    namespace_of,
)
from handsel.ground.kernel.said import said

OLDEST_VERSION = 2
NEWEST_VERSION = 8

_NAMESPACE = re.compile(
    r"urn:iso:std:iso:20022:tech:xsd:(?P<message>camt\.05[234])\.001\.(?P<version>[0-9]{2})"
)


class _Message(NamedTuple):
    kind: Kind
    body: str
    record: str
    pagination: str
    additional: str


_MESSAGES = {
    "camt.052": _Message(Kind.REPORT, "BkToCstmrAcctRpt", "Rpt", "RptPgntn", "AddtlRptInf"),
    "camt.053": _Message(Kind.STATEMENT, "BkToCstmrStmt", "Stmt", "StmtPgntn", "AddtlStmtInf"),
    "camt.054": _Message(
        Kind.NOTIFICATION, "BkToCstmrDbtCdtNtfctn", "Ntfctn", "NtfctnPgntn", "AddtlNtfctnInf"
    ),
}


class _Format(NamedTuple):
    namespace: str
    name: str
    version: str
    message: _Message

    def tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"


def parse_camt(
    content: bytes, *, zone: tzinfo = UTC, limits: Limits | None = None
) -> StatementFile:
    """Read a camt message into statements, exactly as stated.

    ``zone`` is meant by times without an offset. Raises StatementRefused with the reason and
    the line: not XML, DOCTYPE, too large, another message or version, a mandatory element
    missing or repeated, an amount or date that is not one, no statement at all.
    Whether the statement adds up is not asked here but in ``integrity``.
    """
    limits = limits or Limits()
    message_format: _Format | None = None
    header: Header | None = None
    entries: list[Entry] = []
    statements: list[Statement] = []
    for kind, element, depth in events(content, limits):
        if message_format is None:
            message_format = _format_of(element)
        if kind == "start":
            _check_body(element, depth, message_format)
        elif depth == 4 and _is_entry(element, message_format):
            _check_count(len(entries), limits)
            entries.append(entry_of(Node(element, message_format.namespace), len(entries), zone))
            element.clear()
        elif depth == 3 and element.tag == message_format.tag("GrpHdr"):
            header = _header_of(Node(element, message_format.namespace), header, zone)
        elif depth == 3 and element.tag == message_format.tag(message_format.message.record):
            node = Node(element, message_format.namespace)
            statements.append(_statement_of(node, message_format.message, tuple(entries), zone))
            entries = []
            element.clear()
    if message_format is None or header is None:
        raise refuse("missing", "The message has no group header (GrpHdr).", path="GrpHdr")
    if not statements:
        raise refuse(
            "empty",
            said(
                "The message %(message)s holds no statement (%(path)s).",
                message=header.message_id,
                path=message_format.message.record,
            ),
            path=message_format.message.record,
        )
    return StatementFile(
        message_format=message_format.name,
        version=message_format.version,
        sha256=hashlib.sha256(content).hexdigest(),
        header=header,
        statements=tuple(statements),
        warnings=_warnings(message_format),
    )


def _format_of(root: Element) -> _Format:
    namespace = namespace_of(root)
    match = _NAMESPACE.fullmatch(namespace)
    if local_name(root) != "Document" or match is None:
        raise refuse(
            "format",
            said(
                "This is not a camt.052, camt.053 or camt.054 message: its root is %(root)s in "
                "“%(namespace)s”.",
                root=local_name(root)[:60],
                namespace=namespace[:80],
            ),
            namespace=namespace[:80],
        )
    if int(match["version"]) < OLDEST_VERSION:
        raise refuse(
            "version",
            said(
                "%(message)s version %(version)s is not read; ask the bank for version "
                "%(oldest)s to %(newest)s.",
                message=match["message"],
                version=int(match["version"]),
                oldest=OLDEST_VERSION,
                newest=NEWEST_VERSION,
            ),
            version=match["version"],
        )
    name = match["message"]
    return _Format(namespace, name, match["version"], _MESSAGES[name])


def _check_body(element: Element, depth: int, message_format: _Format) -> None:
    if depth == 2 and element.tag != message_format.tag(message_format.message.body):
        raise refuse(
            "format",
            f"Line {line_of(element)}: {message_format.name} should hold "
            f"{message_format.message.body}, not {local_name(element)[:60]}.",
        )


def _is_entry(element: Element, message_format: _Format) -> bool:
    if element.tag != message_format.tag("Ntry"):
        return False
    parent = element.getparent()
    return parent is not None and parent.tag == message_format.tag(message_format.message.record)


def _check_count(count: int, limits: Limits) -> None:
    if count >= limits.max_entries:
        raise refuse(
            "too_large",
            said("The statement has more than %(limit)s entries.", limit=limits.max_entries),
            limit=limits.max_entries,
        )


def _warnings(message_format: _Format) -> tuple[str, ...]:
    version = int(message_format.version)
    if version <= NEWEST_VERSION:
        return ()
    warning = (
        f"{message_format.name} version {version} is newer than the versions known here "
        f"({OLDEST_VERSION} to {NEWEST_VERSION}); it was read by the rules of version "
        f"{NEWEST_VERSION}."
    )
    return (warning,)


def _header_of(node: Node, earlier: Header | None, zone: tzinfo) -> Header:
    if earlier is not None:
        raise refuse("repeated", f"Line {node.line}: a second group header.", path="GrpHdr")
    recipient = node.one("MsgRcpt")
    return Header(
        message_id=node.need("MsgId").content(),
        created_at=time_at(node, "CreDtTm", zone),
        recipient=party_of(recipient) if recipient is not None else None,
        page=_page_of(node.one("MsgPgntn")),
        original_query=_query_of(node.one("OrgnlBizQry"), zone),
        additional_info=node.text("AddtlInf"),
    )


def _query_of(node: Node | None, zone: tzinfo) -> OriginalQuery | None:
    if node is None:
        return None
    return OriginalQuery(
        message_id=node.text("MsgId"),
        message_name=node.text("MsgNmId"),
        created_at=time_at(node, "CreDtTm", zone),
    )


def _page_of(node: Node | None) -> Page | None:
    if node is None:
        return None
    return Page(number=number_of(node, "PgNb") or 0, is_last=flag_of(node, "LastPgInd") or False)


def _statement_of(
    node: Node, message: _Message, entries: tuple[Entry, ...], zone: tzinfo
) -> Statement:
    return Statement(
        kind=message.kind,
        statement_id=node.need("Id").content(),
        account=account_of(node.need("Acct")),
        created_at=time_at(node, "CreDtTm", zone),
        electronic_sequence=number_of(node, "ElctrncSeqNb"),
        legal_sequence=number_of(node, "LglSeqNb"),
        page=_page_of(node.one(message.pagination)),
        from_at=time_at(node, "FrToDt/FrDtTm", zone),
        to_at=time_at(node, "FrToDt/ToDtTm", zone),
        copy_duplicate=node.text("CpyDplctInd"),
        balances=tuple(_balance_of(found, zone) for found in node.all("Bal")),
        totals=_totals_of(node.one("TxsSummry")),
        entries=entries,
        additional_info=node.text(message.additional),
    )


def _balance_of(node: Node, zone: tzinfo) -> Balance:
    on, at = day_or_time(node.need("Dt"), zone)
    if on is None:
        raise refuse("missing", f"Line {node.line}: the balance has no date.", path="Dt")
    return Balance(
        code=node.text("Tp/CdOrPrtry/Cd"),
        proprietary=node.text("Tp/CdOrPrtry/Prtry"),
        sub_code=node.text("Tp/SubTp/Cd") or node.text("Tp/SubTp/Prtry"),
        amount=amount_of(node.need("Amt"), direction_of(node)),
        on=on,
        at=at,
    )


def _totals_of(node: Node | None) -> Totals | None:
    if node is None:
        return None
    credit_sum, debit_sum = node.text("TtlCdtNtries/Sum"), node.text("TtlDbtNtries/Sum")
    where = f"Line {node.line}, TxsSummry"
    return Totals(
        count=number_of(node, "TtlNtries/NbOfNtries"),
        credit_count=number_of(node, "TtlCdtNtries/NbOfNtries"),
        credit_sum=decimal_of(credit_sum, where) if credit_sum else None,
        debit_count=number_of(node, "TtlDbtNtries/NbOfNtries"),
        debit_sum=decimal_of(debit_sum, where) if debit_sum else None,
    )
