"""Proposal templates: written, published, chosen for a version; and what they look like."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from handsel.bid.quote import queries
from handsel.bid.quote.actions.edit import lock_draft
from handsel.bid.quote.actions.paper import paper_of
from handsel.bid.quote.actions.proposal_paper import proposal_of
from handsel.bid.quote.errors import BadTemplate, StaleEdit, TemplateNotFound
from handsel.bid.quote.events import ProposalChosen, ProposalPublished, ProposalWritten
from handsel.bid.quote.models import ProposalChoice, ProposalTemplate, QuoteVersion
from handsel.bid.quote.queries.offer import ShownOffer, fresh_offer
from handsel.bid.quote.queries.proposals import choice_of, get_proposal
from handsel.bid.quote.rules.proposal.grammar import parse_template
from handsel.ground.document.content import QuoteDocument
from handsel.ground.document.documents import typeset_document
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

MOST_TEMPLATES = 100


@transaction.atomic
def write_proposal(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    body: str,
    seller_id: int | None = None,
    template_id: int | None = None,
    lock_no: int | None = None,
) -> ProposalTemplate:
    """Begin a proposal template, or change one: a draft in place, a published one as the next
    version's draft.

    Raises BadTemplate naming line and column, StaleEdit when a draft moved on since `lock_no`,
    TemplateNotFound for a seller or template the actor does not see.
    """
    title = " ".join(name.split())
    if not 1 <= len(title) <= 120:
        raise BadTemplate("A template needs a name.", fields={"name": "1 to 120 characters"})
    parse_template(body)
    template = (
        _begun(actor, now, seller_id)
        if template_id is None
        else _draft(actor, now, template_id, lock_no)
    )
    template.name, template.body = title, body.replace("\r\n", "\n")
    template.save()
    event = ProposalWritten(template_id=template.pk, name=title, version_no=template.version_no)
    log.announce(event, actor=actor, now=now)
    return template


def _begun(actor: Actor, now: datetime, seller_id: int | None) -> ProposalTemplate:
    seller = seller_id if seller_id is not None else min(actor.seller_ids, default=0)
    if seller not in actor.seller_ids:
        raise TemplateNotFound("there is no such seller", seller_id=seller)
    if ProposalTemplate.objects.filter(seller_id=seller, version_no=1).count() >= MOST_TEMPLATES:
        raise BadTemplate(
            said(
                "A seller has at most %(most_templates)s templates.", most_templates=MOST_TEMPLATES
            )
        )
    return ProposalTemplate(
        seller_id=seller, key=uuid4(), version_no=1, made_by_id=actor.user_id, made_at=now
    )


def _draft(actor: Actor, now: datetime, template_id: int, lock_no: int | None) -> ProposalTemplate:
    """The draft to write to: this one, or a new one after the last version of its kind."""
    named = get_proposal(actor, template_id)
    versions = ProposalTemplate.objects.select_for_update().filter(key=named.key)
    newest = versions.order_by("-version_no")[0]
    if newest.state == "draft":
        if lock_no is not None and (newest.pk != template_id or newest.lock_no != lock_no):
            raise StaleEdit(lock_no=newest.lock_no)
        newest.lock_no += 1
        return newest
    return ProposalTemplate(
        seller_id=newest.seller_id,
        key=newest.key,
        version_no=newest.version_no + 1,
        made_by_id=actor.user_id,
        made_at=now,
    )


@transaction.atomic
def publish_proposal(*, actor: Actor, now: datetime, template_id: int) -> ProposalTemplate:
    """Let quotes go out with a draft; the version before it is retired. Once published, it stays.

    Raises TemplateNotFound, and BadTemplate where it is no draft.
    """
    key = get_proposal(actor, template_id).key
    rows = {row.pk: row for row in ProposalTemplate.objects.select_for_update().filter(key=key)}
    template = rows[template_id]
    if template.state != "draft":
        raise BadTemplate(
            said(
                "Version %(version_no)s of %(name)s is no draft.",
                version_no=template.version_no,
                name=template.name,
            )
        )
    ProposalTemplate.objects.filter(key=key, state="published").update(state="retired")
    template.state, template.published_at = "published", now
    template.save()
    event = ProposalPublished(
        template_id=template.pk, name=template.name, version_no=template.version_no
    )
    log.announce(event, actor=actor, now=now)
    return template


@transaction.atomic
def choose_proposal(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    template_id: int | None,
    with_waterfall: bool = False,
    lock_no: int | None = None,
) -> QuoteVersion:
    """Choose what a draft goes out as: a published template, or None for the standard document.

    Raises TemplateNotFound for a template of another seller or one that is not published.
    """
    version = lock_draft(actor, quote_id, lock_no)
    ProposalChoice.objects.filter(version=version).delete()
    if template_id is not None:
        template = get_proposal(actor, template_id)
        if template.state != "published" or template.seller_id != version.quote.seller_id:
            raise TemplateNotFound("no such template is published", template_id=template_id)
        ProposalChoice.objects.create(
            version=version, template=template, with_waterfall=with_waterfall
        )
    version.lock_no += 1
    version.save(update_fields=["lock_no"])
    log.announce(
        ProposalChosen(quote_id=quote_id, version_id=version.pk, template_id=template_id),
        actor=actor,
        now=now,
    )
    return version


def document_of(shown: ShownOffer, *, now: datetime, time_zone: str) -> QuoteDocument:
    """What a version goes out as: its proposal, or the standard document where none is chosen."""
    choice = choice_of(shown.version.pk)
    if choice is None:
        return paper_of(shown, now=now, time_zone=time_zone)
    return proposal_of(
        shown,
        body=choice.template.body,
        with_waterfall=choice.with_waterfall,
        now=now,
        time_zone=time_zone,
    )


def preview_proposal(
    *,
    actor: Actor,
    now: datetime,
    body: str,
    quote_id: int,
    language: str = "",
    with_waterfall: bool = True,
) -> bytes:
    """A text on a quote's newest version as PDF; nothing is written. Raises BadTemplate."""
    version = queries.get_version(actor, quote_id)
    version.quote = queries.get_quote(actor, quote_id)
    version.quote.language = language or version.quote.language
    shown = fresh_offer(version, queries.lines_of(version.pk))
    return typeset_document(
        proposal_of(
            shown,
            body=body,
            with_waterfall=with_waterfall,
            now=now,
            time_zone=version.quote.seller.time_zone,
        )
    )
