"""Reports as the shell's components take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handsel.follow.insight.rules.figures import Figure, Group, GroupRow, Member, Report
from handsel.follow.insight.rules.registry import Definition
from handsel.follow.insight.web import words
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor

# The figures at the top of a KPI's page; the others stand in the table below.
HEADLINES = {
    "lead_response": ("median", "p90", "within_target", "not_answered"),
    "lead_conversion": ("converted_30", "converted_90", "converted_180", "converted"),
}


def rows_url(report_key: str, bucket: str, filters: Mapping[str, str]) -> str:
    """The address of the rows behind a figure, under the same filters."""
    query = {**filters, **({"bucket": bucket} if bucket else {})}
    return f"{reverse('insight:rows', args=[report_key])}?{urlencode(query)}"


def headlines(report: Report) -> list[Figure]:
    """The figures one looks at first; of money every sum that is not nothing."""
    wanted = HEADLINES.get(report.key)
    if wanted is not None:
        return [report.figure(key) for key in wanted]
    return [figure for figure in report.figures if isinstance(figure.value, Money) and figure.value]


def stats(report: Report, filters: Mapping[str, str]) -> list[list[dict[str, Any]]]:
    """The headlines as rows of cards: one row, or one for each currency."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for figure in headlines(report):
        currency = figure.value.currency if isinstance(figure.value, Money) else ""
        rows.setdefault(currency, []).append(stat(report, figure, filters))
    return list(rows.values())


def stat(report: Report, figure: Figure, filters: Mapping[str, str]) -> dict[str, Any]:
    """A figure as a card that leads to its rows."""
    value = words.value(figure)
    card: dict[str, Any] = {
        "label": words.figure_label(figure.key),
        "detail": detail(figure),
        "url": rows_url(report.key, figure.bucket, filters) if figure.bucket else "",
    }
    card["amount" if isinstance(value, Money) else "value"] = value
    if figure.key.startswith("overdue") and figure.part:
        card["kind"] = "warn"
    return card


def detail(figure: Figure) -> str:
    """What stands behind a figure: the counts of a share, its interval, the number of deals."""
    parts = []
    if figure.whole is not None:
        parts.append(_("%(part)s of %(whole)s") % {"part": figure.part, "whole": figure.whole})
    if figure.unit == "money" and figure.part is not None:
        text = ngettext("%(count)s deal", "%(count)s deals", figure.part)
        parts.append(text % {"count": figure.part})
    span = words.interval(figure)
    if span:
        parts.append(_("95%% interval %(span)s") % {"span": span})
    if figure.unit == "duration" and figure.is_estimate:
        parts.append(_("those still waiting included"))
    return " · ".join(parts)


