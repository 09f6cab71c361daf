"""The only writers of the catalog."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from handsel.bid.catalog import queries
from handsel.bid.catalog.errors import (
    BadCost,
    BadProduct,
    CostNotFound,
    ProductNotFound,
    ProductNotSellable,
    SkuTaken,
)
from handsel.bid.catalog.events import GroupNamed, ProductAdded, ProductCostSet, ProductRevised
from handsel.bid.catalog.models import Product, ProductCost, ProductGroup, ProductText
from handsel.bid.catalog.rules.costs import NewCost
from handsel.bid.catalog.rules.costs import problems_of as cost_problems_of
from handsel.bid.catalog.rules.facts import TRANSITIONS, ProductFacts, check, columns_of
from handsel.bid.catalog.rules.product_file import read_products, refused_csv
from handsel.ground.kernel.names import MAIN, longest_text, texts_of
from handsel.ground.kernel.said import said
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.csv_table import BadTable, Imported, TableRow, each, read_table
from handsel.ground.platform.events import Event
from handsel.ground.platform.log import announce, announce_many
from handsel.ground.platform.models import LongTask

IMPORT_BATCH = 2_000
IMPORT_TASK = queries.IMPORT_TASK
FEE_SKU = "FEE"
COST_FIELDS = ("sku", "valid_from", "unit_cost", "currency", "list_share_percent")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """How many products of a file were added, revised, and stood there already as they are."""

    added: int
    revised: int
    unchanged: int


@transaction.atomic
def add_product(
    *, actor: Actor, now: datetime, facts: ProductFacts, lifecycle: str = "active"
) -> Product:
    """Add something that can be sold; `lifecycle` is `active` or `draft`.

    Raises BadProduct for facts that cannot be kept and SkuTaken for a number in use.
    """
    check(facts)
    if lifecycle not in ("draft", "active"):
        raise BadProduct("A new product is a draft or active.", fields={"lifecycle": "draft"})
    try:
        with transaction.atomic():
            product = Product.objects.create(
                **columns_of(facts), lifecycle=lifecycle, created_at=now
            )
    except IntegrityError as clash:
        raise _taken(facts.sku) from clash
    announce(ProductAdded(product_id=product.pk), actor=actor, now=now)
    return product


@transaction.atomic
def revise_product(*, actor: Actor, now: datetime, product_id: int, facts: ProductFacts) -> Product:
    """Change a product's facts. Quotes and orders keep what they copied."""
    check(facts)
    product = Product.objects.select_for_update().filter(pk=product_id).first()
    if product is None:
        raise ProductNotFound("this product does not exist", product_id=product_id)
    for column, value in columns_of(facts).items():
        setattr(product, column, value)
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError as clash:
        raise _taken(facts.sku) from clash
    announce(ProductRevised(product_id=product_id), actor=actor, now=now)
    return product


@transaction.atomic
def set_lifecycle(*, actor: Actor, now: datetime, product_id: int, lifecycle: str) -> Product:
    """Activate a draft, phase a product out, or bring it back."""
    product = queries.get_product(actor, product_id)
    sources = [state for state, targets in TRANSITIONS.items() if lifecycle in targets]
    moved = Product.objects.filter(pk=product_id, lifecycle__in=sources)
    if moved.update(lifecycle=lifecycle) != 1:
        raise ProductNotSellable(
            said(
                "%(sku)s is %(lifecycle)s; it cannot become %(lifecycle2)s.",
                sku=product.sku,
                lifecycle=product.lifecycle,
                lifecycle2=lifecycle,
            ),
            code="product_lifecycle",
        )
    announce(ProductRevised(product_id=product_id), actor=actor, now=now)
    return queries.get_product(actor, product_id)


@transaction.atomic
def set_text(
    *,
    actor: Actor,
    now: datetime,
    product_id: int,
    language: str,
    name: str,
    description: str = "",
) -> None:
    """Name and description in another language; an empty name takes the text away."""
    queries.get_product(actor, product_id)
    if not (2 <= len(language) <= 8 and language.isascii()):
        raise BadProduct("Unknown language.", fields={"language": "a code such as de"})
    if not name.strip():
        ProductText.objects.filter(product_id=product_id, language=language).delete()
    elif len(name) > 200:
        raise BadProduct("The name is too long.", fields={"name": "at most 200 characters"})
    else:
        ProductText.objects.update_or_create(
            product_id=product_id,
            language=language,
            defaults={"name": name.strip(), "description": description},
        )
    names = ProductText.objects.filter(product_id=product_id).values_list("language", "name")
    Product.objects.filter(pk=product_id).update(name_texts=dict(names))
    announce(ProductRevised(product_id=product_id), actor=actor, now=now)


