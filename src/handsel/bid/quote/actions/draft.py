"""Beginning a quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from handsel.bid.catalog.errors import ProductNotSellable
from handsel.bid.catalog.queries import ProductFact, facts_of
from handsel.bid.configure.queries.products import main_choices
from handsel.bid.price.queries import book_on
from handsel.bid.price.rules.context import LineFacts
from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.quote import queries
from handsel.bid.quote.actions.fees import fee_lines, places_of_fees
from handsel.bid.quote.actions.line_table import (
    insert_lines,
)
from handsel.bid.quote.actions.pricing import (
    Deal,
    WorkLine,
    apply_totals,
    price_lines,
    with_basis,
)
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.events import QuoteDrafted
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.bid.quote.queries import DealFacts
from handsel.bid.quote.queries.configured import quotable
from handsel.bid.quote.rules.asked import LONGEST_REASON, PRICED_BY_HAND, facts_asked, is_fee, kept
from handsel.bid.quote.rules.line_keys import line_key
from handsel.bid.quote.rules.sheet.sums import CHARGES
from handsel.bid.quote.rules.terms import DAYS_VALID, Terms, check_terms
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.money import is_currency
from handsel.ground.kernel.said import expectations, said, strung
from handsel.ground.party import queries as party
from handsel.ground.party.models import Organization, Seller
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.copying import take_keys
from handsel.ground.platform.joined import joined
from handsel.ground.platform.numbering import next_number

MOST_LINES = 15_000
MOST_QUANTITY = Decimal(10) ** 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line to be added. The quantity is in the product's unit and above zero; the price comes
    from the price book and what is `asked` of it (form: `rules/asked`). `is_chosen` counts for
    optional lines only. With a configuration the
    product is that of its model (0 may stand here), and name and description are its own."""

    product_id: int
    quantity: Decimal
    discount_bps: int = 0
    is_optional: bool = False
    is_chosen: bool = False
    name: str = ""
    description: str | None = None
    configuration_id: int | None = None
    charge: str = "one_time"
    asked: Mapping[str, Any] = field(default_factory=dict)


@joined
def draft_quote(
    *,
    actor: Actor,
    now: datetime,
    opportunity_id: int | None = None,
    organization_id: int | None = None,
    person_id: int | None = None,
    seller_id: int | None = None,
    currency: str = "",
    language: str = "",
    title: str = "",
    lines: Sequence[NewLine] = (),
    terms: Terms | None = None,
) -> QuoteVersion:
    """Begin a quote from an opportunity or for an organization, with any number of lines.

    What is not given comes from the opportunity, the organization (its partner tier too) and the
    seller. Returns version 1 with its quote. Raises QuoteNotFound for an opportunity the actor
    cannot see, BadQuote, and what pricing refuses.
    """
    head = _head(
        actor,
        opportunity_id=opportunity_id,
        organization_id=organization_id,
        person_id=person_id,
        seller_id=seller_id,
        title=title,
    )
    quote, seller, organization = head
    quote.currency = _currency(currency or quote.currency or organization.currency)
    quote.language = language or organization.language
    quote.owner_id = quote.owner_id or actor.user_id
    quote.created_at = now
    today = local_date(now, seller.time_zone)
    facts = queries.facts_of_deal(seller.pk, organization.pk)
    wanted = terms or Terms(
        valid_until=today + timedelta(days=DAYS_VALID), payment_days=organization.payment_days
    )
    check_terms(wanted)
    version = _version(quote, wanted, today, now, facts)
    work, priced = _priced(version, lines, facts, actor=actor, now=now)
    # Last of all, so that the counter's row is held for the writing only.
    quote.number = next_number(seller_id=seller.pk, kind="quote", year=today.year)
    quote.save(force_insert=True)
    version.save(force_insert=True)
    if priced:
        own = sum(not is_fee(line.asked) for line in work)
        places = [*range(1, own + 1), *places_of_fees(len(work) - own)]
        insert_lines(version.pk, work, priced.lines, places)
    drafted = QuoteDrafted(
        quote_id=quote.pk,
        version_id=version.pk,
        opportunity_id=quote.opportunity_id,
        organization_id=quote.organization_id,
    )
    log.announce(drafted, actor=actor, now=now)
    return version


def _head(
    actor: Actor,
    *,
    opportunity_id: int | None,
    organization_id: int | None,
    person_id: int | None,
    seller_id: int | None,
    title: str,
) -> tuple[Quote, Seller, Organization]:
    quote = Quote(title=free_text(title, field="title", longest=200), person_id=person_id)
    if opportunity_id is not None:
        deal = queries.get_opportunity(actor, opportunity_id)
        quote.opportunity = deal
        quote.person_id = person_id or deal.person_id
        quote.owner_id = deal.owner_id
        quote.currency = deal.currency
        quote.title = quote.title or deal.name
        organization_id = organization_id or deal.organization_id
        seller_id = deal.seller_id
    if organization_id is None:
        raise BadQuote(
            "A quote needs a customer; choose an organization first.",
            fields={"organization_id": "an organization"},
        )
    seller = (
        party.get_seller(actor, seller_id) if seller_id is not None else party.default_seller(actor)
    )
    organization = party.get_organization(organization_id)
    if person_id is not None:
        party.get_person(person_id)
    quote.seller, quote.organization = seller, organization
    return quote, seller, organization


def _currency(code: str) -> str:
    if not is_currency(code):
        raise BadQuote(
            said("%(code)s is not a currency.", code=repr(code)), fields={"currency": "such as EUR"}
        )
    return code


