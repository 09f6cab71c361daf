"""The delivery note is written, kept and handed to the mail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.commit.order import queries as orders
from handsel.deliver.fulfillment import queries
from handsel.deliver.fulfillment.actions.paper import delivery_note, goods_text, locale_of
from handsel.ground.document import actions as mail
from handsel.ground.document import documents, formatting
from handsel.ground.document.mail import compose
from handsel.ground.party import queries as party
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import StoredFile

TEMPLATE = "shipped"


@transaction.atomic
def write_delivery_note(*, actor: Actor, now: datetime, shipment_id: int) -> StoredFile:
    """The delivery note of a shipment: written and kept when first asked for, then always the same.

    The packer who cannot wait and the job after shipping may both ask; one note is made.
    """
    orders.locked_order(actor, queries.get_shipment(actor, shipment_id).order_id)
    shipment = queries.get_shipment(actor, shipment_id)
    if shipment.delivery_note is not None:
        return shipment.delivery_note
    lines = queries.lines_of(shipment_id)
    document = delivery_note(shipment, lines, queries.states_at(shipment))
    shipment.delivery_note = store.keep(
        documents.typeset_document(document),
        name=f"{shipment.number}.pdf",
        media_type=documents.MEDIA_TYPE,
        now=now,
    )
    shipment.save(update_fields=["delivery_note"])
    return shipment.delivery_note


@transaction.atomic
def announce_shipment(*, actor: Actor, now: datetime, shipment_id: int) -> None:
    """Mail the buyer what is on its way, with tracking and the delivery note; once.

    A service that was performed is not on its way anywhere: it gets its note, and no mail.
    """
    note = write_delivery_note(actor=actor, now=now, shipment_id=shipment_id)
    shipment = queries.get_shipment(actor, shipment_id)
    order = shipment.order
    recipient = order.contact_email or party.contact_point(
        kind="email", person_id=None, organization_id=order.organization_id
    )
    if not recipient or shipment.kind == "service":
        return
    composed = compose(
        TEMPLATE,
        formatting.language_of(locale_of(shipment)),
        {
            "recipient_name": order.contact_name or order.organization.name,
            "order_number": order.number,
            "delivery_note_number": shipment.number,
            "carrier": shipment.carrier,
            "tracking": shipment.tracking_number,
            "tracking_link": "",
            "goods": goods_text(queries.lines_of(shipment_id)),
            "sender_name": "",
            "seller_name": shipment.seller.legal_name or shipment.seller.name,
        },
    )
    mail.queue_mail(
        actor=actor,
        now=now,
        seller_id=shipment.seller_id,
        composed=composed,
        to=[recipient],
        reply_to=shipment.seller.email,
        attachments=[mail.Attachment(note.pk, f"{shipment.number}.pdf")],
        about=[mail.About("shipment", shipment.pk), mail.About("order", order.pk)],
        template=TEMPLATE,
        once_key=f"{TEMPLATE}:shipment:{shipment.pk}",
    )
