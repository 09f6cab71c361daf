"""What party pages accept: fields named, checked, with what was expected where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_integer
from handsel.ground.kernel.money import Money

ORGANIZATION_FIELDS: tuple[tuple[str, Any, bool], ...] = (
    ("name", gettext_lazy("Name"), True),
    ("legal_name", gettext_lazy("Legal name"), False),
    ("country", gettext_lazy("Country (two letters)"), True),
    ("currency", gettext_lazy("Currency"), True),
    ("language", gettext_lazy("Language"), True),
    ("vat_id", gettext_lazy("VAT id"), False),
    ("registration_number", gettext_lazy("Registration number"), False),
    ("website", gettext_lazy("Website"), False),
    ("segment", gettext_lazy("Segment"), False),
    ("price_segment", gettext_lazy("Price segment"), False),
    ("partner_tier", gettext_lazy("Partner tier"), False),
    ("payment_days", gettext_lazy("Days to pay"), True),
    ("credit_limit", gettext_lazy("Credit limit (empty: none)"), False),
    ("buyer_reference", gettext_lazy("Buyer reference"), False),
    ("electronic_address", gettext_lazy("Electronic invoice address"), False),
)
ADDRESS_FIELDS: tuple[tuple[str, Any, bool], ...] = (
    ("name", gettext_lazy("Name on the label"), False),
    ("street", gettext_lazy("Street and number"), True),
    ("street_extra", gettext_lazy("Second line"), False),
    ("postcode", gettext_lazy("Postcode"), False),
    ("city", gettext_lazy("City"), True),
    ("region", gettext_lazy("Region"), False),
    ("country", gettext_lazy("Country (two letters)"), True),
)
_UPPER = frozenset({"country", "currency"})


def organization_facts(posted: Mapping[str, str]) -> dict[str, Any]:
    """Facts of an organization from a posted form; raises Invalid naming each wrong field."""
    facts: dict[str, Any] = {}
    for name, _label, _required in ORGANIZATION_FIELDS:
        text = posted.get(name, "").strip()
        facts[name] = text.upper() if name in _UPPER else text
    facts["payment_days"] = parse_integer(facts["payment_days"] or "30", minimum=0, maximum=365)
    limit = facts.pop("credit_limit")
    facts["credit_limit_minor"] = (
        Money.parse(limit, facts["currency"]).amount_minor if limit else None
    )
    facts["electronic_address_scheme"] = "EM" if "@" in facts["electronic_address"] else ""
    missing = {
        name: _("needed")
        for name, _l, needed in ORGANIZATION_FIELDS
        if needed and not posted.get(name)
    }
    missing.pop("payment_days", None)
    if missing:
        raise Invalid(_("Some facts are missing."), code="organization_incomplete", fields=missing)
    return facts


def fields_of(
    declared: tuple[tuple[str, Any, bool], ...],
    values: Mapping[str, Any],
    errors: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The shell's `field` dicts of a form, with values and errors in place."""
    return [
        {
            "name": name,
            "label": label,
            "type": "number" if name == "payment_days" else "text",
            "value": values.get(name, ""),
            "error": errors.get(name, ""),
            "required": required,
        }
        for name, label, required in declared
    ]
