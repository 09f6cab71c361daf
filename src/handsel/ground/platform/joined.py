"""Actions that join the transaction of the act they are part of, without a savepoint in it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def joined(action: Callable[P, R]) -> Callable[P, R]:
    """As `transaction.atomic`, but inside another act it fails together with that act.

    A savepoint costs two statements and is of use only where somebody catches the refusal and goes
    on in the same transaction. Use this where nobody does: what a listener calls, what is a step of
    a larger act. After a refusal that is caught all the same, the database takes no more
    statements, so such a mistake is seen and half an act is never kept.
    """

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=not _is_part_of_an_act()):
            return action(*args, **kwargs)

    return run


def _is_part_of_an_act() -> bool:
    """Inside a transaction of the program's own; the one a test wraps itself in is none."""
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)
