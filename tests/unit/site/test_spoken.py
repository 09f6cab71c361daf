"""Timelines in the reader's language: days, numbers, codes, and the parts of the program."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from handsel.ground.platform import timeline_view
from handsel.ground.platform.models import BusinessEvent
from handsel.site.sentences import SENTENCES
from handsel.site.spoken import WORDS


def told(
    kind: str, payload: dict[str, Any], label: str = "Jana", actor_kind: str = "user"
) -> tuple[str, str]:
    """Title and who acted, as the timeline shows them."""
    event = BusinessEvent(
        type=kind,
        payload=payload,
        actor_kind=actor_kind,
        actor_label=label,
        occurred_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    entry = timeline_view._entry(event)
    return entry["title"], entry["actor"]


@pytest.mark.parametrize(
    ("language", "kind", "payload", "wanted"),
    [
        ("de", "fulfillment.shipment.shipped", {"shipped_on": "2026-04-29"}, "29.04.2026"),
        ("en", "fulfillment.shipment.shipped", {"shipped_on": "2026-04-29"}, "29 Apr 2026"),
        ("de", "lead.interaction.logged", {"channel": "mail", "direction": "out"}, "(von uns)"),
        ("en", "lead.lead.captured", {"channel": "form"}, "Web form"),
        ("de", "order.hold.placed", {"kind": "credit", "reason": "x"}, "(Kredit): x"),
        ("de", "lead.lead.qualified", {"dimension": "timing", "grade": 3}, "Zeitpunkt"),
        ("de", "lead.lead.qualified", {"dimension": "verdict", "grade": 12}, "12"),
        ("de", "fulfillment.stock.received", {"quantity": "2.500000"}, "2,5"),
        ("de", "identity.user.added", {"roles": ["sales_rep"]}, "(Vertrieb"),
    ],
)
def test_what_happened_is_told_in_words(
    language: str, kind: str, payload: dict[str, Any], wanted: str
) -> None:
    with translation.override(language):
        assert wanted in told(kind, payload)[0]


def test_a_part_of_the_program_has_a_name_and_a_person_keeps_his() -> None:
    with translation.override("de"):
        assert (
            told("order.order.released", {}, "warehouse", "system")[1] == "Handsel, für das Lager"
        )
        assert told("order.order.released", {}, "warehouse", "user")[1] == "warehouse"


def test_a_sentence_that_ends_without_its_fact_ends_cleanly() -> None:
    with translation.override("en"):
        assert told("quote.quote.declined", {"reason": ""})[0] == "Declined"


def test_words_are_for_fields_that_sentences_say() -> None:
    for kind, field in WORDS:
        assert f"%({field})s" in str(SENTENCES[kind][0]), (kind, field)
