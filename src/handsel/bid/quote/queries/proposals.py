"""Reading proposal templates and quote templates. Visible are those of the actor's sellers."""

from __future__ import annotations

from handsel.bid.quote.errors import TemplateNotFound
from handsel.bid.quote.models import ProposalChoice, ProposalTemplate, QuoteTemplate
from handsel.ground.platform.actor import Actor


def listed_proposals(actor: Actor) -> list[ProposalTemplate]:
    """All versions, by name, the newest version of each first."""
    rows = ProposalTemplate.objects.filter(seller_id__in=actor.seller_ids)
    return list(rows.select_related("seller", "made_by").order_by("name", "key", "-version_no"))


def published_proposals(actor: Actor, seller_id: int) -> list[ProposalTemplate]:
    """What a quote of a seller can go out with, by name."""
    rows = ProposalTemplate.objects.filter(seller_id__in=actor.seller_ids, seller_id=seller_id)
    return list(rows.filter(state="published").order_by("name", "pk"))


def get_proposal(actor: Actor, template_id: int) -> ProposalTemplate:
    """One version of a proposal template; raises TemplateNotFound."""
    rows = ProposalTemplate.objects.filter(pk=template_id, seller_id__in=actor.seller_ids)
    found = rows.select_related("seller").first()
    if found is None:
        raise TemplateNotFound("this template does not exist", template_id=template_id)
    return found


def choice_of(version_id: int) -> ProposalChoice | None:
    """The template a version goes out with, if one was chosen."""
    return ProposalChoice.objects.filter(version_id=version_id).select_related("template").first()


def quote_templates(actor: Actor) -> list[QuoteTemplate]:
    """What quotes can begin from, by name."""
    rows = QuoteTemplate.objects.filter(seller_id__in=actor.seller_ids, ended_at=None)
    return list(rows.select_related("seller", "made_by").order_by("name", "pk"))


def get_quote_template(actor: Actor, template_id: int) -> QuoteTemplate:
    """A quote template in use; raises TemplateNotFound."""
    for one in QuoteTemplate.objects.filter(
        pk=template_id, seller_id__in=actor.seller_ids, ended_at=None
    ):
        return one
    raise TemplateNotFound("this template does not exist", template_id=template_id)
