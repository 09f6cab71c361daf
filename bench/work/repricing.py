"""A quote of 1,000 lines through every stage of the waterfall, loaded, priced anew and saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import cycle
from typing import Any

from bench.work.yardstick import NOW, yardstick
from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.site.cli.codes import CouldNotRun

LINES = 1_000
CURRENCY = "CHF"
FEWEST_ROWS = 12
LATER = NOW + timedelta(days=60)
# By then the spring is over: all lines cost something else than they did.
SPRING_ENDS = date(2026, 4, 1)
TERMS = (
    ("tiers", {"scope": "quote", "label": "Volume", "steps": [{"from": "0", "percent": "3"}]}),
    ("promotions", {"percent": "1.5", "label": "Bundle"}),
    ("promotions", {"percent": "2", "label": "Spring", "valid_until": SPRING_ENDS.isoformat()}),
    ("term_discounts", {"percent": "8", "from_months": "36", "label": "Three years"}),
    ("partners", {"percent": "18", "label": "Partner"}),
    ("distributors", {"percent": "3", "label": "Distributor"}),
    ("endings", {"step": "1", "offset": "0.95"}),
    ("limits", {"floor": "1", "label": "Floor"}),
)
ASKED = {"term_months": "36", "term": {"start_on": "2026-03-02", "end_on": "2029-02-14"}}


def full_quote() -> QuoteVersion:
    """A draft of which every line has at least twelve rows: list price to tax."""
    stick = yardstick()
    actor = stick.world.actor("sales_rep")
    _book()
    lines = [
        NewLine(
            product_id=stick.products[place % 500],
            quantity=Decimal(1 + place % 12),
            discount_bps=250,
            charge="recurring",
            asked={**ASKED, "charge_months": "12", "periods": "3"},
        )
        for place in range(LINES)
    ]
    version = actions.draft_quote(
        actor=actor,
        now=NOW,
        organization_id=stick.world.customer.pk,
        currency=CURRENCY,
        lines=lines,
    )
    act: dict[str, Any] = {"actor": actor, "now": NOW, "quote_id": version.quote_id}
    actions.set_pricing(**act, partner="gold")  # resellers' discounts are for resellers only
    return actions.set_terms(**act, changes={"discount_bps": 150})


@lru_cache(maxsize=1)
def _book() -> None:
    stick = yardstick()
    system = stick.world.system
    prices = {key: Decimal(10 + place % 90) for place, key in enumerate(stick.products)}
    book = price.draft_book(
        actor=system,
        now=NOW,
        name="Every stage",
        currency=CURRENCY,
        segment="",
        valid_from=date(2026, 1, 1),
    )
    price.set_entries(actor=system, now=NOW, book_id=book.pk, prices=prices)
    terms = [NewTerm(kind=kind, definition=definition) for kind, definition in TERMS]
    price.add_terms(actor=system, now=NOW, book_id=book.pk, terms=terms)
    price.publish_book(actor=system, now=NOW, book_id=book.pk)
    price.agree_price(
        actor=system,
        now=NOW,
        organization_id=stick.world.customer.pk,
        currency=CURRENCY,
        discount_bps=600,
        label="Frame agreement",
        valid_from=date(2026, 1, 1),
    )


def pricing_anew(version: QuoteVersion) -> Callable[[], None]:
    """Each call prices the quote on another day, on which every line costs something else."""
    actor = yardstick().world.actor("sales_rep")
    quote_id, days = version.quote_id, cycle((LATER, NOW))
    totals: dict[date, int] = {}

    def anew() -> None:
        now = next(days)
        done = actions.reprice(actor=actor, now=now, quote_id=quote_id)
        if totals.setdefault(done.priced_on, done.net_minor) != done.net_minor:
            raise AssertionError("the same day gives another total")
        if len(totals) == 2 and len(set(totals.values())) == 1:
            raise AssertionError("the other day has the same prices")

    return anew


def discounting(version: QuoteVersion) -> Callable[[], None]:
    """Each call takes another discount off the whole of the quote."""
    actor = yardstick().world.actor("sales_rep")
    quote_id, discounts = version.quote_id, cycle((275, 150))

    def discount() -> None:
        changes = {"discount_bps": next(discounts)}
        actions.set_terms(actor=actor, now=NOW, quote_id=quote_id, changes=changes)

    return discount


def check_rows(version: QuoteVersion) -> None:
    """Raise CouldNotRun where a stage does not apply to a line."""
    waterfalls = QuoteLine.objects.filter(version_id=version.pk).values_list("waterfall", flat=True)
    fewest = min(map(len, waterfalls))
    if fewest < FEWEST_ROWS:
        raise CouldNotRun(f"A line has {fewest} rows in its waterfall, not {FEWEST_ROWS}.")
