"""Reading quotes. A quote is visible to actors of its seller; foreign and missing are alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from handsel.attract.opportunity.models import Opportunity
from handsel.bid.price.rules.waterfall import Row, Stage
from handsel.bid.quote.errors import LineNotFound, QuoteNotFound
from handsel.bid.quote.models import (
    Quote,
    QuoteAcceptance,
    QuoteLine,
    QuoteMessage,
    QuoteVersion,
)
from handsel.bid.quote.rules.states import LIVE
from handsel.bid.quote.rules.terms import Terms
from handsel.ground.identity.models import LinkGrant
from handsel.ground.party.models import Organization
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import row_by_key


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with everything a page, document or comparison shows. Amounts in minor units."""

    key: UUID
    position: int
    product_id: int
    sku: str
    name: str
    description: str
    quantity: Decimal
    unit: str
    list_price: Decimal
    unit_net: Decimal
    discount_bps: int
    is_optional: bool
    is_chosen: bool
    list_minor: int
    net_minor: int
    tax_category: str
    tax_rate_bps: int
    tax_reason_code: str
    configuration_id: int | None
    charge: str
    asked: Mapping[str, Any]
    group_key: UUID | None
    alternative_set: str
    rows: tuple[Row, ...]

    @property
    def counts(self) -> bool:
        """Whether the line is part of the totals."""
        return self.is_chosen or not self.is_optional

    @property
    def discount_minor(self) -> int:
        """What is taken off the list amount; negative where something is added."""
        return self.list_minor - self.net_minor

    @property
    def tax_minor(self) -> int:
        """The line's share of the document's tax."""
        return sum(row.amount_minor for row in self.rows if row.stage is Stage.TAX)


_LINE_COLUMNS = (
    "line_key",
    "position",
    "product_id",
    "product__sku",
    "name",
    "description",
    "quantity",
    "unit",
    "list_price",
    "unit_net",
    "discount_bps",
    "is_optional",
    "is_chosen",
    "list_minor",
    "net_minor",
    "tax_category",
    "tax_rate_bps",
    "tax_reason_code",
    "configuration_id",
    "charge",
    "asked",
    "group_key",
    "alternative_set",
    "waterfall",
)


@dataclass(frozen=True, slots=True)
class DealFacts:
    """Who sells to whom and from where to where: what price and tax depend on beside the lines."""

    seller_country: str
    time_zone: str
    registrations: frozenset[str]
    buyer_country: str
    buyer_vat_id: str
    ship_to_country: str
    price_segment: str
    organization_id: int
    seller_id: int = 0
    partner_tier: str = ""


def visible(actor: Actor) -> QuerySet[Quote]:
    """The quotes of the actor's sellers."""
    return Quote.objects.filter(seller_id__in=actor.seller_ids)


def get_quote(actor: Actor, quote_id: int) -> Quote:
    """A quote with its seller, customer, person, owner and opportunity; raises QuoteNotFound."""
    related = ("seller", "organization", "person", "owner", "opportunity")
    quote = visible(actor).select_related(*related).filter(pk=quote_id).first()
    if quote is None:
        raise QuoteNotFound("this quote does not exist", quote_id=quote_id)
    return quote


def versions_of(actor: Actor, quote_id: int) -> list[QuoteVersion]:
    """All versions of a quote, newest first; raises QuoteNotFound."""
    versions = QuoteVersion.objects.filter(
        quote_id=quote_id, quote__seller_id__in=actor.seller_ids
    ).order_by("-version_no")
    found = list(versions.select_related("quote"))
    if not found:
        raise QuoteNotFound("this quote does not exist", quote_id=quote_id)
    return found


def get_version(actor: Actor, quote_id: int, version_no: int | None = None) -> QuoteVersion:
    """One version of a quote, with its quote; without a number the newest one."""
    found = versions_of(actor, quote_id)
    for version in found:
        if version_no is None or version.version_no == version_no:
            return version
    raise QuoteNotFound("this quote has no such version", quote_id=quote_id, version_no=version_no)


def shown_version(quote_id: int) -> QuoteVersion | None:
    """The version a buyer sees: the presented or accepted one, else the last that was presented."""
    presented = QuoteVersion.objects.filter(quote_id=quote_id).exclude(content_hash="")
    return presented.select_related("quote").order_by("-version_no").first()


def live_version(quote_id: int) -> QuoteVersion | None:
    """The draft, presented or accepted version, of which there is one at most."""
    live = QuoteVersion.objects.filter(quote_id=quote_id, state__in=LIVE)
    return live.select_related("quote").first()


def lines_of(version_id: int) -> list[LineView]:
    """A version's lines in their order: one query."""
    rows = QuoteLine.objects.filter(version_id=version_id).order_by("position")
    # Kept positions have gaps; what people read and sign counts 1, 2, 3.
    found = enumerate(rows.values_list(*_LINE_COLUMNS), 1)
    return [_view(place, row) for place, row in found]


def _view(place: int, row: tuple[Any, ...]) -> LineView:
    key, _kept_position, *rest, waterfall = row
    values: tuple[Any, ...] = (key, place, *rest, tuple(map(Row.from_json, waterfall)))
    return LineView(*values)


def get_line(version_id: int, line_key: UUID) -> LineView:
    """One line of a version; raises LineNotFound."""
    for line in lines_of(version_id):
        if line.key == line_key:
            return line
    raise LineNotFound("this version has no such line", line_key=str(line_key))


