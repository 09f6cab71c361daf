"""The pipeline as a board: what stands where, what it is worth, what is stuck."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.errors import OpportunityMissing, StageMissing
from handsel.attract.opportunity.models import Pipeline, Stage
from handsel.attract.opportunity.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.party.queries import default_seller
from handsel.ground.platform.posted import go_to, once_posted

CARDS = 30
WON_FOR_DAYS = 30


@page("opportunity.view")
def board(request: Request) -> HttpResponseBase:
    """Open deals by stage, and what was won in the last 30 days."""
    owner, text = request.GET.get("owner", ""), request.GET.get("q", "")
    shown = _board(request, owner, text)
    known = {"": _("Everybody's"), "me": _("Mine")}
    context = {
        "header": _header(request, owner),
        "board": shown,
        "owners": [
            {"label": label, "url": f"?{urlencode({'owner': key})}", "current": owner == key}
            for key, label in known.items()
        ],
        "pipelines": _pipelines(request, shown["pipeline"]),
    }
    return render(request, "opportunity/board.html", context)


def _header(request: Request, owner: str) -> dict[str, Any]:
    query = urlencode({"state": "open", **({"owner": owner} if owner else {})})
    offers: list[dict[str, Any]] = [
        {"label": _("List"), "url": f"{reverse('opportunity:list')}?{query}", "icon": "list"}
    ]
    if request.actor.may("opportunity.edit"):
        new = {"label": _("New opportunity"), "url": reverse("opportunity:new"), "icon": "plus"}
        offers.insert(0, {**new, "kind": "primary"})
    trail = [(_("Opportunities"), reverse("opportunity:list"))]
    return {"title": _("Board"), "trail": trail, "actions": offers}


def _pipelines(request: Request, chosen: Pipeline) -> list[dict[str, Any]]:
    every = list(queries.pipelines())
    if len(every) < 2:
        return []
    return [
        {"label": one.name, "url": f"?{urlencode({'pipeline': one.pk})}", "current": one == chosen}
        for one in every
    ]


def _chosen(request: Request) -> Pipeline:
    wanted = request.GET.get("pipeline", "")
    if wanted.isdecimal() and len(wanted) < 18:
        found = queries.pipelines().filter(pk=int(wanted)).first()
        if found is None:
            raise StageMissing("there is no such pipeline")
        return found
    return queries.default_pipeline()


def _board(request: Request, owner: str, text: str) -> dict[str, Any]:
    pipeline = _chosen(request)
    filters = {"owner": owner, "q": text.replace("\x00", "")}
    every = queries.filtered(request.actor, filters, today=request.now.date())
    every = every.filter(pipeline=pipeline)
    since = request.now - timedelta(days=WON_FOR_DAYS)
    open_, won = every.filter(state="open"), every.filter(state="won", closed_at__gte=since)
    totals = {**queries.stage_totals(open_), **queries.stage_totals(won)}
    base = default_seller(request.actor).currency
    columns = []
    for stage in queries.stages(pipeline.pk):
        if stage.kind == "lost":
            continue
        rows = won if stage.kind == "won" else open_
        number, amounts = totals.get(stage.pk, (0, []))
        columns.append(
            {
                "key": str(stage.pk),
                "label": _label(stage),
                "count": number,
                "total": _own_first(amounts, base) or [Money.zero(base)],
                "cards": _cards(queries.cards(rows, stage.pk, limit=CARDS), request),
            }
        )
    url = reverse("opportunity:board_move") if request.actor.may("opportunity.edit") else ""
    query = urlencode({name: str(value) for name, value in request.GET.items() if value})
    move_url = f"{url}?{query}" if url and query else url
    return {
        "id": "board",
        "label": _("Pipeline"),
        "columns": columns,
        "move_url": move_url,
        "pipeline": pipeline,
    }


def _label(stage: Stage) -> str:
    if stage.kind == "won":
        return _("Won in the last %(n)d days") % {"n": WON_FOR_DAYS}
    return _(stage.name)


def _own_first(amounts: list[Money], base: str) -> list[Money]:
    """The seller's own currency on top; two currencies are two lines, never one sum."""
    return sorted(amounts, key=lambda amount: (amount.currency != base, amount.currency))


def _cards(found: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    today = request.now.date()
    return [
        {
            "id": str(row["id"]),
            "title": row["name"],
            "subtitle": row["organization__name"],
            "amount": Money(row["amount_minor"], row["currency"]),
            "url": reverse("opportunity:record", args=[row["id"]]),
            "due_on": row["expected_close_on"],
            "due_kind": _due_kind(row, today),
            "badge": _step_badge(row, request),
            "owner": row["owner__name"],
            "can_move": row["state"] == "open",
        }
        for row in found
    ]


def _due_kind(row: dict[str, Any], today: Any) -> str:
    late = row["expected_close_on"] is not None and row["expected_close_on"] < today
    return "bad" if late and row["state"] == "open" else ""


def _step_badge(row: dict[str, Any], request: Request) -> words.Badge | None:
    """Only what needs a hand: no next step, or one that is late."""
    badge = words.next_step(
        row["next_subject"], row["next_due_at"], state=row["state"], now=request.now
    )
    return badge if badge is not None and badge[1] != "neutral" else None


@require_POST
@page("opportunity.edit")
def board_move(request: Request) -> HttpResponseBase:
    """A card was moved to another column; answers the board as it is now."""
    card, column = request.POST.get("card", ""), request.POST.get("column", "")
    if not (card.isdecimal() and column.isdecimal() and len(card) < 18 and len(column) < 18):
        raise OpportunityMissing("this opportunity does not exist")

    def effect() -> dict[str, Any]:
        actions.move(
            actor=request.actor,
            now=request.now,
            opportunity_id=int(card),
            stage_id=int(column),
            cause="board",
        )
        return {}

    route = f"opportunity:board_move:{card}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    if request.headers.get("HX-Request") != "true":
        return go_to(request, f"{reverse('opportunity:board')}?{request.GET.urlencode()}")
    shown = _board(request, request.GET.get("owner", ""), request.GET.get("q", ""))
    return render(request, "shell/kanban.html", {"board": shown})
