"""What fees a quote bears, and what it would bear were none of them waived."""

from __future__ import annotations

from collections.abc import Sequence

from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.queries import LineView, lines_of
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.rules.line_keys import FIRST_PLACE
from handsel.bid.quote.rules.states import LIVE
from handsel.bid.quote.rules.waived import Waiver, waivers_of


def fees_of(version_id: int) -> list[LineView]:
    """The lines of a version that are fees, in their order."""
    return [line for line in lines_of(version_id) if is_fee(line.asked)]


def has_fees(version_id: int) -> bool:
    """Whether a version bears a fee, waived or not."""
    rows = QuoteLine.objects.filter(version_id=version_id, position__gte=FIRST_PLACE)
    return rows.exists()


def waived_minor(version: QuoteVersion, fees: Sequence[LineView]) -> int:
    """What the fees would come to that are waived. One that another quote charges, which this one
    was split off, is not given away as long as that one still charges it."""
    waivers = waivers_of(version.pricing)
    return sum(
        fee.rows[0].amount_minor
        for fee in fees
        if (waiver := waivers.get(str(fee.key))) is not None
        and fee.rows[0].amount_minor
        and not _is_charged(waiver)
    )


def _is_charged(waiver: Waiver) -> bool:
    return bool(
        waiver.quote_id
        and QuoteLine.objects.filter(
            version__quote_id=waiver.quote_id,
            version__state__in=LIVE,
            asked__fee__label=waiver.label,
            net_minor__gt=0,
        ).exists()
    )
