"""What the pages of the room share: sections, doing a command once, reading a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.earn.cash import queries
from handsel.earn.cash.models import BankEntry
from handsel.ground.identity.access import Request
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.errors import Invalid, Refused
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform.posted import go_to, once_posted

PAGE_SIZE = 50


def sections(request: Request, here: str) -> list[dict[str, Any]]:
    """The tabs of the room; how much waits is told where somebody must act."""
    waiting = queries.open_entries(request.actor).count()
    named = (
        ("list", _("Bank statements"), None),
        ("match", _("To match"), waiting),
        ("payments", _("Payments"), None),
        ("ageing", _("Receivables"), None),
    )
    return [
        {"label": label, "url": reverse(f"cash:{name}"), "current": name == here, "count": count}
        for name, label, count in named
    ]


def do(
    request: Request,
    route: str,
    act: Callable[[], dict[str, Any] | None],
    *,
    said: str,
    then: str | Callable[[dict[str, Any]], str],
    back: str,
) -> HttpResponseBase:
    """Run a command once for its key. Said and led on when it worked, told why when refused."""
    try:
        answer = once_posted(
            request,
            actor=request.actor,
            now=request.now,
            route=f"cash:{route}",
            effect=lambda: act() or {},
        )
    except (Refused, Invalid) as refusal:
        messages.error(request, str(refusal))
        return go_to(request, back)
    messages.success(request, said)
    return go_to(request, then if isinstance(then, str) else then(answer))


def amount_in(request: Request, name: str, currency: str) -> Money:
    """An amount from a form, with a point or a comma before the decimals; empty is zero."""
    text = request.POST.get(name, "").strip()
    if not text:
        return Money.zero(currency)
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    return Money.parse(text, currency)


def day_in(request: Request, name: str, default: date) -> date:
    """A date from a form, or the default where it is empty."""
    text = request.POST.get(name, "").strip()
    return parse_date(text) if text else default


def today(request: Request, time_zone: str = "") -> date:
    """The calendar day where the books are kept."""
    return local_date(request.now, time_zone or party.default_seller(request.actor).time_zone)


def as_of(request: Request) -> date:
    """The day that a page is asked about; today where none or none that is one is given."""
    try:
        return parse_date(request.GET.get("as_of", ""))
    except Invalid:
        return today(request)


def asked_text(request: Request) -> str:
    """What a list is searched for; the database keeps no NUL and finds none."""
    return request.GET.get("q", "")[:100].replace("\x00", "")


def start_of(request: Request) -> int:
    """From which row on a list is shown."""
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def paged(request: Request, table: dict[str, Any], start: int, got: int) -> dict[str, Any]:
    """Give a table its foot; `got` is how many rows were found, one more than a page asks on."""
    shown = min(got, PAGE_SIZE)
    table["shown"] = f"{start + 1}–{start + shown}" if shown else ""
    table["previous_url"] = _at(request, max(0, start - PAGE_SIZE)) if start else ""
    table["next_url"] = _at(request, start + PAGE_SIZE) if got > PAGE_SIZE else ""
    return table


def _at(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"


def words_of(entry: BankEntry) -> str:
    """What a payer wrote, in one short line."""
    return " ".join((entry.structured_reference or entry.remittance).split())[:90]
