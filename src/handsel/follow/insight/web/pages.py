"""The views: filters in the address bar, everything else from the report."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from handsel.attract.lead.queries import sources
from handsel.follow.insight import queries
from handsel.follow.insight.errors import BadFilter, KpiMissing
from handsel.follow.insight.rules.figures import Report
from handsel.follow.insight.rules.registry import Definition, definition
from handsel.follow.insight.rules.wanted import EMPTY_SOURCE, TARGETS_MIN, Wanted, read
from handsel.follow.insight.web import shapes, words
from handsel.ground.identity.access import Request, page
from handsel.ground.platform.spreadsheet import download

PAGE_SIZE = 50
MONTHS_BACK = 5


@page("insight.view")
def kpi_list(request: Request) -> HttpResponseBase:
    """Every KPI with its first figures."""
    kpis = []
    for report in queries.overview(request.actor, now=request.now):
        one = _definition(report.key)
        kpis.append(
            {
                "title": _(one.title),
                "question": _(one.question),
                "url": reverse("insight:kpi", args=[one.key]),
                "stats": shapes.stats(report, {}),
            }
        )
    context = {"header": {"title": _("Insight")}, "kpis": kpis}
    return render(request, "insight/list.html", context)


@page("insight.view")
def kpi_page(request: Request, key: str) -> HttpResponseBase:
    """One KPI: figures, pictures, tables, and what exactly it means."""
    one, filters = _definition(key), _filters(request, key)
    wanted, problem = _wanted(filters)
    report = queries.kpi_report(request.actor, key, wanted=wanted, now=request.now)
    csv = {
        "label": _("Export rows"),
        "url": f"{reverse('insight:csv', args=[key])}?{urlencode(filters)}",
        "icon": "download",
    }
    context = {
        "header": {
            "title": _(one.title),
            "subtitle": _(one.question),
            "trail": [(_("Insight"), reverse("insight:list"))],
            "actions": [csv],
        },
        "problem": problem,
        "fields": _fields(request, one, filters),
        "reset_url": reverse("insight:kpi", args=[key]) if filters else "",
        "stats": shapes.stats(report, filters),
        "facts": shapes.other_facts(report, filters),
        "groups": [shapes.group_panel(report, group, filters) for group in report.groups],
        "history": _history(request, key, wanted),
        "card": shapes.card_facts(one),
    }
    return render(request, "insight/kpi.html", context)


@page("insight.view")
def kpi_rows(request: Request, key: str) -> HttpResponseBase:
    """The rows behind a figure."""
    one, filters, bucket = _definition(key), _filters(request, key), _bucket(request)
    report = _report(request, key, filters)
    members = report.rows(bucket)
    start = _start(request)
    shown = members[start : start + PAGE_SIZE]
    columns, rows = shapes.member_table(shown, request.actor)
    table = {
        "id": "rows",
        "caption": words.bucket_label(bucket) or _("All rows"),
        "columns": columns,
        "rows": rows,
        "shown": f"{start + 1}–{start + len(shown)}" if shown else "",
        "count": len(members),
        "exports": [(_("CSV"), _address("insight:csv", key, filters, bucket))],
        "previous_url": _address("insight:rows", key, filters, bucket, max(0, start - PAGE_SIZE))
        if start
        else "",
        "next_url": _address("insight:rows", key, filters, bucket, start + PAGE_SIZE)
        if start + PAGE_SIZE < len(members)
        else "",
        "empty": {"title": _("No rows"), "text": _("Nothing is counted under these filters.")},
    }
    back = f"{reverse('insight:kpi', args=[key])}?{urlencode(filters)}".rstrip("?")
    header = {
        "title": words.bucket_label(bucket) or _("All rows"),
        "subtitle": _("The rows behind the figure."),
        "trail": [(_("Insight"), reverse("insight:list")), (_(one.title), back)],
    }
    return render(request, "insight/rows.html", {"header": header, "table": table})


@page("insight.view")
def kpi_csv(request: Request, key: str) -> HttpResponseBase:
    """The rows behind a figure as a file."""
    report = _report(request, key, _filters(request, key))
    members = report.rows(_bucket(request))
    names = list(members[0].facts) if members else []
    rows = ([m.object_id, m.name, *(m.facts[name] for name in names), m.currency] for m in members)
    return download(request, f"{key}", ["id", "name", *names, "currency"], rows)


def _definition(key: str) -> Definition:
    found = definition(key)
    if found is None:
        raise KpiMissing(key)
    return found


def _report(request: Request, key: str, filters: dict[str, str]) -> Report:
    return queries.kpi_report(request.actor, key, wanted=read(filters), now=request.now)


def _filters(request: Request, key: str) -> dict[str, str]:
    """The filters in the address, as far as this KPI knows them."""
    texts = {
        name: request.GET.get(name, "").replace("\x00", "") for name in _definition(key).filters
    }
    return {name: text[:100] for name, text in texts.items() if text}


def _wanted(filters: dict[str, str]) -> tuple[Wanted, str]:
    """The filters read; a wrong one is told and none is used."""
    try:
        return read(filters), ""
    except BadFilter as wrong:
        return Wanted(), wrong.message


def _bucket(request: Request) -> str:
    return request.GET.get("bucket", "").replace("\x00", "")[:200]


def _start(request: Request) -> int:
    text = request.GET.get("start", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _address(name: str, key: str, filters: dict[str, str], bucket: str, start: int = 0) -> str:
    query = {**filters, "bucket": bucket, **({"start": str(start)} if start else {})}
    return f"{reverse(name, args=[key])}?{urlencode(query)}"


def _fields(request: Request, one: Definition, filters: dict[str, str]) -> list[dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {
        "from": {"label": _("Asked from"), "type": "date"},
        "until": {"label": _("Asked until"), "type": "date"},
        "as_of": {"label": _("As of"), "type": "date"},
        "source": {"label": _("Source"), "type": "select", "options": ()},
        "target": {"label": _("Target"), "type": "select", "options": ()},
        "currency": {"label": _("Currency"), "type": "select", "options": ()},
    }
    if "source" in one.filters:
        fields["source"]["options"] = [
            ("", _("All sources")),
            *((name or EMPTY_SOURCE, words.source(name)) for name in sources(request.actor)),
        ]
    if "target" in one.filters:
        fields["target"]["options"] = [
            (str(minutes), words.duration(minutes * 60)) for minutes in TARGETS_MIN
        ]
        filters = {"target": str(Wanted().target_min), **filters}
    if "currency" in one.filters:
        every = [("", _("All currencies")), *((code, code) for code in ("EUR", "GBP", "USD"))]
        fields["currency"]["options"] = every
    return [
        {"name": name, "required": True, "value": filters.get(name, ""), **fields[name]}
        for name in one.filters
    ]


def _history(request: Request, key: str, wanted: Wanted) -> list[dict[str, Any]]:
    """Open value at the ends of the last months, a block of bars for each currency."""
    if key != "pipeline_value" or wanted.as_of_on is not None:
        return []
    past = queries.pipeline_history(
        request.actor, now=request.now, months=MONTHS_BACK, currency=wanted.currency
    )
    currencies = sorted(
        {f.key for _day, report in past for f in report.figures if f.key.startswith("open_")}
    )
    return [
        {
            "label": words.figure_label(name),
            "rows": [
                {
                    "label": day,
                    "value": figure.value,
                    "url": f"{reverse('insight:kpi', args=[key])}?as_of={day.isoformat()}",
                }
                for day, report in past
                for figure in report.figures
                if figure.key == name
            ],
        }
        for name in currencies
    ]
