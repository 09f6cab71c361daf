"""Configurations on quotes: which may stand on a line, what a line says of its own, and where
else the very same product is quoted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handsel.bid.configure.queries.products import (
    ConfiguredProduct,
    configured_products,
    told_choices,
)
from handsel.bid.quote.errors import NotQuotable
from handsel.bid.quote.models import QuoteLine
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor

MOST_PLACES = 20


def quotable(keys: Collection[int], *, seller_id: int) -> dict[int, ConfiguredProduct]:
    """Configurations that may be quoted by a seller, by key.

    Raises NotQuotable for one that is missing or foreign, still open, or of a model that names no
    product.
    """
    found = configured_products(keys)
    for key in sorted(keys):
        one = found.get(key)
        if one is None or one.seller_id != seller_id:
            raise NotQuotable("this configuration does not exist", configuration_id=key)
        if not one.is_complete:
            raise NotQuotable(
                said(
                    "“%(title)s” is still open; finish it, then it can be quoted.", title=one.title
                ),
                configuration_id=key,
            )
        if one.product_id is None:
            raise NotQuotable(
                said(
                    "The model %(model_title)s names no product of the catalog; a "
                    "product modeller can name one.",
                    model_title=one.model_title,
                ),
                configuration_id=key,
            )
    return found


def carried(keys: Iterable[int | None]) -> dict[int, ConfiguredProduct]:
    """The configurations that lines carry, by key; no query where there is none."""
    return configured_products({key for key in keys if key is not None})


def offered(product: ConfiguredProduct, language: str) -> Mapping[str, Any]:
    """A configuration as it is offered: what the buyer accepts, every choice by its words."""
    return {
        "title": product.title,
        "fingerprint": product.fingerprint,
        "model": product.model_title,
        "model_version": product.version_no,
        "choices": {
            key: {"title": title, "value": value, "exact": product.assignment[key]}
            for key, (title, value) in told_choices(product, language).items()
        },
    }


@dataclass(frozen=True, slots=True)
class QuotedPlace:
    """A quote that has a product on its newest version."""

    quote_id: int
    number: str
    title: str
    state: str
    configuration_id: int


def quoted_in(
    actor: Actor, fingerprints: Collection[str], *, but_quote_id: int | None = None
) -> list[QuotedPlace]:
    """Where the very same products are quoted, the latest quote first; each quote once."""
    wanted = {one for one in fingerprints if one}
    if not wanted:
        return []
    lines = QuoteLine.objects.filter(
        configuration__fingerprint__in=wanted, version__quote__seller_id__in=actor.seller_ids
    )
    if but_quote_id is not None:
        lines = lines.exclude(version__quote_id=but_quote_id)
    rows = (
        lines.order_by("-version__quote_id", "-version__version_no")
        .distinct("version__quote_id")
        .values_list(
            "version__quote_id",
            "version__quote__number",
            "version__quote__title",
            "version__quote__state",
            "configuration_id",
        )
    )
    return [QuotedPlace(*row) for row in rows[:MOST_PLACES]]
