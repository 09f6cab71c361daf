"""What an approval is reckoned from: the facts of a version, the rules in force, the people, and
what was allowed before. The preview, the real run and the gate read the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Sum

from handsel.bid.catalog.queries import ProductFact, facts_of
from handsel.bid.configure.queries.products import ConfiguredProduct
from handsel.bid.price.rules.waterfall import ORDER, Stage
from handsel.bid.quote.errors import RuleNotFound
from handsel.bid.quote.models import ApprovalLimit, ApprovalRule, Quote, QuoteVersion
from handsel.bid.quote.queries import LineView, deal_facts, lines_of
from handsel.bid.quote.queries.approvers import calendar_of, people_of
from handsel.bid.quote.queries.changed import with_change
from handsel.bid.quote.queries.choice import own_amount, takes_header
from handsel.bid.quote.queries.configured import carried
from handsel.bid.quote.queries.costs import line_costs
from handsel.bid.quote.queries.fees import waived_minor
from handsel.bid.quote.queries.floors import below_floors
from handsel.bid.quote.queries.house_prices import HousePrice, house_prices
from handsel.bid.quote.queries.proposals import choice_of
from handsel.bid.quote.rules.approval.envelope import Approved, Envelope
from handsel.bid.quote.rules.approval.facts import OptionFacts, QuoteFacts
from handsel.bid.quote.rules.approval.gate import gate
from handsel.bid.quote.rules.approval.grammar import parse_condition
from handsel.bid.quote.rules.approval.hours import WorkCalendar
from handsel.bid.quote.rules.approval.line_facts import LineFacts, share_bps
from handsel.bid.quote.rules.approval.nearest import Change, nearest_changes
from handsel.bid.quote.rules.approval.people import Circumstance, People
from handsel.bid.quote.rules.approval.plan import Plan, Rule, make_plan, parse_steps
from handsel.bid.quote.rules.asked import PRICED_BY_HAND, is_bare_multiple, is_fee
from handsel.bid.quote.rules.scenarios import outside
from handsel.ground.kernel.clock import local_date
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import all_rows

_MANUAL = ORDER[Stage.MANUAL]
FLOOR = "floor"
MOST_LINES_TRIED = 2_000
_LATELY = timedelta(days=90)


@dataclass(frozen=True)
class Picture:
    """Everything that decides who must be asked for a version now."""

    version: QuoteVersion
    lines: tuple[LineView, ...]
    facts: QuoteFacts
    rules: tuple[Rule, ...]
    people: People
    envelope: Envelope
    asked: Circumstance
    calendar: WorkCalendar

    @cached_property
    def plan(self) -> Plan:
        """Who must be asked."""
        return self.plan_for(self.facts)

    def plan_for(self, facts: QuoteFacts) -> Plan:
        """Who would have to be asked if the offer were another one."""
        return make_plan(facts, self.rules, self.people, self.asked, self.envelope)

    @cached_property
    def nearest(self) -> tuple[Change, ...]:
        """The smallest changes after which nobody has to be asked; for who may see costs.

        Looked for with what is known of the lines, and told only where the offer, priced with the
        change, asks nobody indeed.
        """
        needs_nobody = gate(self.rules, self.envelope, self.facts.currency)
        found = nearest_changes(self.facts, self.plan_for, needs_nobody)
        if len(self.lines) > MOST_LINES_TRIED:
            found = found[:1]
        tried = ((one, self._tried(one)) for one in found)
        return tuple(
            replace(one, gain_minor=facts.net_minor - self.facts.net_minor)
            for one, facts in tried
            if facts is not None and self.plan_for(facts).needs_nobody
        )

    def _tried(self, change: Change) -> QuoteFacts | None:
        """The facts of the offer with a change; None where it cannot be priced so."""
        priced = with_change(self.version, self.lines, change, valid_days=self.facts.valid_days)
        return facts_of_version(*priced, now=self.asked.at) if priced else None

    @cached_property
    def asks_of_costs(self) -> bool:
        """Whether a limit on our costs asks: a change that is just enough would tell them."""
        found = (one for ask in self.plan.asks for why in ask.reasons for one in why.found)
        return any(one.tells_costs for one in found)

    def nearest_for(self, *, sees_costs: bool) -> tuple[Change, ...]:
        """The smallest changes, as far as they may be told to a reader."""
        return self.nearest if sees_costs or not self.asks_of_costs else ()


def rules_in_force(seller_id: int) -> tuple[Rule, ...]:
    """A seller's rules as they hold now, by name."""
    in_force = "seller_id = %s AND ended_at IS NULL ORDER BY name, id"
    rows = all_rows(ApprovalRule, in_force, [seller_id])
    return tuple(rule_of(row) for row in rows)


