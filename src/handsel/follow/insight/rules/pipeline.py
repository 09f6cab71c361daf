"""Pipeline value, from deals as they stood at an instant; definitions on the KPI's card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handsel.follow.insight.rules.figures import Fact, Figure, Group, GroupRow, Member, Report
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.split import portion_bps

KEY = "pipeline_value"
CLOSE_BUCKETS = ("overdue", "this_month", "next_month", "later", "no_date")


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """One open deal as it stood, with the probability of its stage in basis points."""

    opportunity_id: int
    name: str
    stage_id: int
    stage: str
    probability_bps: int
    amount: Money
    expected_close_on: date | None
    opened_at: datetime

    @property
    def weighted(self) -> Money:
        """Amount times probability, half up, rounded deal by deal."""
        return portion_bps(self.amount, self.probability_bps)

    def close_bucket(self, today: date) -> str:
        """When it should close, seen from a day; a date that has passed is overdue."""
        if self.expected_close_on is None:
            return "no_date"
        if self.expected_close_on < today:
            return "overdue"
        months = _month_of(self.expected_close_on) - _month_of(today)
        return ("this_month", "next_month")[months] if months < 2 else "later"


def _month_of(day: date) -> int:
    return day.year * 12 + day.month


def report(deals: Sequence[OpenDeal], *, as_of: datetime, today: date) -> Report:
    """What open deals were worth; every sum for each currency apart."""
    members = tuple(_member(one, today) for one in deals)
    currencies = sorted({one.amount.currency for one in deals})
    figures = [Figure("deals", "count", len(deals), bucket="open")]
    for currency in currencies:
        mine = [one for one in deals if one.amount.currency == currency]
        late = [one for one in mine if one.close_bucket(today) == "overdue"]
        figures += [
            _sum("open", mine, currency, f"open:{currency}"),
            _sum("weighted", mine, currency, f"open:{currency}", weighted=True),
            _sum("overdue", late, currency, f"close:overdue:{currency}"),
        ]
    groups = (
        Group("closing", tuple(_closing(deals, currencies, today)), bar="weighted"),
        Group("stages", tuple(_stages(deals, currencies)), bar="open"),
    )
    return Report(KEY, as_of, tuple(figures), groups, members)


def _sum(
    key: str, ones: Iterable[OpenDeal], currency: str, bucket: str, *, weighted: bool = False
) -> Figure:
    amounts = [one.weighted if weighted else one.amount for one in ones]
    total = Money(sum(amount.amount_minor for amount in amounts), currency)
    return Figure(f"{key}_{currency}", "money", total, part=len(amounts), bucket=bucket)


def _member(one: OpenDeal, today: date) -> Member:
    currency, close = one.amount.currency, one.close_bucket(today)
    buckets = {
        "open",
        f"open:{currency}",
        f"close:{close}",
        f"close:{close}:{currency}",
        f"stage:{one.stage_id}",
        f"stage:{one.stage_id}:{currency}",
    }
    facts: dict[str, Fact] = {
        "stage": one.stage,
        "amount": one.amount,
        "weighted": one.weighted,
        "expected_close_on": one.expected_close_on,
        "closes": close,
        "opened_at": one.opened_at,
    }
    return Member("opportunity", one.opportunity_id, one.name, frozenset(buckets), facts)


def _row(key: str, ones: Sequence[OpenDeal], currencies: Sequence[str], bucket: str) -> GroupRow:
    figures = [Figure("deals", "count", len(ones), bucket=bucket)]
    for currency in currencies:
        mine = [one for one in ones if one.amount.currency == currency]
        figures.append(_sum("open", mine, currency, f"{bucket}:{currency}"))
        figures.append(_sum("weighted", mine, currency, f"{bucket}:{currency}", weighted=True))
    return GroupRow(key, tuple(figures), bucket)


def _closing(
    deals: Sequence[OpenDeal], currencies: Sequence[str], today: date
) -> Iterable[GroupRow]:
    for key in CLOSE_BUCKETS:
        ones = [one for one in deals if one.close_bucket(today) == key]
        yield _row(key, ones, currencies, f"close:{key}")


def _stages(deals: Sequence[OpenDeal], currencies: Sequence[str]) -> Iterable[GroupRow]:
    found = {one.stage_id: one.stage for one in deals}
    order = sorted(found, key=lambda stage: (_probability(deals, stage), stage))
    for stage in order:
        ones = [one for one in deals if one.stage_id == stage]
        yield _row(found[stage], ones, currencies, f"stage:{stage}")


def _probability(deals: Sequence[OpenDeal], stage_id: int) -> int:
    return next(one.probability_bps for one in deals if one.stage_id == stage_id)
