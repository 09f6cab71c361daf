"""The lines of an offer as the buyer reads them: under their headings with subtotals, options to
tick, alternatives to choose one of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from handsel.bid.price.rules.document import PricedLine
from handsel.bid.quote.actions.paper import configuration_note
from handsel.bid.quote.actions.price_words import charge_name
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.offer import ShownOffer
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.rules.paid import summands_of
from handsel.bid.quote.rules.sheet.sums import subtotals
from handsel.bid.quote.rules.sheet.tree import Group, reading_order
from handsel.bid.quote.web import parts
from handsel.ground.kernel.money import Money

SET: Final = "set-"
Pair = tuple[LineView, PricedLine]


def offered_lines(shown: ShownOffer) -> dict[str, Any]:
    """What is always part of it by sections, the options, and the sets of alternatives."""
    pairs: list[Pair] = list(zip(shown.lines, shown.priced.lines, strict=True))
    notes = {key: configuration_note(built) for key, built in shown.built.items()}
    currency = shown.priced.currency
    rows = {
        line.key: parts.line_row(line, amounts, currency, notes.get(line.key, ""))
        for line, amounts in pairs
    }
    open_lines = [line for line, _amounts in pairs if line.is_optional]
    return {
        "sections": _sections(shown, pairs, rows),
        "options": [
            {**rows[line.key], "group": _title(shown, line)}
            for line in open_lines
            if not line.alternative_set and _ramp_place(line) <= 1
        ],
        "later": _later(open_lines, rows),
        "sets": _sets(open_lines, rows),
    }


def _ramp_place(line: LineView) -> int:
    return int(line.asked.get("ramp", {}).get("place", 0))


def _later(lines: list[LineView], rows: dict[UUID, dict[str, Any]]) -> dict[str, list[Any]]:
    """The later periods of optional ramps, by the key of the first: one tick takes them all."""
    found: dict[str, list[Any]] = {}
    for line in lines:
        if _ramp_place(line) > 1:
            found.setdefault(line.asked["ramp"]["of"], []).append(rows[line.key])
    return found


def with_later_periods(shown_lines: list[LineView], chosen: frozenset[UUID]) -> frozenset[UUID]:
    """A choice with the later periods of every ramp whose first period is in it, and no others."""
    found = set(chosen)
    for line in shown_lines:
        if line.is_optional and _ramp_place(line) > 1:
            taken = UUID(line.asked["ramp"]["of"]) in chosen
            found = found | {line.key} if taken else found - {line.key}
    return frozenset(found)


def _sets(lines: list[LineView], rows: dict[UUID, dict[str, Any]]) -> list[dict[str, Any]]:
    names = dict.fromkeys(line.alternative_set for line in lines if line.alternative_set)
    return [
        {
            "name": name,
            "field": f"{SET}{place}",
            "options": [rows[line.key] for line in lines if line.alternative_set == name],
        }
        for place, name in enumerate(names, 1)
    ]


def _groups(shown: ShownOffer) -> dict[UUID, Group]:
    return {
        UUID(one["key"]): Group(
            UUID(one["key"]), one["title"], UUID(one["parent"]) if "parent" in one else None
        )
        for one in shown.facts.get("groups", ())
    }


def _title(shown: ShownOffer, line: LineView) -> str:
    groups = _groups(shown)
    group = groups.get(line.group_key) if line.group_key else None
    return group.title if group else ""


def _sections(
    shown: ShownOffer, pairs: list[Pair], rows: dict[UUID, dict[str, Any]]
) -> list[dict[str, Any]]:
    """What counts under its headings, options that are taken too, each group's subtotal after all
    that lies in it: the lines come to the subtotals, and those with what stands in no group to the
    total."""
    groups, currency = _groups(shown), shown.priced.currency
    sums = subtotals(summands_of(shown.lines, shown.priced), groups)
    by_group: dict[UUID | None, list[dict[str, Any]]] = {}
    fees: list[dict[str, Any]] = []
    for line, amounts in pairs:
        if groups and is_fee(line.asked):
            fees.append(rows[line.key])
        elif amounts.counts or not line.is_optional:
            key = line.group_key if line.group_key in groups else None
            row = {**rows[line.key], "is_taken": line.is_optional}
            by_group.setdefault(key, []).append(row)
    found: list[dict[str, Any]] = [{"rows": by_group[None]}] if by_group.get(None) else []
    waiting: list[tuple[int, dict[str, Any]]] = []
    for place in reading_order(groups.values()):
        while waiting and waiting[-1][0] >= place.depth:
            found.append(waiting.pop()[1])
        key, title = place.group.key, place.group.title
        found.append({"title": title, "depth": place.depth, "rows": by_group.get(key, [])})
        total = {
            "sum_of": title,
            "depth": place.depth,
            "amount": Money(sum(sums[key].values()), currency),
            "parts": _parts(sums[key], currency),
        }
        waiting.append((place.depth, total))
    found += [total for _depth, total in reversed(waiting)]
    return [*found, {"title": _("Freight and fees"), "depth": 0, "rows": fees}] if fees else found


def _parts(sums: Mapping[str, int], currency: str) -> list[dict[str, Any]]:
    if len(sums) < 2:
        return []
    return [
        {"label": charge_name(charge, 0), "amount": Money(minor, currency)}
        for charge, minor in sums.items()
    ]
