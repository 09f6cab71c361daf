"""An accepted quote version becomes an order."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.utils import translation

from handsel.bid.quote.actions.price_words import ordered_note
from handsel.bid.quote.models import QuoteAcceptance, QuoteLine, QuoteVersion
from handsel.bid.quote.rules.paid import is_later_segment, paid_of
from handsel.bid.quote.rules.scenarios import Standing, outside
from handsel.commit.order import queries
from handsel.commit.order.actions.hold import write_hold
from handsel.commit.order.actions.paper import locale_of
from handsel.commit.order.errors import OrderStateRefused, VersionMissing
from handsel.commit.order.events import OrderPlaced
from handsel.commit.order.models import Order, OrderLine
from handsel.commit.order.rules.desk import Credit
from handsel.ground.document import formatting
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.party.models import Organization
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.joined import joined
from handsel.ground.platform.numbering import next_number
from handsel.ground.platform.reading import first_row
from handsel.ground.tax.rules.amounts import tax_on

Numbered = list[tuple[int, QuoteLine]]


@joined
def place_order(*, actor: Actor, now: datetime, version_id: int) -> Order:
    """The order of an accepted quote version: one line for one chosen line; of a ramp its first
    segment, the others fall due when their time comes (decision 0022).

    A second call for the same version returns the order that exists. A customer whose credit does
    not cover it gets a credit hold. Raises VersionMissing, and OrderStateRefused for a version that
    was not accepted.
    """
    version = _locked_version(actor, version_id)
    present = first_row(Order, "quote_version_id = %s", [version.pk])
    if present is not None:
        return present
    if version.state != "accepted":
        raise OrderStateRefused(
            said(
                "version %(version_no)s is %(state)s, not accepted",
                version_no=version.version_no,
                state=version.state,
            )
        )
    # The customer owns the credit limit: two orders at once see each other.
    customers = Organization.objects.select_for_update(no_key=True)
    organization = customers.get(pk=version.quote.organization_id)
    credit = queries.credit_of(actor, organization, version.quote.seller_id, version.quote.currency)
    lines = _ordered_lines(version)
    order = _copy_head(version, lines, organization, now)
    _copy_lines(lines, order)
    gross = Money(order.gross_minor, order.currency)
    event = OrderPlaced(order.pk, version.pk, organization.pk, gross)
    log.announce(event, actor=actor, now=now)
    if not credit.allows(gross):
        write_hold(actor, now, order, "credit", _over(credit, gross), source="credit")
    return order


def _locked_version(actor: Actor, version_id: int) -> QuoteVersion:
    version = (
        QuoteVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("quote__seller")
        .filter(pk=version_id, quote__seller_id__in=actor.seller_ids)
        .first()
    )
    if version is None:
        raise VersionMissing("this quote version does not exist")
    return version


def _copy_head(
    version: QuoteVersion, lines: Numbered, organization: Organization, now: datetime
) -> Order:
    quote = version.quote
    acceptance = QuoteAcceptance.objects.get(version=version)
    bill_to, ship_to = party.address_snapshots(organization, "billing", "shipping")
    year = local_date(now, quote.seller.time_zone).year
    return Order.objects.create(
        seller=quote.seller,
        number=next_number(seller_id=quote.seller_id, kind="order", year=year),
        quote_version=version,
        organization=organization,
        currency=quote.currency,
        language=quote.language,
        purchase_order=acceptance.purchase_order,
        bill_to=bill_to,
        ship_to=ship_to,
        contact_name=acceptance.name,
        contact_email=acceptance.email,
        payment_days=version.payment_days,
        billing_method=version.billing_method,
        billing_shares=version.billing_shares,
        delivery_terms=version.delivery_terms,
        **_amounts(version, lines),
        placed_at=now,
    )


def _amounts(version: QuoteVersion, lines: Numbered) -> dict[str, Any]:
    """What the order comes to: the version without what falls due later, taxed anew by kind."""
    later: dict[tuple[str, int, str], int] = defaultdict(int)
    for _place, line in lines:
        if is_later_segment(line.asked):
            later[line.tax_category, line.tax_rate_bps, line.tax_reason_code] += line.net_minor
    if not later:
        names = ("net_minor", "tax_minor", "gross_minor", "tax_rows")
        return {name: getattr(version, name) for name in names}
    rows = []
    for row in version.tax_rows:
        base = row["base_minor"] - later[row["category"], row["rate_bps"], row["reason_code"]]
        tax = tax_on(Money(base, version.quote.currency), row["rate_bps"]).amount_minor
        rows.append({**row, "base_minor": base, "tax_minor": tax})
    net, tax_sum = version.net_minor - sum(later.values()), sum(row["tax_minor"] for row in rows)
    return {
        "net_minor": net,
        "tax_minor": tax_sum,
        "gross_minor": net + tax_sum,
        "tax_rows": rows,
    }


_COPIED = (
    "line_key",
    "product_id",
    "name",
    "quantity",
    "unit",
    "list_price",
    "unit_net",
    "list_minor",
    "net_minor",
    "tax_category",
    "tax_rate_bps",
    "tax_reason_code",
)


def _ordered_lines(version: QuoteVersion) -> Numbered:
    """The chosen lines, numbered as the offer showed them: 1, 2, 3 with the options nobody took."""
    lines = QuoteLine.objects.filter(version=version).order_by("position").defer("waterfall")
    hidden = outside(
        version.scenarios,
        [Standing(line.line_key, line.is_optional, line.is_chosen) for line in lines],
    )
    shown = [line for line in lines if line.line_key not in hidden]
    return [(place, line) for place, line in enumerate(shown, 1) if line.is_chosen]


def _copy_lines(lines: Numbered, order: Order) -> None:
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            quote_line=line,
            position=place,
            description=_description(line, order),
            **{field: getattr(line, field) for field in _COPIED},
        )
        for place, line in lines
        if not is_later_segment(line.asked)
    )


def _description(line: QuoteLine, order: Order) -> str:
    """The line's words, and of what recurs the time that is ordered, as the buyer reads it on the
    confirmation and the invoice."""
    if line.charge == "one_time" and not line.asked:
        return line.description
    locale = locale_of(order)
    with translation.override(formatting.language_of(locale)):
        note = ordered_note(paid_of(line.charge, line.asked), locale)
    return "\n".join(one for one in (line.description, note) if one)


def _over(credit: Credit, more: Money) -> str:
    limit = credit.limit.text() if credit.limit is not None else ""
    return (
        f"exposure {(credit.exposure + more).text()} would pass the limit of {limit} "
        f"{more.currency}"
    )
