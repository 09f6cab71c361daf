"""The engine: complete answers about a compiled model, after every decision.

`open_engine` takes the kernel where it is built and python-sat elsewhere; the answers are the
same. `contract` says what can be asked.
"""

from __future__ import annotations

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.engine.contract import (
    FALSE,
    OPEN,
    TRUE,
    Engine,
    Statistics,
    UnknownOption,
    changed_options,
)
from handsel.bid.configure.rules.engine.native import NativeEngine, load
from handsel.bid.configure.rules.engine.pure import PureEngine

__all__ = [
    "FALSE",
    "OPEN",
    "TRUE",
    "Engine",
    "NativeEngine",
    "PureEngine",
    "Statistics",
    "UnknownOption",
    "changed_options",
    "open_engine",
]


def open_engine(compiled: Compiled) -> Engine:
    """An engine for a compiled model; close it when it is not needed any more."""
    library = load()
    return PureEngine(compiled) if library is None else NativeEngine(compiled, library)
