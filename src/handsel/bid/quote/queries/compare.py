"""Two versions of a quote, compared."""

from __future__ import annotations

from django.utils.translation import get_language

from handsel.bid.configure.queries.products import told_choices
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import get_version, lines_of, terms_of
from handsel.bid.quote.queries.configured import carried
from handsel.bid.quote.rules.diff import LINE_FIELDS, VersionDiff, VersionFacts, diff
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
