"""The terms of an offer: how long it is valid, when and how it is billed, what is taken off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from handsel.bid.quote.errors import BadQuote
from handsel.ground.kernel.clock import zone
from handsel.ground.kernel.said import expectations, said, strung

BILLING_METHODS: Final = ("on_order", "on_shipment", "shares")
DAYS_VALID: Final = 30
MOST_PAYMENT_DAYS: Final = 365
MOST_TEXT: Final = 20_000
DAYS_READABLE_AFTER: Final = 90
LAST_YEAR: Final = 2_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything of a version that is not a line.

    `valid_until` is the last day the offer can be accepted, in the seller's zone;
    `billing_shares` are basis points that sum to 10,000, only with the method `shares`;
    `discount_bps` is taken off the whole quote.
    """

    valid_until: date
    payment_days: int = 30
    billing_method: str = "on_shipment"
    billing_shares: tuple[int, ...] = field(default_factory=tuple)
    delivery_terms: str = ""
    intro: str = ""
    terms: str = ""
    discount_bps: int = 0


def check_terms(terms: Terms) -> None:
    """Raise BadQuote naming every field that cannot be kept."""
    by_shares = terms.billing_method == "shares"
    checks = {
        "valid_until": (terms.valid_until.year <= LAST_YEAR, f"a day up to the year {LAST_YEAR}"),
        "payment_days": (0 <= terms.payment_days <= MOST_PAYMENT_DAYS, "0 to 365 days"),
        "billing_method": (
            terms.billing_method in BILLING_METHODS,
            said("one of %(known)s", known=", ".join(BILLING_METHODS)),
        ),
        "billing_shares": (
            _are_shares(terms.billing_shares) if by_shares else not terms.billing_shares,
            "2 to 12 shares that come to 100 %" if by_shares else "none with this method",
        ),
        "delivery_terms": (len(terms.delivery_terms) <= 100, "at most 100 characters"),
        "intro": (
            len(terms.intro) <= MOST_TEXT,
            said("at most %(most)s characters", most=MOST_TEXT),
        ),
        "terms": (
            len(terms.terms) <= MOST_TEXT,
            said("at most %(most)s characters", most=MOST_TEXT),
        ),
        "discount_bps": (0 <= terms.discount_bps <= 10_000, "0 to 100 %"),
    }
    fields = {name: expected for name, (is_right, expected) in checks.items() if not is_right}
    if fields:
        listed = strung(expectations(fields))
        raise BadQuote(said("The terms cannot be kept: %(listed)s.", listed=listed), fields=fields)


def _are_shares(shares: tuple[int, ...]) -> bool:
    return 2 <= len(shares) <= 12 and all(share > 0 for share in shares) and sum(shares) == 10_000


def first_instant_after(last_on: date, time_zone: str) -> datetime:
    """The instant at which a day is over in a zone: from then on an offer has expired."""
    return datetime.combine(last_on + timedelta(days=1), time.min, tzinfo=zone(time_zone))


def link_expires_at(valid_until: date, time_zone: str) -> datetime:
    """Until when the buyer can read the offer; accepting ends with the offer itself."""
    return first_instant_after(valid_until + timedelta(days=DAYS_READABLE_AFTER), time_zone)
