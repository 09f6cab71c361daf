"""One price with everything that led to it, and what did not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import context_for
from handsel.bid.price.queries.costs import costed
from handsel.bid.price.rules.context import LineFacts, LineTax, RequestLine
from handsel.bid.price.rules.engine import extend
from handsel.bid.price.rules.exactness import rounded
from handsel.bid.price.rules.explain import Candidate, candidates, other_losers
from handsel.bid.price.rules.figures import Figure
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.price.rules.plan import Loser
from handsel.bid.price.rules.waterfall import STAGE_NAMES
from handsel.ground.document.sentences import readers_sentence
from handsel.ground.kernel.said import worded
from handsel.ground.platform.naming import shown_name


@dataclass(frozen=True, slots=True)
class Explained:
    """A price with everything that led to it, and what did not: the steps of its discounts as
    `candidates`, everything else as `losers`."""

    book: PriceBook
    line: ExtendedLine
    candidates: list[Candidate]
    losers: list[Loser]


@dataclass(frozen=True, slots=True)
class ToldLoser:
    """What lost to a price, as its reader reads it; `rule` with its version."""

    name: str
    rule: str
    why: str
    unit_price: Decimal | None


def as_told(losers: Iterable[Loser]) -> list[ToldLoser]:
    """Losers in the reader's language, prices at the six decimals of a price book."""
    return [
        ToldLoser(
            shown_name(one.label) or worded(STAGE_NAMES[one.stage], gettext),
            f"{one.rule} v{one.version}" if one.version else one.rule,
            readers_sentence(one.why),
            None if one.unit_price is None else rounded(one.unit_price, 6),
        )
        for one in losers
    ]


def explain_price(
    *,
    book: PriceBook,
    product_id: int,
    quantity: Decimal,
    on: date,
    discount_bps: int = 0,
    organization_id: int | None = None,
    tier: str = "",
    attributes: Mapping[str, Figure] | None = None,
) -> Explained:
    """Price one line from a book before tax and say why; with `organization_id` what was agreed
    with that customer counts. Raises NoPrice, ProductNotFound."""
    product = facts_of([product_id])[product_id]
    context = context_for(
        book,
        on=on,
        products=[product],
        taxes={"": LineTax("", 0)},
        organization_id=organization_id,
        tier=tier,
    )
    asked = RequestLine(
        0,
        product_id,
        product.title,
        product.group,
        "",
        quantity,
        discount_bps,
        facts=LineFacts(attributes=attributes or {}),
    )
    (line,) = extend(context, costed(context, [asked]))
    return Explained(book, line, candidates(context, asked), other_losers(line))