def terms_of(version: QuoteVersion) -> Terms:
    """The terms of a version."""
    return Terms(
        valid_until=version.valid_until,
        payment_days=version.payment_days,
        billing_method=version.billing_method,
        billing_shares=tuple(version.billing_shares),
        delivery_terms=version.delivery_terms,
        intro=version.intro,
        terms=version.terms,
        discount_bps=version.discount_bps,
    )


def acceptance_of(version_id: int) -> QuoteAcceptance | None:
    """Who accepted a version, if somebody did."""
    found = QuoteAcceptance.objects.filter(version_id=version_id)
    return found.select_related("recorded_by").first()


def messages_of(quote_id: int) -> list[QuoteMessage]:
    """Questions and answers, oldest first."""
    messages = QuoteMessage.objects.filter(quote_id=quote_id).select_related("user")
    return list(messages.order_by("written_at", "pk"))


def deal_facts(quote: Quote) -> DealFacts:
    """What price and tax depend on, in one query."""
    return facts_of_deal(quote.seller_id, quote.organization_id)


# Asked by every edit and every price: written out, because composing it costs more than running it.
_DEAL_FACTS = """
    SELECT s.country, s.time_zone,
           ARRAY(SELECT r.country FROM party_sellertaxregistration r WHERE r.seller_id = s.id),
           o.country, o.vat_id,
           COALESCE((SELECT a.country FROM party_address a WHERE a.organization_id = o.id
                     ORDER BY a.kind = 'shipping' DESC, a.is_primary DESC, a.id LIMIT 1),
                    o.country),
           o.price_segment, o.partner_tier
    FROM party_seller s CROSS JOIN party_organization o
    WHERE s.id = %s AND o.id = %s
"""


def facts_of_deal(seller_id: int, organization_id: int) -> DealFacts:
    """What price and tax depend on between a seller and a customer, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_DEAL_FACTS, [seller_id, organization_id])
        row = cursor.fetchone()
    if row is None:
        raise QuoteNotFound("this customer does not exist", code="organization_missing")
    country, time_zone, registered, buyer_country, vat_id, ship_to, segment, tier = row
    return DealFacts(
        country,
        time_zone,
        frozenset(registered),
        buyer_country,
        vat_id,
        ship_to,
        segment,
        organization_id,
        seller_id,
        tier,
    )


def get_opportunity(actor: Actor, opportunity_id: int) -> Opportunity:
    """The opportunity a quote is to be drafted from; raises QuoteNotFound."""
    found = row_by_key(Opportunity, opportunity_id, sellers=actor.seller_ids)
    if found is None:
        raise QuoteNotFound("this opportunity does not exist", code="opportunity_missing")
    return found


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list of quotes is narrowed to; empty fields narrow nothing."""

    text: str = ""
    state: str = ""
    owner_id: int | None = None
    organization_id: int | None = None
    opportunity_id: int | None = None
    expires_before: date | None = None


def listed(actor: Actor, wanted: ListFilter) -> QuerySet[Quote]:
    """Quotes with the amounts of their newest version, newest first."""
    newest = QuoteVersion.objects.filter(quote=OuterRef("pk")).order_by("-version_no")
    quotes = (
        visible(actor)
        .select_related("organization", "owner")
        .annotate(
            net_minor=Subquery(newest.values("net_minor")[:1]),
            gross_minor=Subquery(newest.values("gross_minor")[:1]),
            valid_until=Subquery(newest.values("valid_until")[:1]),
            version_no=Subquery(newest.values("version_no")[:1]),
        )
        .order_by("-created_at", "-pk")
    )
    if wanted.text:
        customers = Organization.objects.filter(name__icontains=wanted.text).values("pk")
        quotes = quotes.filter(
            Q(number__istartswith=wanted.text)
            | Q(title__icontains=wanted.text)
            | Q(organization__in=customers)
        )
    exact: dict[str, Any] = {
        "state": wanted.state,
        "owner_id": wanted.owner_id,
        "organization_id": wanted.organization_id,
        "opportunity_id": wanted.opportunity_id,
    }
    quotes = quotes.filter(**{field: value for field, value in exact.items() if value})
    if wanted.expires_before is not None:
        quotes = quotes.filter(state="presented", valid_until__lt=wanted.expires_before)
    return quotes


def after(quotes: QuerySet[Quote], created_at: datetime, quote_id: int) -> QuerySet[Quote]:
    """The quotes of a list that come after a place in it."""
    return quotes.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=quote_id))


@dataclass(frozen=True, slots=True)
class ListedAmounts:
    """What a list adds to a quote from its newest version."""

    version_no: int
    net_minor: int
    gross_minor: int
    valid_until: date | None


def amounts_of(quote: Quote) -> ListedAmounts:
    """The newest version's amounts of a quote from `listed`."""
    row = vars(quote)
    return ListedAmounts(
        row["version_no"] or 0,
        row["net_minor"] or 0,
        row["gross_minor"] or 0,
        row["valid_until"],
    )


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """The links given out for a quote: how many, how many still work, how often opened."""

    links: int
    working: int
    openings: int
    last_opened_at: datetime | None


def link_summary(quote_id: int, *, now: datetime) -> LinkSummary:
    """How the buyer's links of a quote are used."""
    grants = list(
        LinkGrant.objects.filter(kind="quote", object_id=quote_id).values_list(
            "revoked_at", "expires_at", "open_count", "last_opened_at"
        )
    )
    opened = [last for *_rest, last in grants if last is not None]
    return LinkSummary(
        len(grants),
        sum(1 for revoked, expires, *_rest in grants if revoked is None and expires > now),
        sum(count for _revoked, _expires, count, _last in grants),
        max(opened, default=None),
    )
