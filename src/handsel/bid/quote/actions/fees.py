"""The fees of a price book as lines of a quote: nobody adds, changes or removes them, and they
come anew with every price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from handsel.bid.catalog.actions import fee_articles
from handsel.bid.catalog.queries import ProductFact, facts_of
from handsel.bid.price.queries.fees import fees_of_book
from handsel.bid.price.rules.charges import concerns
from handsel.bid.price.rules.terms import Fee
from handsel.bid.quote.actions.pricing import Deal, WorkLine
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.rules.asked import asked_of_fee
from handsel.bid.quote.rules.line_keys import FIRST_PLACE, fee_key
from handsel.bid.quote.rules.waived import Waiver, waivers_of
from handsel.ground.kernel.names import name_in
from handsel.ground.platform.actor import Actor


def fee_lines(
    version: QuoteVersion, deal: Deal, lines: Sequence[WorkLine], *, actor: Actor, now: datetime
) -> list[WorkLine]:
    """The fees the deal's book charges for such lines, each as a line.

    A fee has a line wherever there is one it is about, be it an option nobody chose: then it
    comes to nothing. Two queries, none for a book that has prices only.
    """
    if not lines or not deal.book.has_terms:
        return []
    kinds = {(line.product.product_id, line.product.group) for line in lines}
    fees = [
        fee
        for fee in fees_of_book(deal.book, on=deal.on)
        if any(concerns(fee.about, *kind) for kind in kinds)
    ]
    if not fees:
        return []
    articles = fee_articles({fee.article for fee in fees}, actor=actor, now=now)
    facts = facts_of(set(articles.values()), language=version.quote.language)
    # What comes along with goods is taxed like goods (an ancillary supply).
    has_goods = any(line.product.kind == "good" for line in lines)
    waivers = waivers_of(version.pricing)
    found: list[WorkLine] = []
    for fee in fees:
        key = fee_key(version.quote_id, fee.label or fee.article, {one.key for one in found})
        language = version.quote.language
        line = _line(fee, facts[articles[fee.article]], key, language, has_goods=has_goods)
        waiver = waivers.get(str(key))
        found.append(line if waiver is None else _waived(line, fee, waiver, language))
    return found


def _waived(line: WorkLine, fee: Fee, waiver: Waiver, language: str) -> WorkLine:
    """The line of a fee that is not charged: the house reads why, the customer that it is so."""
    with translation.override(language or "en"):
        told = (
            _("charged with quote %(number)s") % {"number": waiver.quote}
            if waiver.quote
            else _("waived")
        )
    waived = replace(fee, label=fee.label or line.name, waived=waiver.reason or waiver.quote)
    return replace(line, description=told, asked=asked_of_fee(waived))


def _line(fee: Fee, article: ProductFact, key: UUID, language: str, *, has_goods: bool) -> WorkLine:
    label = fee.label or article.name
    return WorkLine(
        key=key,
        product=replace(article, kind="good") if has_goods else article,
        name=name_in(label, language),
        description="",
        unit=article.unit,
        quantity=Decimal(1),
        asked=asked_of_fee(replace(fee, label=label)),
    )


def places_of_fees(count: int) -> list[int]:
    """Where so many fees stand."""
    return list(range(FIRST_PLACE, FIRST_PLACE + count))
