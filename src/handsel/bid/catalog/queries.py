"""Reading the catalog. Products are shared by all sellers of the house."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from handsel.bid.catalog.errors import ProductNotFound
from handsel.bid.catalog.models import Product, ProductCost, ProductGroup, ProductText
from handsel.bid.catalog.rules.costs import UnitCost
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import LongTask

IMPORT_TASK = "catalog.import"


@dataclass(frozen=True, slots=True)
class ProductFact:
    """What a line needs of its product, read once for all lines."""

    product_id: int
    sku: str
    name: str
    description: str
    group: str
    kind: str
    unit: str
    tax_category: str
    lifecycle: str

    @property
    def title(self) -> str:
        """Number and name, as refusals show it."""
        return f"{self.sku} {self.name}"


_FACTS = """
    SELECT p.id, p.sku, COALESCE(t.name, p.name),
           COALESCE(NULLIF(t.description, ''), p.description), p."group",
           p.kind, p.unit, p.tax_category, p.lifecycle
    FROM catalog_product p
    LEFT JOIN catalog_producttext t ON t.product_id = p.id AND t.language = %s
    WHERE p.id = ANY(%s)
"""

# Of the rows that speak of the asked currency (a share speaks of all) the newest; else the newest
# in another currency.
_COSTS = """
    SELECT DISTINCT ON (product_id) product_id, currency, unit_cost, list_share_bps
    FROM catalog_productcost
    WHERE product_id = ANY(%s) AND valid_from <= %s
    ORDER BY product_id, currency IN (%s, '') DESC, valid_from DESC, currency DESC
"""


def get_product(actor: Actor, product_id: int) -> Product:
    """A product by its key; raises ProductNotFound."""
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise ProductNotFound("this product does not exist", product_id=product_id)
    return product


def facts_of(product_ids: Collection[int], *, language: str = "") -> dict[int, ProductFact]:
    """Facts of products by key, in one query; names in `language` where there is a text.

    Raises ProductNotFound naming the keys that are none.
    """
    wanted = list(set(product_ids))
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [language, wanted])
        found = {row[0]: ProductFact(*row) for row in cursor.fetchall()}
    if len(found) < len(wanted):
        missing = sorted(set(wanted) - set(found))
        shown = ", ".join(map(str, missing[:10]))
        raise ProductNotFound(
            said("there is no product %(shown)s", shown=shown), product_ids=missing
        )
    return found


def ids_of(skus: Iterable[str]) -> dict[str, int]:
    """Article number to key. Raises ProductNotFound naming the numbers that are none."""
    wanted = set(skus)
    found = dict(Product.objects.filter(sku__in=wanted).values_list("sku", "pk"))
    missing = sorted(wanted - set(found))
    if missing:
        raise ProductNotFound(
            said("there is no product %(listed)s", listed=", ".join(missing[:10])), skus=missing
        )
    return found


def named_like(text: str, path: str = "") -> Q:
    """Whose number begins with a text, or whose name in any language contains it."""
    by_name = Q(**{f"{path}name__icontains": text}) | Q(**{f"{path}name_texts__icontains": text})
    return Q(**{f"{path}sku__istartswith": text}) | by_name


def search_products(
    text: str, *, sellable_only: bool = False, limit: int = 20
) -> QuerySet[Product]:
    """Products whose number begins with the text or whose name contains it, by number."""
    found = Product.objects.filter(named_like(text))
    if sellable_only:
        found = found.filter(lifecycle="active")
    return found.order_by("sku")[:limit]


def listed(
    *, text: str = "", kind: str = "", lifecycle: str = "", group: str = ""
) -> QuerySet[Product]:
    """Products for the list page, by number."""
    found = Product.objects.order_by("sku")
    if text:
        found = found.filter(named_like(text))
    for field, value in (("kind", kind), ("lifecycle", lifecycle), ("group", group)):
        if value:
            found = found.filter(**{field: value})
    return found


def groups() -> list[str]:
    """The product groups in use, by name."""
    names = Product.objects.exclude(group="").values_list("group", flat=True)
    return list(names.order_by("group").distinct())


def group_names() -> dict[str, str]:
    """What the groups in use are called, with translations, by key."""
    called = {one.key: one.called for one in ProductGroup.objects.all()}
    return {key: called.get(key, key) for key in groups()}


def texts_of(product_id: int) -> QuerySet[ProductText]:
    """A product's texts in other languages, by language."""
    return ProductText.objects.filter(product_id=product_id).order_by("language")


def get_import(actor: Actor, task_id: int) -> LongTask:
    """An import of the actor's own; raises ProductNotFound for any other."""
    task = LongTask.objects.filter(
        pk=task_id, kind=IMPORT_TASK, started_by_id=actor.user_id
    ).first()
    if task is None:
        raise ProductNotFound("this import does not exist", code="import_missing")
    return task


def costs_on(product_ids: Collection[int], *, currency: str, on: date) -> dict[int, UnitCost]:
    """What products cost us on a day, in one query; those of which nothing is known are left out.

    A cost in another currency comes as it is kept, where there is none in the one asked for.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, [list(product_ids), on, currency])
        rows = cursor.fetchall()
    return {
        product_id: UnitCost(None, share)
        if unit_cost is None
        else UnitCost(Rate(unit_cost, its_currency))
        for product_id, its_currency, unit_cost, share in rows
    }


def costs_of(actor: Actor, product_id: int) -> QuerySet[ProductCost]:
    """All that a product was, is and will be known to cost us, the newest first."""
    actor.require("cost.view")
    costs = ProductCost.objects.filter(product_id=product_id)
    return costs.order_by("-valid_from", "currency")
