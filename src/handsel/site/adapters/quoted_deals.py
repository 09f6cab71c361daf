"""The quotes a price book can be tried on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from django.db.models import F, Q, QuerySet

from handsel.bid.price.ports import QuotedDeal, QuotedLine
from handsel.bid.price.queries.configured import line_facts_of
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.queries.choice import header_bps_of
from handsel.bid.quote.rules.asked import FEE, facts_asked, in_group
from handsel.ground.platform.actor import Actor

_OPEN = ("draft", "presented")


class QuotesForPrices:
    """Fills the price room's `QuotedDeals`: two statements, the latest version of each quote."""

    def still_open(self, *, actor: Actor, currency: str, most: int) -> Sequence[QuotedDeal]:
        """Drafts and quotes the buyer has not decided, the latest first."""
        return _deals(_versions(actor, currency).filter(quote__state__in=_OPEN), most)

    def of_days(
        self, *, actor: Actor, currency: str, since: date, until: date, most: int
    ) -> Sequence[QuotedDeal]:
        """Quotes that were begun from `since` to before `until`, the latest first."""
        begun = Q(
            quote__created_at__gte=datetime.combine(since, time(), UTC),
            quote__created_at__lt=datetime.combine(until, time(), UTC),
        )
        return _deals(_versions(actor, currency).filter(begun), most)


def _versions(actor: Actor, currency: str) -> QuerySet[QuoteVersion]:
    return QuoteVersion.objects.filter(
        quote__seller_id__in=actor.seller_ids, quote__currency=currency
    )


def _deals(versions: QuerySet[QuoteVersion], most: int) -> list[QuotedDeal]:
    latest = versions.order_by("-quote_id", "-version_no").distinct("quote_id")
    found = list(latest.select_related("quote__organization").defer("intro", "terms")[:most])
    lines = _lines([version.pk for version in found])
    return [
        QuotedDeal(
            quote_id=version.quote_id,
            number=version.quote.number,
            seller_id=version.quote.seller_id,
            organization_id=version.quote.organization_id,
            currency=version.quote.currency,
            segment=version.quote.organization.price_segment,
            priced_on=version.priced_on,
            header_bps=header_bps_of(version),
            net_minor=version.net_minor,
            lines=tuple(lines[version.pk]),
            codes=tuple(version.pricing.get("codes", ())),
            tier=version.pricing.get("partner", ""),
            target_minor=version.target_minor,
            title=version.quote.title,
            customer=version.quote.organization.name,
        )
        for version in found
    ]


def _lines(version_ids: Sequence[int]) -> dict[int, list[QuotedLine]]:
    rows = list(
        QuoteLine.objects.filter(Q(is_optional=False) | Q(is_chosen=True))
        .filter(version_id__in=version_ids)
        .exclude(asked__has_key=FEE)
        .order_by("version_id", F("position"))
        .values_list(
            "version_id",
            "line_key",
            "product_id",
            "quantity",
            "discount_bps",
            "configuration_id",
            "charge",
            "asked",
            "group_key",
        )
    )
    made_of = line_facts_of({row[5] for row in rows})
    found: dict[int, list[QuotedLine]] = defaultdict(list)
    for version_id, key, product_id, quantity, bps, configuration_id, charge, asked, group in rows:
        facts = in_group(facts_asked(asked, charge, made_of[configuration_id]), group)
        found[version_id].append(QuotedLine(key, product_id, quantity, bps, facts))
    return found
