"""The page of a quote: what it is worth, what can be done now, its lines, terms and talk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.configure.queries.fitting import NOTHING, Fitting
from handsel.bid.quote import queries
from handsel.bid.quote.actions.letters import buyer_address
from handsel.bid.quote.actions.price_words import hand_note
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.fitting import fitting_of
from handsel.bid.quote.queries.sheet import line_order
from handsel.bid.quote.rules.scenarios import outside
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.approval_panel import (
    asking_actions,
    shown_panel,
    standing,
    waiting_state,
)
from handsel.bid.quote.web.configured import configuration_notes
from handsel.bid.quote.web.copying import more_actions
from handsel.bid.quote.web.fitting import page_panel, why_not
from handsel.bid.quote.web.grid import grid
from handsel.bid.quote.web.price_parts import (
    headline_facts,
    headline_label,
    sums_of_version,
    worth_of,
)
from handsel.bid.quote.web.record_facts import record_facts
from handsel.bid.quote.web.scenarios import scenario_names
from handsel.bid.quote.web.terms import terms_facts
from handsel.bid.quote.web.version_rows import version_rows
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of

Action = dict[str, Any]
MOST_WITHOUT_SCRIPT = 100


@page("quote.view")
def record(request: Request, quote_id: int) -> HttpResponseBase:
    """A quote with its newest version."""
    version = queries.get_version(request.actor, quote_id)
    version.quote = queries.get_quote(request.actor, quote_id)
    has_sheet = version.state == "draft" and request.actor.may("quote.edit")
    order = line_order(version.pk) if has_sheet else []
    # A long sheet is read by its component; the page itself needs to know only that there is one.
    is_long = len(order) > MOST_WITHOUT_SCRIPT
    lines = [] if is_long else queries.lines_of(version.pk)
    head = header(request, version, order or lines)
    # The sheet has its own sums; what is read only is summed here.
    sums, years = (None, ()) if has_sheet else sums_of_version(version)
    if sums is not None:
        head |= {
            "amount_label": headline_label(sums),
            "meta": headline_facts(sums, version.quote.currency, years),
        }
    at = head["standing"] or standing(request, version)
    context = {
        "quote": version.quote,
        "version": version,
        "header": head,
        "facts": record_facts(request, version),
        "terms": terms_facts(version),
        "may_edit": request.actor.may("quote.edit"),
        "approval": shown_panel(at, len(order or lines)) if at else None,
        "fitting": page_panel(request, version, head["fitting"]),
        "totals": parts.totals(version),
        "worth": worth_of(sums, version.quote.currency, years) if sums else None,
        "scenarios": scenario_names(version),
        "offered_badge": (_("Offered"), "good"),
        "notice": _notice(request, version),
        "versions": version_rows(request, quote_id),
        "messages_list": queries.messages_of(quote_id),
        "acceptance": queries.acceptance_of(version.pk),
        "thread": thread_of("quote", quote_id, request.actor),
        "timeline": timeline_of(("quote", quote_id)),
        "answer_field": {
            "name": "body",
            "id": "answer-body",
            "label": _("Your answer"),
            "type": "textarea",
            "rows": 3,
            "required": True,
        },
    }
    if has_sheet:
        context["sheet_url"] = reverse("quote:sheet_rows", args=[quote_id]).removesuffix("rows/")
        context["grid"] = None if is_long else grid(version, lines)
    else:
        context |= _readonly_lines(version, lines)
    return render(request, "quote/record.html", context)


def _readonly_lines(version: QuoteVersion, lines: list[LineView]) -> dict[str, Any]:
    currency = version.quote.currency
    rows = []
    notes = configuration_notes(lines)
    hidden = outside(version.scenarios, lines)
    lines = [line for line in lines if line.key not in hidden]
    for line in lines:
        note = " · ".join(one for one in (notes.get(line.key, ""), hand_note(line.asked)) if one)
        row = parts.line_row(line, line, currency, note)
        row["why"] = reverse("quote:why", args=[version.quote_id, version.version_no, line.key])
        rows.append(row)
    return {
        "lines": {
            "rows": [row for row in rows if row["counts"]],
            "total": Money(version.net_minor, currency),
            "total_label": _("Net"),
            "caption": _("Lines of the quote"),
        },
        "options": {
            "rows": [row for row in rows if not row["counts"]],
            "caption": _("Options not chosen"),
        },
    }


def header(request: Request, version: QuoteVersion, lines: Sequence[object]) -> dict[str, Any]:
    """Name, number, state, total and actions: the main one follows the state."""
    quote = version.quote
    is_draft = version.state == "draft"
    at = standing(request, version) if is_draft else None
    fit = fitting_of(version, now=request.now) if is_draft else NOTHING
    return {
        "title": quote.title or quote.organization.name,
        "number": quote.number,
        "state": waiting_state(at) or parts.STATES[quote.state],
        "standing": at,
        "fitting": fit,
        "approval_url": reverse("quote:approval_panel", args=[quote.pk]) if at else "",
        "amount": Money(version.gross_minor, quote.currency),
        "amount_label": _("Total with tax"),
        "subtitle": _("%(customer)s · version %(version)s")
        % {"customer": quote.organization.name, "version": version.version_no},
        "trail": [(_("Quotes"), reverse("quote:list"))],
        "actions": [
            action
            for action in (
                *asking_actions(at, _actions(request, version, lines, fit)),
                *more_actions(request, version),
            )
            if action["url"]
        ],
    }


def _actions(
    request: Request, version: QuoteVersion, lines: Sequence[object], fit: Fitting
) -> list[Action]:
    if version.quote.state == "draft":
        return _draft_actions(request, version, lines, why_not(fit))
    by_state = {
        "presented": _presented_actions,
        "accepted": _accepted_actions,
    }
    return by_state.get(version.quote.state, _closed_actions)(request, version, lines)


def _action(
    request: Request, label: str, url: str, permission: str, icon: str, **more: Any
) -> Action:
    may = request.actor.may(permission)
    ok = more.pop("ok", True)
    why_not = more.pop("why_not", "") if may else _("Your role may not do this")
    method = more.pop("method", "get")
    facts = {"label": label, "url": url, "icon": icon, "method": method, "ok": may and ok}
    return {**facts, "why_not": why_not, **more}


def _draft_actions(
    request: Request, version: QuoteVersion, lines: Sequence[object], misfit: str
) -> list[Action]:
    quote_id = version.quote_id
    today = local_date(request.now, version.quote.seller.time_zone)
    to = buyer_address(version.quote)
    hindrance = misfit
    if not lines:
        hindrance = _("the quote has no lines yet")
    elif version.valid_until < today:
        hindrance = _("the last day it is valid is over")
    elif not to:
        hindrance = _("the customer has no mail address")
    return [
        _action(
            request,
            _("Present and send"),
            reverse("quote:present", args=[quote_id]),
            "quote.present",
            "send",
            method="post",
            kind="primary",
            fields={"lock_no": version.lock_no},
            ok=not hindrance,
            why_not=hindrance,
        ),
        _pdf_action(request, version, _("Preview")),
        _action(
            request,
            _("Configure a product"),
            f"{reverse('configure:list')}?quote={quote_id}&customer={version.quote.organization_id}",
            "configure.edit",
            "settings",
        ),
        _action(
            request,
            _("Send with a message"),
            reverse("quote:present_dialog", args=[quote_id]),
            "quote.present",
            "mail",
            method="dialog",
            ok=bool(lines) and not misfit,
            why_not=misfit if lines else _("the quote has no lines yet"),
        ),
        _action(
            request,
            _("Take today’s prices"),
            reverse("quote:reprice", args=[quote_id]),
            "quote.edit",
            "refresh-cw",
            method="post",
            fields={"lock_no": version.lock_no},
        ),
        _withdraw_action(request, quote_id),
    ]


def _presented_actions(
    request: Request, version: QuoteVersion, lines: Sequence[object]
) -> list[Action]:
    quote_id = version.quote_id
    return [
        _action(
            request,
            _("Send the link again"),
            reverse("quote:link_dialog", args=[quote_id]),
            "quote.present",
            "link",
            method="dialog",
            kind="primary",
        ),
        _pdf_action(request, version, _("PDF")),
        _action(
            request,
            _("New version"),
            reverse("quote:new_version", args=[quote_id]),
            "quote.edit",
            "copy",
            method="post",
            confirm=_("The customer can then no longer accept this version. Begin a new one?"),
        ),
        _action(
            request,
            _("Accept for the customer"),
            reverse("quote:accept_dialog", args=[quote_id]),
            "quote.accept_for_buyer",
            "signature",
            method="dialog",
        ),
        _action(
            request,
            _("Customer declined"),
            reverse("quote:decline_dialog", args=[quote_id]),
            "quote.edit",
            "x",
            method="dialog",
        ),
        _action(
            request,
            _("Stop all links"),
            reverse("quote:revoke", args=[quote_id]),
            "quote.present",
            "unlink",
            method="post",
            confirm=_("No link sent so far will open the quote any more. Stop them?"),
        ),
        _withdraw_action(request, quote_id),
    ]


def _accepted_actions(
    request: Request, version: QuoteVersion, lines: Sequence[object]
) -> list[Action]:
    return [
        _action(
            request,
            _("Go to the order"),
            parts.address("order:of_quote", version.quote_id),
            "order.view",
            "arrow-right",
            kind="primary",
        ),
        _action(
            request,
            _("As accepted"),
            reverse("quote:accepted_pdf", args=[version.quote_id]),
            "quote.view",
            "file-check",
            new_tab=True,
        ),
        _action(
            request,
            _("Send the link again"),
            reverse("quote:link_dialog", args=[version.quote_id]),
            "quote.present",
            "link",
            method="dialog",
        ),
    ]


def _closed_actions(
    request: Request, version: QuoteVersion, lines: Sequence[object]
) -> list[Action]:
    return [
        _action(
            request,
            _("New version"),
            reverse("quote:new_version", args=[version.quote_id]),
            "quote.edit",
            "copy",
            method="post",
            kind="primary",
        ),
        _pdf_action(request, version, _("PDF")),
    ]


def _pdf_action(request: Request, version: QuoteVersion, label: str) -> Action:
    url = reverse("quote:pdf", args=[version.quote_id, version.version_no])
    return _action(request, label, url, "quote.view", "file-text", new_tab=True)


def _withdraw_action(request: Request, quote_id: int) -> Action:
    return _action(
        request,
        _("Withdraw"),
        reverse("quote:withdraw", args=[quote_id]),
        "quote.present",
        "undo-2",
        method="post",
        kind="danger",
        confirm=_("The customer can no longer open or accept this quote. Withdraw it?"),
    )


def _notice(request: Request, version: QuoteVersion) -> dict[str, Any] | None:
    quote = version.quote
    today = local_date(request.now, quote.seller.time_zone)
    if version.state == "draft" and version.version_no > 1:
        return {
            "kind": "warn",
            "text": _(
                "The customer cannot accept the earlier version any more. Present this one when "
                "it is ready."
            ),
        }
    if version.state == "presented" and version.valid_until < today:
        return {"kind": "warn", "text": _("The last day this quote was valid has passed.")}
    return None