def other_facts(report: Report, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """The figures beside the headlines, as facts that lead to their rows."""
    shown = {figure.key for figure in headlines(report)}
    return [
        {
            "label": words.figure_label(figure.key),
            "value": words.value(figure),
            "url": rows_url(report.key, figure.bucket, filters) if figure.bucket else "",
        }
        for figure in report.figures
        if figure.key not in shown and figure.value is not None and figure.unit != "money"
    ]


def group_panel(report: Report, group: Group, filters: Mapping[str, str]) -> dict[str, Any]:
    """A group as a panel: its pictures and its table."""
    return {
        "key": group.key,
        "title": str(words.GROUPS[group.key]),
        "bars": _bars(report, group, filters),
        "table": _table(report, group, filters),
    }


def _bars(report: Report, group: Group, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    keys = [
        figure.key
        for figure in (group.rows[0].figures if group.rows else ())
        if figure.key == group.bar or figure.key.startswith(f"{group.bar}_")
        if figure.unit != "share" or figure.key == group.bar
    ]
    blocks = [_bar_block(report, group, key, filters) for key in keys]
    return [block for block in blocks if block["rows"]]


def _bar_block(
    report: Report, group: Group, key: str, filters: Mapping[str, str]
) -> dict[str, Any]:
    rows = []
    for row in group.rows[:12]:
        figure = next(one for one in row.figures if one.key == key)
        if figure.value is None or (isinstance(figure.value, Money) and not figure.value):
            continue
        rows.append(
            {
                "label": words.row_label(group.key, row.key),
                "value": figure.value,
                "text": "" if isinstance(figure.value, Money) else words.value(figure),
                "detail": _beside(row, figure),
                "url": rows_url(report.key, figure.bucket, filters),
                "kind": "warn" if row.key in ("waiting", "overdue") else "",
            }
        )
    return {"label": words.figure_label(key), "rows": rows}


def _beside(row: GroupRow, shown: Figure) -> SafeString:
    """The row's counts and times in words, for phones, where there is no room for the table."""
    others = [
        f"{words.figure_label(figure.key)} {words.value(figure)}"
        for figure in row.figures
        if figure.key != shown.key and figure.unit in ("count", "duration")
    ]
    return format_html('<span class="only-phone">{}</span>', " · ".join(others))


def _table(report: Report, group: Group, filters: Mapping[str, str]) -> dict[str, Any]:
    keys = [figure.key for figure in group.rows[0].figures] if group.rows else []
    return {
        "id": f"group-{group.key}",
        "caption": str(words.GROUPS[group.key]),
        "columns": [
            {"key": "label", "label": "", "format": "link"},
            *({"key": key, **_column(group, key)} for key in keys),
        ],
        "rows": [
            {
                "id": row.key or "-",
                "url": rows_url(report.key, row.bucket, filters),
                "cells": [words.row_label(group.key, row.key), *_cells(row)],
            }
            for row in group.rows
        ],
        "empty": {"title": _("Nothing here")},
    }


def _column(group: Group, key: str) -> dict[str, Any]:
    unit = next(one.unit for one in group.rows[0].figures if one.key == key)
    shape = "money" if unit == "money" else "text"
    return {"label": words.figure_label(key), "format": shape, "align": "right"}


def _cells(row: GroupRow) -> list[Any]:
    cells: list[Any] = []
    for figure in row.figures:
        span = words.interval(figure)
        shown = words.value(figure)
        cells.append(f"{shown} ({span})" if span and not isinstance(shown, Money) else shown)
    return cells


def card_facts(one: Definition) -> list[dict[str, Any]]:
    """The definition card: what exactly the KPI means."""
    rows = (
        (_("Formula"), one.formula),
        (_("Population"), one.population),
        (_("Clock"), one.clock),
        (_("Time axis"), one.time_axis),
        (_("Open cases"), one.open_cases),
        (_("Currency"), one.currency),
        (_("Time zone"), one.zone),
        (_("Owner"), one.owner),
    )
    facts = [{"label": label, "value": _(text)} for label, text in rows]
    return [*facts, {"label": _("Version"), "value": str(one.version)}]


def member_table(
    members: Sequence[Member], actor: Actor
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Columns and rows of the records behind a figure."""
    keys = list(members[0].facts) if members else []
    columns: list[dict[str, Any]] = [{"key": "name", "label": _("Record"), "format": "link"}]
    for place, key in enumerate(keys):
        label, kind = words.COLUMNS[key]
        shape = kind if kind in ("instant", "day", "number", "money") else "text"
        phone = place < 3 or kind == "money"
        columns.append({"key": key, "label": str(label), "format": shape, "phone": phone})
    rows = [
        {
            "id": member.object_id,
            "url": record_url(member, actor),
            "cells": [member.name, *(_cell(key, member.facts[key]) for key in keys)],
        }
        for member in members
    ]
    return columns, rows


def _cell(key: str, value: Any) -> Any:
    kind = words.COLUMNS[key][1]
    if kind == "source":
        return words.source(value)
    if value in (None, ""):
        return "" if kind in ("word", "duration") else None
    if kind == "word":
        return str(words.ROWS.get(value, value))
    if kind == "stage":
        return _(value)
    return words.duration(value) if kind == "duration" else value


def record_url(member: Member, actor: Actor) -> str:
    """The page of the record, or nothing where there is none that the actor may open."""
    if not actor.may(f"{member.object_type}.view"):
        return ""
    try:
        return reverse(f"{member.object_type}:record", args=[member.object_id])
    except NoReverseMatch:
        return ""