@transaction.atomic
def name_group(*, actor: Actor, now: datetime, key: str, name: str) -> ProductGroup:
    """Say what a group of products is called; its key stays. Raises BadProduct."""
    if key not in queries.groups():
        message = said("No product is in the group “%(group)s”.", group=key[:60])
        raise BadProduct(message, fields={"group": "a group of products"})
    if longest_text(name) > 60:
        raise BadProduct("The name is too long.", fields={"name": "at most 60 characters"})
    texts = dict(texts_of(name)) or ({MAIN: name} if name else {})
    made, _new = ProductGroup.objects.update_or_create(key=key, defaults={"name_texts": texts})
    announce(GroupNamed(group_id=made.pk), actor=actor, now=now)
    return made


def fee_articles(numbers: Collection[str], *, actor: Actor, now: datetime) -> dict[str, int]:
    """What fees of price books are sold as: article numbers to keys.

    A number that is none (or empty) stands for the house's article for fees, which is added the
    first time it is needed.
    """
    known = dict(Product.objects.filter(sku__in={*numbers, FEE_SKU}).values_list("sku", "pk"))
    if FEE_SKU not in known and not set(numbers) <= known.keys():
        known[FEE_SKU] = _add_fee_article(actor, now)
    return {number: known.get(number) or known[FEE_SKU] for number in numbers}


def _add_fee_article(actor: Actor, now: datetime) -> int:
    facts = ProductFacts(sku=FEE_SKU, name="Fees and freight", kind="service")
    try:
        product_id = add_product(actor=actor, now=now, facts=facts).pk
    except SkuTaken:  # by somebody who needed it at the same time
        return Product.objects.get(sku=FEE_SKU).pk
    name = "Gebühren und Fracht"
    set_text(actor=actor, now=now, product_id=product_id, language="de", name=name)
    return product_id


@transaction.atomic
def set_costs(*, actor: Actor, now: datetime, costs: Sequence[NewCost]) -> list[ProductCost]:
    """Say what products cost us from a day on; a cost of the same currency and day is replaced.

    Quotes that are worked on reckon their margin with it from then on. Raises BadCost naming the
    field, ProductNotFound.
    """
    actor.require("cost.edit")
    for cost in costs:
        if fields := cost_problems_of(cost):
            raise BadCost("The cost cannot be kept as it is.", fields=fields)
    queries.facts_of({cost.product_id for cost in costs})
    named = {(cost.product_id, cost.currency, cost.valid_from): cost for cost in costs}
    made = ProductCost.objects.bulk_create(
        [
            ProductCost(
                product_id=cost.product_id,
                currency=cost.currency,
                valid_from=cost.valid_from,
                unit_cost=cost.unit_cost,
                list_share_bps=cost.list_share_bps,
            )
            for cost in named.values()
        ],
        update_conflicts=True,
        unique_fields=["product", "currency", "valid_from"],
        update_fields=["unit_cost", "list_share_bps"],
    )
    events = [
        ProductCostSet(product_id=cost.product_id, valid_from=cost.valid_from)
        for cost in named.values()
    ]
    announce_many(events, actor=actor, now=now)
    return made


@transaction.atomic
def remove_cost(*, actor: Actor, now: datetime, product_id: int, cost_id: int) -> None:
    """Take a cost away that was set by mistake; the one before it holds again."""
    actor.require("cost.edit")
    cost = ProductCost.objects.filter(pk=cost_id, product_id=product_id).first()
    if cost is None:
        raise CostNotFound("this cost does not exist", cost_id=cost_id)
    cost.delete()
    removed = ProductCostSet(product_id=product_id, valid_from=cost.valid_from, is_removed=True)
    announce(removed, actor=actor, now=now)


def import_products(
    *, actor: Actor, now: datetime, products: Sequence[ProductFacts]
) -> ImportOutcome:
    """Add new products and revise known ones by article number, in batches of one statement.

    Every batch is one transaction, so an import that is stopped can simply be run again: what
    stands there already as it is in the file is left alone. Raises BadProduct before anything is
    written when a product cannot be kept.
    """
    for facts in products:
        check(facts)
    added = revised = 0
    for start in range(0, len(products), IMPORT_BATCH):
        batch = products[start : start + IMPORT_BATCH]
        new, changed = _import_batch(actor, now, batch)
        added += new
        revised += changed
    return ImportOutcome(added, revised, len(products) - added - revised)


@transaction.atomic
def _import_batch(actor: Actor, now: datetime, batch: Sequence[ProductFacts]) -> tuple[int, int]:
    columns = list(ProductFacts.__dataclass_fields__)
    present = {
        row["sku"]: row
        for row in Product.objects.select_for_update()
        .filter(sku__in=[facts.sku for facts in batch])
        .values("pk", *columns)
    }
    news = [facts for facts in batch if facts.sku not in present]
    changed = [
        Product(pk=present[facts.sku]["pk"], **columns_of(facts))
        for facts in batch
        if facts.sku in present
        and any(present[facts.sku][name] != value for name, value in columns_of(facts).items())
    ]
    rows = Product.objects.bulk_create(
        Product(**columns_of(facts), lifecycle="active", created_at=now) for facts in news
    )
    if changed:
        Product.objects.bulk_update(changed, [name for name in columns if name != "sku"])
    events: list[Event] = [ProductAdded(product_id=row.pk) for row in rows]
    events += [ProductRevised(product_id=product.pk) for product in changed]
    announce_many(events, actor=actor, now=now)
    return len(rows), len(changed)


