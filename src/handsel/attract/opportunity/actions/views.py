"""Lists that a user wants to see again."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from handsel.attract.opportunity import queries
from handsel.attract.opportunity.errors import OpportunityInvalid
from handsel.attract.opportunity.models import SavedView
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor

# What a list understands; anything else in an address is not kept.
KEPT = frozenset({"state", "stage", "owner", "currency", "closing", "step", "q", "sort"})
MOST_VIEWS = 30


def save_view(*, actor: Actor, now: datetime, name: str, query: str) -> SavedView:
    """Keep the filters of an address under a name; the same name is overwritten."""
    clean = " ".join(name.replace("\x00", "").split())
    if actor.user_id is None or not 1 <= len(clean) <= 60:
        raise OpportunityInvalid("a view needs a name", fields={"name": "1 to 60 characters"})
    pairs = [(key, value) for key, value in parse_qsl(query) if key in KEPT]
    if queries.saved_views(actor).exclude(name=clean).count() >= MOST_VIEWS:
        raise OpportunityInvalid(
            said("you have %(most_views)s views; delete one first", most_views=MOST_VIEWS)
        )
    view, _ = SavedView.objects.update_or_create(
        user_id=actor.user_id, name=clean, defaults={"query": urlencode(pairs)[:500]}
    )
    return view


def delete_view(*, actor: Actor, now: datetime, view_id: int) -> None:
    """Forget one of the user's own views."""
    queries.saved_views(actor).filter(pk=view_id).delete()
