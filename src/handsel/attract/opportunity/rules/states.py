"""The life of a deal as one table, and the words deals are described with."""

from __future__ import annotations

# A lost deal may be won after all: the buyer accepts the offer that we had given up.
TRANSITIONS: dict[str, frozenset[str]] = {
    "open": frozenset({"won", "lost"}),
    "won": frozenset({"open"}),
    "lost": frozenset({"open", "won"}),
}

LOST_REASONS = (
    "price",
    "competitor",
    "no_decision",
    "no_budget",
    "timing",
    "product_gap",
    "terms",
    "relationship",
    "duplicate",
    "other",
)

# Only these name somebody it was lost to.
NAMES_A_COMPETITOR = frozenset({"competitor", "price", "product_gap", "terms", "relationship"})

ACTIVITY_KINDS = ("call", "meeting", "mail", "task")

COMMITTEE_ROLES = (
    "decision_maker",
    "economic_buyer",
    "champion",
    "influencer",
    "user",
    "technical",
    "procurement",
    "blocker",
)
SENTIMENTS = ("supportive", "neutral", "opposed", "unknown")

# A deal that hangs on one person is at risk.
FEWEST_CONTACTS = 2
