"""What is proved of a completion, in a reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from handsel.bid.configure.queries.states import amount_shown
from handsel.bid.configure.rules.complete import Completion
from handsel.ground.kernel.money import Money


def proof_told(by: str, found: Completion, currency: str, language: str) -> str:
    """Whether a better product may exist, and by how much; "" where nothing was to be least.

    Without a `currency` the reader sees no prices, and no amount is told.
    """
    is_price = by == "cheapest"
    if not is_price and by != "fastest":
        return ""
    if found.proof == "optimal":
        if is_price:
            return _("Proved: no valid product with these choices has a lower list price.")
        return _("Proved: no valid product with these choices is delivered sooner.")
    if found.proof == "gap" and found.gap is not None and (currency or not is_price):
        if is_price:
            gap = Money(found.gap, currency)
            return _("Not proved in the time given: at most %(gap)s could still be saved.") % {
                "gap": f"{amount_shown(gap, language)} {gap.currency}"
            }
        return _("Not proved in the time given: it could come sooner by at most %(gap)s.") % {
            "gap": found.gap
        }
    return _("Improved step by step; whether there is a better one is not proved.")
