"""The stream: complete, in order, and looking back only."""

from itertools import pairwise

import pytest

from handsel import stream
from handsel.site.shell import navigation


def test_stages_and_their_letters_go_from_a_to_f() -> None:
    assert "".join(stage.letter for stage in stream.STAGES) == "ABCDEF"
    assert stream.GROUND.letter == ""


def test_names_are_unique() -> None:
    names = [room.name for room in stream.ROOMS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("room", stream.ROOMS, ids=lambda room: room.name)
def test_a_room_looks_back_only(room: stream.Room) -> None:
    order = [one.name for one in stream.ROOMS]
    assert all(order.index(name) < order.index(room.name) for name in room.looks_back)


@pytest.mark.parametrize("room", stream.DEAL_ROOMS, ids=lambda room: room.name)
def test_what_a_room_looks_back_at_stands_in_stream_order(room: stream.Room) -> None:
    order = [one.name for one in stream.ROOMS]
    assert all(order.index(a) < order.index(b) for a, b in pairwise(room.looks_back))


def test_ground_knows_no_room() -> None:
    ground = {room.name for room in stream.GROUND.rooms}
    assert all(set(room.looks_back) <= ground for room in stream.GROUND.rooms)


def test_insight_sees_everything() -> None:
    before = {room.name for room in stream.DEAL_ROOMS} - {"insight"}
    assert set(stream.room("insight").looks_back) == before


def test_an_unknown_room_is_an_error() -> None:
    with pytest.raises(KeyError):
        stream.room("nurture-not-yet")


def test_the_menu_knows_every_stage_and_room() -> None:
    assert list(navigation.STAGE_LABELS) == [stage.name for stage in stream.STAGES]
    named = [name for name in navigation.ROOM_LABELS if name in {r.name for r in stream.ROOMS}]
    assert named == [room.name for room in stream.DEAL_ROOMS]
