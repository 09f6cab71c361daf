"""The demo's bank: collects what customers transfer and writes it into camt.053 statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from xml.sax.saxutils import escape

from handsel.earn.cash import actions as cash
from handsel.ground.kernel.money import Money
from handsel.site.demo.house import BRITISH_ACCOUNT, DOLLAR_ACCOUNT, GERMAN_ACCOUNT, House

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
ACCOUNTS = {("de", "EUR"): GERMAN_ACCOUNT, ("de", "USD"): DOLLAR_ACCOUNT}
OPENING_MINOR = 5_000_000


@dataclass(frozen=True)
class Receipt:
    """Money that came in on a day: how much, from whom, with which words."""

    amount: Money
    payer: str
    iban: str
    text: str
    on: date


@dataclass
class _Account:
    iban: str
    currency: str
    balance_minor: int = OPENING_MINOR
    statements: int = 0
    waiting: list[Receipt] = field(default_factory=list)


@dataclass
class Bank:
    """Accounts of both companies, with what no statement has told of yet."""

    house: House
    accounts: dict[str, _Account] = field(default_factory=dict)

    def expect(self, seller: str, receipt: Receipt) -> None:
        """A transfer arrives; the next statement tells of it."""
        iban = ACCOUNTS.get((seller, receipt.amount.currency), BRITISH_ACCOUNT)
        account = self.accounts.setdefault(iban, _Account(iban, receipt.amount.currency))
        account.waiting.append(receipt)

    def tell(self, now: datetime) -> None:
        """Import a statement of every account that something came in on, and match it."""
        for account in self.accounts.values():
            if account.waiting:
                self._import(account, now, wrong_by_minor=0)

    def tell_wrongly(self, now: datetime) -> None:
        """Import a statement of the euro account whose closing balance is off by 100.00."""
        account = self.accounts[GERMAN_ACCOUNT]
        if account.waiting:
            self._import(account, now, wrong_by_minor=10_000)

    def _import(self, account: _Account, now: datetime, *, wrong_by_minor: int) -> None:
        content = _statement(account, now, wrong_by_minor)
        account.balance_minor += sum(one.amount.amount_minor for one in account.waiting)
        account.statements += 1
        account.waiting.clear()
        actor = self.house.actor("accounts")
        name = f"statement-{account.currency}-{account.statements:02d}.xml"
        for one in cash.import_statement(actor=actor, now=now, content=content, name=name):
            if one.statement is not None and one.outcome == "accepted":
                cash.match_automatically(actor=actor, now=now, statement_id=one.statement.pk)


def _statement(account: _Account, now: datetime, wrong_by_minor: int) -> bytes:
    opening = Money(account.balance_minor, account.currency)
    total = sum(one.amount.amount_minor for one in account.waiting)
    closing = Money(account.balance_minor + total + wrong_by_minor, account.currency)
    number, on = account.statements + 1, f"{now:%Y-%m-%d}"
    entries = "".join(_entry(place, one) for place, one in enumerate(account.waiting))
    body = (
        f"<Stmt><Id>STM-{account.currency}-{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
        f"<CreDtTm>{on}T20:00:00Z</CreDtTm>"
        f"<Acct><Id><IBAN>{account.iban}</IBAN></Id><Ccy>{account.currency}</Ccy></Acct>"
        f"{_balance('OPBD', opening, on)}{_balance('CLBD', closing, on)}{entries}</Stmt>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>MSG-{account.currency}-{number}</MsgId>"
        f"<CreDtTm>{on}T20:00:00Z</CreDtTm></GrpHdr>{body}</BkToCstmrStmt></Document>"
    ).encode()


def _amount(amount: Money) -> str:
    return f'<Amt Ccy="{amount.currency}">{amount.text()}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'


def _balance(code: str, amount: Money, on: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount)}"
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _entry(place: int, one: Receipt) -> str:
    on = one.on.isoformat()
    account = (
        f"<DbtrAcct><Id><IBAN>{one.iban}</IBAN></Id></DbtrAcct>"
        if one.iban
        else "<DbtrAcct><Id><Othr><Id>4410002290</Id></Othr></Id></DbtrAcct>"
    )
    return (
        f"<Ntry>{_amount(one.amount)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
        f"<AcctSvcrRef>REF-{on}-{place}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd>"
        "<Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f'<Amt Ccy="{one.amount.currency}">{one.amount.text()}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd>"
        f"<RltdPties><Dbtr><Pty><Nm>{escape(one.payer)}</Nm></Pty></Dbtr>{account}</RltdPties>"
        f"<RmtInf><Ustrd>{escape(one.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
