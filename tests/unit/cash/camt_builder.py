"""Small camt documents for tests, written as text so that what is read was really written."""

from __future__ import annotations

from collections.abc import Sequence

ACCOUNT = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"
BODIES = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def balance(
    code: str, amount: str, on: str = "2026-03-02", mark: str = "CRDT", **extra: str
) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry>{extra.get('sub', '')}</Tp>"
        f'<Amt Ccy="{extra.get("currency", "EUR")}">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def entry(
    amount: str,
    mark: str = "CRDT",
    *,
    details: str = "",
    before: str = "",
    status: str = "BOOK",
    currency: str = "EUR",
    on: str = "2026-03-02",
    reference: str = "",
) -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{before}'
        f"<Sts>{status}</Sts><BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
        + (f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else "")
        + "<BkTxCd/>"
        + (f"<NtryDtls>{details}</NtryDtls>" if details else "")
        + "</Ntry>"
    )


def statement(*parts: str, number: int = 1, name: str = "S-1", record: str = "Stmt") -> str:
    return (
        f"<{record}><Id>{name}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
        f"<CreDtTm>2026-03-02T20:00:00+01:00</CreDtTm>{ACCOUNT}{''.join(parts)}</{record}>"
    )


def document(
    statements: Sequence[str] | str,
    *,
    message: str = "camt.053",
    version: str = "02",
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    body, _ = BODIES[message]
    inner = statements if isinstance(statements, str) else "".join(statements)
    return (
        f'{prolog}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}.001.{version}">'
        f"<{body}><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-02T20:00:00Z</CreDtTm></GrpHdr>"
        f"{inner}</{body}></Document>"
    ).encode()


def simple(*entries: str, opening: str = "100.00", closing: str = "100.00") -> bytes:
    """One statement of one account with an opening and a closing balance."""
    return document(
        statement(balance("OPBD", opening, "2026-03-01"), balance("CLBD", closing), *entries)
    )
