"""A quote as a document: from kept lines to the snapshot that is typeset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handsel.bid.configure.queries.products import SHORT
from handsel.bid.price.rules.document import PricedLine
from handsel.bid.quote.actions.paper_sections import charge_totals, interval_of, sections, summed_by
from handsel.bid.quote.actions.price_words import share_note, time_note, worth_note, year_name
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.offer import ShownOffer
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.rules.discounts import single_discount_bps
from handsel.bid.quote.rules.paid import paid_of, sums_of
from handsel.bid.quote.rules.years import years_of
from handsel.ground.document import formatting
from handsel.ground.document.content import (
    Acceptance,
    Clause,
    QuoteDocument,
    YearValue,
)
from handsel.ground.document.content import (
    PricedLine as PaperLine,
)
from handsel.ground.document.formatting import LANGUAGES
from handsel.ground.document.letter import Contact, Reference
from handsel.ground.document.stationery import document_locale, letterhead, postal_address
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.period import DatePeriod
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate

_LETTER_PAPER = frozenset({"US", "CA"})


def language_of(code: str) -> str:
    """The language documents and mails are written in for a quote's language."""
    return code[:2] if code[:2] in LANGUAGES else "en"


def paper_of(
    shown: ShownOffer, *, now: datetime, time_zone: str, acceptance: Acceptance | None = None
) -> QuoteDocument:
    """The offer as a document; with `acceptance` as it was accepted."""
    version = shown.version
    quote, facts = version.quote, shown.facts
    sums = sums_of(shown.lines, shown.priced)
    recurs = any(one.charge != "one_time" for one in sums.charges)
    currency = shown.priced.currency
    with translation.override(language_of(quote.language)):
        lines, options = _lines(shown, counted=True), _lines(shown, counted=False)
        return QuoteDocument(
            seller=letterhead(facts["seller"]),
            recipient=postal_address(facts["buyer"], attention=facts["buyer"]["contact"]),
            number=quote.number,
            issued_on=local_date(version.presented_at or now, time_zone),
            produced_at=now,
            locale=document_locale(quote.language, facts["buyer"]["country"]),
            time_zone=time_zone,
            paper="us-letter" if facts["buyer"]["country"] in _LETTER_PAPER else "a4",
            recipient_vat_id=facts["buyer"]["vat_id"],
            references=_references(facts["buyer"], acceptance),
            contact=_contact(version, facts["seller"]),
            subject=quote.title,
            intro=version.intro,
            version=version.version_no,
            last_valid_on=version.valid_until,
            lines=lines,
            optional_lines=options,
            sections=sections(shown, lines, counted=True),
            option_sections=sections(shown, options, counted=False),
            totals=charge_totals(shown),
            contract_value=Money(sums.contract_minor, currency) if recurs else None,
            years=_years(shown),
            annual_value=Money(sums.annual_minor, currency)
            if sums.annual_minor is not None
            else None,
            payment_terms=payment_terms(version),
            delivery_terms=version.delivery_terms,
            terms=(Clause(text=version.terms),) if version.terms else (),
            acceptance=acceptance,
        )


def _years(shown: ShownOffer) -> tuple[YearValue, ...]:
    """What falls due year by year; nothing for a contract of one year."""
    years = years_of(shown.lines, shown.priced)
    if not years or years[-1].last == 1:
        return ()
    return tuple(
        YearValue(
            label=_("%(year)s, net") % {"year": year_name(one.first, one.last)},
            amount=Money(one.net_minor * (one.last - one.first + 1), shown.priced.currency),
        )
        for one in years
    )


def payment_terms(version: QuoteVersion) -> str:
    """How and when it is billed and paid, as a sentence in the active language."""
    days = ngettext(
        "payable within %(days)d day of the invoice",
        "payable within %(days)d days of the invoice",
        version.payment_days,
    ) % {"days": version.payment_days}
    if version.payment_days == 0:
        days = _("payable at once")
    method = {
        "on_order": _("Invoiced on order"),
        "on_shipment": _("Invoiced on shipment"),
        "shares": _("Invoiced in shares of %(shares)s")
        % {"shares": " / ".join(_share(bps) for bps in version.billing_shares)},
    }[version.billing_method]
    return f"{method}, {days}."


def _share(bps: int) -> str:
    return formatting.percent(bps, document_locale(translation.get_language() or "en", "DE"))


def _lines(shown: ShownOffer, *, counted: bool) -> tuple[PaperLine, ...]:
    pairs = zip(shown.lines, shown.priced.lines, strict=True)
    built = shown.built
    return tuple(
        _line(line, amounts, shown.priced.currency, built.get(line.key))
        for line, amounts in pairs
        if amounts.counts is counted
    )


def configuration_note(built: Mapping[str, Any]) -> str:
    """What is built, so that it can be found again: "Configuration 3fa2b1c9 · BC, version 4"."""
    return _("Configuration %(short)s · %(model)s, version %(no)s") % {
        "short": built["fingerprint"][:SHORT],
        "model": built["model"],
        "no": built["model_version"],
    }


def _line(
    line: LineView, amounts: PricedLine, currency: str, built: Mapping[str, Any] | None
) -> PaperLine:
    worth = worth_note(line.asked, amounts.rows, currency)
    described = ", ".join(one for one in (line.description, worth) if one)
    said = [described, configuration_note(built) if built else ""]
    discount = amounts.list_minor - amounts.net_minor
    paid = paid_of(line.charge, line.asked, line.rows)
    notes = (time_note(replace(paid, start_on=None, end_on=None)), share_note(line.rows))
    return PaperLine(
        position=str(line.position),
        name=line.name,
        description="\n".join(one for one in said if one),
        item_code="" if is_fee(line.asked) else line.sku,
        quantity=Quantity(line.quantity, line.unit),
        unit_price=Rate(amounts.list_price, currency),
        list_amount=Money(amounts.list_minor, currency),
        discount=Money(discount, currency) if discount else None,
        discount_bps=single_discount_bps(amounts.rows),
        amount=Money(amounts.net_minor, currency),
        tax_bps=amounts.tax.rate_bps,
        notes=tuple(one for one in notes if one),
        service_period=DatePeriod(paid.start_on, paid.end_on + timedelta(days=1))
        if paid.start_on and paid.end_on
        else None,
        charge=line.charge,  # type: ignore[arg-type]
        interval=summed_by(line),
        per=interval_of(line),
    )


def _references(buyer: Mapping[str, Any], acceptance: Acceptance | None) -> tuple[Reference, ...]:
    found = []
    if buyer["number"]:
        found.append(Reference(kind="customer", value=buyer["number"]))
    if acceptance is not None and acceptance.order_reference:
        found.append(Reference(kind="your_order", value=acceptance.order_reference))
    return tuple(found)


def _contact(version: QuoteVersion, seller: Mapping[str, Any]) -> Contact:
    owner = version.quote.owner
    if owner is None:
        return Contact(name=seller["name"], phone=seller["phone"], email=seller["email"])
    return Contact(name=owner.name, phone=seller["phone"], email=owner.email)
