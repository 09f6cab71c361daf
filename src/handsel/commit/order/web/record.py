"""One order: what it is worth, what stands in its way, how far it has come."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from handsel.commit.order import ports, queries
from handsel.commit.order.actions.paper import contract_note
from handsel.commit.order.errors import ConfirmationMissing, OrderMissing
from handsel.commit.order.models import Order, OrderHold, OrderLine
from handsel.commit.order.rules.desk import Finding, stops
from handsel.commit.order.web import words
from handsel.commit.order.web.compared import comparison
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.said import said
from handsel.ground.platform import store
from handsel.ground.platform.posted import file_response
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of

Action = dict[str, Any]


@page("order.view")
def order_record(request: Request, order_id: int) -> HttpResponseBase:
    """Checks with their evidence, holds, lines and papers of an order."""
    order = queries.get_order(request.actor, order_id)
    lines = queries.lines_of(order_id)
    holds = queries.holds_of(order_id)
    findings = _findings(request, order)
    context = {
        "order": order,
        "header": _header(request, order, holds, findings),
        "thread": thread_of("order", order.pk, request.actor),
        "facts": _facts(request, order),
        "documents": _documents(order),
        "checks": [_check(finding) for finding in findings] if order.state == "placed" else [],
        "open_holds": [_hold(request, hold) for hold in holds if hold.released_at is None],
        "past_holds": [hold for hold in holds if hold.released_at is not None],
        "lines": _lines(order, lines),
        "totals": _totals(order, lines),
        "comparison": comparison(order, lines),
        "may_compare": order.state == "placed" and request.actor.may("order.edit"),
        "hold_words": words.HOLDS,
        "timeline": timeline_of(("order", order.pk)),
    }
    return render(request, "order/record.html", context)


@page("order.view")
def of_quote(request: Request, quote_id: int) -> HttpResponseBase:
    """To the order that was made from a quote."""
    order = queries.order_of_quote(request.actor, quote_id)
    if order is None:
        raise OrderMissing("this quote has no order yet; one is placed when the buyer accepts")
    return HttpResponseRedirect(reverse("order:record", args=[order.pk]))


@page("order.view")
def confirmation(request: Request, order_id: int) -> HttpResponseBase:
    """The order confirmation as it was sent."""
    order = queries.get_order(request.actor, order_id)
    if order.confirmation is None:
        raise ConfirmationMissing(
            said("order %(number)s is not confirmed yet", number=order.number)
        )
    kept = order.confirmation
    content = store.read(kept.pk)
    return file_response(content, name=kept.name, media_type=kept.media_type, inline=True)


def _findings(request: Request, order: Order) -> list[Finding]:
    if order.state != "placed":
        return []
    today = local_date(request.now, order.seller.time_zone)
    return [
        *queries.desk_findings(order, today=today),
        queries.credit_finding(request.actor, order),
    ]


def _header(
    request: Request, order: Order, holds: list[OrderHold], findings: list[Finding]
) -> dict[str, Any]:
    open_holds = [hold for hold in holds if hold.released_at is None]
    return {
        "title": order.organization.name,
        "number": order.number,
        "state": words.state_of(order, is_held=bool(open_holds)),
        "amount": Money(order.gross_minor, order.currency),
        "amount_label": _("including tax"),
        "trail": [(_("Orders"), reverse("order:list"))],
        "meta": [
            {"label": _("Placed"), "value": order.placed_at, "format": "day"},
            {"label": _("Purchase order"), "value": order.purchase_order},
            {"label": _("Wanted"), "value": order.requested_on, "format": "day"},
        ],
        "actions": _actions(request, order, open_holds, findings),
    }


def _actions(
    request: Request, order: Order, open_holds: list[OrderHold], findings: list[Finding]
) -> list[Action]:
    """The next step first: release, then ship, then the invoices."""
    may = request.actor.may
    key = order.pk
    offers: list[Action] = []
    if order.state == "placed":
        offers.append(_release(request, order, open_holds, findings))
        if may("order.edit"):
            edit = reverse("order:edit", args=[key])
            compare = reverse("order:purchase_order", args=[key])
            offers.append(_go(_("Edit"), edit, "pencil"))
            offers.append(_go(_("Compare purchase order"), compare, "git-compare"))
    if order.state in ("released", "completed"):
        offers.extend(_onward(request, order))
    if order.state in ("placed", "released"):
        if may("order.hold"):
            hold = reverse("order:hold", args=[key])
            offers.append({"label": _("Hold"), "url": hold, "method": "dialog", "icon": "pause"})
        if may("order.edit"):
            cancel = reverse("order:cancel", args=[key])
            offers.append(
                {
                    "label": _("Cancel order"),
                    "url": cancel,
                    "method": "dialog",
                    "kind": "danger",
                    "icon": "ban",
                }
            )
    return [offer for offer in offers if offer["url"]]


def _onward(request: Request, order: Order) -> list[Action]:
    """Ship, for who ships; the invoices, for who looks after them."""
    may = request.actor.may
    offers: list[Action] = []
    ships = order.state == "released" and may("fulfillment.ship") and _has_more_to_ship(order)
    if ships:
        ship = _forward("fulfillment:ship", query={"order": order.pk})
        offers.append(_go(_("Ship"), ship, "truck", "primary"))
    if may("billing.view"):
        kind = "secondary" if ships else "primary"
        offers.append(_go(_("Invoices"), _forward("billing:of_order", order.pk), "receipt", kind))
    return offers


def _has_more_to_ship(order: Order) -> bool:
    done = ports.progress().of_lines(order_id=order.pk)
    nothing = ports.LineProgress()
    return any(
        line.quantity > done.get(line.pk, nothing).delivered for line in queries.lines_of(order.pk)
    )


def _release(
    request: Request, order: Order, open_holds: list[OrderHold], findings: list[Finding]
) -> Action:
    why_not = ""
    if not request.actor.may("order.release"):
        why_not = _("the order desk releases orders")
    elif open_holds:
        reasons = ", ".join(hold.reason for hold in open_holds)
        why_not = _("on hold: %(reasons)s") % {"reasons": reasons}
    elif stopping := stops(findings):
        why_not = ", ".join(words.sentence(finding) for finding in stopping)
    return {
        "label": _("Release"),
        "url": reverse("order:release", args=[order.pk]),
        "method": "post",
        "kind": "primary",
        "icon": "check",
        "ok": not why_not,
        "why_not": why_not,
    }


def _go(label: str, url: str, icon: str, kind: str = "secondary") -> Action:
    return {"label": label, "url": url, "icon": icon, "kind": kind}


def _forward(name: str, *args: int, query: dict[str, int] | None = None) -> str:
    """The address of a later room's page, if that room is there."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def _facts(request: Request, order: Order) -> list[dict[str, Any]]:
    quote = order.quote_version.quote
    facts: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": order.organization.name,
            "url": _forward("party:record", order.organization_id),
            "hint": order.organization.number,
        },
        {
            "label": _("Quote"),
            "value": quote.number,
            "url": _forward("quote:record", quote.pk) if request.actor.may("quote.view") else "",
        },
        {"label": _("Ordered by"), "value": order.contact_name, "hint": order.contact_email},
        {"label": _("Deliver to"), "value": words.address_text(order.ship_to)},
        {"label": _("Invoice to"), "value": words.address_text(order.bill_to)},
        {"label": _("Billed"), "value": words.BILLING[order.billing_method]},
        {"label": _("Days to pay"), "value": order.payment_days, "format": "number"},
        {"label": _("Delivery terms"), "value": order.delivery_terms},
        {"label": _("Released"), "value": order.released_at, "format": "instant"},
        {
            "label": _("Cancelled"),
            "value": order.cancelled_at,
            "format": "instant",
            "hint": order.cancelled_reason,
        },
    ]
    return [fact for fact in facts if fact["value"] not in ("", None)]


