"""What the pages of the books share: whose books, which days, sections, tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from handsel.ground.document.formatting import readers_day
from handsel.ground.identity.access import Request
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.party import queries as party
from handsel.ground.party.models import Seller

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Range:
    """Whose books a page shows, and from which day to which (both shown, as people say it)."""

    seller: Seller
    from_on: date
    last_on: date

    @property
    def until_on(self) -> date:
        """The day after the last one."""
        return self.last_on + timedelta(days=1)

    def query(self, **more: Any) -> str:
        """The same range as the query of an address."""
        said = {"seller": self.seller.pk, "from": self.from_on, "until": self.last_on, **more}
        return "?" + urlencode(said)


def asked_range(request: Request) -> Range:
    """The seller and days in the address; the first seller and this year where they are not."""
    key = request.GET.get("seller", "")
    if key.isascii() and key.isdigit() and len(key) < 19:
        seller = party.get_seller(request.actor, int(key))
    else:
        seller = party.default_seller(request.actor)
    today = local_date(request.now, seller.time_zone)
    from_on = _day(request.GET.get("from", ""), today.replace(month=1, day=1))
    last_on = _day(request.GET.get("until", ""), max(today, from_on))
    return Range(seller, from_on, max(last_on, from_on))


def _day(text: str, default: date) -> date:
    try:
        return parse_date(text)
    except Invalid:
        return default


def sections(here: str, asked: Range) -> list[dict[str, Any]]:
    """The tabs of the room; the range goes along."""
    named = (
        ("list", _("Trial balance")),
        ("journal", _("Journal")),
        ("accounts", _("Accounts")),
        ("periods", _("Months")),
        ("rules", _("Posting rules")),
    )
    return [
        {
            "label": label,
            "url": reverse(f"ledger:{name}") + asked.query(),
            "current": name == here,
        }
        for name, label in named
    ]


def range_form(request: Request, asked: Range) -> dict[str, Any]:
    """Fields of the form above a page of the books."""
    sellers = [(one.pk, one.name) for one in party.sellers_of(request.actor).order_by("pk")]
    return {
        "sellers": sellers if len(sellers) > 1 else [],
        "seller": asked.seller.pk,
        "from_on": asked.from_on,
        "last_on": asked.last_on,
    }


def range_filters(request: Request, asked: Range) -> list[dict[str, Any]]:
    """The range as filters of a table, so that its search keeps the range, and can drop it."""
    said = (
        ("seller", asked.seller.pk, asked.seller.name, _("Any seller")),
        (
            "from",
            asked.from_on,
            _("from %(on)s") % {"on": readers_day(asked.from_on)},
            _("This year"),
        ),
        (
            "until",
            asked.last_on,
            _("through %(on)s") % {"on": readers_day(asked.last_on)},
            _("Until today"),
        ),
    )
    return [
        {"name": name, "label": label, "options": [(str(value), shown)], "value": str(value)}
        for name, value, shown, label in said
        if request.GET.get(name)
    ]


def start_of(request: Request) -> int:
    """From which row on a list is shown."""
    text = request.GET.get("start", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def paged(table: dict[str, Any], asked: Range, start: int, got: int, **more: Any) -> dict[str, Any]:
    """Give a table its foot; `got` is how many rows were found, one more than a page asks on."""
    shown = min(got, PAGE_SIZE)
    table["shown"] = f"{start + 1}–{start + shown}" if shown else ""
    back, on = max(0, start - PAGE_SIZE), start + PAGE_SIZE
    table["previous_url"] = asked.query(start=back, **more) if start else ""
    table["next_url"] = asked.query(start=on, **more) if got > PAGE_SIZE else ""
    return table


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Rows as a CSV file with a head; text that a spreadsheet would run is disarmed."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and not _is_amount(cell):
        return f"'{cell}"
    return cell


def _is_amount(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()
