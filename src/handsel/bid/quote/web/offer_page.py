"""What stands on the buyer's page, in the language of the quote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.quote import queries
from handsel.bid.quote.actions.paper import language_of, payment_terms
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.offer import (
    ShownOffer,
    default_choice,
    reckoned,
    shown_offer,
)
from handsel.bid.quote.rules.content import tax_rows
from handsel.bid.quote.rules.paid import sums_of
from handsel.bid.quote.rules.years import years_of
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.offer_lines import offered_lines
from handsel.bid.quote.web.price_parts import headline_facts, headline_label, worth_of
from handsel.ground.identity.access import Request
from handsel.ground.kernel.clock import local_date, zone
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reach import as_customer
from handsel.ground.platform.thread import thread_of
from handsel.ground.tax.rules.amounts import tax_on

BUYER_STEPS = ("quote", "order", "delivery", "invoice")


class speaking:  # noqa: N801  # a context manager that reads like a word
    """In the language of the quote and the time zone of its seller."""

    def __init__(self, version: QuoteVersion) -> None:
        self._language = translation.override(language_of(version.quote.language))
        self._zone = timezone.override(zone(version.quote.seller.time_zone))

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *failure: Any) -> None:
        self._zone.__exit__(*failure)
        self._language.__exit__(*failure)


def offer_page(
    request: Request,
    token: str,
    actor: Actor,
    version: QuoteVersion,
    *,
    chosen: frozenset[UUID] | None = None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    refused: HandselError | None = None,
    status: int = 200,
) -> HttpResponse:
    with speaking(version):
        shown = buyers_view(version, chosen)
        context = {
            **offer_parts(token, shown),
            **_people(version, actor, typed or {}, errors or {}),
            "seller_name": version.quote.seller.name,
            "seller_legal": _legal(shown.facts["seller"]),
            "quote": version.quote,
            "version": version,
            "status": _status(request, version),
            "is_open": _is_open(request, version),
            "is_being_revised": is_being_revised(version),
            "refused": in_words(refused) if refused else "",
            "terms_facts": _terms(version),
            "pdf_url": reverse("quote_public:pdf", args=[token]),
            "acceptance": queries.acceptance_of(version.pk),
            "accepted_url": reverse("quote_public:accepted_pdf", args=[token]),
            "talk": queries.messages_of(version.quote_id),
            "thread": _steps(version, actor),
        }
        return render(request, "quote/offer.html", context, status=status)


def buyers_view(version: QuoteVersion, chosen: frozenset[UUID] | None) -> ShownOffer:
    """The offer as its customer may read it, with a choice that the house has priced."""
    priced = reckoned(version, chosen)
    with as_customer(version.quote.organization_id):
        return shown_offer(version, chosen, priced=priced)


def offer_parts(token: str, shown: ShownOffer) -> dict[str, Any]:
    """What a choice of options changes: lines, totals, the hash."""
    version, priced = shown.version, shown.priced
    currency = priced.currency
    pairs = list(zip(shown.lines, priced.lines, strict=True))
    sums, years = sums_of(shown.lines, priced), years_of(shown.lines, priced)
    return {
        "token": token,
        "header": {
            "title": version.quote.title or _("Quote"),
            "number": version.quote.number,
            "subtitle": _("for %(buyer)s") % {"buyer": shown.facts["buyer"]["name"]},
            "amount": Money(priced.gross_minor, currency),
            "amount_before": _before(priced),
            "amount_label": headline_label(sums),
            "meta": headline_facts(sums, currency, years),
        },
        **offered_lines(shown),
        "worth": worth_of(sums, currency, years),
        "totals": parts.totals_of(
            currency,
            list_minor=priced.list_minor,
            net_minor=priced.net_minor,
            gross_minor=priced.gross_minor,
            taxes=tax_rows(priced),
        ),
        "gross": Money(priced.gross_minor, currency),
        "content_hash": shown.content_hash,
        "is_own_choice": frozenset(
            line.key for line, amounts in pairs if line.is_optional and amounts.counts
        )
        != default_choice(shown.lines),
        "can_choose": version.state == "presented",
        "choice_url": reverse("quote_public:choice", args=[token]),
    }


def _before(priced: PricedDocument) -> Money | None:
    """The total at list prices, tax included, where something is saved."""
    listed: dict[int, int] = defaultdict(int)
    for line in priced.lines:
        if line.counts:
            listed[line.tax.rate_bps] += line.list_minor
    bases = [(Money(minor, priced.currency), rate) for rate, minor in listed.items()]
    before = sum((base + tax_on(base, rate)).amount_minor for base, rate in bases)
    return Money(before, priced.currency) if before > priced.gross_minor else None


def _people(
    version: QuoteVersion, actor: Actor, typed: Mapping[str, str], errors: Mapping[str, str]
) -> dict[str, Any]:
    """The forms of the page, filled in with what is known and what was typed."""
    person = version.quote.person
    known = {
        "name": person.name if person else "",
        "email": actor.label if "@" in actor.label else "",
        "asker": person.name if person else "",
    }
    labels: dict[str, dict[str, Any]] = {
        "name": {"label": _("Your name"), "autocomplete": "name", "required": True},
        "email": {
            "label": _("Your mail address"),
            "type": "email",
            "autocomplete": "email",
            "required": True,
        },
        "purchase_order": {"label": _("Your purchase order number")},
        "asker": {"label": _("Your name"), "autocomplete": "name"},
        "question": {"label": _("Your question"), "type": "textarea", "rows": 3, "required": True},
        "reason": {"label": _("Why not?"), "type": "textarea", "rows": 2},
        "agree": {
            "label": _("I accept this quote with its terms for my company."),
            "type": "checkbox",
            "required": True,
        },
    }
    fields = {
        name: {
            "name": name,
            "id": f"offer-{name}",
            "value": typed.get(name, known.get(name, "")),
            "error": errors.get(name, ""),
            **label,
        }
        for name, label in labels.items()
    }
    return {"fields": fields, "has_errors": bool(errors)}


def is_being_revised(version: QuoteVersion) -> bool:
    """Whether a later version is being written than the one the buyer can see."""
    return version.state == "superseded" or version.quote.state == "draft"


def in_words(refused: HandselError) -> str:
    """A refusal in the language of the quote, by its code."""
    return {
        "quote_expired": _("This quote is no longer valid. Ask us below for a new one."),
        "quote_already_accepted": _("Somebody of your company has accepted this quote already."),
        "quote_choice_not_priced": _(
            "Another choice can no longer be priced as it was offered. Accept it as it stands, or "
            "ask us below for a new version."
        ),
        "quote_state": _("This quote can no longer be answered. Write to us below."),
    }.get(refused.code, refused.message)


def _is_open(request: Request, version: QuoteVersion) -> bool:
    today = local_date(request.now, version.quote.seller.time_zone)
    return version.state == "presented" and today <= version.valid_until


def _status(request: Request, version: QuoteVersion) -> tuple[str, str]:
    if version.state == "accepted":
        return (_("Accepted"), "good")
    if version.quote.state == "declined":
        return (_("Declined"), "ended")
    if is_being_revised(version):
        return (_("Being revised"), "warn")
    if not _is_open(request, version):
        return (_("Expired"), "warn")
    days = (version.valid_until - local_date(request.now, version.quote.seller.time_zone)).days
    if days == 0:
        return (_("Valid until today"), "warn")
    return (_("Valid"), "progress")


def _terms(version: QuoteVersion) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("Valid until"), "value": version.valid_until, "format": "day"},
        {"label": _("Payment"), "value": payment_terms(version)},
        {"label": _("Delivery"), "value": version.delivery_terms},
    ]
    return [fact for fact in facts if fact["value"]]


def _legal(seller: Mapping[str, Any]) -> str:
    place = " ".join(part for part in (seller["postcode"], seller["city"]) if part)
    found = (
        seller["legal_name"],
        seller["street"],
        place,
        seller["registration_number"],
        seller["vat_id"],
    )
    return " · ".join(part for part in found if part)


def _steps(version: QuoteVersion, actor: Actor) -> dict[str, Any] | None:
    """How far the deal is, for the buyer: no links into the house, nothing of what is ours."""
    if version.state != "accepted":
        return None
    thread = thread_of("quote", version.quote_id, actor)
    kept = ("stage", "label", "number", "state", "kind", "on")
    steps = [
        {name: step[name] for name in kept if name in step}
        for step in thread["steps"]
        if step["stage"] in BUYER_STEPS
    ]
    return {"steps": steps} if steps else None
