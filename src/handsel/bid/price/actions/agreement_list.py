"""Agreed prices from a CSV list: every row is kept or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from handsel.bid.catalog.models import Product
from handsel.bid.price.actions.agreements import agree_price
from handsel.bid.price.models import ContractedPrice
from handsel.ground.kernel.errors import Invalid
from handsel.ground.party import queries as party
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.csv_table import BadTable, Imported, TableRow, each, read_table

AGREEMENT_FIELDS: Final = (
    "organization",
    "sku",
    "group",
    "currency",
    "unit_price",
    "discount_percent",
    "is_net",
    "label",
    "valid_from",
    "last_day",
)
# What an agreement calls otherwise than the list.
_COLUMN_OF = {
    "organization_id": "organization",
    "product_id": "sku",
    "product_group": "group",
    "discount_bps": "discount_percent",
    "valid_until": "last_day",
}
_REQUIRED: Final = ("organization", "currency", "valid_from")
_Subject = tuple[int, int | None, str, str, date]
_Terms = tuple[Decimal | None, int | None, bool, date | None]


@dataclass(frozen=True, slots=True)
class ListedAgreement:
    """A row that can be agreed; `organization` and `about` are its words for people."""

    organization: str
    about: str
    facts: Mapping[str, Any]

    @property
    def subject(self) -> _Subject:
        """What there is one agreement of from a day on."""
        of = self.facts
        return (
            of["organization_id"],
            of["product_id"],
            of["product_group"],
            of["currency"],
            of["valid_from"],
        )

    @property
    def terms(self) -> _Terms:
        """What is agreed."""
        of = self.facts
        return of["unit_price"], of["discount_bps"], of["is_net"], of["valid_until"]


@transaction.atomic
def import_agreements(
    *,
    actor: Actor,
    now: datetime,
    text: str,
    mapping: Mapping[str, str] | None = None,
    decimal_mark: str = ".",
    is_trial: bool = False,
) -> Imported[ListedAgreement]:
    """Agree what a CSV list says (`AGREEMENT_FIELDS`); with `is_trial` only say what would be.

    An organization is named by its number, VAT id or whole name. What is agreed already stays and
    is counted as known; a row that says something else of the same subject and day is refused,
    because an agreement only ends or gives way. `last_day` is inside. Raises BadTable where
    nothing can be read.
    """
    actor.require("price.edit")
    columns, rows, refused = read_table(
        text,
        fields=AGREEMENT_FIELDS,
        required=_REQUIRED,
        mapping=mapping,
        decimal_mark=decimal_mark,
    )
    found: Imported[ListedAgreement] = Imported(columns, refused=refused)
    organizations = party.organizations_named({row.text("organization") for row in rows})
    products = dict(
        Product.objects.filter(sku__in={row.text("sku") for row in rows}).values_list("sku", "pk")
    )
    kept = _kept([key for keys in organizations.values() for key in keys])

    def take(row: TableRow) -> None:
        one = _read(row, organizations, products)
        there = kept.get(one.subject)
        if there is None:
            # Tried like the real run: what agreeing would refuse is refused here.
            try:
                with transaction.atomic():
                    agree_price(actor=actor, now=now, **one.facts)
                    if is_trial:
                        transaction.set_rollback(True)
            except Invalid as wrong:
                named = {_COLUMN_OF.get(name, name): text for name, text in wrong.fields.items()}
                raise Invalid(wrong.message, code=wrong.code, fields=named) from wrong
            kept[one.subject] = one.terms
            found.new.append(one)
        elif there == one.terms:
            found.known += 1
        else:
            raise BadTable(_("something else is agreed of it from that day on; end that first"))

    each(found, rows, take)
    return found


def _kept(organization_ids: Sequence[int]) -> dict[_Subject, _Terms]:
    rows = ContractedPrice.objects.filter(organization_id__in=organization_ids)
    return {
        (row.organization_id, row.product_id, row.product_group, row.currency, row.valid_from): (
            row.unit_price,
            row.discount_bps,
            row.is_net,
            row.valid_until,
        )
        for row in rows
    }


def _read(
    row: TableRow, organizations: Mapping[str, Sequence[int]], products: Mapping[str, int]
) -> ListedAgreement:
    name, sku, group = row.text("organization"), row.text("sku"), row.text("group")
    keys = organizations.get(name.lower(), ())
    if len(keys) != 1:
        said = (
            _("there is no organization %(name)s") if not keys else _("%(name)s is more than one")
        )
        raise BadTable(said % {"name": name or "–"})
    if sku and sku not in products:
        raise BadTable(_("there is no product %(sku)s") % {"sku": sku})
    valid_from, last_day = row.day("valid_from"), row.day("last_day")
    if valid_from is None:
        raise BadTable(_("valid_from: expected a day"))
    facts = {
        "organization_id": keys[0],
        "currency": row.text("currency").upper(),
        "valid_from": valid_from,
        "valid_until": None if last_day is None else last_day + timedelta(days=1),
        "product_id": products.get(sku),
        "product_group": group,
        "unit_price": row.decimal("unit_price"),
        "discount_bps": row.bps("discount_percent"),
        "is_net": row.flag("is_net"),
        "label": row.text("label"),
    }
    return ListedAgreement(name, sku or group or _("everything"), facts)
