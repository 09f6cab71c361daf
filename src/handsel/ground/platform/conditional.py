"""State changes as one conditional statement: the transition happens once or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from handsel.ground.kernel.errors import Refused

Transitions = Mapping[str, frozenset[str]]


def change_state(
    model: type[models.Model],
    pk: int,
    *,
    to: str,
    allowed: Transitions,
    code: str,
    **also: Any,
) -> None:
    """Move one row to state `to` if its present state allows it, and set `also` with it.

    `allowed` maps a state to the states it may be left for. Raises Refused (409) naming the
    present state when the row is elsewhere.
    """
    sources = [state for state, targets in allowed.items() if to in targets]
    rows = model._default_manager.filter(pk=pk, state__in=sources).update(state=to, **also)
    if rows != 1:
        present = model._default_manager.filter(pk=pk).values_list("state", flat=True).first()
        raise Refused(
            f"{model._meta.verbose_name} is {present}; it cannot become {to}",
            code=code,
            state=present,
            to=to,
        )
