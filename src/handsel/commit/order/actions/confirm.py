"""The order confirmation is written, kept and handed to the mail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.commit.order import queries
from handsel.commit.order.actions.paper import confirmation, delivery_text, locale_of
from handsel.commit.order.errors import OrderStateRefused
from handsel.commit.order.events import OrderConfirmed
from handsel.commit.order.models import Order
from handsel.ground.document import actions as mail
from handsel.ground.document import documents, formatting
from handsel.ground.document.mail import compose
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.platform import log, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import StoredFile

TEMPLATE = "order_confirmed"


@transaction.atomic
def confirm_order(*, actor: Actor, now: datetime, order_id: int) -> Order:
    """Write the confirmation of a released order and mail it to the buyer, once.

    Runs after the release as a job; a second run changes nothing. An order without a mail address
    gets its document all the same. Raises OrderStateRefused before the release.
    """
    order = queries.locked_order(actor, order_id)
    if order.confirmation_id is not None:
        return order
    if order.released_at is None or order.state == "cancelled":
        raise OrderStateRefused(
            said(
                "order %(number)s is %(state)s; nothing to confirm yet",
                number=order.number,
                state=order.state,
            )
        )
    document = confirmation(order, queries.lines_of(order_id), issued_at=order.released_at)
    kept = store.keep(
        documents.typeset_document(document),
        name=f"{order.number}.pdf",
        media_type=documents.MEDIA_TYPE,
        now=now,
    )
    order.confirmation = kept
    order.save(update_fields=["confirmation"])
    recipient = order.contact_email or party.contact_point(
        kind="email", person_id=None, organization_id=order.organization_id
    )
    if recipient:
        _send(actor, now, order, recipient, kept)
    event = OrderConfirmed(order.pk, kept.pk, recipient)
    log.announce(event, actor=actor, now=now)
    return order


def _send(actor: Actor, now: datetime, order: Order, recipient: str, kept: StoredFile) -> None:
    locale = locale_of(order)
    composed = compose(
        TEMPLATE,
        formatting.language_of(locale),
        {
            "recipient_name": order.contact_name or order.organization.name,
            "order_number": order.number,
            "your_order": order.purchase_order,
            "total": formatting.money(Money(order.gross_minor, order.currency), locale),
            "delivery": delivery_text(order, locale),
            "sender_name": "",
            "seller_name": order.seller.legal_name or order.seller.name,
        },
    )
    mail.queue_mail(
        actor=actor,
        now=now,
        seller_id=order.seller_id,
        composed=composed,
        to=[recipient],
        reply_to=order.seller.email,
        attachments=[mail.Attachment(kept.pk, f"{order.number}.pdf")],
        about=[mail.About("order", order.pk)],
        template=TEMPLATE,
        once_key=f"{TEMPLATE}:order:{order.pk}",
    )
