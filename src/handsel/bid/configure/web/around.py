"""What a choice means for the other lines of the quote it is made for, told while one chooses."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.configure import ports, queries
from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.ports import QuoteAround
from handsel.bid.configure.queries.fitting import MINE, Fitting, Found, fitting_with
from handsel.bid.configure.queries.fitting_told import told
from handsel.bid.configure.queries.prices import inside
from handsel.bid.configure.queries.states import Seen
from handsel.bid.configure.rules.texts import value_of
from handsel.bid.configure.web import data
from handsel.bid.configure.web.commands import FOR_QUOTES
from handsel.ground.identity.access import Request, page

MOST_SHOWN = 6


def quote_around(request: Request, configuration: Configuration) -> QuoteAround | None:
    """The draft a configuration was begun for, where laws may speak of its lines."""
    quote_id = request.session.get(FOR_QUOTES, {}).get(str(configuration.pk))
    if quote_id is None:
        return None
    return ports.around().around(actor=request.actor, quote_id=quote_id, now=request.now)


@page("configure.view")
def around(request: Request, configuration_id: int) -> HttpResponseBase:
    """The laws that the choices break with the quote's other lines."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    return render(request, "configure/around.html", {"around": told_around(request, configuration)})


def told_around(request: Request, configuration: Configuration) -> dict[str, Any] | None:
    """What does not fit, as a page shows it; None where nothing is wrong or nothing asked."""
    quote = quote_around(request, configuration)
    if quote is None:
        return None
    one = data.looked_at(request, configuration, inside(configuration))
    fit = _fitting(quote, one)
    if fit is None or not fit.found:
        return None
    language = get_language() or "en"
    return {
        "number": quote.number,
        "url": quote.url,
        "found": [_row(fit, each, one, language) for each in fit.found[:MOST_SHOWN]],
    }


def _fitting(quote: QuoteAround, one: Seen) -> Fitting | None:
    if one.configuration.state == "complete":
        texts, known = one.configuration.assignment, one.ready.configurator.variables
        values = {key: value_of(known[key], text) for key, text in texts.items()}
        return fitting_with(quote, one.configuration, one.ready, values)
    try:
        return fitting_with(quote, one.configuration, one.ready, one.completion.values)
    except NotPossible:  # decisions that contradict each other are told by the component
        return None


def _row(fit: Fitting, found: Found, one: Seen, language: str) -> dict[str, Any]:
    said = told(fit, found, language)
    mine = [each for each in said["because"] if _is_mine(each)]
    is_settled = one.configuration.state == "complete" or all(
        one.answer.of(each["variable"]).origin in ("you", "implied") for each in mine
    )
    return {
        "sentence": said["sentence"],
        "law": said["law"],
        "forbids": said["forbids"],
        "is_settled": is_settled,
        "because": [_because(each) for each in (*said["because"], *said["comes_to"])],
    }


def _is_mine(because: dict[str, Any]) -> bool:
    line = because["line"]
    return line is not None and line["key"] == str(MINE)


def _because(because: dict[str, Any]) -> str:
    line = because["line"]
    if line is None:
        return str(because["text"])
    if _is_mine(because):
        return _("This product – %(text)s") % {"text": because["text"]}
    facts = {"place": line["place"], "name": line["name"], "text": because["text"]}
    return _("Line %(place)s, %(name)s – %(text)s") % facts
