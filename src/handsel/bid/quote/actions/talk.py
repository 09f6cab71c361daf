"""What passes between buyer and seller on the quote's page: openings, questions, answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.bid.quote import queries
from handsel.bid.quote.actions.buyer import buyer_of, open_quote
from handsel.bid.quote.actions.letters import buyer_address, mail_answer, mail_question
from handsel.bid.quote.actions.present import LINK_KIND
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.events import QuoteOpened, QuoteQuestioned
from handsel.bid.quote.models import Quote, QuoteMessage
from handsel.ground.identity.grants import open_link, record_opening
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

MOST_TEXT = 5_000


@transaction.atomic
def record_quote_opened(*, now: datetime, token: str) -> None:
    """Count that the buyer opened his link; the first time is announced."""
    grant = open_link(now=now, kind=LINK_KIND, token=token, verb="view")
    version = queries.shown_version(grant.object_id)
    if record_opening(now=now, grant=grant) and version is not None:
        opened = QuoteOpened(quote_id=grant.object_id, version_id=version.pk)
        log.announce(opened, actor=buyer_of(grant), now=now)


@transaction.atomic
def ask_question(*, now: datetime, token: str, name: str, body: str) -> QuoteMessage:
    """The buyer asks; the quote's owner gets it by mail. Raises BadQuote for an empty question."""
    actor, quote = open_quote(now=now, token=token, verb="ask", name=name)
    message = _keep(actor, now, quote, "in", body)
    mail_question(actor=actor, now=now, quote=quote, message=message)
    return message


@transaction.atomic
def answer_question(
    *, actor: Actor, now: datetime, quote_id: int, body: str, to: str = ""
) -> QuoteMessage:
    """We answer: on the buyer's page, and by mail where there is an address."""
    quote = queries.get_quote(actor, quote_id)
    message = _keep(actor, now, quote, "out", body)
    address = to.strip() or buyer_address(quote)
    if address:
        mail_answer(actor=actor, now=now, quote=quote, message=message, to=address)
    return message


def _keep(actor: Actor, now: datetime, quote: Quote, direction: str, body: str) -> QuoteMessage:
    text = body.strip()
    if not 0 < len(text) <= MOST_TEXT:
        raise BadQuote(
            "Write a question first."
            if not text
            else said("At most %(most_text)s characters.", most_text=MOST_TEXT),
            fields={"body": said("1 to %(most_text)s characters", most_text=MOST_TEXT)},
        )
    message = QuoteMessage.objects.create(
        quote=quote,
        direction=direction,
        author=actor.label[:200],
        body=text,
        user_id=actor.user_id,
        written_at=now,
    )
    asked = QuoteQuestioned(quote_id=quote.pk, message_id=message.pk, direction=direction)
    log.announce(asked, actor=actor, now=now)
    return message
