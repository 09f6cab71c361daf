"""The house's words: every event has a sentence, every icon is drawn, every port is filled."""

import importlib
import importlib.util
import json

import pytest
from django.urls import NoReverseMatch, reverse

from handsel import stream
from handsel.ground.platform.events import Event
from handsel.site import addresses, search
from handsel.site.roles import PERMISSIONS, ROLES
from handsel.site.sentences import SENTENCES
from handsel.site.today.queues import QUEUES
from tests.support.code import PROJECT

ICONS = set(json.loads((PROJECT / "frontend" / "icons.json").read_text(encoding="utf-8")))


def event_types() -> dict[str, type[Event]]:
    """Every event type of every room."""
    for room in stream.ROOMS:
        if importlib.util.find_spec(f"{room.module}.events") is not None:
            importlib.import_module(f"{room.module}.events")
    found: dict[str, type[Event]] = {}
    waiting = Event.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.TYPE and kind.__module__.startswith(stream.PACKAGE):
            found[kind.TYPE] = kind
    return found


def test_every_event_is_read_aloud() -> None:
    assert sorted(set(event_types()) - set(SENTENCES)) == []


def test_every_sentence_belongs_to_an_event() -> None:
    assert sorted(set(SENTENCES) - set(event_types())) == []


def test_every_sentence_takes_fields_that_are_there() -> None:
    import dataclasses
    import re

    wrong = []
    for kind, event in event_types().items():
        wanted = set(re.findall(r"%\((\w+)\)", str(SENTENCES.get(kind, ("",))[0])))
        missing = wanted - {field.name for field in dataclasses.fields(event)}
        wrong += [f"{kind}: {name}" for name in sorted(missing)]
    assert not wrong


def test_every_icon_is_drawn() -> None:
    used = {icon for _, _, icon in SENTENCES.values()} | {
        command.icon for command in search._COMMANDS.values()
    }
    assert not used - ICONS - {""}


@pytest.mark.parametrize("name", sorted(set(addresses.RECORD_PAGES.values())))
def test_every_record_has_its_page(name: str) -> None:
    assert reverse(name, args=[7])


def test_an_unknown_record_has_no_page() -> None:
    assert addresses.address_of("unicorn", 7) == ""


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.key)
def test_every_queue_has_its_list_and_permission(queue: object) -> None:
    assert queue.permission in PERMISSIONS  # type: ignore[attr-defined]
    assert reverse(queue.list_name)  # type: ignore[attr-defined]


def test_commands_lead_somewhere_and_ask_for_a_known_permission() -> None:
    lost = []
    for command in search._COMMANDS.values():
        assert command.permission in PERMISSIONS
        try:
            reverse(command.url_name)
        except NoReverseMatch:
            lost.append(command.url_name)
    assert not lost


def test_roles_hold_only_roles_that_exist() -> None:
    assert {role for holders in PERMISSIONS.values() for role in holders} <= set(ROLES)


def test_no_port_is_left_unplugged() -> None:
    """Each list in a room's `ports.py` that a `plug…` fills holds an adapter of the house."""
    empty = []
    for room in stream.ROOMS:
        name = f"{room.module}.ports"
        if importlib.util.find_spec(name) is None:
            continue
        ports = importlib.import_module(name)
        for attribute, value in vars(ports).items():
            if not (attribute.startswith("_") and isinstance(value, list)):
                continue
            if not value or type(value[0]).__module__ == name:
                empty.append(f"{name}.{attribute}")
    assert not empty
