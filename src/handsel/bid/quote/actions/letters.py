"""The mails of a quote: composed and queued in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from handsel.bid.quote.actions.paper import language_of
from handsel.bid.quote.models import Quote, QuoteAcceptance, QuoteMessage, QuoteVersion
from handsel.bid.quote.queries.sheet import sheet_rows
from handsel.bid.quote.rules.years import years_of_kept
from handsel.ground.document import formatting
from handsel.ground.document.actions import About, Attachment, queue_mail
from handsel.ground.document.mail import Composed, compose, written
from handsel.ground.document.models import Mail
from handsel.ground.document.stationery import document_locale
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform.actor import Actor


def link_address(token: str) -> str:
    """The address of the buyer's page; its base comes from the settings, never from a request."""
    return settings.PUBLIC_BASE_URL + reverse("quote_public:offer", args=[token])


def record_address(quote: Quote) -> str:
    """The address of the staff's page of a quote."""
    return settings.PUBLIC_BASE_URL + reverse("quote:record", args=[quote.pk])


def buyer_address(quote: Quote) -> str:
    """The mail address a quote goes to: the person's, else the organization's; may be empty."""
    return party.contact_point(
        kind="email", person_id=quote.person_id, organization_id=quote.organization_id
    )


def mail_offer(
    *,
    actor: Actor,
    now: datetime,
    version: QuoteVersion,
    to: str,
    token: str,
    message: str,
) -> Mail:
    """Send the offer's link with its PDF to the buyer; the mail waits while there is no PDF yet."""
    quote = version.quote
    locale = _locale(quote)
    composed = compose(
        "quote_sent",
        language_of(quote.language),
        {
            "recipient_name": quote.person.name if quote.person else quote.organization.name,
            "quote_number": quote.number,
            "subject": quote.title,
            "total": _money(version.gross_minor, quote, locale),
            **_over_time(version, quote, locale),
            "valid_until": formatting.day(version.valid_until, locale),
            "quote_link": link_address(token),
            "message": message,
            "sender_name": _sender(quote, actor),
            "seller_name": quote.seller.name,
        },
    )
    enclosed = pdf_of(version, version.document_id)
    return _queue(
        actor, now, quote, composed, to, "quote_sent", enclosed, waits=version.document_id is None
    )


def mail_acceptance_to_buyer(
    *, actor: Actor, now: datetime, version: QuoteVersion, acceptance: QuoteAcceptance, token: str
) -> Mail:
    """Confirm to the buyer what was accepted, with the document as accepted."""
    quote = version.quote
    locale = _locale(quote)
    composed = compose(
        "quote_accepted_buyer",
        language_of(quote.language),
        {
            "recipient_name": acceptance.name,
            "quote_number": quote.number,
            "total": _money(version.gross_minor, quote, locale),
            **_over_time(version, quote, locale),
            "accepted_at": _instant(acceptance.accepted_at, quote, locale),
            "quote_link": link_address(token) if token else "",
            "sender_name": _sender(quote, actor),
            "seller_name": quote.seller.name,
        },
    )
    enclosed = pdf_of(version, acceptance.document_id)
    return _queue(actor, now, quote, composed, acceptance.email, "quote_accepted_buyer", enclosed)


def mail_acceptance_to_owner(
    *, actor: Actor, now: datetime, version: QuoteVersion, acceptance: QuoteAcceptance
) -> Mail | None:
    """Tell the quote's owner that it was accepted."""
    quote = version.quote
    if quote.owner is None:
        return None
    locale = _locale(quote)
    composed = compose(
        "quote_accepted_rep",
        language_of(quote.owner.language),
        {
            "recipient_name": quote.owner.name,
            "quote_number": quote.number,
            "customer_name": quote.organization.name,
            "buyer_name": acceptance.name,
            "total": _money(version.gross_minor, quote, locale),
            "accepted_at": _instant(acceptance.accepted_at, quote, locale),
            "record_link": record_address(quote),
        },
    )
    return _queue(actor, now, quote, composed, quote.owner.email, "quote_accepted_rep")


