"""Discounts of a draft: added by a form that keeps what was typed, and taken out."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse

from handsel.bid.price import actions
from handsel.bid.price.actions import NewRule
from handsel.bid.price.web import books, parts
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform.posted import go_to


@page("price.edit")
def rule_add(request: Request, book_id: int) -> HttpResponseBase:
    """Add a discount to a draft; what is wrong is told at its field."""
    if request.method == "POST":
        try:
            actions.add_rules(
                actor=request.actor, now=request.now, book_id=book_id, rules=[_rule(request)]
            )
        except Invalid as wrong:
            typed = {name: parts.posted(request, name) for name in request.POST}
            return books.record_page(request, book_id, typed, wrong)
    return go_to(request, reverse("price:record", args=[book_id]))


def _rule(request: Request) -> NewRule:
    product_id, group = parts.subject(parts.posted(request, "scope"))
    bps = parts.percent(parts.posted(request, "discount"), "discount")
    quantity = parts.number(parts.posted(request, "min_quantity") or "0", "min_quantity")
    return NewRule(
        discount_bps=bps,
        min_quantity=quantity,
        product_id=product_id,
        product_group=group,
        label=parts.posted_name(request, "label"),
    )


@page("price.edit")
def rule_remove(request: Request, book_id: int, rule_id: int) -> HttpResponseBase:
    """Take a discount out of a draft."""
    if request.method == "POST":
        actions.remove_rule(actor=request.actor, now=request.now, book_id=book_id, rule_id=rule_id)
    return go_to(request, reverse("price:record", args=[book_id]))
