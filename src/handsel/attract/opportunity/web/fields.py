"""The fields a deal is opened and changed with, and how what was typed is read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from handsel.attract.opportunity import queries
from handsel.attract.opportunity.errors import OpportunityInvalid
from handsel.attract.opportunity.models import Opportunity
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_localized_decimal
from handsel.ground.kernel.money import Money, exponent
from handsel.ground.party.models import Organization
from handsel.ground.party.queries import organization_options, persons_of

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "PLN", "SEK", "DKK", "NOK", "CZK", "CAD", "JPY")


def key(text: str) -> int:
    """A record's key as typed by a browser; 0, which is nobody's, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def key_or_none(text: str) -> int | None:
    """The same for a choice that may be empty."""
    return key(text) if text else None


def day_or_none(text: str) -> date | None:
    """A date as a browser's field gives it."""
    return parse_date(text) if text else None


def amount(text: str, currency: str) -> Money:
    """An amount as people write it here: 1.234,50 in German, 1,234.50 in English."""
    if not text.strip():
        return Money.zero(currency)
    mark = "," if translation.get_language() == "de" else "."
    try:
        value = parse_localized_decimal(
            text.strip(), mark, scale=exponent(currency), minimum=0, maximum=10**13
        )
        return Money.parse(f"{value:f}", currency)
    except Invalid as wrong:
        raise OpportunityInvalid(str(wrong), fields={"amount": str(wrong)}) from wrong


def shown_amount(value: Money) -> str:
    """An amount as it stands in a field: with the reader's decimal mark, without grouping."""
    text = value.text()
    return text.replace(".", ",") if translation.get_language() == "de" else text


def currency_field(value: str) -> dict[str, Any]:
    """The choice of a currency."""
    options = CURRENCIES if value in CURRENCIES else (value, *CURRENCIES)
    return {
        "name": "currency",
        "label": _("Currency"),
        "type": "select",
        "required": True,
        "options": [(code, code) for code in options],
        "value": value,
    }


def owner_field(request: Request, value: int | None) -> dict[str, Any]:
    """The choice of who cares for a deal."""
    return {
        "name": "owner_id",
        "label": _("Owner"),
        "type": "select",
        "options": [("", _("Nobody")), *queries.owners(request.actor)],
        "value": value or "",
    }


def customers(chosen: int | None) -> dict[str, Any]:
    """Customers to choose from, as a field gives them; the one chosen is always among them."""
    first = Organization.objects.filter(pk=chosen).first() if chosen is not None else None
    return organization_options(first)


def of_deal(request: Request, deal: Opportunity) -> list[dict[str, Any]]:
    """What can be changed about an open deal."""
    worth = Money(deal.amount_minor, deal.currency)
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": _("Name"), "required": True, "value": deal.name},
        {"name": "amount", "label": _("Amount"), "type": "money", "value": shown_amount(worth)},
        currency_field(deal.currency),
        {
            "name": "expected_close_on",
            "label": _("Expected to close"),
            "type": "date",
            "value": deal.expected_close_on.isoformat() if deal.expected_close_on else "",
        },
        owner_field(request, deal.owner_id),
        {
            "name": "organization_id",
            "label": _("Customer"),
            "type": "select",
            "empty": _("None yet"),
            **customers(deal.organization_id),
            "value": deal.organization_id or "",
        },
    ]
    if deal.organization_id is not None:
        people = persons_of(deal.organization_id, on=request.now.date())
        fields.append(
            {
                "name": "person_id",
                "label": _("Contact"),
                "type": "select",
                "options": [("", _("None yet")), *((one.pk, one.name) for one in people)],
                "value": deal.person_id or "",
            }
        )
    return fields


def facts(request: Request, deal: Opportunity) -> dict[str, Any]:
    """What was typed into `of_deal`, as facts of the deal."""
    values = request.POST
    read: dict[str, Any] = {
        "name": values.get("name", ""),
        "amount": amount(values.get("amount", ""), values.get("currency", deal.currency)),
        "expected_close_on": day_or_none(values.get("expected_close_on", "")),
        "owner_id": key_or_none(values.get("owner_id", "")),
        "organization_id": key_or_none(values.get("organization_id", "")),
    }
    if "person_id" in values:
        read["person_id"] = key_or_none(values.get("person_id", ""))
    return read
