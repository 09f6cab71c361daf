"""The JSON API of the books; amounts are debit positive."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Path, Query

from handsel.earn.ledger import actions, queries
from handsel.earn.ledger.models import JournalEntry, JournalLine, LedgerPeriod
from handsel.ground.identity.access import Request
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.party import queries as party
from handsel.ground.party.models import Seller
from handsel.ground.platform.api import AnswerSchema, MoneyOut, RoomRouter

router = RoomRouter("ledger")
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
KeyInQuery = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
DayInQuery = Annotated[str, Query(max_length=10, examples=["2026-03-31"])]
PageSize = Annotated[int, Query(ge=1, le=200)]
Start = Annotated[int, Query(ge=0, le=1_000_000)]


class BalanceRowOut(AnswerSchema):
    """One account in one currency."""

    ledger_account_id: int
    code: str
    name: str
    kind: str
    opening: MoneyOut
    debit: MoneyOut
    credit: MoneyOut
    closing: MoneyOut


class ProofOut(AnswerSchema):
    """What the books say against what they are kept of."""

    name: str
    counted: MoneyOut
    posted: MoneyOut
    holds: bool


class TrialBalanceOut(AnswerSchema):
    """Accounts in [from_on, until_on), with the proofs as they stand now."""

    seller_id: int
    from_on: date
    until_on: date
    rows: list[BalanceRowOut]
    proofs: list[ProofOut]


class LegOut(AnswerSchema):
    """One side of an entry."""

    ledger_account_id: int
    code: str
    name: str
    amount: MoneyOut
    text: str
    invoice_line_id: int | None

    @classmethod
    def of(cls, line: JournalLine) -> LegOut:
        """From its row, account loaded."""
        account = line.ledger_account
        return cls(
            ledger_account_id=account.pk,
            code=account.code,
            name=account.name,
            amount=MoneyOut.of(line.amount_minor, line.currency),
            text=line.text,
            invoice_line_id=line.invoice_line_id,
        )


class EntryOut(AnswerSchema):
    """One posting."""

    id: int
    number: str
    posted_on: date
    rule: str
    text: str
    invoice_id: int | None
    payment_id: int | None
    reverses_id: int | None

    @classmethod
    def of(cls, row: JournalEntry) -> EntryOut:
        """From its row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class EntryRecordOut(AnswerSchema):
    """An entry with its legs."""

    entry: EntryOut
    legs: list[LegOut]


class JournalOut(AnswerSchema):
    """Entries, newest first."""

    rows: list[EntryOut]
    next_start: int | None


class LedgerAccountOut(AnswerSchema):
    """One account of the chart."""

    id: int
    code: str
    name: str
    kind: str
    role: str


class LedgerPeriodOut(AnswerSchema):
    """One month of the books."""

    id: int
    from_on: date
    until_on: date
    state: str
    closed_at: datetime | None

    @classmethod
    def of(cls, row: LedgerPeriod) -> LedgerPeriodOut:
        """From its row."""
        return cls(
            id=row.pk,
            from_on=row.from_on,
            until_on=row.until_on,
            state=row.state,
            closed_at=row.closed_at,
        )


def _seller(request: Request, seller_id: int | None) -> Seller:
    if seller_id is not None:
        return party.get_seller(request.actor, seller_id)
    return party.default_seller(request.actor)


def _range(request: Request, seller: Seller, from_on: str, until_on: str) -> tuple[date, date]:
    today = local_date(request.now, seller.time_zone)
    first = parse_date(from_on) if from_on else today.replace(month=1, day=1)
    last = parse_date(until_on) if until_on else today.replace(year=today.year + 1, month=1, day=1)
    return first, max(first, last)


