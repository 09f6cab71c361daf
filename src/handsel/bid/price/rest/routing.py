"""The router all operations of this room are declared on."""

from __future__ import annotations

from handsel.ground.platform.api import RoomRouter

router = RoomRouter("price")
