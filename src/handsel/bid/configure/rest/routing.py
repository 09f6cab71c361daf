"""The room's router."""

from __future__ import annotations

from handsel.ground.platform.api import RoomRouter

router = RoomRouter("configure")
