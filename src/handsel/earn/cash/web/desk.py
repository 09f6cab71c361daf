"""The matching desk: each open entry with what it may pay and why; confirm, match, set aside."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions, queries
from handsel.earn.cash.models import BankEntry, ReceivableBalance
from handsel.earn.cash.rules.allocation import allocate
from handsel.earn.cash.rules.candidates import Candidate
from handsel.earn.cash.rules.receivables import Allocation as Part
from handsel.earn.cash.rules.receivables import OpenItem
from handsel.earn.cash.web import parts, words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import worded
from handsel.ground.party import queries as party
from handsel.ground.party.models import Organization

DESK_SIZE = 20
SHOWN_CANDIDATES = 3


@page("cash.view")
def desk(request: Request) -> HttpResponseBase:
    """What waits for a person, oldest first, each with its best explanations."""
    found = queries.open_entries(request.actor)
    statement = request.GET.get("statement", "")
    if statement.isascii() and statement.isdigit() and len(statement) < 19:
        found = found.filter(statement_id=int(statement))
    start = parts.start_of(request)
    entries = list(found[start : start + DESK_SIZE])
    desks = {seller: queries.matching_desk(seller, entries) for seller in _sellers(entries)}
    candidates = {
        e.pk: queries.match_candidates(e, desks[e.statement.seller_id])[:SHOWN_CANDIDATES]
        for e in entries
    }
    numbers = _numbers(candidates)
    context = {
        "header": {
            "title": _("To match"),
            "subtitle": _("Entries that the program did not dare to match by itself."),
        },
        "tabs": parts.sections(request, "match"),
        "cards": [_card(entry, candidates[entry.pk], numbers) for entry in entries],
        "may_edit": request.actor.may("cash.edit"),
        "next_url": f"?from={start + DESK_SIZE}" if len(entries) == DESK_SIZE else "",
        "empty": {
            "title": _("Nothing waits"),
            "text": _("Every entry of the accepted statements is matched or set aside."),
            "icon": "circle-check",
        },
    }
    return render(request, "cash/desk.html", context)


def _sellers(entries: list[BankEntry]) -> set[int]:
    return {entry.statement.seller_id for entry in entries}


def _numbers(candidates: dict[int, list[Candidate]]) -> dict[int, tuple[str, str]]:
    keys = {p.item_id for found in candidates.values() for c in found for p in c.allocations}
    rows = Invoice.objects.filter(pk__in=keys)
    return {
        key: (number, name)
        for key, number, name in rows.values_list("pk", "number", "organization__name")
    }


def _card(
    entry: BankEntry, found: list[Candidate], numbers: dict[int, tuple[str, str]]
) -> dict[str, Any]:
    return {
        "entry": entry,
        "amount": Money(entry.amount_minor, entry.currency),
        "text": " ".join(entry.remittance.split()),
        "url": reverse("cash:entry", args=[entry.pk]),
        "candidates": [_candidate(entry, one, numbers) for one in found],
        "none": "" if found else _no_candidate(entry),
    }


def _no_candidate(entry: BankEntry) -> str:
    if entry.amount_minor <= 0:
        return _("Money out. Set it aside, or match a refund by hand.")
    if entry.is_return:
        return _("A returned payment. Undo the allocation it belongs to, then match by hand.")
    return _("Nothing that is open explains this amount, reference or name.")


def _candidate(
    entry: BankEntry, one: Candidate, numbers: dict[int, tuple[str, str]]
) -> dict[str, Any]:
    currency = entry.currency
    lines = []
    for part in one.allocations:
        number, name = numbers.get(part.item_id, ("?", ""))
        extras = (
            (_("discount"), part.discount_minor),
            (_("bank charge"), part.charge_minor),
            (_("written off"), part.tolerance_minor),
        )
        also = [f"{label} {Money(minor, currency)}" for label, minor in extras if minor]
        lines.append(
            {
                "number": number,
                "name": name,
                "url": reverse("cash:receivable", args=[part.item_id]),
                "amount": Money(part.amount_minor, currency),
                "also": ", ".join(also),
            }
        )
    return {
        "mark": queries.mark_of(one),
        "rule": words.RULES[one.rule.value],
        "score_bps": one.score_bps,
        "residual": _residual(one),
        "lines": lines,
        "rest": Money(one.unapplied_minor, currency) if one.unapplied_minor else None,
        "evidence": [worded(reason.text, _) for reason in one.evidence],
    }


def _residual(one: Candidate) -> tuple[Any, str]:
    """How the amount fits; no good sign where the account has paid for somebody else."""
    word, kind = words.RESIDUALS[one.residual.value]
    is_doubtful = any(reason.kind == "iban_foreign" for reason in one.evidence)
    return (
        (_("exact, but another account"), "warn")
        if is_doubtful and kind == "good"
        else (word, kind)
    )


@page("cash.view")
def entry_page(request: Request, entry_id: int) -> HttpResponseBase:
    """One entry: its explanations, or a customer and his items chosen by hand."""
    entry = queries.get_entry(request.actor, entry_id)
    found = queries.match_candidates(entry)[:SHOWN_CANDIDATES] if entry.state == "open" else []
    customer = _customer(request)
    text = parts.asked_text(request)
    context = {
        "header": {
            "title": entry.counterparty or _("Bank entry"),
            "state": words.ENTRY_STATES[entry.state],
            "amount": Money(entry.amount_minor, entry.currency),
            "trail": [
                (_("Bank statements"), reverse("cash:list")),
                (
                    entry.statement.statement_id,
                    reverse("cash:statement", args=[entry.statement_id]),
                ),
            ],
        },
        "card": _card(entry, found, _numbers({entry.pk: found})),
        "entry": entry,
        "facts": _facts(entry),
        "may_edit": request.actor.may("cash.edit") and entry.state == "open",
        "q": text,
        "customers": _customers(request, entry, text) if text or not customer else [],
        "customer": customer,
        "items": _items(entry, customer) if customer else [],
    }
    return render(request, "cash/entry.html", context)


def _facts(entry: BankEntry) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("Booked"), "value": entry.booked_on, "format": "day"},
        {"label": _("Value date"), "value": entry.value_on, "format": "day"},
        {"label": _("From"), "value": entry.counterparty or "–"},
        {"label": _("IBAN"), "value": entry.counterparty_iban or "–"},
        {"label": _("Text"), "value": " ".join(entry.remittance.split()) or "–"},
        {"label": _("Reference"), "value": entry.structured_reference or "–"},
        {"label": _("End-to-end id"), "value": entry.end_to_end_id or "–"},
    ]
    if entry.charges_minor:
        kept = Money(entry.charges_minor, entry.currency)
        facts.append({"label": _("Bank charge"), "value": kept, "format": "money"})
    if entry.ignored_reason:
        facts.append({"label": pgettext("done", "Set aside"), "value": entry.ignored_reason})
    return facts


def _customer(request: Request) -> Organization | None:
    key = request.GET.get("customer", "")
    if key.isascii() and key.isdigit() and len(key) < 19:
        return party.get_organization(int(key))
    return None


def _customers(request: Request, entry: BankEntry, text: str) -> list[dict[str, Any]]:
    """Customers by name; without a search, those who owe the seller anything."""
    if text:
        found = list(party.search_organizations(text, limit=10))
    else:
        owing = ReceivableBalance.objects.filter(
            seller_id=entry.statement.seller_id, currency=entry.currency, open_minor__gt=0
        )
        keys = owing.values_list("organization_id", flat=True).distinct()[:10]
        found = list(Organization.objects.filter(pk__in=list(keys)).order_by("name"))
    base = reverse("cash:entry", args=[entry.pk])
    return [{"name": one.name, "url": f"{base}?customer={one.pk}"} for one in found]


def _items(entry: BankEntry, customer: Organization) -> list[dict[str, Any]]:
    items = queries.open_items(entry.statement.seller_id, customer.pk)
    same = [item for item in items if item.currency == entry.currency]
    proposed = allocate(max(entry.amount_minor, 0), same) if same else None
    amounts = {p.item_id: p.amount_minor for p in proposed.allocations} if proposed else {}
    return [_item(item, amounts.get(item.item_id, 0)) for item in same]


def _item(item: OpenItem, proposed_minor: int) -> dict[str, Any]:
    shown = Money(proposed_minor, item.currency).text() if proposed_minor else ""
    return {
        "number": item.number,
        "url": reverse("cash:receivable", args=[item.item_id]),
        "due_on": item.due_on,
        "open": Money(item.open_minor, item.currency),
        "amount": {
            "name": f"amount_{item.item_id}",
            "label": _("Amount for %(number)s") % {"number": item.number},
            "type": "money",
            "value": shown,
            "suffix": item.currency,
        },
        "discount": {
            "name": f"discount_{item.item_id}",
            "label": pgettext("for paying early", "Discount"),
            "type": "money",
            "value": "",
            "suffix": item.currency,
        },
    }


@require_POST
@page("cash.edit")
def confirm(request: Request, entry_id: int) -> HttpResponseBase:
    """Match an entry as one of its candidates proposes."""

    def act() -> dict[str, Any]:
        payment = actions.confirm_candidate(
            actor=request.actor,
            now=request.now,
            entry_id=entry_id,
            mark=request.POST.get("mark", ""),
        )
        return {"payment_id": payment.pk}

    return parts.do(
        request,
        f"confirm:{entry_id}",
        act,
        said=_("Matched"),
        then=_next(request, entry_id),
        back=reverse("cash:entry", args=[entry_id]),
    )


def _next(request: Request, entry_id: int) -> str:
    """Back to the desk while anything waits there, else to the statement."""
    if queries.open_entries(request.actor).exclude(pk=entry_id).exists():
        return reverse("cash:match")
    entry = queries.get_entry(request.actor, entry_id)
    return reverse("cash:statement", args=[entry.statement_id])


@require_POST
@page("cash.edit")
def match_by_hand(request: Request, entry_id: int) -> HttpResponseBase:
    """Match an entry to a customer and amounts per item; what is left stays unallocated."""
    here = f"{reverse('cash:entry', args=[entry_id])}?customer={request.POST.get('customer', '')}"

    def act() -> dict[str, Any]:
        entry = queries.get_entry(request.actor, entry_id)
        key = request.POST.get("customer", "")
        if not (key.isascii() and key.isdigit()):
            raise Invalid(_("Choose the customer first."))
        payment = actions.match_entry(
            actor=request.actor,
            now=request.now,
            entry_id=entry_id,
            organization_id=party.get_organization(int(key)).pk,
            allocations=_said_parts(request, entry.currency),
            evidence=[{"kind": "by_hand", "text": "Chosen by a person."}],
        )
        return {"payment_id": payment.pk}

    return parts.do(
        request,
        f"match:{entry_id}",
        act,
        said=_("Matched"),
        then=lambda answer: reverse("cash:record", args=[answer["payment_id"]]),
        back=here,
    )


def _said_parts(request: Request, currency: str) -> list[Part]:
    found = []
    for name in request.POST:
        key = name.removeprefix("amount_")
        if key == name or not key.isdigit():
            continue
        amount = parts.amount_in(request, name, currency).amount_minor
        discount = parts.amount_in(request, f"discount_{key}", currency).amount_minor
        if discount < 0:
            raise Invalid(_("A discount is not negative."))
        if amount or discount:
            found.append(Part(int(key), amount, discount_minor=discount))
    return found


@require_POST
@page("cash.edit")
def set_aside(request: Request, entry_id: int) -> HttpResponseBase:
    """Set an entry aside that is no customer's payment."""

    def act() -> None:
        reason = request.POST.get("reason", "")
        actions.ignore_entry(actor=request.actor, now=request.now, entry_id=entry_id, reason=reason)

    return parts.do(
        request,
        f"aside:{entry_id}",
        act,
        said=pgettext("done", "Set aside"),
        then=_next(request, entry_id),
        back=reverse("cash:entry", args=[entry_id]),
    )
