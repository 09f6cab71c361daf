"""A quote as a proposal: a template merged with its values, around the offer's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal

from django.utils import translation

from handsel.bid.price.rules.document import PricedLine
from handsel.bid.price.rules.waterfall import LAST_NET_STAGE, ORDER, Row, Stage
from handsel.bid.quote.actions.paper import language_of, paper_of
from handsel.bid.quote.actions.price_words import label_words
from handsel.bid.quote.queries.offer import ShownOffer
from handsel.bid.quote.rules.paid import sums_of
from handsel.bid.quote.rules.proposal.grammar import parse_template
from handsel.bid.quote.rules.proposal.merge import Merge, Value, merged
from handsel.bid.quote.rules.years import years_of
from handsel.ground.document import formatting
from handsel.ground.document.content import Acceptance, QuoteDocument
from handsel.ground.document.content import PricedLine as PaperLine
from handsel.ground.document.proposal import (
    Picture,
    PriceStep,
    PriceStory,
    ProposalDocument,
    ProposalPiece,
)
from handsel.ground.kernel.money import Money


def proposal_of(
    shown: ShownOffer,
    *,
    body: str,
    with_waterfall: bool,
    now: datetime,
    time_zone: str,
    acceptance: Acceptance | None = None,
    pictures: Sequence[Picture] = (),
) -> ProposalDocument:
    """The offer in the words of a template. Raises BadTemplate for a text that cannot be read.

    Pictures are what other rooms drew of the configured products; without any, nothing is shown.
    """
    paper = paper_of(shown, now=now, time_zone=time_zone, acceptance=acceptance)
    nodes = parse_template(body)
    with translation.override(language_of(shown.version.quote.language)):
        merge = _merge(shown, paper, has_pictures=bool(pictures))
        pieces = tuple(ProposalPiece(kind=p.kind, body=p.text) for p in merged(nodes, merge))  # type: ignore[arg-type]
        stories = _stories(shown) if with_waterfall else ()
    inherited = {field.name: getattr(paper, field.name) for field in fields(paper)}
    # The letter's own words are the template's now: it says itself where introduction goes.
    return ProposalDocument(
        **{**inherited, "intro": ""},
        pieces=pieces,
        stories=stories,
        pictures=tuple(pictures),
    )


def _stories(shown: ShownOffer) -> tuple[PriceStory, ...]:
    currency = shown.priced.currency
    return tuple(
        PriceStory(
            position=str(line.position),
            name=line.name,
            steps=_steps(amounts, currency),
            amount=Money(amounts.net_minor, currency),
        )
        for line, amounts in zip(shown.lines, shown.priced.lines, strict=True)
        if amounts.counts
    )


_RESELLERS = (Stage.PARTNER, Stage.DISTRIBUTOR)


def _steps(amounts: PricedLine, currency: str) -> tuple[PriceStep, ...]:
    """List to net for the buyer. What resellers get stands with the discount on the line: whose
    terms they are is between them and the house."""
    steps: list[PriceStep] = []
    for row in amounts.rows:
        if ORDER[row.stage] > LAST_NET_STAGE:
            continue
        stage = Stage.MANUAL if row.stage in _RESELLERS else row.stage
        note = "" if row.stage in _RESELLERS else _note(row)
        amount = Money(row.amount_minor, currency)
        if stage is Stage.MANUAL and steps and steps[-1].stage == Stage.MANUAL.value:
            before = steps.pop()
            amount, note = before.amount + amount, before.note
        steps.append(PriceStep(stage=stage.value, amount=amount, note=note))
    return tuple(steps)


def _note(row: Row) -> str:
    """What the customer reads beside a step: words of the price list, and neither a reason that a
    person wrote for the house nor at which limit a price was held."""
    is_of_the_house = (
        row.stage is Stage.MANUAL
        or row.rule == "override"
        or (row.stage is Stage.FEE and not row.rule)
        or (row.stage is Stage.ENDING and row.label in ("floor", "ceiling"))
    )
    return "" if is_of_the_house else label_words(row.label)


def _merge(
    shown: ShownOffer,
    paper: QuoteDocument,
    *,
    has_pictures: bool,
) -> Merge:
    locale, version = paper.locale, shown.version
    charges = {line.charge for line in shown.lines}
    alternatives = {line.alternative_set for line in shown.lines if line.alternative_set}
    values = {
        **_quote_values(shown, paper),
        **_party_values(shown, paper),
        "has_options": any(line.is_optional for line in shown.lines),
        "has_alternatives": bool(alternatives),
        "has_groups": bool(paper.sections),
        "has_discount": shown.priced.list_minor > shown.priced.net_minor,
        "has_pictures": has_pictures,
        "has_recurring": "recurring" in charges,
        "has_years": bool(paper.years),
    }
    by_position = {str(line.position): line.charge for line in shown.lines}
    groups: list[dict[str, Value]] = [
        {
            "group.title": section.title,
            "group.amount": formatting.money(section.amount, locale),
            "group.line_count": Decimal(len(section.lines)),
            "group.depth": Decimal(section.depth),
        }
        for section in paper.sections
        if section.title and section.amount is not None
    ]
    lines: list[dict[str, Value]] = []
    for one in paper.lines:
        told = _line_values("line", one, locale)
        told["line.net_amount"] = one.amount.amount
        told["line.charge"] = by_position[one.position]
        lines.append(told)
    collections = {
        "lines": lines,
        "options": [_line_values("option", one, locale) for one in paper.optional_lines],
        "groups": groups,
    }
    return Merge(values, collections, language_of(version.quote.language))


def _line_values(member: str, line: PaperLine, locale: str) -> dict[str, Value]:
    return {
        f"{member}.position": line.position,
        f"{member}.name": line.name,
        f"{member}.sku": line.item_code,
        f"{member}.description": line.description,
        f"{member}.quantity": formatting.quantity(line.quantity, locale),
        f"{member}.amount": formatting.money(line.amount, locale),
    }


def _quote_values(shown: ShownOffer, paper: QuoteDocument) -> dict[str, Value]:
    priced, version, locale = shown.priced, shown.version, paper.locale

    def money(minor: int) -> str:
        return formatting.money(Money(minor, priced.currency), locale)

    years = years_of(shown.lines, priced)
    saved = priced.list_minor - priced.net_minor
    share = Decimal(saved * 100) / priced.list_minor if priced.list_minor > 0 else Decimal(0)
    return {
        "quote.number": paper.number,
        "quote.title": paper.subject,
        "quote.version": Decimal(paper.version),
        "quote.date": formatting.day(paper.issued_on, locale),
        "quote.valid_until": formatting.day(paper.last_valid_on, locale),
        "quote.currency": priced.currency,
        "quote.language": language_of(version.quote.language),
        "quote.net": money(priced.net_minor),
        "quote.tax": money(priced.tax_minor),
        "quote.gross": money(priced.gross_minor),
        "quote.list": money(priced.list_minor),
        "quote.saved": money(saved),
        "quote.first_year": money(years[0].net_minor if years else priced.net_minor),
        "quote.contract_value": money(sums_of(shown.lines, priced).contract_minor),
        "quote.net_amount": Money(priced.net_minor, priced.currency).amount,
        "quote.discount": share.quantize(Decimal("0.01")),
        "quote.line_count": Decimal(len(paper.lines)),
        "quote.intro": version.intro,
        "quote.terms": version.terms,
        "quote.payment_terms": paper.payment_terms,
        "quote.delivery_terms": paper.delivery_terms,
        "quote.payment_days": Decimal(version.payment_days),
    }


def _party_values(shown: ShownOffer, paper: QuoteDocument) -> dict[str, Value]:
    buyer, seller = shown.facts["buyer"], shown.facts["seller"]
    contact = paper.contact
    return {
        "seller.name": paper.seller.name,
        "seller.phone": seller["phone"],
        "seller.email": seller["email"],
        "seller.country": paper.seller.address.country,
        "buyer.name": buyer["name"],
        "buyer.contact": buyer["contact"] or buyer["name"],
        "buyer.city": paper.recipient.city,
        "buyer.country": buyer["country"],
        "buyer.number": buyer["number"],
        "owner.name": contact.name if contact else "",
        "owner.email": contact.email if contact else "",
    }
