"""The pipeline a house sells by until it sets up its own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop as _

from handsel.attract.opportunity import queries
from handsel.attract.opportunity.models import Pipeline, Stage

# (name, kind, probability in basis points), in order.
STAGES = (
    (_("Qualified"), "open", 1_000),
    (_("Needs understood"), "open", 2_500),
    (_("Offer"), "open", 5_000),
    (_("Negotiation"), "open", 7_500),
    (_("Won"), "won", 10_000),
    (_("Lost"), "lost", 0),
)


def standing_pipeline() -> Pipeline:
    """The default pipeline; made if the database has none (a migration makes it at first)."""
    found = queries.pipelines().first()
    return found if found is not None else set_up_pipeline("Sales")


@transaction.atomic
def set_up_pipeline(name: str) -> Pipeline:
    """A pipeline with the usual stages; the one of that name if there is one."""
    pipeline, is_new = Pipeline.objects.get_or_create(name=name)
    if is_new:
        Stage.objects.bulk_create(
            Stage(pipeline=pipeline, name=text, position=place, kind=kind, probability_bps=bps)
            for place, (text, kind, bps) in enumerate(STAGES, start=1)
        )
    return pipeline
