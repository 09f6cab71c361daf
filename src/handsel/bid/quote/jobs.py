"""Background work of this room: shells around actions."""

from __future__ import annotations

from handsel.bid.quote.actions import (
    CONFIRM_JOB,
    ESCALATE_JOB,
    EXPIRE_JOB,
    STAND_IN_JOB,
    WRITE_JOB,
    ask_stand_ins,
    confirm_acceptance,
    escalate_ask,
    expire_quote,
    write_offer,
)
from handsel.bid.quote.models import ApprovalAsk, Quote, QuoteAcceptance, QuoteVersion
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import job


@job(EXPIRE_JOB)
def expire(quote_id: int, version_no: int) -> None:
    """Runs when an offer's last day is over in the seller's zone."""
    seller_id = Quote.objects.values_list("seller_id", flat=True).filter(pk=quote_id).first()
    if seller_id is not None:
        expire_quote(
            actor=Actor.system("validity", seller_ids=[seller_id]),
            now=SystemClock().now(),
            quote_id=quote_id,
            version_no=version_no,
        )


@job(CONFIRM_JOB)
def confirm(acceptance_id: int) -> None:
    """Runs after an acceptance is committed: its document, and the mails that tell of it."""
    found = QuoteAcceptance.objects.filter(pk=acceptance_id)
    seller_id = found.values_list("version__quote__seller_id", flat=True).first()
    if seller_id is not None:
        confirm_acceptance(
            actor=Actor.system("acceptance", seller_ids=[seller_id]),
            now=SystemClock().now(),
            acceptance_id=acceptance_id,
        )


@job(ESCALATE_JOB)
def escalate(ask_id: int) -> None:
    """Runs when the time to answer a question of approval is over."""
    found = ApprovalAsk.objects.filter(pk=ask_id)
    seller_id = found.values_list("request__quote__seller_id", flat=True).first()
    if seller_id is not None:
        escalate_ask(
            actor=Actor.system("approval", seller_ids=[seller_id]),
            now=SystemClock().now(),
            ask_id=ask_id,
        )


@job(STAND_IN_JOB)
def stand_in(absence_id: int) -> None:
    """Runs when somebody's absence begins: who stands in for him hears what waits."""
    ask_stand_ins(
        actor=Actor.system("absence", seller_ids=Seller.objects.values_list("pk", flat=True)),
        now=SystemClock().now(),
        absence_id=absence_id,
    )


@job(WRITE_JOB)
def write(version_id: int, mail_id: int | None) -> None:
    """Runs after an offer is presented: its document, and then its mail."""
    found = QuoteVersion.objects.filter(pk=version_id)
    seller_id = found.values_list("quote__seller_id", flat=True).first()
    if seller_id is not None:
        write_offer(
            actor=Actor.system("offer", seller_ids=[seller_id]),
            now=SystemClock().now(),
            version_id=version_id,
            mail_id=mail_id,
        )
