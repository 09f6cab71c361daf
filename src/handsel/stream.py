"""The one ordered list of stages and rooms, and what each room may look back at.

The menu, the list of Django applications, the import walls and the tables in the documents are
derived from this file, so that a file explorer, a test report, the menu and the handbook show the
same order. Titles are English message ids; whoever shows them translates them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "handsel"

# What the other rooms may import from a room of the deal, beside nothing at all.
# `ports` is the Protocol an earlier room owns so that a later adapter can fill it.
PUBLIC_MODULES = ("actions", "queries", "models", "events", "rules", "errors", "ports")

# What nobody but the house around the rooms may import, even from ground.
EDGE_MODULES = ("web", "rest", "listeners", "adapters", "apps", "migrations", "templatetags")

# The order of files inside a room, last first: a file may use only those after it in this list.
FILE_ORDER = (
    ("web", "rest"),
    ("listeners", "jobs", "adapters"),
    ("actions",),
    ("queries",),
    ("models",),
    ("ports",),
    ("rules",),
    ("events",),
    ("errors",),
)


@dataclass(frozen=True, slots=True)
class Room:
    """One room: its name, the stage it lies in, what it is about, and where it may look."""

    name: str
    stage: str
    title: str
    about: str
    looks_back: tuple[str, ...] = ()
    is_django_app: bool = True
    without: tuple[str, ...] = ()
    """Which of `web` (pages) and `rest` (an API) it does without."""

    @property
    def module(self) -> str:
        """The dotted name of the room's package."""
        return f"{PACKAGE}.{self.stage}.{self.name}"

    @property
    def folder(self) -> Path:
        """The room's folder, relative to the folder that holds the package."""
        return Path(PACKAGE, self.stage, self.name)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the deal; `letter` is empty for ground, which is no stage of a deal."""

    name: str
    letter: str
    title: str
    about: str
    rooms: tuple[Room, ...]


def _ground() -> Stage:
    rows = (
        ("kernel", "Money, Rate, Quantity, Period, Clock, grammar, errors: pure Python"),
        ("platform", "the event log, dispatch, jobs, numbering, audit, storage"),
        ("identity", "users, teams, roles, permissions, API keys, sign-in"),
        ("tax", "VAT decisions, rates, tax ids"),
        ("party", "organizations, persons, addresses, sellers (our legal entities)"),
        ("document", "typesetting, templates, mail"),
    )
    without = {"identity": ("web",), "document": ("rest",), "party": ()}
    rooms: list[Room] = []
    for name, about in rows:
        before = tuple(room.name for room in rooms)
        lacks = without.get(name, ("web", "rest"))
        title, is_app = name.capitalize(), name != "kernel"
        rooms.append(Room(name, "ground", title, about, before, is_app, lacks))
    return Stage("ground", "", "Ground", "what every room stands on; knows no room", tuple(rooms))


def _room(stage: str, name: str, about: str, looks_back: str = "", without: str = "") -> Room:
    before, lacks = tuple(looks_back.split()), tuple(without.split())
    return Room(name, stage, name.capitalize(), about, before, without=lacks)


GROUND = _ground()

STAGES: tuple[Stage, ...] = (
    Stage(
        "attract",
        "A",
        "Attract",
        "from stranger to qualified deal",
        (
            _room("attract", "lead", "inquiries, sources, identity, first response, qualification"),
            _room(
                "attract",
                "opportunity",
                "pipelines, activities, buying committee, won and lost",
                "lead",
            ),
        ),
    ),
    Stage(
        "bid",
        "B",
        "Bid",
        "from need to priced offer",
        (
            _room("bid", "catalog", "products, units, lifecycle"),
            _room(
                "bid",
                "configure",
                "product models, the constraint engine, sessions",
                "catalog",
            ),
            _room("bid", "price", "price books, tiers, the waterfall", "catalog configure"),
            _room(
                "bid",
                "quote",
                "quotes, versions, the public link, acceptance",
                "lead opportunity catalog configure price",
            ),
        ),
    ),
    Stage(
        "commit",
        "C",
        "Commit",
        "from offer to obligation",
        (_room("commit", "order", "order desk, holds, release", "catalog quote"),),
    ),
    Stage(
        "deliver",
        "D",
        "Deliver",
        "from obligation to value in the customer's hands",
        (_room("deliver", "fulfillment", "stock moves, reservations, shipments", "catalog order"),),
    ),
    Stage(
        "earn",
        "E",
        "Earn",
        "from delivery to money on the books",
        (
            _room(
                "earn",
                "billing",
                "billing plans, invoices, credit notes, e-invoices",
                "catalog quote order fulfillment",
            ),
            _room("earn", "cash", "bank statements, matching, receivables", "order billing"),
            _room(
                "earn",
                "ledger",
                "ledger accounts, journal, posting rules, trial balance",
                "order fulfillment billing cash",
            ),
        ),
    ),
    Stage(
        "follow",
        "F",
        "Follow",
        "after the sale",
        (
            _room(
                "follow",
                "insight",
                "KPIs with drill-down to rows; reads only",
                "lead opportunity catalog configure price quote order "
                "fulfillment billing cash ledger",
            ),
        ),
    ),
)

ROOMS: tuple[Room, ...] = tuple(room for stage in (GROUND, *STAGES) for room in stage.rooms)
DEAL_ROOMS: tuple[Room, ...] = tuple(room for stage in STAGES for room in stage.rooms)


def room(name: str) -> Room:
    """The room of that name; KeyError when there is none."""
    for candidate in ROOMS:
        if candidate.name == name:
            return candidate
    raise KeyError(name)


def django_apps() -> list[str]:
    """Dotted names of the rooms that are Django applications: ground first, then the stream."""
    return [room.module for room in ROOMS if room.is_django_app]


def may_import(room: Room) -> frozenset[str]:
    """Names of the rooms that `room` may import: itself, ground below it, what it looks back at."""
    ground = () if room in GROUND.rooms else tuple(one.name for one in GROUND.rooms)
    return frozenset((room.name, *ground, *room.looks_back))


def stream_table() -> str:
    """The stages and rooms as the Markdown table that the documents carry."""
    lines = ["| stage | room | is about | looks back at |", "|---|---|---|---|"]
    for stage in (*STAGES, GROUND):
        for one in stage.rooms:
            head = f"{stage.letter} {stage.title}".strip()
            back = ", ".join(one.looks_back) or "–"
            lines.append(f"| {head} | `{one.stage}/{one.name}` | {one.about} | {back} |")
    return "\n".join(lines)


def import_contracts(source: Path) -> str:
    """The import walls as a configuration of import-linter (TOML).

    `source` is the folder that holds the package; only rooms and files that exist get a contract,
    because import-linter refuses to speak about modules it cannot find.
    """
    present = [one for one in ROOMS if (source / one.folder / "__init__.py").exists()]
    blocks = [
        "[tool.importlinter]",
        f"root_package = {json.dumps(PACKAGE)}",
        "include_external_packages = true",
    ]
    for contract in _contracts(source, present):
        blocks.append("\n[[tool.importlinter.contracts]]")
        blocks.extend(f"{key} = {json.dumps(value)}" for key, value in contract.items())
    return "\n".join(blocks) + "\n"


Contract = dict[str, str | bool | Sequence[str]]


def _contracts(source: Path, present: Sequence[Room]) -> Iterator[Contract]:
    site = [f"{PACKAGE}.site"] if (source / PACKAGE / "site" / "__init__.py").exists() else []
    for one in present:
        yield from _wall(one, present, site)
        yield from _door(source, one, site)
    ordered = [one.module for one in present if one.name not in ("kernel", "platform")]
    if ordered:
        yield {
            "id": "files",
            "name": "Inside a room, a file uses only the files above it",
            "type": "layers",
            "containers": ordered,
            "layers": [" : ".join(f"({name})" for name in layer) for layer in FILE_ORDER],
        }
    yield from _purity(source, present)


def _wall(one: Room, present: Sequence[Room], site: Sequence[str]) -> Iterator[Contract]:
    allowed = may_import(one)
    forbidden = [other.module for other in present if other.name not in allowed]
    grounded = "" if one in GROUND.rooms else " and ground"
    if forbidden or site:
        yield {
            "id": f"wall-{one.name}",
            "name": f"{one.name} looks back at {_listed(one.looks_back)}{grounded} only",
            "type": "forbidden",
            "source_modules": [one.module],
            "forbidden_modules": [*forbidden, *site],
            "allow_indirect_imports": True,
        }


def _door(source: Path, one: Room, site: Sequence[str]) -> Iterator[Contract]:
    inside = _children(source / one.folder)
    if one in GROUND.rooms:
        private = [name for name in inside if name in EDGE_MODULES]
    else:
        private = [name for name in inside if name not in PUBLIC_MODULES]
    if private:
        yield {
            "id": f"door-{one.name}",
            "name": f"From outside {one.name} only its public files are imported",
            "type": "protected",
            "protected_modules": [f"{one.module}.{name}" for name in private],
            "allowed_importers": [one.module, *site],
        }


def _purity(source: Path, present: Sequence[Room]) -> Iterator[Contract]:
    pure = [one.module for one in present if one.name == "kernel"]
    pure += [f"{one.module}.rules" for one in present if "rules" in _children(source / one.folder)]
    if pure:
        yield {
            "id": "pure",
            "name": "Kernel and rules know no framework, database or settings",
            "type": "forbidden",
            "source_modules": pure,
            "forbidden_modules": ["django", "ninja", "psycopg", "procrastinate"],
            "allow_indirect_imports": True,
        }


def _children(folder: Path) -> list[str]:
    """Names of the modules and packages directly in a folder, sorted."""
    names = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    names |= {path.parent.name for path in folder.glob("*/__init__.py")}
    return sorted(names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "no room"
