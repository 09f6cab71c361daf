"""The life of a lead as one table, and why a lead may be given up."""

from __future__ import annotations

OPEN = frozenset({"new", "working", "qualified"})

# From a state to the states it may be left for.
TRANSITIONS: dict[str, frozenset[str]] = {
    "new": frozenset({"working", "qualified", "converted", "disqualified"}),
    "working": frozenset({"qualified", "converted", "disqualified"}),
    "qualified": frozenset({"working", "converted", "disqualified"}),
    "converted": frozenset(),
    "disqualified": frozenset({"working", "converted"}),
}

DISQUALIFY_REASONS = (
    "no_need",
    "no_budget",
    "no_fit",
    "bad_timing",
    "competitor",
    "unreachable",
    "duplicate",
    "spam",
    "test",
    "other",
)

# Who never asked for an answer is left out of response figures, with the number left out shown.
NOT_ASKING = frozenset({"spam", "test", "duplicate"})

CHANNELS = ("form", "api", "mail", "call", "chat", "visit", "import")
CONTACT_CHANNELS = ("mail", "call", "chat", "visit", "form")

# A conversation on these channels is with a person of ours from its first second.
LIVE_CHANNELS = frozenset({"call", "chat", "visit"})


def is_open(state: str) -> bool:
    """Whether somebody still has to do something about a lead in this state."""
    return state in OPEN


def exclusion_for(reason: str) -> str:
    """What to write into `excluded_from_response` when a lead is given up for `reason`."""
    return reason if reason in NOT_ASKING else ""
