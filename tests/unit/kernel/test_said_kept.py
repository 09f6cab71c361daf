"""What is kept of a sentence gives the same sentence, with amounts and days in it as such."""

from __future__ import annotations

import json
from datetime import date

from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.kernel.said_kept import as_said, kept


def test_a_sentence_comes_back_from_plain_data_with_what_stands_in_it() -> None:
    inner = said("%(count)s entries", count=2)
    whole = said(
        "%(entries)s make %(sum)s on %(day)s.",
        entries=inner,
        sum=Money(-5, "EUR"),
        day=date(2026, 3, 1),
    )
    back = as_said(json.loads(json.dumps(kept(whole))))
    assert str(back) == str(whole) == "2 entries make -0.05 EUR on 2026-03-01."
    assert back.template == whole.template
    assert back.facts == {
        "entries": "2 entries",
        "sum": Money(-5, "EUR"),
        "day": date(2026, 3, 1),
    }
