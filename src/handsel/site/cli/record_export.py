"""`./handsel export leads | opportunities | quotes | orders | invoices | payments | events`.

One row a record, oldest first: CSV, or with --json one JSON document a line. Amounts are decimal
numbers with their currency beside them, instants are in UTC.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import IO, Any

from django.db.models import DateField, OuterRef, QuerySet, Subquery

from handsel.attract.lead import queries as leads
from handsel.attract.opportunity import queries as opportunities
from handsel.bid.quote import queries as quotes
from handsel.bid.quote.models import QuoteVersion
from handsel.commit.order import queries as orders
from handsel.earn.billing import queries as billing
from handsel.earn.cash import queries as cash
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import BusinessEvent, EventObject
from handsel.ground.platform.spreadsheet import csv_pieces
from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun

CHUNK = 2000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """What is exported of one kind of record: its rows, their columns, the day it is asked by."""

    rows: Callable[[Actor], QuerySet[Any]]
    columns: str
    dated: str


def _newest_amounts(actor: Actor) -> QuerySet[Any]:
    versions = QuoteVersion.objects.filter(quote=OuterRef("pk")).order_by("-version_no")
    names = ("version_no", "net_minor", "tax_minor", "gross_minor", "valid_until")
    newest = {name: Subquery(versions.values(name)[:1]) for name in names}
    return quotes.visible(actor).annotate(**newest)


LISTINGS: dict[str, Listing] = {
    "leads": Listing(
        leads.leads,
        "id number state person_name email phone company_name country language interest channel "
        "source owner__name asked_at captured_at converted_at excluded_from_response",
        "asked_at",
    ),
    "opportunities": Listing(
        opportunities.opportunities,
        "id name state stage__name organization__name person__name owner__name lead__number "
        "amount_minor currency expected_close_on created_at closed_at lost_reason lost_to",
        "created_at",
    ),
    "quotes": Listing(
        _newest_amounts,
        "id number title state organization__name owner__name opportunity_id version_no currency "
        "net_minor tax_minor gross_minor valid_until created_at declined_reason",
        "created_at",
    ),
    "orders": Listing(
        orders.visible_orders,
        "id number state organization__name purchase_order billing_method currency net_minor "
        "tax_minor gross_minor placed_at released_at cancelled_at",
        "placed_at",
    ),
    "invoices": Listing(
        billing.visible_invoices,
        "id number kind state organization__name order__number currency net_minor tax_minor "
        "gross_minor prepaid_minor payable_minor issued_on due_on corrects__number created_at",
        "created_at",
    ),
    "payments": Listing(
        cash.visible_payments,
        "id number organization__name method amount_minor charges_minor currency received_on "
        "reference recorded_at",
        "received_on",
    ),
    "events": Listing(
        lambda actor: BusinessEvent.objects.all(),
        "id type version occurred_at recorded_at actor_kind actor_label payload",
        "occurred_at",
    ),
}


def export_records(what: str, arguments: argparse.Namespace, *, as_json: bool) -> int:
    """Write the rows of a listing; CouldNotRun when the file cannot be written."""
    listing = LISTINGS[what]
    rows = _asked(listing, arguments)
    found = _with_objects(rows) if what == "events" else _read(rows)
    columns = listing.columns.split() + (["objects"] if what == "events" else [])
    head = [_title(name) for name in columns]
    with _target(arguments.output) as file:
        if as_json:
            for row in found:
                plain = {
                    title: _plain(row, name) for title, name in zip(head, columns, strict=True)
                }
                file.write(json.dumps(plain, ensure_ascii=False, default=str) + "\n")
        else:
            cells = ([_cell(row, name) for name in columns] for row in found)
            for piece in csv_pieces(head, cells):
                file.write(piece)
    return codes.OK


def _asked(listing: Listing, arguments: argparse.Namespace) -> QuerySet[Any]:
    known = set(Seller.objects.values_list("pk", flat=True))
    wanted = known if arguments.seller is None else known & {arguments.seller}
    if not wanted:
        raise CouldNotRun("There is no such seller; leave out --seller for all of them.")
    rows = listing.rows(Actor.system("command line", seller_ids=wanted))
    if arguments.from_on:
        rows = rows.filter(**{f"{listing.dated}__gte": _bound(rows, listing, arguments.from_on)})
    if arguments.until_on:
        rows = rows.filter(**{f"{listing.dated}__lt": _bound(rows, listing, arguments.until_on)})
    return rows.order_by("pk").values(*listing.columns.split())


def _bound(rows: QuerySet[Any], listing: Listing, text: str) -> Any:
    day = parse_date(text)
    field = rows.model._meta.get_field(listing.dated)
    is_day = type(field) is DateField
    return day if is_day else datetime.combine(day, time(), UTC)


def _read(rows: QuerySet[Any]) -> Iterator[Row]:
    yield from rows.iterator(chunk_size=CHUNK)


def _with_objects(rows: QuerySet[Any]) -> Iterator[Row]:
    """Events with the objects they touch, read a chunk at a time."""
    batch: list[Row] = []
    for row in rows.iterator(chunk_size=CHUNK):
        batch.append(row)
        if len(batch) == CHUNK:
            yield from _touched(batch)
            batch = []
    yield from _touched(batch)


def _touched(batch: list[Row]) -> list[Row]:
    by_event: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in batch}
    touched = EventObject.objects.filter(event_id__in=by_event).order_by("pk")
    for event, kind, key, role in touched.values_list(
        "event_id", "object_type", "object_id", "qualifier"
    ):
        by_event[event].append({"type": kind, "id": key, "role": role})
    return [{**row, "objects": by_event[row["id"]]} for row in batch]


def _title(name: str) -> str:
    return name.removesuffix("_minor").replace("__name", "").replace("__", "_")


def _plain(row: Row, name: str) -> Any:
    value = row[name]
    if value is None:
        return None
    if name.endswith("_minor"):
        return Money(value, row["currency"]).text()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value


def _cell(row: Row, name: str) -> Any:
    value = _plain(row, name)
    if name.endswith("_minor") and value is not None:
        return Money(row[name], row["currency"])
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


@contextmanager
def _target(name: str | None) -> Iterator[IO[str]]:
    if not name:
        yield sys.stdout
        return
    try:
        with Path(name).open("w", newline="", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise CouldNotRun(f"{name} cannot be written: {error.strerror}.") from error