def _documents(order: Order) -> list[dict[str, str]]:
    found = []
    if order.confirmation_id is not None:
        url = reverse("order:confirmation", args=[order.pk])
        found.append({"label": _("Order confirmation"), "url": url})
    if order.purchase_order_file_id is not None:
        url = reverse("order:their_file", args=[order.pk])
        found.append({"label": _("The buyer's purchase order"), "url": url})
    return found


def _check(finding: Finding) -> dict[str, Any]:
    word, kind, icon = words.SEVERITIES[finding.severity]
    return {
        "label": words.CHECKS[finding.code],
        "text": words.sentence(finding),
        "word": word,
        "kind": kind,
        "icon": icon,
    }


def _hold(request: Request, hold: OrderHold) -> dict[str, Any]:
    may_end = request.actor.may("order.hold")
    return {
        "label": words.HOLDS[hold.kind],
        "reason": hold.reason,
        "placed_at": hold.placed_at,
        "url": reverse("order:release_hold", args=[hold.order_id, hold.pk]) if may_end else "",
    }


def _lines(order: Order, lines: list[OrderLine]) -> dict[str, Any]:
    progress = ports.progress().of_lines(order_id=order.pk)
    nothing = ports.LineProgress()
    shows_progress = order.state in ("released", "completed")
    notes = queries.configuration_notes(lines)
    rows = []
    for line in lines:
        ordered = Quantity(line.quantity, line.unit)
        done = progress.get(line.pk, nothing)
        saved = line.list_minor - line.net_minor
        rows.append(
            {
                "position": line.position,
                "name": line.name,
                "detail": " · ".join(
                    one
                    for one in (
                        line.product.sku,
                        notes.get(line.pk, ""),
                        *line.description.splitlines(),
                    )
                    if one
                ),
                "quantity": ordered,
                "unit_price": Rate(line.list_price, order.currency),
                "discount": Money(saved, order.currency) if saved else None,
                "amount": Money(line.net_minor, order.currency),
                "progress": [
                    (_("Delivered"), Quantity(done.delivered, line.unit), ordered),
                    (_("Invoiced"), Quantity(max(done.invoiced, ports.ZERO), line.unit), ordered),
                ]
                if shows_progress
                else [],
            }
        )
    return {"rows": rows, "caption": _("Ordered lines")}


def _totals(order: Order, lines: list[OrderLine]) -> dict[str, Any]:
    def money(minor: int) -> Money:
        return Money(minor, order.currency)

    listed = sum(line.list_minor for line in lines)
    rows: list[dict[str, Any]] = []
    if listed != order.net_minor:
        saved = money(order.net_minor - listed)
        rows.append({"label": _("List price"), "amount": money(listed)})
        rows.append({"label": _("Discount"), "amount": saved, "type": "discount"})
    rows.append({"label": _("Net"), "amount": money(order.net_minor), "type": "subtotal"})
    for tax in order.tax_rows:
        rate = f"{tax['rate_bps'] / 100:g} %"
        rows.append(
            {
                "label": _("VAT %(rate)s") % {"rate": rate},
                "amount": money(tax["tax_minor"]),
                "type": "tax",
                "detail": _(tax["reason"]) if tax.get("reason") else "",
            }
        )
    rows.append({"label": _("Total"), "amount": money(order.gross_minor), "type": "total"})
    return {"rows": rows, "note": contract_note(order)}
