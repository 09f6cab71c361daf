"""Pages of the shell: the gallery of components, the palette and the search page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from handsel.ground.identity.access import Request, page, public_page
from handsel.site.shell import built, navigation, problems
from handsel.site.shell import gallery as samples
from handsel.site.shell.gallery import board as board_samples

EMBEDDED = "configurator.js"
MADE_UP = "shows components with made-up figures, no record"


@public_page("the component itself, for the pages of other sites")
def embedded(request: Request) -> HttpResponseBase:
    """The configurator's script under an address that stays; who may see what, its link says."""
    response = HttpResponse(built.content(EMBEDDED), content_type="text/javascript")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public_page(MADE_UP)
def gallery(request: Request) -> HttpResponseBase:
    """Every component in all its states."""
    return render(request, "shell/ui.html", samples.everything(request.GET))


@public_page(MADE_UP)
def public_gallery(request: Request) -> HttpResponseBase:
    """The buyers' frame around a made-up quote."""
    return render(request, "shell/ui_public.html", samples.public_quote())


@public_page(MADE_UP)
def record_gallery(request: Request) -> HttpResponseBase:
    """A record page: thread, facts, work, timeline."""
    return render(request, "shell/ui_record.html", samples.record())


@public_page(MADE_UP)
def error_gallery(request: Request, status: int) -> HttpResponseBase:
    """The error page of a status, answered as 200 so that pictures of it can be taken."""
    if status not in problems.STATUSES:
        raise Http404
    return render(request, "shell/error.html", {"status": status, "back_url": "/ui/"})


@public_page(MADE_UP)
def dialog_sample(request: Request) -> HttpResponseBase:
    """A dialog as htmx fetches it."""
    return render(request, "shell/ui_dialog.html", samples.payment_dialog())


@public_page(MADE_UP)
def echo(request: Request) -> HttpResponseBase:
    """What the gallery's forms post to: says so and changes nothing; refuses a negative amount."""
    if request.POST.get("amount", "").startswith("-"):
        body = {"status": 409, "message": "A payment is more than nothing."}
        refused = render(request, "shell/error_fragment.html", body, status=409)
        refused["HX-Retarget"], refused["HX-Reswap"] = "#messages", "innerHTML"
        return refused
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = '{"toast": {"text": "Received; nothing is kept here.", "kind": "good"}}'
    return answer


@public_page(MADE_UP)
def board_sample(request: Request) -> HttpResponseBase:
    """The gallery's board after a move, which a pinned column refuses."""
    values = request.POST
    if values.get("column") == "won":
        body = {"status": 409, "message": "A deal is won by an accepted quote, not by hand."}
        return render(request, "shell/error_fragment.html", body, status=409)
    board = board_samples.board(values.get("card", ""), values.get("column", ""))
    return render(request, "shell/kanban.html", {"board": board})


@public_page(MADE_UP)
def suggestions_sample(request: Request) -> HttpResponseBase:
    """Made-up products for the gallery's line grid."""
    return render(
        request, "shell/suggestions.html", board_samples.suggestions(request.GET.get("q", ""))
    )


def _found(request: Request) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()
    limit = 25 if request.GET.get("all") else 6
    return {"text": text, "groups": navigation.find(request.actor, text, limit=limit)}


@page("home.view")
def palette(request: Request) -> HttpResponseBase:
    """Results of the command palette, as a fragment."""
    return render(request, "shell/palette_results.html", _found(request))


@page("home.view")
def search(request: Request) -> HttpResponseBase:
    """The same results on a page of their own, which keeps its search after a reload."""
    return render(request, "shell/search.html", _found(request))