def _taken(sku: str) -> SkuTaken:
    return SkuTaken(
        said("%(sku)s is the number of another product; choose another.", sku=sku), sku=sku
    )


@transaction.atomic
def check_import(*, actor: Actor, now: datetime, content: bytes, name: str) -> LongTask:
    """Read a CSV file of products and say what importing it would do, without doing it.

    The file is kept with the task, so that exactly what was shown is imported later. Raises
    BadProductFile when nothing can be read.
    """
    read = read_products(content)
    skus = [facts.sku for facts in read.products]
    known = Product.objects.filter(sku__in=skus).count()
    refused = None
    if read.refused:
        refused = store.keep(
            refused_csv(read), name=f"refused-{name}", media_type="text/csv", now=now
        )
    return LongTask.objects.create(
        kind=IMPORT_TASK,
        label=name[:200],
        total=len(read.products),
        summary={
            "new": len(skus) - known,
            "known": known,
            "refused": len(read.refused),
            "reasons": [[row.line_no, row.reason] for row in read.refused[:20]],
        },
        source_file=store.keep(content, name=name, media_type="text/csv", now=now),
        refused_file=refused,
        started_by_id=actor.user_id,
        created_at=now,
    )


def run_import(*, actor: Actor, now: datetime, task_id: int) -> LongTask:
    """Import what a checked file holds; running it again changes nothing."""
    task = queries.get_import(actor, task_id)
    if task.state == "done":
        return task
    content = store.read(task.source_file_id) if task.source_file_id else b""
    outcome = import_products(actor=actor, now=now, products=read_products(content).products)
    LongTask.objects.filter(pk=task_id).update(
        state="done",
        done=task.total,
        finished_at=now,
        summary={
            **task.summary,
            "added": outcome.added,
            "revised": outcome.revised,
            "unchanged": outcome.unchanged,
        },
    )
    return queries.get_import(actor, task_id)


@transaction.atomic
def import_costs(
    *,
    actor: Actor,
    now: datetime,
    text: str,
    mapping: Mapping[str, str] | None = None,
    decimal_mark: str = ".",
    is_trial: bool = False,
) -> Imported[NewCost]:
    """Set the costs of a CSV list (`COST_FIELDS`); with `is_trial` only say what would be set.

    A cost of the same product, currency and day gives way to the list's; one that is the same
    stays. Rows that cannot be kept are refused, the others are not held up. Raises BadTable where
    nothing can be read.
    """
    actor.require("cost.edit")
    columns, rows, refused = read_table(
        text,
        fields=COST_FIELDS,
        required=("sku", "valid_from"),
        mapping=mapping,
        decimal_mark=decimal_mark,
    )
    found: Imported[NewCost] = Imported(columns, refused=refused)
    keys = dict(
        Product.objects.filter(sku__in={row.text("sku") for row in rows}).values_list("sku", "pk")
    )
    kept = {
        (cost.product_id, cost.currency, cost.valid_from): (cost.unit_cost, cost.list_share_bps)
        for cost in ProductCost.objects.filter(product_id__in=keys.values())
    }
    seen: set[tuple[int, str, date]] = set()

    def take(row: TableRow) -> None:
        cost = _cost_of(row, keys)
        about = (cost.product_id, cost.currency, cost.valid_from)
        if about in seen:
            raise BadTable(_("%(sku)s stands in the list twice for that day") % row.values)
        seen.add(about)
        if about not in kept:
            found.new.append(cost)
        elif kept[about] == (cost.unit_cost, cost.list_share_bps):
            found.known += 1
        else:
            found.changed.append(cost)

    each(found, rows, take)
    if not is_trial and (found.new or found.changed):
        set_costs(actor=actor, now=now, costs=[*found.new, *found.changed])
    return found


def _cost_of(row: TableRow, keys: Mapping[str, int]) -> NewCost:
    sku = row.text("sku")
    if sku not in keys:
        raise BadTable(_("there is no product %(sku)s") % {"sku": sku or "–"})
    valid_from = row.day("valid_from")
    if valid_from is None:
        raise BadTable(_("valid_from: expected a day"))
    cost = NewCost(
        product_id=keys[sku],
        valid_from=valid_from,
        unit_cost=row.decimal("unit_cost"),
        currency=row.text("currency").upper(),
        list_share_bps=row.bps("list_share_percent"),
    )
    if fields := cost_problems_of(cost):
        raise BadCost("The cost cannot be kept as it is.", fields=fields)
    return cost
