"""What the palette and the search page find and offer: records by number or name, actions.

Each search is one or two statements that an index answers: a number by its beginning, a name by
its trigrams. Names are looked up first and records by their keys, newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handsel.attract.lead import queries as leads
from handsel.attract.opportunity import queries as opportunities
from handsel.bid.catalog.models import Product
from handsel.bid.quote import queries as quotes
from handsel.commit.order import queries as orders
from handsel.deliver.fulfillment import queries as fulfillment
from handsel.earn.billing import queries as billing
from handsel.earn.cash import queries as cash
from handsel.ground.party.models import Organization
from handsel.ground.platform.actor import Actor
from handsel.site.addresses import address_of
from handsel.site.shell.navigation import Command, Hit, add_command, add_search, add_user_link

# From how many matching names on the newest records are looked through by name instead.
MOST_NAMES = 200


def plug() -> None:
    """Register searches, actions and the user menu's links (once, at start)."""
    for room, label, search, permission in _SEARCHES:
        add_search(room, label, search, permission=permission)
    for key, command in _COMMANDS.items():
        add_command(key, command)
    for label, url_name, permission in _USER_LINKS:
        add_user_link(label, url_name, permission)


def find_organizations(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By name or number, customers first."""
    wanted = Q(name__icontains=text) | Q(number__iexact=text) | Q(vat_id__iexact=text)
    rows = Organization.objects.filter(wanted).order_by("-is_customer", "name", "pk")
    return [
        Hit(one.name, address_of("organization", one.pk), one.number, "building-2")
        for one in rows[:limit]
    ]


def find_leads(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By number, person, company or mail address."""
    rows = leads.filtered(actor, {"q": text}).order_by("-asked_at", "-pk")
    return [
        Hit(
            " · ".join(part for part in (one.person_name, one.company_name) if part) or one.number,
            address_of("lead", one.pk),
            one.number,
            "sprout",
        )
        for one in rows[:limit]
    ]


def find_opportunities(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By name, or of an organization by its name."""
    wanted = Q(name__icontains=text) | _of_named(text)
    rows = opportunities.opportunities(actor).filter(wanted).select_related("organization")
    return [
        Hit(one.name, address_of("opportunity", one.pk), _name(one.organization), "target")
        for one in rows.order_by("-created_at", "-pk")[:limit]
    ]


def find_products(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By article number or name."""
    rows = Product.objects.filter(Q(sku__istartswith=text) | Q(name__icontains=text))
    return [
        Hit(one.name, address_of("product", one.pk), one.sku, "package")
        for one in rows.order_by("name", "pk")[:limit]
    ]


def find_quotes(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By number, title or customer."""
    wanted = _numbered(text) | Q(title__icontains=text) | _of_named(text)
    return _documents(quotes.visible(actor).filter(wanted), "quote", "file-text", limit)


def find_orders(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By our number, the buyer's, or customer."""
    wanted = _numbered(text) | Q(purchase_order__iexact=text) | _of_named(text)
    return _documents(
        orders.visible_orders(actor).filter(wanted), "order", "clipboard-check", limit
    )


def find_shipments(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By number, tracking number or customer."""
    wanted = _numbered(text) | Q(tracking_number=text) | _of_named(text, "order__organization")
    rows = fulfillment.visible_shipments(actor).filter(wanted)
    return [
        Hit(one.number, address_of("shipment", one.pk), _name(one.order.organization), "truck")
        for one in rows.select_related("order__organization").order_by("-pk")[:limit]
    ]


def find_invoices(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By number, the buyer's order number, or customer."""
    wanted = _numbered(text) | Q(purchase_order__iexact=text) | _of_named(text)
    rows = billing.visible_invoices(actor).filter(wanted).exclude(state="discarded")
    return _documents(rows, "invoice", "receipt", limit)


def find_payments(*, actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """By number or payer."""
    rows = cash.visible_payments(actor).filter(_numbered(text) | _of_named(text))
    return _documents(rows, "payment", "banknote", limit)


def _numbered(text: str) -> Q:
    return Q(number__startswith=text.upper())


def _of_named(text: str, relation: str = "organization") -> Q:
    """Records of the organizations of that name; by key, so that the record's index is used."""
    keys = list(
        Organization.objects.filter(name__icontains=text).values_list("pk", flat=True)[
            : MOST_NAMES + 1
        ]
    )
    if len(keys) > MOST_NAMES:
        return Q(**{f"{relation}__name__icontains": text})
    return Q(**{f"{relation}_id__in" if "__" not in relation else f"{relation}__in": keys})


def _documents(rows: QuerySet[Any], kind: str, icon: str, limit: int) -> list[Hit]:
    found: Iterable[Any] = rows.select_related("organization").order_by("-pk")[:limit]
    return [
        Hit(one.number or _("draft"), address_of(kind, one.pk), _name(one.organization), icon)
        for one in found
    ]


def _name(organization: Model | None) -> str:
    return str(organization) if organization is not None else ""


Search = Callable[..., Sequence[Hit]]
_SEARCHES: tuple[tuple[str, Any, Search, str], ...] = (
    ("party", gettext_lazy("Organizations"), find_organizations, "party.view"),
    ("lead", gettext_lazy("Leads"), find_leads, "lead.view"),
    ("opportunity", gettext_lazy("Opportunities"), find_opportunities, "opportunity.view"),
    ("catalog", gettext_lazy("Products"), find_products, "catalog.view"),
    ("quote", gettext_lazy("Quotes"), find_quotes, "quote.view"),
    ("order", gettext_lazy("Orders"), find_orders, "order.view"),
    ("fulfillment", gettext_lazy("Deliveries"), find_shipments, "fulfillment.view"),
    ("billing", gettext_lazy("Invoices"), find_invoices, "billing.view"),
    ("cash", gettext_lazy("Payments"), find_payments, "cash.view"),
)

_COMMANDS: dict[str, Command] = {
    "lead.new": Command(gettext_lazy("New lead"), "lead:new", "lead.edit", words="inquiry"),
    "lead.import": Command(
        gettext_lazy("Import leads"), "lead:imports", "lead.import", "upload", "csv file"
    ),
    "opportunity.new": Command(
        gettext_lazy("New opportunity"), "opportunity:new", "opportunity.edit", words="deal"
    ),
    "quote.new": Command(gettext_lazy("New quote"), "quote:new", "quote.edit", words="offer"),
    "quote.templates": Command(
        gettext_lazy("Quote templates"), "quote:templates", "quote.view", "copy", "offer template"
    ),
    "quote.proposals": Command(
        gettext_lazy("Proposal templates"), "quote:proposals", "quote.view", "file-text", "letter"
    ),
    "party.new": Command(
        gettext_lazy("New organization"), "party:new", "party.edit", words="customer company"
    ),
    "party.list": Command(
        gettext_lazy("Organizations"), "party:list", "party.view", "building-2", "customers"
    ),
    "cash.import": Command(
        gettext_lazy("Import a bank statement"), "cash:list", "cash.edit", "upload", "camt mt940"
    ),
    "document.list": Command(gettext_lazy("Mails"), "document:list", "mail.view", "mail", "outbox"),
    "settings.users": Command(
        gettext_lazy("Users"), "settings:users", "settings.view", "users", "roles settings"
    ),
    "settings.user_new": Command(
        gettext_lazy("New user"), "settings:user_new", "settings.edit", "user-plus", "invite"
    ),
    "settings.keys": Command(
        gettext_lazy("My API keys"), "settings:keys", "home.view", "key", "token settings"
    ),
    "mfa": Command(
        gettext_lazy("Two-factor sign-in"), "mfa_index", "home.view", "shield-check", "passkey totp"
    ),
}

_USER_LINKS: tuple[tuple[Any, str, str], ...] = (
    (gettext_lazy("Organizations"), "party:list", "party.view"),
    (gettext_lazy("Mails"), "document:list", "mail.view"),
    (gettext_lazy("My profile"), "settings:profile", ""),
    (gettext_lazy("Safe sign-in"), "mfa_index", ""),
    (gettext_lazy("My API keys"), "settings:keys", ""),
    (gettext_lazy("Settings"), "settings:users", "settings.view"),
)
