"""Both engines for tests, and small models made of clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import pytest

from handsel.bid.configure.rules.compiled import Builder, Compiled
from handsel.bid.configure.rules.engine import Engine, NativeEngine, PureEngine, library, native
from handsel.site.cli import kernel

Opener = Callable[[Compiled], Engine]


@lru_cache(maxsize=1)
def kernel_is_there() -> bool:
    """Whether the kernel is built, after an attempt to build it."""
    if library.find() is None:
        try:
            kernel.build()
        except kernel.NotBuilt:
            return False
    return native.load() is not None


def open_native(compiled: Compiled) -> Engine:
    """An engine on the kernel; the test is left out where no compiler can build it."""
    if not kernel_is_there():
        pytest.skip("no C compiler here to build the kernel, or HANDSEL_ENGINE=pure is set")
    loaded = native.load()
    assert loaded is not None
    return NativeEngine(compiled, loaded, remembers=False)


def open_far(compiled: Compiled) -> Engine:
    """The kernel, made to keep whole products and to walk where it would not on small models."""
    engine = open_native(compiled)
    assert isinstance(engine, NativeEngine)
    engine.tune(1)
    return engine


ENGINES: dict[str, Opener] = {"native": open_native, "pure": PureEngine, "far": open_far}


def model_of(
    variables: int,
    clauses: Iterable[Sequence[int]],
    options: Sequence[int] | None = None,
) -> Compiled:
    """A model of bare clauses; every variable is an option unless literals for them are given."""
    builder = Builder(n_variables=variables)
    builder.begin_law("clauses")
    for clause in clauses:
        builder.add(clause)
    for literal in range(1, variables + 1) if options is None else options:
        builder.add_option(f"option {len(builder.options) + 1}", True, literal)
    return builder.build()
