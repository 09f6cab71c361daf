"""Two versions of a quote, compared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from handsel.bid.configure.queries.products import told_choices
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import get_version, lines_of, terms_of
from handsel.bid.quote.queries.configured import carried
from handsel.bid.quote.queries.proposals import choice_of
from handsel.bid.quote.rules.diff import LINE_FIELDS, Change, VersionDiff, VersionFacts, diff
from handsel.bid.quote.rules.diff_price import steps_that_differ
from handsel.bid.quote.rules.terms import Terms
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor

_TOTALS = ("list_minor", "net_minor", "tax_minor", "gross_minor")


def facts_of(version: QuoteVersion) -> VersionFacts:
    """A version as the comparison sees it; amounts as Money."""
    currency, terms = version.quote.currency, terms_of(version)
    lines, views = [], lines_of(version.pk)
    products = carried(line.configuration_id for line in views)
    for line in views:
        values = {name: getattr(line, name) for name in ("key", "position", "sku", *LINE_FIELDS)}
        own = products.get(line.configuration_id or 0)
        choices = told_choices(own, get_language() or "en") if own else {}
        net = Money(line.net_minor, currency)
        lines.append({**values, "net_minor": net, "choices": choices})
    return VersionFacts(
        lines,
        {name: getattr(terms, name) for name in Terms.__dataclass_fields__},
        {name: Money(getattr(version, name), currency) for name in _TOTALS},
    )


def compared(
    actor: Actor, quote_id: int, before: int, after: int
) -> tuple[QuoteVersion, QuoteVersion, VersionDiff]:
    """Two versions by their numbers, and what differs. Raises QuoteNotFound."""
    old = get_version(actor, quote_id, before)
    new = get_version(actor, quote_id, after)
    return old, new, diff(facts_of(old), facts_of(new))


def price_steps(old: QuoteVersion, new: QuoteVersion) -> dict[UUID, tuple[Change, ...]]:
    """Per line in both versions the steps of its price that differ, amounts in minor units."""
    before, after = ({line.key: line.rows for line in lines_of(one.pk)} for one in (old, new))
    return steps_that_differ(before, after)


def documents_changed(old: QuoteVersion, new: QuoteVersion) -> tuple[Change, ...]:
    """What differs in the documents of two versions and in the book they are priced from."""
    before, after = _documents(old), _documents(new)
    return tuple(
        Change(name, before[name], after[name]) for name in before if before[name] != after[name]
    )


def _documents(version: QuoteVersion) -> dict[str, Any]:
    choice = choice_of(version.pk)
    return {
        "price_book": version.price_book.name if version.price_book else "",
        "priced_on": version.priced_on,
        "template": str(choice.template) if choice else "",
        "content_hash": version.content_hash[:12],
        "presented_at": version.presented_at,
    }
