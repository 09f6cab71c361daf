"""New versions of a quote."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from handsel.bid.quote import queries
from handsel.bid.quote.actions.draft import columns_of_terms
from handsel.bid.quote.errors import QuoteState
from handsel.bid.quote.events import QuoteDrafted
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.bid.quote.rules.states import QUOTE, VERSION
from handsel.bid.quote.rules.terms import DAYS_VALID
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state

_COPY_LINES = """
    INSERT INTO quote_quoteline (
        version_id, line_key, position, product_id, name, description, quantity, unit,
        is_optional, is_chosen, list_price, discount_bps, unit_net, list_minor, net_minor,
        tax_category, tax_rate_bps, tax_reason_code, waterfall, group_key, alternative_set,
        configuration_id, charge, asked, own_minor, tax_minor, takes_discount)
    SELECT %s, line_key, position, product_id, name, description, quantity, unit,
        is_optional, is_chosen, list_price, discount_bps, unit_net, list_minor, net_minor,
        tax_category, tax_rate_bps, tax_reason_code, waterfall, group_key, alternative_set,
        configuration_id, charge, asked, own_minor, tax_minor, takes_discount
    FROM quote_quoteline WHERE version_id = %s ORDER BY position
"""
_COPY_GROUPS = """
    INSERT INTO quote_quotegroup (version_id, group_key, parent_key, title, position)
    SELECT %s, group_key, parent_key, title, position FROM quote_quotegroup WHERE version_id = %s
"""
_COPY_CHOICE = """
    INSERT INTO quote_proposalchoice (version_id, template_id, with_waterfall)
    SELECT %s, template_id, with_waterfall FROM quote_proposalchoice WHERE version_id = %s
"""


@transaction.atomic
def new_version(*, actor: Actor, now: datetime, quote_id: int) -> QuoteVersion:
    """Begin the next version as a draft with the lines, prices and terms of the last one.

    A presented version can no longer be accepted from then on. Prices stay those of the last
    version until somebody asks for new ones (`reprice`). Raises QuoteState when the quote is
    accepted or has a draft already.
    """
    last = lock_last(actor, quote_id)
    quote = last.quote
    if last.state in ("draft", "accepted"):
        raise QuoteState(
            said("Quote %(number)s has a draft already; go on with that one.", number=quote.number)
            if last.state == "draft"
            else said(
                "Quote %(number)s is accepted; what changes now is a change to the order.",
                number=quote.number,
            ),
            state=last.state,
        )
    if last.state == "presented":
        change_state(
            QuoteVersion, last.pk, to="superseded", allowed=VERSION, code="quote_version_state"
        )
    version = copy_of(last, now=now)
    today = local_date(now, quote.seller.time_zone)
    if version.valid_until < today:
        version.valid_until = today + timedelta(days=DAYS_VALID)
    version.save()
    copy_lines(last.pk, version.pk)
    change_state(Quote, quote_id, to="draft", allowed=QUOTE, code="quote_state", declined_reason="")
    quote.state = "draft"
    log.announce(
        QuoteDrafted(
            quote_id=quote.pk,
            version_id=version.pk,
            opportunity_id=quote.opportunity_id,
            organization_id=quote.organization_id,
        ),
        actor=actor,
        now=now,
    )
    return version


def lock_last(actor: Actor, quote_id: int) -> QuoteVersion:
    """Lock the newest version of a quote, whatever its state; raises QuoteNotFound."""
    versions = QuoteVersion.objects.select_for_update(of=("self",)).select_related("quote__seller")
    own = versions.filter(quote_id=quote_id, quote__seller_id__in=actor.seller_ids)
    last = own.order_by("-version_no").first()
    return last if last is not None else queries.get_version(actor, quote_id)


def copy_of(version: QuoteVersion, *, now: datetime) -> QuoteVersion:
    """The next version of a quote, not written yet: a draft with the same terms and totals."""
    return QuoteVersion(
        quote=version.quote,
        version_no=version.version_no + 1,
        priced_on=version.priced_on,
        price_book_id=version.price_book_id,
        priced_with=version.priced_with,
        list_minor=version.list_minor,
        net_minor=version.net_minor,
        tax_minor=version.tax_minor,
        gross_minor=version.gross_minor,
        tax_rows=version.tax_rows,
        scenarios=version.scenarios,
        target_minor=version.target_minor,
        pricing=version.pricing,
        created_at=now,
        **columns_of_terms(queries.terms_of(version)),
    )


def copy_lines(from_version_id: int, to_version_id: int) -> None:
    """Copy all lines and groups, identities included, with a statement each."""
    with connection.cursor() as cursor:
        cursor.execute(_COPY_LINES, [to_version_id, from_version_id])
        cursor.execute(_COPY_GROUPS, [to_version_id, from_version_id])
        cursor.execute(_COPY_CHOICE, [to_version_id, from_version_id])
