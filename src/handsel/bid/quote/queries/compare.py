"""Two versions of a quote, compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from handsel.bid.configure.queries.products import told_choices
from handsel.bid.quote.models import QuoteGroup, QuoteVersion
from handsel.bid.quote.queries import LineView, get_version, lines_of, terms_of
from handsel.bid.quote.queries.configured import carried
from handsel.bid.quote.queries.proposals import choice_of
from handsel.bid.quote.rules.asked import without_costs
from handsel.bid.quote.rules.diff import LINE_FIELDS, Change, Taxed, VersionDiff, VersionFacts, diff
from handsel.bid.quote.rules.diff_price import steps_that_differ
from handsel.bid.quote.rules.paid import summands_of_kept
from handsel.bid.quote.rules.scenarios import offered_name
from handsel.bid.quote.rules.sheet.sums import subtotals, totals
from handsel.bid.quote.rules.sheet.tree import Group, ancestors
from handsel.bid.quote.rules.terms import Terms
from handsel.bid.quote.rules.waived import waivers_of
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.naming import shown_name

SUBTOTAL = "subtotal:"
_OF_LINE = tuple(
    name for name in LINE_FIELDS if name not in ("group", "priced", "list_minor", "tax")
)
_TOTALS = ("list_minor", "net_minor", "tax_minor", "gross_minor")


def facts_of(version: QuoteVersion) -> VersionFacts:
    """A version as the comparison sees it; amounts as Money."""
    currency, terms = version.quote.currency, terms_of(version)
    lines, views = [], lines_of(version.pk)
    groups = {
        key: Group(key, title, parent)
        for key, title, parent in QuoteGroup.objects.filter(version_id=version.pk)
        .order_by("position")
        .values_list("group_key", "title", "parent_key")
    }
    products = carried(line.configuration_id for line in views)
    for line in views:
        values = {name: getattr(line, name) for name in ("key", "position", "sku", *_OF_LINE)}
        values["group"] = path_of(line.group_key, groups)
        values["priced"] = without_costs(line.asked)
        own = products.get(line.configuration_id or 0)
        choices = told_choices(own, get_language() or "en") if own else {}
        values["list_minor"] = Money(line.list_minor, currency)
        values["net_minor"] = Money(line.net_minor, currency)
        values["tax"] = Taxed(line.tax_category, line.tax_rate_bps, line.tax_reason_code)
        lines.append({**values, "choices": choices})
    return VersionFacts(
        lines,
        {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
        | _pricing(version, currency),
        {name: Money(getattr(version, name), currency) for name in _TOTALS}
        | _sums(views, groups, currency)
        | {"tax_rows": _taxes(version)},
        [path_of(key, groups) for key in groups],
    )


def _taxes(version: QuoteVersion) -> str:
    """By which taxes the total comes about, and why there is none."""
    told = (
        str(Taxed(row["category"], row["rate_bps"], row["reason_code"])) for row in version.tax_rows
    )
    return ", ".join(told)


def path_of(key: UUID | None, groups: Mapping[UUID, Group]) -> str:
    """The headings a line stands under, outermost first; nothing where it stands under none."""
    return " › ".join(groups[one].title for one in reversed(ancestors(key, groups)))


def _pricing(version: QuoteVersion, currency: str) -> dict[str, Any]:
    target = version.target_minor
    return {
        "target": None if target is None else Money(target, currency),
        "reason": version.pricing.get("reason", ""),
        "codes": ", ".join(version.pricing.get("codes", ())),
        "partner": version.pricing.get("partner", ""),
        "waived": ", ".join(
            f"{shown_name(one.label)}: {one.reason or one.quote}"
            for one in waivers_of(version.pricing).values()
        ),
        "scenario": offered_name(version.scenarios),
        "scenarios": ", ".join(one["name"] for one in version.scenarios),
    }


def _sums(
    lines: Sequence[LineView], groups: Mapping[UUID, Group], currency: str
) -> dict[str, Money | None]:
    """The contract's value where something recurs, and the subtotal of every group."""
    summands = summands_of_kept(lines)
    sums = totals(summands)
    found: dict[str, Money | None] = {}
    if any(one.charge != "one_time" for one in sums.charges):
        found["contract_minor"] = Money(sums.contract_minor, currency)
    if sums.annual_minor is not None:
        found["annual_minor"] = Money(sums.annual_minor, currency)
    for key, net in subtotals(summands, groups).items():
        found[f"{SUBTOTAL}{path_of(key, groups)}"] = Money(sum(net.values()), currency)
    return found


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
        "price_book": shown_name(version.price_book.called) if version.price_book else "",
        "priced_on": version.priced_on,
        "template": str(choice.template) if choice else "",
        "with_waterfall": bool(choice and choice.with_waterfall),
        "content_hash": version.content_hash[:12],
        "presented_at": version.presented_at,
    }
