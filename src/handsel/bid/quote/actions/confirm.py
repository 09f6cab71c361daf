"""After an acceptance: its document, and the mails that tell of it.

Done by a job, so that the buyer does not wait for it; safe to do again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from handsel.bid.quote import queries
from handsel.bid.quote.actions.letters import (
    mail_acceptance_to_buyer,
    mail_acceptance_to_owner,
)
from handsel.bid.quote.actions.paper import paper_of
from handsel.bid.quote.actions.present import LINK_KIND
from handsel.bid.quote.errors import QuoteNotFound
from handsel.bid.quote.models import QuoteAcceptance, QuoteVersion
from handsel.bid.quote.queries.offer import shown_offer
from handsel.bid.quote.rules.terms import link_expires_at
from handsel.ground.document.content import Acceptance
from handsel.ground.document.documents import MEDIA_TYPE, typeset_document
from handsel.ground.identity.grants import grant_link
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor

CONFIRM_JOB: Final = "quote.confirm_acceptance"


@transaction.atomic
def confirm_acceptance(*, actor: Actor, now: datetime, acceptance_id: int) -> QuoteAcceptance:
    """Make the document of an acceptance and mail it to the buyer; tell the quote's owner.

    Once: done again, it changes nothing and sends nothing. Raises QuoteNotFound.
    """
    acceptance, version = _locked(actor, acceptance_id)
    if acceptance.document_id is not None:
        return acceptance
    _keep_document(acceptance, version)
    quote = version.quote
    _, token = grant_link(
        actor=actor,
        now=now,
        kind=LINK_KIND,
        seller_id=quote.seller_id,
        object_id=quote.pk,
        verbs=("view", "ask"),
        recipient=acceptance.email,
        expires_at=max(
            now + timedelta(days=1), link_expires_at(version.valid_until, quote.seller.time_zone)
        ),
    )
    mail_acceptance_to_buyer(
        actor=actor, now=now, version=version, acceptance=acceptance, token=token
    )
    mail_acceptance_to_owner(actor=actor, now=now, version=version, acceptance=acceptance)
    return acceptance


def _locked(actor: Actor, acceptance_id: int) -> tuple[QuoteAcceptance, QuoteVersion]:
    acceptance = (
        QuoteAcceptance.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(pk=acceptance_id, version__quote__seller_id__in=actor.seller_ids)
        .first()
    )
    if acceptance is None:
        raise QuoteNotFound("this acceptance does not exist", acceptance_id=acceptance_id)
    version = acceptance.version
    version.quote = queries.get_quote(actor, version.quote_id)
    return acceptance, version


def _keep_document(acceptance: QuoteAcceptance, version: QuoteVersion) -> None:
    paper = paper_of(
        shown_offer(version),
        now=acceptance.accepted_at,
        time_zone=version.quote.seller.time_zone,
        acceptance=Acceptance(
            name=acceptance.name,
            email=acceptance.email,
            accepted_at=acceptance.accepted_at,
            document_sha256=acceptance.content_hash,
            order_reference=acceptance.purchase_order,
        ),
    )
    acceptance.document = store.keep(
        typeset_document(paper),
        name=f"{version.quote.number}-{version.version_no}-accepted.pdf",
        media_type=MEDIA_TYPE,
        now=acceptance.accepted_at,
    )
    acceptance.save(update_fields=["document"])