def listed_rules(actor: Actor) -> list[ApprovalRule]:
    """All versions of the rules of the actor's sellers, newest first; names in order."""
    rows = ApprovalRule.objects.filter(seller_id__in=actor.seller_ids)
    return list(rows.select_related("seller", "made_by").order_by("name", "-version_no", "pk"))


def get_rule(actor: Actor, rule_id: int) -> ApprovalRule:
    """A rule in the version that holds; raises RuleNotFound."""
    rows = ApprovalRule.objects.select_related("seller", "made_by")
    rule = rows.filter(pk=rule_id, seller_id__in=actor.seller_ids, ended_at=None).first()
    if rule is None:
        raise RuleNotFound("this rule does not exist, or has ended", rule_id=rule_id)
    return rule


def rule_of(row: ApprovalRule) -> Rule:
    """A kept rule, read by the strict grammar again."""
    return Rule(
        row.pk,
        str(row.key),
        row.version_no,
        row.called,
        parse_condition(row.condition),
        parse_steps(row.steps),
    )


def picture_of(
    version: QuoteVersion, *, now: datetime, requester_id: int | None, rules: Sequence[Rule] = ()
) -> Picture:
    """The picture of a version whose quote comes with its seller. Five queries and the people."""
    quote = version.quote
    lines = tuple(lines_of(version.pk))
    return Picture(
        version,
        lines,
        facts_of_version(version, lines, now=now),
        tuple(rules) or rules_in_force(quote.seller_id),
        people_of(quote.seller_id, now=now),
        envelope_of(quote.pk),
        Circumstance(requester_id, quote.owner_id, now),
        calendar_of(quote.seller, now=now),
    )


def envelope_of(quote_id: int) -> Envelope:
    """All that was allowed for a quote, in whichever version."""
    rows = ApprovalLimit.objects.filter(quote_id=quote_id).order_by("pk")
    columns = ("rule_key", "step_print", "print", "worse", "worst")
    return Envelope.of(Approved(str(key), *row) for key, *row in rows.values_list(*columns))


def facts_of_version(
    version: QuoteVersion, lines: Sequence[LineView], *, now: datetime
) -> QuoteFacts:
    """The facts of a version as it stands; options that are not chosen are left out.

    Fees are no lines here: they are a fact of their own and part of the value, of no discount or
    margin.
    """
    fees = [line for line in lines if is_fee(line.asked)]
    lines = [line for line in lines if not is_fee(line.asked)] if fees else lines
    quote = version.quote
    deal = deal_facts(quote)
    counted = [line for line in lines if line.counts]
    return QuoteFacts(
        currency=quote.currency,
        header_bps=version.discount_bps or _off_by_target(counted),
        payment_days=version.payment_days,
        valid_days=(version.valid_until - local_date(now, deal.time_zone)).days,
        billing_method=version.billing_method,
        delivery_terms=version.delivery_terms,
        clause_deviation=bool(version.terms.strip()),
        clauses=version.terms.strip(),
        region=deal.ship_to_country,
        customer=quote.organization.name,
        segment=deal.price_segment,
        partner_tier=(tier := version.pricing.get("partner", "")),
        tier_by_hand=tier != deal.partner_tier,
        promotion_codes=frozenset(version.pricing.get("codes", ())),
        price_age=(local_date(now, deal.time_zone) - version.priced_on).days,
        elsewhere_minor=_offered_elsewhere(quote, now),
        proposal=choice.template.name if (choice := choice_of(version.pk)) else "",
        lines=_lines(version, counted),
        options=_options(version, lines),
        fees_minor=sum(line.net_minor for line in fees),
        waived_minor=waived_minor(version, fees),
    )


def _offered_elsewhere(quote: Quote, now: datetime) -> int:
    """What the customer was offered by other quotes of this seller lately, and did not decline:
    so that a deal is no smaller for being cut into several quotes."""
    others = QuoteVersion.objects.filter(
        quote__organization_id=quote.organization_id,
        quote__seller_id=quote.seller_id,
        quote__currency=quote.currency,
        state__in=("presented", "accepted"),
        presented_at__gt=now - _LATELY,
    ).exclude(quote_id=quote.pk)
    return int(others.aggregate(net=Sum("net_minor"))["net"] or 0)


