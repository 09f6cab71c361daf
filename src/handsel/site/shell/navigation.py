"""The menu in stream order, and the registry behind the command palette.

The menu shows a room when its landing page `<room>:list` exists and the actor may open it.
`site/wiring.py` adds searches and commands; rooms never import this file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handsel import stream
from handsel.ground.platform.actor import Actor

Text = str | Promise

# The words of the menu, so that translators find them; a room not named here shows its title.
STAGE_LABELS: dict[str, tuple[Text, str]] = {
    "attract": (gettext_lazy("Attract"), "magnet"),
    "bid": (gettext_lazy("Bid"), "file-text"),
    "commit": (gettext_lazy("Commit"), "handshake"),
    "deliver": (gettext_lazy("Deliver"), "truck"),
    "earn": (gettext_lazy("Earn"), "banknote"),
    "follow": (gettext_lazy("Follow"), "chart-line"),
}
ROOM_LABELS: dict[str, tuple[Text, str]] = {
    "lead": (gettext_lazy("Leads"), "sprout"),
    "nurture": (gettext_lazy("Programmes"), "mails"),
    "opportunity": (gettext_lazy("Opportunities"), "target"),
    "catalog": (gettext_lazy("Catalog"), "package"),
    "configure": (gettext_lazy("Configurations"), "sliders-horizontal"),
    "design": (gettext_lazy("Designs"), "box"),
    "price": (gettext_lazy("Prices"), "tag"),
    "quote": (gettext_lazy("Quotes"), "file-text"),
    "contract": (gettext_lazy("Contracts"), "signature"),
    "order": (gettext_lazy("Orders"), "clipboard-check"),
    "fulfillment": (gettext_lazy("Deliveries"), "truck"),
    "subscription": (gettext_lazy("Subscriptions"), "repeat"),
    "billing": (gettext_lazy("Invoices"), "receipt"),
    "cash": (gettext_lazy("Cash"), "banknote"),
    "ledger": (gettext_lazy("Ledger"), "book-open"),
    "revenue": (gettext_lazy("Revenue"), "coins"),
    "helpdesk": (gettext_lazy("Cases"), "life-buoy"),
    "insight": (gettext_lazy("Insight"), "chart-line"),
}


@dataclass(frozen=True, slots=True)
class RoomItem:
    """One room in the menu."""

    key: str
    label: Text
    icon: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class StageItem:
    """One stage in the menu with the rooms below it."""

    key: str
    letter: str
    label: Text
    icon: str
    rooms: tuple[RoomItem, ...]

    @property
    def current(self) -> bool:
        """Whether the page shown lies in this stage."""
        return any(room.current for room in self.rooms)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of the palette: a record, a page or an action."""

    label: Text
    url: str
    detail: Text = ""
    icon: str = "arrow-right"


@dataclass(frozen=True, slots=True)
class Command:
    """Something one can start from anywhere: an address by name, and who may."""

    label: Text
    url_name: str
    permission: str
    icon: str = "plus"
    words: str = ""


Search = Callable[..., Sequence[Hit]]
_searches: dict[str, tuple[Text, str, Search]] = {}
_commands: dict[str, Command] = {}
_user_links: list[tuple[Text, str, str]] = []


def add_search(room: str, label: Text, search: Search, *, permission: str) -> None:
    """Let the palette and the search page find a room's records.

    `search(actor=…, text=…, limit=…)` answers Hits, best first, in a few milliseconds.
    """
    _searches[room] = (label, permission, search)


def add_command(key: str, command: Command) -> None:
    """Offer an action in the palette, e.g. "New quote"."""
    _commands[key] = command


def add_user_link(label: Text, url_name: str, permission: str = "") -> None:
    """Offer a page in the user menu, e.g. security settings."""
    _user_links.append((label, url_name, permission))


def user_links(actor: Actor | None) -> list[tuple[str, str]]:
    """Links of the user menu this actor may follow."""
    if actor is None:
        return []
    return [
        (str(label), url)
        for label, url_name, permission in _user_links
        if (not permission or actor.may(permission)) and (url := _reverse(url_name))
    ]


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=64)
def _landing(room: str) -> tuple[str, str]:
    """(address, permission) of a room's landing page; empty when it has none."""
    url = _reverse(f"{room}:list")
    if not url:
        return "", ""
    return url, str(getattr(resolve(url).func, "permission", ""))


def _may(actor: Actor | None, permission: str) -> bool:
    return permission in {"", "public"} or (actor is not None and actor.may(permission))


def menu(actor: Actor | None, *, path: str = "") -> list[StageItem]:
    """Stages and rooms this actor may open, in stream order; the room of `path` is current."""
    items = []
    for stage in stream.STAGES:
        rooms = []
        for room in stage.rooms:
            url, permission = _landing(room.name)
            if not url or not _may(actor, permission):
                continue
            label, icon = ROOM_LABELS.get(room.name, (room.title, "circle-small"))
            current = path.startswith(f"/{room.name}/")
            rooms.append(RoomItem(room.name, label, icon, url, current))
        if rooms:
            label, icon = STAGE_LABELS.get(stage.name, (stage.title, "circle-small"))
            items.append(StageItem(stage.name, stage.letter, label, icon, tuple(rooms)))
    return items


def _matches(text: str, *fields: Any) -> bool:
    haystack = " ".join(str(field) for field in fields).casefold()
    return all(word in haystack for word in text.casefold().split())


def page_hits(actor: Actor | None, text: str) -> list[Hit]:
    """Pages of the menu whose names match."""
    return [
        Hit(room.label, room.url, stage.label, room.icon)
        for stage in menu(actor)
        for room in stage.rooms
        if _matches(text, room.label, stage.label, room.key)
    ]


def command_hits(actor: Actor | None, text: str) -> list[Hit]:
    """Actions that match and that this actor may start."""
    return [
        Hit(command.label, url, "", command.icon)
        for command in _commands.values()
        if _may(actor, command.permission)
        and _matches(text, command.label, command.words)
        and (url := _reverse(command.url_name))
    ]


def find(actor: Actor | None, text: str, *, limit: int = 6) -> list[dict[str, Any]]:
    """Groups of hits: records first when something was typed, then actions, then pages."""
    groups: list[dict[str, Any]] = []
    if actor is not None and len(text.strip()) >= 2:
        for label, permission, search in _searches.values():
            if _may(actor, permission):
                hits = list(search(actor=actor, text=text.strip(), limit=limit))
                groups.append({"label": label, "hits": hits})
    groups.append({"label": _("Actions"), "hits": command_hits(actor, text)})
    groups.append({"label": _("Pages"), "hits": page_hits(actor, text)})
    return [group for group in groups if group["hits"]]
