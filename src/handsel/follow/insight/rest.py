"""KPIs over the JSON API: keys and numbers, no sentences but the definitions."""

from __future__ import annotations

from typing import Any

from handsel.follow.insight import queries
from handsel.follow.insight.rules.figures import Figure, Report
from handsel.follow.insight.rules.registry import KPIS, Definition
from handsel.follow.insight.rules.wanted import read
from handsel.ground.kernel.money import Money
from handsel.ground.platform.api import AnswerSchema, MoneyOut, RoomRouter

router = RoomRouter("insight")


class DefinitionOut(AnswerSchema):
    """What exactly a KPI means."""

    key: str
    title: str
    question: str
    formula: str
    population: str
    clock: str
    time_axis: str
    open_cases: str
    currency: str
    zone: str
    owner: str
    version: int
    filters: list[str]

    @classmethod
    def of(cls, one: Definition) -> DefinitionOut:
        """From the registry."""
        names = [name for name in cls.model_fields if name != "filters"]
        return cls(**{name: getattr(one, name) for name in names}, filters=list(one.filters))


class FigureOut(AnswerSchema):
    """One number: seconds, basis points or a count in `value`, or an amount; null is unknown."""

    key: str
    unit: str
    value: int | None = None
    amount: MoneyOut | None = None
    part: int | None = None
    whole: int | None = None
    low: int | None = None
    high: int | None = None
    is_estimate: bool = False
    bucket: str = ""

    @classmethod
    def of(cls, figure: Figure) -> FigureOut:
        """From a report's figure."""
        money = figure.value if isinstance(figure.value, Money) else None
        return cls(
            key=figure.key,
            unit=figure.unit,
            value=figure.value if isinstance(figure.value, int) else None,
            amount=MoneyOut.of(money.amount_minor, money.currency) if money else None,
            part=figure.part,
            whole=figure.whole,
            low=figure.low,
            high=figure.high,
            is_estimate=figure.is_estimate,
            bucket=figure.bucket,
        )


class GroupRowOut(AnswerSchema):
    """One line of a breakdown."""

    key: str
    bucket: str
    figures: list[FigureOut]


class GroupOut(AnswerSchema):
    """A breakdown."""

    key: str
    rows: list[GroupRowOut]


class MemberOut(AnswerSchema):
    """One row behind a figure."""

    object_type: str
    object_id: int
    name: str
    facts: dict[str, str | int | None]


class ReportOut(AnswerSchema):
    """A KPI with its definition, and the rows of one bucket where that is asked for."""

    definition: DefinitionOut
    as_of: str
    figures: list[FigureOut]
    groups: list[GroupOut]
    rows: list[MemberOut]
    next_start: int | None = None


class KpisOut(AnswerSchema):
    """All KPIs."""

    items: list[DefinitionOut]


ROWS = 200


@router.get(
    "/kpis", permission="insight.view", response=KpisOut, summary="The KPIs and what they mean"
)
def kpis(request: Any) -> KpisOut:
    """Definitions only; the figures are under each key."""
    return KpisOut(items=[DefinitionOut.of(one) for one in KPIS])


@router.get(
    "/kpis/{key}",
    permission="insight.view",
    response=ReportOut,
    summary="One KPI, with the rows behind a figure",
)
def kpi(
    request: Any,
    key: str,
    from_on: str = "",
    until_on: str = "",
    source: str = "",
    target: str = "",
    as_of: str = "",
    currency: str = "",
    bucket: str = "",
    start: int = 0,
) -> ReportOut:
    """`source` "-" is the empty one. With `bucket`, up to 200 rows from `start` on."""
    texts = {
        "from": from_on,
        "until": until_on,
        "source": source,
        "target": target,
        "as_of": as_of,
        "currency": currency,
    }
    report = queries.kpi_report(request.actor, key, wanted=read(texts), now=request.now)
    return report_out(report, bucket=bucket, start=max(0, start))


def report_out(report: Report, *, bucket: str = "", start: int = 0) -> ReportOut:
    """A report on the wire."""
    one = next(one for one in KPIS if one.key == report.key)
    found = report.rows(bucket) if bucket else []
    return ReportOut(
        definition=DefinitionOut.of(one),
        as_of=report.as_of.isoformat(),
        figures=[FigureOut.of(figure) for figure in report.figures],
        groups=[
            GroupOut(
                key=group.key,
                rows=[
                    GroupRowOut(
                        key=row.key,
                        bucket=row.bucket,
                        figures=[FigureOut.of(figure) for figure in row.figures],
                    )
                    for row in group.rows
                ],
            )
            for group in report.groups
        ],
        rows=[
            MemberOut(
                object_type=member.object_type,
                object_id=member.object_id,
                name=member.name,
                facts=queries.clean_member_facts(member.facts),
            )
            for member in found[start : start + ROWS]
        ],
        next_start=start + ROWS if len(found) > start + ROWS else None,
    )