def _options(version: QuoteVersion, lines: Sequence[LineView]) -> tuple[OptionFacts, ...]:
    """The lines the buyer can take or leave; those of scenarios that are not offered are none."""
    hidden = outside(version.scenarios, lines)
    options = [line for line in lines if line.is_optional and line.key not in hidden]
    facts = _lines(version, options)
    return tuple(
        OptionFacts(one, line.alternative_set) for one, line in zip(facts, options, strict=True)
    )


def _lines(version: QuoteVersion, lines: Sequence[LineView]) -> tuple[LineFacts, ...]:
    if not lines:
        return ()
    quote = version.quote
    wanted = {line.product_id for line in lines}
    products = facts_of(wanted)
    spoken = facts_of(wanted, language=quote.language)
    costs = line_costs(
        lines, currency=quote.currency, on=version.priced_on, book=version.price_book
    )
    house = house_prices(version, lines)
    below = below_floors(version, lines)
    configured = carried(line.configuration_id for line in lines)
    return tuple(
        _line(
            line,
            products[line.product_id],
            is_renamed=line.name
            not in (products[line.product_id].name, spoken[line.product_id].name),
            cost_minor=costs.get(line.key),
            house=house.get(line.key),
            is_below=line.key in below,
            configured=configured.get(line.configuration_id or 0),
        )
        for line in lines
    )


def _line(
    line: LineView,
    product: ProductFact,
    *,
    is_renamed: bool,
    cost_minor: int | None,
    house: HousePrice | None,
    is_below: bool,
    configured: ConfiguredProduct | None,
) -> LineFacts:
    return LineFacts(
        key=str(line.key),
        position=line.position,
        name=line.name,
        article=line.sku,
        group=product.group,
        kind=product.kind,
        quantity=line.quantity,
        list_minor=max(line.list_minor, house.list_minor) if house else line.list_minor,
        before_minor=house.before_minor if house else _before_manual(line),
        discount_bps=_off(line, house),
        net_minor=line.net_minor,
        cost_minor=cost_minor,
        nonstandard=product.lifecycle != "active" or is_renamed,
        by_hand=_is_by_hand(line),
        floor_held=is_below or _is_held(line),
        periods=int(line.asked.get("periods", 1)),
        term_months=int(line.asked.get("term_months", 0)),
        own_minor=own_amount(line) if takes_header(line) else line.net_minor,
        takes_header=takes_header(line),
        has_house_price=house is None,
        options=frozenset(f"{name}={value}" for name, value in configured.assignment.items())
        if configured
        else frozenset(),
    )


def _off_by_target(lines: Sequence[LineView]) -> int:
    """What a target took off the whole quote, as the discount that would have done the same."""
    header = ORDER[Stage.HEADER]
    off = before = 0
    for line in lines:
        for row in line.rows:
            if row.stage == Stage.HEADER:
                off -= row.amount_minor
            elif ORDER[row.stage] < header:
                before += row.amount_minor
    return max(0, share_bps(off, before)) if off else 0


def _off(line: LineView, house: HousePrice | None) -> int:
    """The discount on the line; of a price by hand, or one asked instead of the house's, that which
    would have done the same."""
    if house is not None:
        header = sum(row.amount_minor for row in line.rows if row.stage == Stage.HEADER)
        off = house.before_minor - (line.net_minor - header)
        return max(0, share_bps(off, house.before_minor))
    if "manual" not in line.asked:
        return line.discount_bps
    off = -sum(row.amount_minor for row in line.rows if row.stage == Stage.MANUAL)
    return max(0, share_bps(off, _before_manual(line))) if off else 0


def _is_by_hand(line: LineView) -> bool:
    """Whether somebody set the price, or how often it is due without saying of which days."""
    if any(name in line.asked for name in PRICED_BY_HAND):
        return True
    return is_bare_multiple(line.asked)


def _is_held(line: LineView) -> bool:
    """Whether the price would have been less, had a floor not held it (P-41)."""
    return any(
        row.stage is Stage.ENDING and row.label == FLOOR and row.amount_minor > 0
        for row in line.rows
    )


def _before_manual(line: LineView) -> int:
    """What price list and rules left before anybody's own discount."""
    return sum(row.amount_minor for row in line.rows if ORDER[row.stage] < _MANUAL)