def mail_question(
    *, actor: Actor, now: datetime, quote: Quote, message: QuoteMessage
) -> Mail | None:
    """Pass a buyer's question on to the quote's owner."""
    if quote.owner is None:
        return None
    composed = compose(
        "question_from_buyer",
        language_of(quote.owner.language),
        {
            "recipient_name": quote.owner.name,
            "quote_number": quote.number,
            "customer_name": quote.organization.name,
            "buyer_name": message.author,
            "question": message.body,
            "record_link": record_address(quote),
        },
    )
    return _queue(actor, now, quote, composed, quote.owner.email, "question_from_buyer")


def mail_answer(
    *, actor: Actor, now: datetime, quote: Quote, message: QuoteMessage, to: str
) -> Mail:
    """Send our answer to the buyer, in the person's own words, below it what was asked."""
    language = language_of(quote.language)
    asked = QuoteMessage.objects.filter(quote=quote, direction="in").order_by("-pk").first()
    with translation.override(language):
        subject = _("Your question about quote %(number)s") % {"number": quote.number}
        below = f"\n\n{_('You asked:')} {asked.body}" if asked else ""
    composed = written(language, subject, message.body + below)
    return _queue(actor, now, quote, composed, to, "")


def mail_decline(*, actor: Actor, now: datetime, quote: Quote) -> Mail | None:
    """Tell the quote's owner that the buyer said no, and why."""
    if quote.owner is None:
        return None
    language = language_of(quote.owner.language)
    with translation.override(language):
        subject = _("%(customer)s declined quote %(number)s") % {
            "customer": quote.organization.name,
            "number": quote.number,
        }
        hello = _("Hello %(name)s,") % {"name": quote.owner.name}
        reason = quote.declined_reason or _("No reason was given.")
        why = f"{_('Subject')}: {quote.title}\n{_('Reason')}: {reason}"
    text = f"{hello}\n\n{subject}.\n\n{why}\n\n{record_address(quote)}"
    composed = written(language, subject, text)
    return _queue(actor, now, quote, composed, quote.owner.email, "")


def _queue(
    actor: Actor,
    now: datetime,
    quote: Quote,
    composed: Composed,
    to: str,
    template: str,
    attachments: Sequence[Attachment] = (),
    *,
    waits: bool = False,
) -> Mail:
    return queue_mail(
        actor=actor,
        now=now,
        seller_id=quote.seller_id,
        composed=composed,
        to=[to],
        reply_to=quote.owner.email if quote.owner else quote.seller.email,
        attachments=attachments,
        about=[About("quote", quote.pk)],
        template=template,
        waits=waits,
    )


def pdf_of(version: QuoteVersion, file_id: int | None) -> list[Attachment]:
    """A version's document as an attachment, if there is one."""
    if file_id is None:
        return []
    name = f"{version.quote.number}-{version.version_no}.pdf"
    return [Attachment(file_id, name)]


def _sender(quote: Quote, actor: Actor) -> str:
    return quote.owner.name if quote.owner else quote.seller.name


def _locale(quote: Quote) -> str:
    return document_locale(quote.language, quote.organization.country)


def _over_time(version: QuoteVersion, quote: Quote, locale: str) -> dict[str, str]:
    """What the one total does not say of a contract of several years; nothing for others."""
    years = years_of_kept(sheet_rows(version.pk))
    if not years or years[-1].last == 1:
        return {"first_year": "", "whole_contract": ""}
    whole = sum(one.net_minor * (one.last - one.first + 1) for one in years)
    return {
        "first_year": _money(years[0].net_minor, quote, locale),
        "whole_contract": _money(whole, quote, locale),
    }


def _money(minor: int, quote: Quote, locale: str) -> str:
    return formatting.money(Money(minor, quote.currency), locale)


def _instant(at: datetime, quote: Quote, locale: str) -> str:
    return formatting.instant(at, locale, quote.seller.time_zone)
