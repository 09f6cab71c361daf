"""What does not fit together on a quote's page, and what mends it in one click."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from handsel.bid.catalog.models import Product
from handsel.bid.configure.queries.fitting import Fitting, Found, is_quick, mends_of
from handsel.bid.configure.queries.fitting_told import models_of, told, told_mend
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import Mending
from handsel.bid.quote.errors import BadQuote, StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.fitting import fitting_of
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel import strict_json
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to

MOST_SHOWN = 12
MOST_MENDED = 4


def panel(
    request: Request, version: QuoteVersion, fit: Fitting, *, mended: bool = False
) -> dict[str, Any] | None:
    """What was found, for `quote/fitting.html`; None where everything fits.

    Where models must be made ready first, repairs take long to find: without `mended` the panel
    asks for them once it is shown.
    """
    if not fit.found and not fit.unread:
        return None
    may = request.actor.may("quote.edit") and version.state == "draft"
    shown = fit.found[:MOST_SHOWN]
    return {
        "found": [
            _finding(version, fit, one, mended=mended and may and index < MOST_MENDED)
            for index, one in enumerate(shown)
        ],
        "more": len(fit.found) - len(shown),
        "is_cut": fit.is_cut,
        "unread": fit.unread,
        "forbids": bool(fit.forbidding),
        "badge": _badge(fit),
        "later_url": "" if mended or not may else reverse("quote:fitting", args=[version.quote_id]),
        "mend_url": reverse("quote:mend", args=[version.quote_id]),
        "lock_no": version.lock_no,
    }


def page_panel(request: Request, version: QuoteVersion, fit: Fitting) -> dict[str, Any] | None:
    """The panel for a page: with its repairs, if they are found at once."""
    return panel(request, version, fit, mended=is_quick(fit.found[:MOST_MENDED]))


def why_not(fit: Fitting) -> str:
    """Why the offer cannot go out; "" where it can."""
    if fit.unread:
        return _("laws between its lines cannot be read, as told below")
    return _("its lines do not fit together, as told below") if fit.forbidding else ""


def _badge(fit: Fitting) -> tuple[str, str]:
    count = len(fit.forbidding)
    if not count:
        return _("Worth a look"), "warn"
    told_count = ngettext("%(count)s law is broken", "%(count)s laws are broken", count)
    return told_count % {"count": count}, "bad"


def _finding(version: QuoteVersion, fit: Fitting, found: Found, *, mended: bool) -> dict[str, Any]:
    language = get_language() or "en"
    said = told(fit, found, language)
    mends = mends_of(fit, found) if mended else []
    models = models_of(fit, mends)
    return said | {
        "because": [_because(one) for one in (*said["because"], *said["comes_to"])],
        "kind": _kind(said),
        "mends": [_mend(told_mend(fit, one, models, language), version.quote_id) for one in mends],
        "is_mended": mended,
    }


def _kind(said: dict[str, Any]) -> tuple[str, str]:
    if said["option"] is not None:
        option = {"place": said["option"]["place"]}
        return _("If option %(place)s is chosen") % option, "neutral"
    return (_("Advice"), "warn") if said["is_advice"] else (_("Does not fit"), "bad")


def _because(one: dict[str, Any]) -> str:
    line = one["line"]
    if line is None:
        return str(one["text"])
    where = _("Line %(place)s, %(name)s") % {"place": line["place"], "name": line["name"]}
    if one["more"]:
        more = ngettext("and %(count)s line alike", "and %(count)s lines alike", one["more"])
        where = f"{where} ({more % {'count': one['more']}})"
    return f"{where} – {one['text']}"


def _mend(said: dict[str, Any], quote_id: int) -> dict[str, Any]:
    """A repair as a sentence, what comes with it, and the fields that do it."""
    every = [said, *said["further"]]
    to_configure = [one for one in every if one["is_configured"]]
    also = [f"{c['title']}: {c['before']} → {c['after']}" for one in every for c in one["also"]]
    fields = _fields(said)
    if said["further"]:
        fields["further"] = json.dumps([_fields(one) for one in said["further"]])
    return {
        "text": "; ".join(map(_sentence, every)),
        "configure_url": f"{reverse('configure:list')}?quote={quote_id}" if to_configure else "",
        "gives_up": ", ".join(title for one in every for title in one["gives_up"]),
        "also": "; ".join(also),
        "fields": fields,
    }


def _sentence(said: dict[str, Any]) -> str:
    line = said["line"] or {}
    facts = {**said, "place": line.get("place", ""), "name": line.get("name", "")}
    if said["kind"] == "choose":
        return _("Line %(place)s: %(wish)s instead of %(before)s") % facts
    if said["kind"] == "quantity":
        return _("Line %(place)s: %(quantity)s pieces") % facts
    if said["is_configured"]:
        return _("Configure and add: %(product)s") % {"product": _product(said["sku"])}
    if said["kind"] == "add":
        return _("Add %(quantity)s × %(product)s") % {**facts, "product": _product(said["sku"])}
    return _("Leave out line %(place)s, %(name)s") % facts


def _fields(said: dict[str, Any]) -> dict[str, str]:
    fields = {name: said[name] for name in ("kind", "variable", "value", "quantity", "sku")}
    line = said["line"] or {}
    return {**fields, "line_key": line.get("key", ""), "give_up": ",".join(said["give_up"])}


def _product(sku: str) -> str:
    found = Product.objects.filter(sku=sku).values_list("name", flat=True).first()
    return f"{found} ({sku})" if found else sku


@page("quote.view")
def fitting(request: Request, quote_id: int) -> HttpResponseBase:
    """The panel with its repairs."""
    version = queries.get_version(request.actor, quote_id)
    version.quote = queries.get_quote(request.actor, quote_id)
    is_draft = version.state == "draft"
    found = panel(request, version, fitting_of(version, now=request.now), mended=True)
    return render(request, "quote/fitting.html", {"fitting": found if is_draft else None})


@page("quote.edit")
def mend(request: Request, quote_id: int) -> HttpResponseBase:
    """Do a repair that was offered."""
    here = reverse("quote:record", args=[quote_id])
    if request.method != "POST":
        return go_to(request, here)
    given = {name: parts.posted_text(request, name) for name in FIELDS}
    try:
        further = strict_json.loads(request.POST.get("further") or "[]")
        if not isinstance(further, list) or not all(isinstance(one, dict) for one in further):
            raise BadQuote(_("This is no repair."))
        actions.mend_quote(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            lock_no=lock_no_of(request),
            mending=replace(_mending(given), further=[_mending(one) for one in further]),
        )
        messages.success(request, _("Mended."))
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Mend what does not fit"))
    except HandselError as refused:
        messages.error(request, worded(refused.message, _))
    return go_to(request, here)


FIELDS = ("kind", "line_key", "variable", "value", "give_up", "quantity", "sku")


def _mending(given: Mapping[str, Any]) -> Mending:
    """One change as it was offered. Raises BadQuote and Invalid."""
    texts = {name: given.get(name, "") for name in FIELDS}
    if not all(isinstance(text, str) for text in texts.values()):
        raise BadQuote(_("This is no repair."))
    try:
        line_key = UUID(texts["line_key"]) if texts["line_key"] else None
    except ValueError as error:
        raise BadQuote(_("Say which line.")) from error
    quantity = texts["quantity"]
    return Mending(
        kind=texts["kind"],
        line_key=line_key,
        variable=texts["variable"],
        value=texts["value"],
        give_up=[one for one in texts["give_up"].split(",") if one],
        quantity=parse_decimal(quantity, max_digits=18, scale=6) if quantity else None,
        sku=texts["sku"],
    )
