"""Versions side by side, their documents, and why a price is what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price.rules.waterfall import Stage
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.price_words import (
    asked_words,
    charge_name,
    hand_note,
    label_words,
    said_of,
)
from handsel.bid.quote.actions.proposals import document_of
from handsel.bid.quote.errors import QuoteNotFound, StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.compare import SUBTOTAL, compared, documents_changed, price_steps
from handsel.bid.quote.queries.offer import fresh_offer
from handsel.bid.quote.rules.diff import Change, LineChange
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.bid.quote.web.lost import lost_to
from handsel.ground.document.documents import MEDIA_TYPE, typeset_document
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_integer
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.platform import store
from handsel.ground.platform.posted import file_response, go_to

MOST_COMPARED = 200  # lines that differ, on one page; all of them weigh 2 kB each


@page("quote.view")
def compare(request: Request, quote_id: int) -> HttpResponseBase:
    """Any two versions: lines, terms and totals that differ."""
    versions = queries.versions_of(request.actor, quote_id)
    numbers = [version.version_no for version in versions]
    after = parts.whole_number(request.GET.get("after", "")) or numbers[0]
    before = parts.whole_number(request.GET.get("before", "")) or max(after - 1, 1)
    old, new, found = compared(request.actor, quote_id, before, after)
    quote = queries.get_quote(request.actor, quote_id)
    steps = price_steps(old, new)
    changed = [line for line in found.lines if line.verdict != "same" or line.key in steps]
    shown = changed if "all" in request.GET else changed[:MOST_COMPARED]
    context = {
        "header": {
            "title": _("Version %(before)s and version %(after)s")
            % {"before": before, "after": after},
            "number": quote.number,
            "subtitle": quote.organization.name,
            "trail": [
                (_("Quotes"), reverse("quote:list")),
                (quote.number, reverse("quote:record", args=[quote_id])),
            ],
        },
        "is_same": found.is_empty,
        "lines": [_line(change, quote.currency, steps.get(change.key, ())) for change in shown],
        "changed_count": len(changed),
        "more_count": len(changed) - len(shown),
        "documents": [_change(change) for change in documents_changed(old, new)],
        "same_count": len(found.lines) - len(changed),
        "is_reordered": found.is_reordered,
        "headings_moved": found.headings_moved,
        "terms": [_change(change) for change in found.terms],
        "totals": [_change(change) for change in found.totals],
        "before": _side(old),
        "after": _side(new),
        "numbers": sorted(numbers),
    }
    return render(request, "quote/compare.html", context)


def _side(version: QuoteVersion) -> dict[str, Any]:
    return {
        "pdf_url": reverse("quote:pdf", args=[version.quote_id, version.version_no]),
        "number": version.version_no,
        "state": parts.VERSION_STATES[version.state],
        "amount": Money(version.gross_minor, version.quote.currency),
    }


def _step(change: Change, currency: str) -> dict[str, Any]:
    """A step of the price, before and after."""
    stage = change.field.partition(":")[0]
    label = label_words(change.label)
    name = str(parts.STAGES.get(Stage(stage), stage))
    return {
        "label": f"{name}: {label}" if label else name,
        **{
            side: {
                "value": Money(minor, currency) if minor is not None else None,
                "format": "money",
            }
            for side, minor in (("before", change.before), ("after", change.after))
        },
    }


def _line(change: LineChange, currency: str, steps: Sequence[Change] = ()) -> dict[str, Any]:
    verdicts = {
        "added": (_("Added"), "good"),
        "removed": (_("Removed"), "bad"),
        "changed": (_("Changed"), "warn"),
        "same": (_("Priced otherwise"), "warn"),
    }
    side = change.after or change.before or {}
    return {
        "name": side["name"],
        "sku": side["sku"],
        "verdict": verdicts[change.verdict],
        "changes": [_change(one) for one in change.changes],
        "steps": [_step(one, currency) for one in steps],
        "before": change.before["net_minor"] if change.before else None,
        "after": change.after["net_minor"] if change.after else None,
        "summary": "" if change.changes else Quantity(side["quantity"], side["unit"]),
    }


def _change(change: Change) -> dict[str, Any]:
    labels = {
        "name": _("Name"),
        "description": _("Description"),
        "quantity": _("Quantity"),
        "unit": _("Unit"),
        "list_price": _("List price"),
        "discount_bps": _("Discount"),
        "is_optional": _("Option"),
        "is_chosen": _("Chosen"),
        "net_minor": _("Net"),
        "list_minor": _("List prices"),
        "tax_minor": _("Tax"),
        "tax": _("Tax"),
        "tax_rows": _("Taxes"),
        "gross_minor": _("Total with tax"),
        "valid_until": _("Valid until"),
        "payment_days": _("Days to pay"),
        "billing_method": _("Invoiced"),
        "billing_shares": _("Shares"),
        "delivery_terms": _("Delivery"),
        "intro": _("Introduction"),
        "terms": _("Terms"),
        "price_book": _("Price book"),
        "priced_on": _("Prices of"),
        "template": _("Proposal"),
        "with_waterfall": _("With how the prices come about"),
        "group": _("Group"),
        "alternative_set": _("Alternatives"),
        "charge": _("How it is paid"),
        "priced": _("Time and price"),
        "target": _("Target price"),
        "reason": _("Reason"),
        "codes": _("Promotion codes"),
        "partner": _("Tier of the reseller"),
        "waived": _("Fees waived"),
        "scenario": _("Offered scenario"),
        "scenarios": _("Scenarios"),
        "contract_minor": _("Total contract value"),
        "annual_minor": _("Recurring in a year, on average"),
        "content_hash": _("Content (SHA-256)"),
        "presented_at": _("Presented"),
    }
    return {
        "label": change.label or _subtotal(change.field) or labels.get(change.field, change.field),
        "before": _value(change.field, change.before),
        "after": _value(change.field, change.after),
    }


def _subtotal(field: str) -> str:
    if not field.startswith(SUBTOTAL):
        return ""
    return _("Subtotal %(title)s") % {"title": field.removeprefix(SUBTOTAL)}


_IN_WORDS: dict[str, Callable[[Any], object]] = {
    "priced": asked_words,
    "charge": lambda charge: charge_name(charge, 0),
    "billing_method": lambda method: parts.BILLING_METHODS[method],
    "tax": lambda tax: " ".join(
        [tax.category, parts.percent_text(tax.rate_bps), tax.reason_code]
    ).strip(),
}


def _value(field: str, value: Any) -> dict[str, Any]:
    """A value with the format it is shown in."""
    if isinstance(value, Money):
        return {"value": value, "format": "money"}
    if isinstance(value, bool):
        return {"value": _("yes") if value else _("no"), "format": "text"}
    if isinstance(value, datetime):
        return {"value": value, "format": "instant"}
    if isinstance(value, date):
        return {"value": value, "format": "day"}
    if field.endswith("_bps"):
        return {"value": value, "format": "percent"}
    if isinstance(value, Decimal):
        return {"value": parts.shown_number(value), "format": "text"}
    if field in _IN_WORDS and value is not None:
        return {"value": _IN_WORDS[field](value), "format": "text"}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {"value": " / ".join(parts.shown_percent(bps) for bps in value), "format": "text"}
    return {"value": value, "format": "text"}


@page("quote.view")
def pdf(request: Request, quote_id: int, version_no: int) -> HttpResponseBase:
    """The document of a version: the kept one, or for a draft how it would look now."""
    version = queries.get_version(request.actor, quote_id, version_no)
    name = f"{version.quote.number}-{version.version_no}.pdf"
    if version.document_id is None and version.content_id is not None:  # the job comes to it later
        version = actions.write_offer(actor=request.actor, now=request.now, version_id=version.pk)
    if version.document_id is not None:
        content = store.read(version.document_id)
        return file_response(content, name=name, media_type=MEDIA_TYPE, inline=True)
    version.quote = queries.get_quote(request.actor, quote_id)
    shown = fresh_offer(version, queries.lines_of(version.pk))
    paper = document_of(shown, now=request.now, time_zone=version.quote.seller.time_zone)
    return file_response(typeset_document(paper), name=name, media_type=MEDIA_TYPE, inline=True)


@page("quote.view")
def accepted_pdf(request: Request, quote_id: int) -> HttpResponseBase:
    """The document as it was accepted, with who and when."""
    version = queries.get_version(request.actor, quote_id)
    acceptance = queries.acceptance_of(version.pk)
    if acceptance is None:
        raise QuoteNotFound(_("This quote was not accepted."))
    if acceptance.document_id is None:  # the job comes to it later
        acceptance = actions.confirm_acceptance(
            actor=request.actor, now=request.now, acceptance_id=acceptance.pk
        )
    content = store.read(acceptance.document_id or 0)
    name = f"{version.quote.number}-{version.version_no}-accepted.pdf"
    return file_response(content, name=name, media_type=MEDIA_TYPE, inline=True)


@page("quote.view")
def why(request: Request, quote_id: int, version_no: int, line_key: UUID) -> HttpResponseBase:
    """Why a line costs what it costs; in a draft, its words and place can be changed here too."""
    version = queries.get_version(request.actor, quote_id, version_no)
    lines = queries.lines_of(version.pk)
    line = next((one for one in lines if one.key == line_key), None)
    if line is None:
        raise QuoteNotFound(_("This version has no such line."))
    context: dict[str, Any] = {
        "title": line.name,
        "sku": line.sku,
        "waterfall": parts.waterfall(line, version.quote.currency),
        "book": version.price_book,
        "book_url": parts.address("price:record", version.price_book_id),
        "priced_on": version.priced_on,
        "by_hand": hand_note(line.asked),
        "time": said_of(line),
        "header": {
            "title": line.name,
            "trail": [
                (_("Quotes"), reverse("quote:list")),
                (version.quote.number, reverse("quote:record", args=[quote_id])),
            ],
        },
    }
    if request.actor.may("price.view"):
        context["lost"] = lost_to(version, lines, line_key)
    if version.state == "draft" and request.actor.may("quote.edit"):
        context |= {
            "action_url": reverse("quote:line_words", args=[quote_id, line_key]),
            "price_url": reverse("quote:line_price", args=[quote_id, line_key]),
            "ramp_url": reverse("quote:line_ramp", args=[quote_id, line_key]),
            "lock_no": version.lock_no,
            "fields": [
                {"name": "name", "label": _("Name"), "value": line.name, "required": True},
                {
                    "name": "description",
                    "label": _("Description"),
                    "type": "textarea",
                    "rows": 3,
                    "value": line.description,
                },
                {
                    "name": "position",
                    "label": _("Position"),
                    "type": "number",
                    "min": 1,
                    "max": len(lines),
                    "value": line.position,
                    "required": True,
                },
            ],
        }
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(request, "quote/why_dialog.html" if is_fragment else "quote/why.html", context)


@page("quote.edit")
def line_words(request: Request, quote_id: int, line_key: UUID) -> HttpResponseBase:
    """Change a line's name and description, or move it."""
    if request.method != "POST":
        return go_to(request, reverse("quote:record", args=[quote_id]))
    try:
        actions.set_line(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            line_key=line_key,
            name=parts.posted_text(request, "name"),
            description=parts.posted_text(request, "description"),
            position=parse_integer(parts.posted_text(request, "position") or "1", minimum=1),
            lock_no=lock_no_of(request),
        )
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Change the line"), line_key)
    except Invalid as wrong:
        messages.error(request, wrong.message)
    return go_to(request, reverse("quote:record", args=[quote_id]))
