"""What is agreed with a customer about quantities."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.bid.catalog import queries as catalog
from handsel.deliver.fulfillment.errors import QuantityInvalid
from handsel.deliver.fulfillment.models import DeliveryTolerance
from handsel.deliver.fulfillment.rules.quantities import WHOLE_BPS
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.platform.actor import Actor


@transaction.atomic
def set_tolerance(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    tolerance_bps: int,
    organization_id: int | None = None,
    product_id: int | None = None,
) -> DeliveryTolerance:
    """Agree on a ± for delivered quantities, in basis points; 0 is none.

    Of a customer, a product, both, or (neither) of all; the most special one holds.
    """
    seller = party.get_seller(actor, seller_id)
    organization = party.get_organization(organization_id) if organization_id is not None else None
    product = catalog.get_product(actor, product_id) if product_id is not None else None
    if not 0 <= tolerance_bps < WHOLE_BPS:
        raise QuantityInvalid(
            said("%(tolerance_bps)s is not a tolerance", tolerance_bps=tolerance_bps),
            fields={
                "tolerance_bps": said("0 to %(whole_bps)s basis points", whole_bps=WHOLE_BPS - 1)
            },
        )
    agreed, _made = DeliveryTolerance.objects.update_or_create(
        seller=seller,
        organization=organization,
        product=product,
        defaults={"tolerance_bps": tolerance_bps},
    )
    return agreed
