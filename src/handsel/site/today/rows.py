"""The rows of each queue: at most MOST of them, oldest first, in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from handsel.attract.lead import queries as leads
from handsel.attract.opportunity import queries as opportunities
from handsel.bid.quote import queries as quotes
from handsel.bid.quote.models import QuoteMessage
from handsel.bid.quote.queries import approval_asks as approvals
from handsel.commit.order import queries as orders
from handsel.deliver.fulfillment import queries as fulfillment
from handsel.earn.billing import queries as billing
from handsel.earn.cash import queries as cash
from handsel.ground.document.models import Mail
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from handsel.site.addresses import address_of

# How many rows are looked at; a queue longer than this is "99+" and its list tells the rest.
MOST = 100
EXPIRING_DAYS = 7

Cells = tuple[str, list[Any]]  # address of the row, its cells


def waiting_leads(actor: Actor, today: date) -> Iterable[Cells]:
    """Leads nobody has answered: one's own and those nobody has taken."""
    rows = leads.unanswered(leads.leads(actor))
    if not actor.may("lead.import"):  # who leads the team looks after everybody's
        rows = rows.filter(Q(owner=None) | Q(owner_id=actor.user_id))
    for one in rows.order_by("asked_at", "pk")[:MOST]:
        who = one.person_name or one.email or one.number
        yield address_of("lead", one.pk), [(who, one.company_name), one.interest, one.asked_at]


def _deals(actor: Actor, today: date, step: str) -> QuerySet[Any]:
    rows = opportunities.filtered(actor, {"step": step}, today=today)
    if not actor.may("lead.import"):
        rows = rows.filter(Q(owner=None) | Q(owner_id=actor.user_id))
    return opportunities.with_next_step(rows).select_related("organization", "stage")


def stepless_deals(actor: Actor, today: date) -> Iterable[Cells]:
    """Open deals that nobody knows how to go on with."""
    for one in _deals(actor, today, "none").order_by("-created_at", "-pk")[:MOST]:
        amount = Money(one.amount_minor, one.currency)
        yield (
            address_of("opportunity", one.pk),
            [(one.name, str(one.organization or "")), _(one.stage.name), amount],
        )


def approvals_asked(actor: Actor, today: date) -> Iterable[Cells]:
    """Quotes that wait for one's approval, as things stand at noon."""
    noon = datetime.combine(today, time(12), tzinfo=UTC)
    for one in approvals.inbox(actor, now=noon)[:MOST]:
        quote = one.request.quote
        amount = Money(one.request.version.net_minor, quote.currency)
        yield (
            reverse("quote:approval", args=[one.ask.pk]),
            [(quote.title or quote.number, quote.organization.name), one.ask.opened_at, amount],
        )


def late_steps(actor: Actor, today: date) -> Iterable[Cells]:
    """Open deals whose next step should have been taken."""
    for one in _deals(actor, today, "late").order_by("next_due_at", "pk")[:MOST]:
        found = vars(one)
        yield (
            address_of("opportunity", one.pk),
            [(one.name, str(one.organization or "")), found["next_subject"], found["next_due_at"]],
        )


def expiring_quotes(actor: Actor, today: date) -> Iterable[Cells]:
    """Quotes with the buyer that end within a week."""
    wanted = quotes.ListFilter(expires_before=today + timedelta(days=EXPIRING_DAYS + 1))
    for one in quotes.listed(actor, wanted).order_by(F("valid_until"), "pk")[:MOST]:
        amounts = quotes.amounts_of(one)
        yield (
            address_of("quote", one.pk),
            [
                (one.number, str(one.organization)),
                amounts.valid_until,
                Money(amounts.gross_minor, one.currency),
            ],
        )


def asked_quotes(actor: Actor, today: date) -> Iterable[Cells]:
    """Quotes whose last word is the buyer's."""
    last = QuoteMessage.objects.filter(quote=OuterRef("pk")).order_by("-written_at", "-pk")
    rows = quotes.visible(actor).annotate(
        last_direction=Subquery(last.values("direction")[:1]),
        asked=Subquery(last.values("body")[:1]),
        asked_at=Subquery(last.values("written_at")[:1]),
    )
    waiting = rows.filter(last_direction="in", state__in=["draft", "presented"])
    for one in waiting.select_related("organization").order_by("asked_at", "pk")[:MOST]:
        found = vars(one)
        text = found["asked"] if len(found["asked"]) <= 80 else found["asked"][:79] + "…"
        yield (
            address_of("quote", one.pk),
            [(one.number, str(one.organization)), text, found["asked_at"]],
        )


