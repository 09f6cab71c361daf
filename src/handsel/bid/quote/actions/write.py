"""The document of what was presented: made from the kept bytes, by a job or whoever asks first."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from handsel.bid.quote import queries
from handsel.bid.quote.actions.letters import pdf_of
from handsel.bid.quote.actions.proposals import document_of
from handsel.bid.quote.errors import QuoteNotFound, QuoteState
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.offer import shown_offer
from handsel.ground.document.actions import enclose
from handsel.ground.document.documents import MEDIA_TYPE, typeset_document
from handsel.ground.kernel.said import said
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor

WRITE_JOB: Final = "quote.write_offer"


@transaction.atomic
def write_offer(
    *, actor: Actor, now: datetime, version_id: int, mail_id: int | None = None
) -> QuoteVersion:
    """Make the PDF of a version that was presented, once; enclose it in the mail that waits for it.

    Done again, it changes nothing and sends nothing. Raises QuoteNotFound, and QuoteState for a
    draft.
    """
    rows = QuoteVersion.objects.select_for_update(of=("self",), no_key=True)
    version = rows.filter(pk=version_id, quote__seller_id__in=actor.seller_ids).first()
    if version is None:
        raise QuoteNotFound("this quote does not exist", version_id=version_id)
    version.quote = queries.get_quote(actor, version.quote_id)
    if version.document_id is None:
        _keep_document(version, now)
    if mail_id is not None:
        enclose(mail_id=mail_id, attachments=pdf_of(version, version.document_id))
    return version


def _keep_document(version: QuoteVersion, now: datetime) -> None:
    quote = version.quote
    if version.presented_at is None:
        raise QuoteState(
            said("Quote %(number)s was not presented yet.", number=quote.number),
            state=version.state,
        )
    shown = shown_offer(version)
    paper = document_of(shown, now=version.presented_at, time_zone=quote.seller.time_zone)
    version.document = store.keep(
        typeset_document(paper),
        name=f"{quote.number}-{version.version_no}.pdf",
        media_type=MEDIA_TYPE,
        now=now,
    )
    version.save(update_fields=["document"])
