"""A bank that writes camt.053 statements for tests: text, so that what is read was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True)
class Credit:
    """Money that came in: amount as text, who paid, what he wrote."""

    amount: str
    payer: str
    iban: str
    text: str
    reference: str = ""


def statement(
    *,
    number: int,
    on: str,
    iban: str,
    opening: str,
    closing: str,
    receipts: Sequence[Credit],
    currency: str = "EUR",
) -> bytes:
    """One camt.053.001.08 statement of a day."""
    entries = "".join(_entry(place, on, currency, c) for place, c in enumerate(receipts))
    body = (
        f"<Stmt><Id>STM-{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
        f"<CreDtTm>{on}T20:00:00Z</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', opening, on, currency)}{_balance('CLBD', closing, on, currency)}"
        f"{entries}</Stmt>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>MSG-{number}</MsgId><CreDtTm>{on}T20:00:00Z</CreDtTm></GrpHdr>"
        f"{body}</BkToCstmrStmt></Document>"
    ).encode()


def _balance(code: str, amount: str, on: str, currency: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _entry(place: int, on: str, currency: str, credit: Credit) -> str:
    structured = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
        f"<Ref>{credit.reference}</Ref></CdtrRefInf></Strd>"
        if credit.reference
        else f"<Ustrd>{credit.text}</Ustrd>"
    )
    return (
        f'<Ntry><Amt Ccy="{currency}">{credit.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
        f"<AcctSvcrRef>REF-{on}-{place}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd>"
        f"<Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f'<Amt Ccy="{currency}">{credit.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<RltdPties><Dbtr><Pty><Nm>{credit.payer}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{credit.iban}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{structured}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )
