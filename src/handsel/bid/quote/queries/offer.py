"""The offer as the buyer sees it: with his choice of options, its totals, and its hash."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from handsel.bid.price.rules.context import LineTax
from handsel.bid.price.rules.document import PricedDocument, recalled, settle
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.quote.errors import BadQuote, QuoteState
from handsel.bid.quote.models import QuoteGroup, QuoteVersion
from handsel.bid.quote.queries import LineView, lines_of, terms_of
from handsel.bid.quote.queries.choice import (
    depend_on_each_other,
    header_bps_of,
    header_for,
    priced_choice,
)
from handsel.bid.quote.queries.configured import carried, offered
from handsel.bid.quote.rules.asked import facts_asked
from handsel.bid.quote.rules.content import (
    Offer,
    OfferedGroup,
    OfferedLine,
    canonical,
    chosen_content,
    hash_of,
)
from handsel.bid.quote.rules.paid import paid_of
from handsel.bid.quote.rules.scenarios import offered_name, outside
from handsel.bid.quote.rules.sheet.sums import is_allowed_choice
from handsel.bid.quote.rules.sheet.tree import Group, ancestors, reading_order
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.platform import store


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """A version with one choice of options: what it costs, and the bytes that say so."""

    version: QuoteVersion
    lines: Sequence[LineView]
    priced: PricedDocument
    content: bytes

    @property
    def content_hash(self) -> str:
        """SHA-256 of the bytes: stands in the form and must still be right when it is posted."""
        return hash_of(self.content)

    @property
    def built(self) -> dict[UUID, dict[str, Any]]:
        """What lines carry a configuration, and what it says, as it is offered."""
        return {
            UUID(line["key"]): line["configuration"]
            for line in self.facts["lines"]
            if "configuration" in line
        }

    @property
    def facts(self) -> dict[str, Any]:
        """The bytes as JSON values: seller and buyer as they were when it was presented."""
        read: dict[str, Any] = json.loads(self.content)
        return read


def on_offer(version: QuoteVersion, lines: Sequence[LineView]) -> Sequence[LineView]:
    """The lines of a version that are on the offer, counted 1, 2, 3: without those of scenarios
    that are not the offered one."""
    hidden = outside(version.scenarios, lines)
    if not hidden:
        return lines
    shown = [line for line in lines if line.key not in hidden]
    return [replace(line, position=place) for place, line in enumerate(shown, 1)]


def _groups(version: QuoteVersion, lines: Sequence[LineView]) -> tuple[OfferedGroup, ...]:
    """Headings with a line anywhere under them, in the order of reading."""
    rows = QuoteGroup.objects.filter(version_id=version.pk).order_by("position", "pk")
    groups = {
        key: Group(key, title, parent)
        for key, title, parent in rows.values_list("group_key", "title", "parent_key")
    }
    used = {key for line in lines for key in ancestors(line.group_key, groups)}
    return tuple(
        OfferedGroup(place.group.key, place.group.parent_key, place.group.title)
        for place in reading_order(groups.values())
        if place.group.key in used
    )


def default_choice(lines: Sequence[LineView]) -> frozenset[UUID]:
    """The options that are chosen as the version stands."""
    return frozenset(line.key for line in lines if line.is_optional and line.is_chosen)


def settled(
    version: QuoteVersion, lines: Sequence[LineView], chosen: Collection[UUID]
) -> PricedDocument:
    """A version's totals for a choice of its options: what pricing the chosen lines would give.

    Lines that stand by themselves are taken as they are kept; where lines depend on each other
    (a percentage of others, a tier over the quote) the engine prices the choice. Raises BadQuote
    for a choice that is no option of the version, ChoiceNotPriced where that cannot be done.
    """
    options = {line.key for line in lines if line.is_optional}
    if not set(chosen) <= options:
        raise BadQuote("This is no option of the quote.", fields={"chosen": "options of it"})
    if set(chosen) != default_choice(lines) and depend_on_each_other(version, lines):
        return priced_choice(version, lines, chosen)
    currency = version.quote.currency
    reasons = {
        (row["category"], row["rate_bps"], row["reason_code"]): row["reason"]
        for row in version.tax_rows
    }
    kept = [_recalled(version, line, _tax(line, reasons), chosen) for line in lines]
    if set(chosen) == default_choice(lines):
        for line in kept:  # what fees come to for this choice is kept
            line.facts = replace(line.facts, fee=None)
    return settle(
        kept,
        currency=currency,
        header_bps=header_bps_of(version),
        header=header_for(version, lines, chosen),
    )


def _recalled(
    version: QuoteVersion, line: LineView, tax: LineTax, chosen: Collection[UUID]
) -> ExtendedLine:
    found = recalled(
        line.rows,
        key=line.key,
        product_id=line.product_id,
        quantity=line.quantity,
        list_price=line.list_price,
        tax=tax,
        counts=not line.is_optional or line.key in chosen,
        currency=version.quote.currency,
    )
    # The list price of a line with a term is that of the term, which no row says.
    found.list_minor = line.list_minor
    found.takes_header = found.takes_header and line.asked.get("discountable", True) is True
    found.facts = facts_asked(line.asked, line.charge)
    return found


def _check_choice(lines: Sequence[LineView], chosen: Collection[UUID]) -> None:
    sets = ((line.key, line.alternative_set) for line in lines if line.alternative_set)
    if not is_allowed_choice(sets, chosen):
        raise BadQuote(
            "Choose exactly one of the lines that stand instead of each other.",
            fields={"chosen": "one of each set of alternatives"},
        )
    ramps: dict[str, set[bool]] = {}
    for line in lines:
        if line.is_optional and "ramp" in line.asked:
            ramps.setdefault(line.asked["ramp"]["of"], set()).add(line.key in chosen)
    if any(len(taken) > 1 for taken in ramps.values()):
        raise BadQuote(
            "The periods of one price belong together.", fields={"chosen": "all periods or none"}
        )


def _tax(line: LineView, reasons: dict[Any, str]) -> LineTax:
    kind = (line.tax_category, line.tax_rate_bps, line.tax_reason_code)
    return LineTax(*kind, reasons.get(kind, ""))


def reckoned(version: QuoteVersion, chosen: Collection[UUID] | None) -> PricedDocument | None:
    """What a choice comes to, by the house: it may ask price books, which no customer reaches.

    None for the choice as it was presented. Raises what `settled` and `shown_offer` raise.
    """
    if chosen is None:
        return None
    lines = on_offer(version, lines_of(version.pk))
    _check_choice(lines, chosen)
    return settled(version, lines, chosen)


def shown_offer(
    version: QuoteVersion,
    chosen: Collection[UUID] | None = None,
    lines: Sequence[LineView] | None = None,
    priced: PricedDocument | None = None,
) -> ShownOffer:
    """A presented version with a choice of options; None is the choice as it was presented.

    The bytes are those kept when it was presented, with the choice and its amounts in them.
    `priced` is the choice as `reckoned` gave it, for a reader who reaches no price book.
    """
    view = on_offer(version, lines_of(version.pk) if lines is None else lines)
    wanted = default_choice(view) if chosen is None else frozenset(chosen)
    if wanted != default_choice(view):
        _check_choice(view, wanted)
    if priced is None:
        priced = settled(version, view, wanted)
    if version.content_id is None:
        raise QuoteState(
            said("Quote %(number)s was not presented yet.", number=version.quote.number),
            state="draft",
        )
    kept = store.read(version.content_id)
    content = kept if wanted == default_choice(view) else chosen_content(kept, priced)
    return ShownOffer(version, view, priced, content)


def fresh_offer(version: QuoteVersion, lines: Sequence[LineView]) -> ShownOffer:
    """A draft as it would be presented now, with seller and buyer as they are now."""
    quote = version.quote
    lines = on_offer(version, lines)
    products = carried(line.configuration_id for line in lines)
    built = {key: offered(one, quote.language) for key, one in products.items()}
    priced = settled(version, lines, default_choice(lines))
    offer = Offer(
        number=quote.number,
        version_no=version.version_no,
        seller=party.seller_snapshot(quote.seller, quote.currency),
        buyer={
            **party.buyer_snapshot(quote.organization),
            "contact": quote.person.name if quote.person else "",
        },
        currency=quote.currency,
        title=quote.title,
        language=quote.language,
        priced_on=version.priced_on,
        terms=terms_of(version),
        lines=[
            OfferedLine(
                line.key,
                line.position,
                line.sku,
                line.name,
                line.description,
                line.unit,
                line.is_optional,
                built.get(line.configuration_id or 0),
                paid_of(line.charge, line.asked, line.rows),
                line.group_key,
                line.alternative_set,
            )
            for line in lines
        ],
        groups=_groups(version, lines),
        scenario=offered_name(version.scenarios),
    )
    return ShownOffer(version, lines, priced, canonical(offer, priced))