@router.get(
    "/trial-balance", permission="ledger.view", response=TrialBalanceOut, summary="Trial balance"
)
def trial_balance(
    request: Request,
    seller_id: KeyInQuery = None,
    from_on: DayInQuery = "",
    until_on: DayInQuery = "",
) -> TrialBalanceOut:
    """Of a seller's books in [from_on, until_on); this year where no days are given."""
    seller = _seller(request, seller_id)
    first, last = _range(request, seller, from_on, until_on)
    rows = queries.trial_balance(request.actor, seller_id=seller.pk, from_on=first, until_on=last)
    return TrialBalanceOut(
        seller_id=seller.pk,
        from_on=first,
        until_on=last,
        rows=[_balance_row(row) for row in rows],
        proofs=[
            ProofOut(
                name=one.name,
                counted=MoneyOut.of(one.counted_minor, one.currency),
                posted=MoneyOut.of(one.posted_minor, one.currency),
                holds=one.holds,
            )
            for one in queries.proofs(request.actor, seller_id=seller.pk)
        ],
    )


def _balance_row(row: queries.TrialBalanceRow) -> BalanceRowOut:
    def money(minor: int) -> MoneyOut:
        return MoneyOut.of(minor, row.currency)

    return BalanceRowOut(
        ledger_account_id=row.ledger_account_id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        opening=money(row.opening_minor),
        debit=money(row.debit_minor),
        credit=money(row.credit_minor),
        closing=money(row.closing_minor),
    )


@router.get("/journal", permission="ledger.view", response=JournalOut, summary="List entries")
def journal(
    request: Request,
    seller_id: KeyInQuery = None,
    from_on: DayInQuery = "",
    until_on: DayInQuery = "",
    start: Start = 0,
    limit: PageSize = 50,
) -> JournalOut:
    """Newest first; `start` is the `next_start` of the page before."""
    seller = _seller(request, seller_id)
    first, last = _range(request, seller, from_on, until_on)
    found = queries.visible_entries(request.actor).filter(
        seller=seller, posted_on__gte=first, posted_on__lt=last
    )
    rows = list(found.order_by("-posted_on", "-pk")[start : start + limit + 1])
    return JournalOut(
        rows=[EntryOut.of(row) for row in rows[:limit]],
        next_start=start + limit if len(rows) > limit else None,
    )


@router.get(
    "/entries/{entry_id}", permission="ledger.view", response=EntryRecordOut, summary="Get an entry"
)
def get_entry(request: Request, entry_id: KeyInPath) -> EntryRecordOut:
    """With its legs, which sum to zero per currency."""
    entry = queries.get_entry(request.actor, entry_id)
    lines = queries.lines_of(entry.pk)
    return EntryRecordOut(entry=EntryOut.of(entry), legs=[LegOut.of(line) for line in lines])


@router.get(
    "/accounts",
    permission="ledger.view",
    response=list[LedgerAccountOut],
    summary="List ledger accounts",
)
def list_accounts(request: Request, seller_id: KeyInQuery = None) -> list[LedgerAccountOut]:
    """The chart in the order of its codes."""
    rows = queries.accounts_of(_seller(request, seller_id).pk)
    return [
        LedgerAccountOut(id=row.pk, code=row.code, name=row.name, kind=row.kind, role=row.role)
        for row in rows
    ]


@router.get(
    "/periods", permission="ledger.view", response=list[LedgerPeriodOut], summary="List months"
)
def list_periods(request: Request, seller_id: KeyInQuery = None) -> list[LedgerPeriodOut]:
    """Newest first."""
    rows = queries.periods_of(_seller(request, seller_id).pk)
    return [LedgerPeriodOut.of(row) for row in rows]


@router.post(
    "/periods/{period_id}/close",
    permission="ledger.close",
    response=LedgerPeriodOut,
    summary="Close a month",
)
def close(request: Request, period_id: KeyInPath) -> LedgerPeriodOut:
    """It takes no entries any more; what comes late goes into the first open month."""
    period = actions.close_period(actor=request.actor, now=request.now, period_id=period_id)
    return LedgerPeriodOut.of(period)
