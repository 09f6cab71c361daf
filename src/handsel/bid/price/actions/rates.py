"""Exchange rates of days. A rate that is kept never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from handsel.bid.price.errors import BadRates
from handsel.bid.price.models import ExchangeRate
from handsel.bid.price.rules.rate_file import DatedRate, RefusedRate, problem_of, read_rates
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class ImportedRates:
    """What became of a list: new rates, how many stood there already, rows refused."""

    new: tuple[DatedRate, ...]
    known: int
    refused: tuple[RefusedRate, ...]


@transaction.atomic
def record_rates(
    *,
    actor: Actor,
    now: datetime,
    dated_on: date,
    rates: Sequence[tuple[str, str, Decimal]],
    source: str = "",
) -> int:
    """Keep rates of a day, given as (base, currency, rate); how many were new.

    A rate that is there already stays as it is: what was priced with it can be told again.
    """
    actor.require("price.edit")
    wanted = [DatedRate(dated_on, base, currency, rate, source) for base, currency, rate in rates]
    for one in wanted:
        if problem := problem_of(one):
            raise BadRates(said("%(problem)s.", problem=problem))
    before = ExchangeRate.objects.filter(dated_on=dated_on).count()
    _keep(wanted)
    return ExchangeRate.objects.filter(dated_on=dated_on).count() - before


@transaction.atomic
def import_rates(
    *,
    actor: Actor,
    now: datetime,
    text: str,
    both_ways: bool = False,
    source: str = "",
    is_trial: bool = False,
) -> ImportedRates:
    """Keep the rates of a list (`rules/rate_file`); with `is_trial` only say what would be kept.

    A row that gives another rate for a pair and day than the one kept is refused: what was priced
    stays explainable. The same list again changes nothing. Raises BadRates where nothing can be
    read.
    """
    actor.require("price.edit")
    rows, refused = read_rates(text, both_ways=both_ways)
    kept = _kept([one for _line_no, one in rows])
    new: dict[tuple[str, str, date], DatedRate] = {}
    known = 0
    for line_no, one in rows:
        there = kept.get(one.key, new[one.key].rate if one.key in new else None)
        if there is None:
            new[one.key] = one if one.source or not source else _sourced(one, source)
        elif there == one.rate:
            known += 1
        else:
            shown = f"{one.dated_on},{one.base},{one.currency},{one.rate:f}"
            reason = (
                f"1 {one.base} is {there.normalize():f} {one.currency} on {one.dated_on} already"
            )
            refused.append(RefusedRate(line_no, shown, reason))
    if not is_trial:
        _keep(list(new.values()))
    return ImportedRates(tuple(new.values()), known, tuple(refused))


def _sourced(one: DatedRate, source: str) -> DatedRate:
    return DatedRate(one.dated_on, one.base, one.currency, one.rate, source[:50])


def _kept(rates: Sequence[DatedRate]) -> dict[tuple[str, str, date], Decimal]:
    if not rates:
        return {}
    days = [one.dated_on for one in rates]
    rows = ExchangeRate.objects.filter(
        Q(dated_on__gte=min(days), dated_on__lte=max(days)),
        base__in={one.base for one in rates},
        currency__in={one.currency for one in rates},
    )
    return {
        (base, currency, on): rate
        for base, currency, on, rate in rows.values_list("base", "currency", "dated_on", "rate")
    }


def _keep(rates: Sequence[DatedRate]) -> None:
    ExchangeRate.objects.bulk_create(
        (
            ExchangeRate(
                base=one.base,
                currency=one.currency,
                rate=one.rate,
                dated_on=one.dated_on,
                source=one.source,
            )
            for one in rates
        ),
        ignore_conflicts=True,
    )