def _version(
    quote: Quote, terms: Terms, today: date, now: datetime, facts: DealFacts
) -> QuoteVersion:
    # Keys come first, because the lines' identities are made from the quote's.
    quote.pk = take_keys(Quote, 1)[0]
    return QuoteVersion(
        quote=quote,
        version_no=1,
        priced_on=today,
        price_book=book_on(currency=quote.currency, segment=facts.price_segment, on=today),
        created_at=now,
        pricing={"partner": facts.partner_tier} if facts.partner_tier else {},
        **columns_of_terms(terms),
    )


def columns_of_terms(terms: Terms) -> dict[str, object]:
    """The columns of a version that its terms fill."""
    return {
        "valid_until": terms.valid_until,
        "payment_days": terms.payment_days,
        "billing_method": terms.billing_method,
        "billing_shares": list(terms.billing_shares),
        "delivery_terms": terms.delivery_terms.strip(),
        "intro": terms.intro.strip(),
        "terms": terms.terms.strip(),
        "discount_bps": terms.discount_bps,
    }


def _priced(
    version: QuoteVersion,
    lines: Sequence[NewLine],
    facts: DealFacts,
    *,
    actor: Actor,
    now: datetime,
) -> tuple[list[WorkLine], PricedDocument | None]:
    quote, book = version.quote, version.price_book
    if not lines or book is None:
        return [], None
    work = new_work_lines(
        quote.pk, lines, first_serial=1, language=quote.language, seller_id=quote.seller_id
    )
    deal, version.priced_with = with_basis(
        Deal(book, version.priced_on, facts, version.discount_bps, pricing=version.pricing)
    )
    work += fee_lines(version, deal, work, actor=actor, now=now)
    priced = price_lines(work, deal)
    apply_totals(version, priced)
    return work, priced


def new_work_lines(
    quote_id: int,
    lines: Sequence[NewLine],
    *,
    first_serial: int,
    language: str,
    seller_id: int,
) -> list[WorkLine]:
    """New lines with their products and identities. Raises BadQuote naming line and field."""
    if len(lines) > MOST_LINES:
        raise BadQuote(said("A quote has at most %(most_lines)s lines.", most_lines=MOST_LINES))
    for place, line in enumerate(lines, 1):
        check_amounts(place, line.quantity, line.discount_bps)
    lines = with_configurations(lines, language=language, seller_id=seller_id)
    facts = facts_of([line.product_id for line in lines], language=language)
    _check_sellable(facts)
    return [
        _work_line(line, facts[line.product_id], quote_id, serial)
        for serial, line in enumerate(lines, first_serial)
    ]


def with_configurations(
    lines: Sequence[NewLine], *, language: str, seller_id: int
) -> Sequence[NewLine]:
    """Lines with product and words of the configurations they carry. Raises NotQuotable."""
    keys = {line.configuration_id for line in lines if line.configuration_id is not None}
    if not keys:
        return lines
    found = quotable(keys, seller_id=seller_id)
    return [
        line
        if line.configuration_id is None
        else replace(
            line,
            product_id=found[line.configuration_id].product_id or 0,
            name=line.name.strip() or found[line.configuration_id].title,
            description=main_choices(found[line.configuration_id], language)
            if line.description is None
            else line.description,
        )
        for line in lines
    ]


def _work_line(line: NewLine, product: ProductFact, quote_id: int, serial: int) -> WorkLine:
    asked = kept(line.asked) if line.asked else {}
    if line.charge != "one_time" or asked:
        check_asked(asked, line.charge)
    return WorkLine(
        key=line_key(quote_id, serial),
        product=product,
        name=(line.name.strip() or product.name)[:200],
        description=product.description if line.description is None else line.description,
        unit=product.unit,
        quantity=line.quantity,
        discount_bps=line.discount_bps,
        is_optional=line.is_optional,
        is_chosen=line.is_chosen or not line.is_optional,
        configuration_id=line.configuration_id,
        charge=line.charge,
        asked=asked,
    )


def check_asked(asked: Mapping[str, Any], charge: str) -> LineFacts:
    """What is asked of a price as the engine takes it. Raises BadQuote and CaseFault."""
    if charge not in CHARGES:
        raise BadQuote("There is no such charge.", fields={"charge": ", ".join(CHARGES)})
    facts = facts_asked(asked, charge)
    if charge == "recurring" and not facts.charge_months:
        raise BadQuote(
            "Say how often it is paid.", fields={"charge_months": "the months of one period"}
        )
    if any(name in asked for name in PRICED_BY_HAND) and not asked.get("reason", "").strip():
        raise BadQuote(
            "Say why the price is set by hand.",
            fields={
                "reason": said("1 to %(longest_reason)s letters", longest_reason=LONGEST_REASON)
            },
        )
    return facts


def _check_sellable(facts: dict[int, ProductFact]) -> None:
    stopped = sorted(fact.title for fact in facts.values() if fact.lifecycle != "active")
    if stopped:
        raise ProductNotSellable(
            said(
                "%(listed)s: not offered now; take another product.", listed=", ".join(stopped[:5])
            ),
            products=stopped,
        )


def check_amounts(place: int | str, quantity: Decimal, discount_bps: int) -> None:
    """Raise BadQuote for a quantity that is not above zero or a discount that is none."""
    fields = {}
    exponent = quantity.as_tuple().exponent
    if not quantity.is_finite() or not 0 < quantity < MOST_QUANTITY:
        fields["quantity"] = "more than zero"
    elif isinstance(exponent, int) and exponent < -6:
        fields["quantity"] = "at most 6 decimals"
    if not 0 <= discount_bps <= 10_000:
        fields["discount_bps"] = "0 to 100 %"
    if fields:
        listed = strung(expectations(fields))
        raise BadQuote(
            said("Line %(place)s: %(listed)s.", place=place, listed=listed), fields=fields
        )
