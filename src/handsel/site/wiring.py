"""Plugs the rooms together: listeners in stream order, adapters into ports."""

from __future__ import annotations

import importlib
import importlib.util

from handsel import stream
from handsel.ground.identity import actions as identity
from handsel.ground.platform import dispatch
from handsel.site.roles import ROLES


def plug() -> None:
    """Import every room's listeners and tell the dispatcher the stream's order."""
    identity.declare_roles(ROLES)
    dispatch.set_stream_order([room.module for room in stream.ROOMS])
    for room in stream.ROOMS:
        if importlib.util.find_spec(room.module) is None:
            continue
        name = f"{room.module}.listeners"
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