def _order_cells(one: Any) -> Cells:
    return (
        address_of("order", one.pk),
        [
            (one.number, str(one.organization)),
            one.placed_at,
            Money(one.gross_minor, one.currency),
        ],
    )


def orders_to_check(actor: Actor, today: date) -> Iterable[Cells]:
    """Orders that wait for the desk."""
    rows = orders.listed(actor, orders.ListFilter(state="placed", held=False))
    return map(_order_cells, rows.order_by("placed_at", "pk")[:MOST])


def held_orders(actor: Actor, today: date) -> Iterable[Cells]:
    """Orders that something stops."""
    rows = orders.listed(actor, orders.ListFilter(held=True))
    return map(_order_cells, rows.order_by("placed_at", "pk")[:MOST])


def shippable_orders(actor: Actor, today: date) -> Iterable[Cells]:
    """Released orders of which something can go."""
    for one in fulfillment.owed_orders(actor, fulfillment.DeskFilter(only_ready=True))[:MOST]:
        city = " ".join(
            str(one.ship_to.get(part, "")) for part in ("postcode", "city", "country")
        ).strip()
        yield (
            address_of("order", one.pk),
            [(one.number, str(one.organization)), city, one.released_at],
        )


def drafts(actor: Actor, today: date) -> Iterable[Cells]:
    """Invoices and credit notes that wait to be issued."""
    rows = billing.visible_invoices(actor).filter(state="draft").select_related("organization")
    for one in rows.order_by("created_at", "pk")[:MOST]:
        words = {
            "deposit": _("deposit"),
            "final": _("final invoice"),
            "credit_note": _("credit note"),
        }
        yield (
            address_of("invoice", one.pk),
            [
                (str(one.organization), words.get(one.kind, _("invoice"))),
                one.created_at,
                Money(one.payable_minor, one.currency),
            ],
        )


def bank_entries(actor: Actor, today: date) -> Iterable[Cells]:
    """Entries of accepted statements that belong to nothing yet."""
    for one in cash.open_entries(actor)[:MOST]:
        yield (
            _named("cash:entry", one.pk),
            [
                (one.counterparty or _("unnamed"), one.remittance[:60]),
                one.booked_on,
                Money(one.amount_minor, one.currency),
            ],
        )


def held_statements(actor: Actor, today: date) -> Iterable[Cells]:
    """Statements that do not add up or do not chain."""
    rows = cash.visible_statements(actor).filter(state="held").select_related("bank_account")
    for one in rows.order_by("until_on", "pk")[:MOST]:
        yield (
            _named("cash:statement", one.pk),
            [
                (one.statement_id, one.bank_account.iban),
                one.until_on,
                Money(one.difference_minor, one.currency),
            ],
        )


def overdue(actor: Actor, today: date) -> Iterable[Cells]:
    """What should have been paid."""
    rows = cash.visible_balances(actor).filter(open_minor__gt=0, due_on__lt=today)
    for one in rows.select_related("invoice", "organization").order_by("due_on", "pk")[:MOST]:
        yield (
            _named("cash:receivable", one.pk) or address_of("invoice", one.pk),
            [
                (one.invoice.number, str(one.organization)),
                one.due_on,
                Money(one.open_minor, one.currency),
            ],
        )


def failed_mails(actor: Actor, today: date) -> Iterable[Cells]:
    """Mails the mail server did not take."""
    rows = Mail.objects.filter(seller_id__in=actor.seller_ids, state="failed")
    for one in rows.order_by("-queued_at", "-pk")[:MOST]:
        yield (
            address_of("mail", one.pk),
            [(one.subject, ", ".join(one.to)), one.last_error, one.queued_at],
        )


def _named(name: str, key: int) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
