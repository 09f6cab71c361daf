"""Who is shown the way from a finished configuration into a quote."""

from types import SimpleNamespace
from typing import Any

import pytest

from handsel.bid.configure.web.record import _to_quote
from handsel.ground.platform.actor import Actor
from handsel.site.roles import DESK, REP, permissions_of


@pytest.mark.parametrize(("role", "may"), [(REP, True), (DESK, False)])
def test_only_who_edits_quotes_is_sent_to_one(role: str, may: bool) -> None:
    request: Any = SimpleNamespace(
        session={}, actor=Actor("user", "x", 1, permissions_of([role]), frozenset({1}))
    )
    action = _to_quote(request, SimpleNamespace(pk=7))  # type: ignore[arg-type]
    assert action["ok"] is may
