"""The words pages use for deals: states, reasons, roles, steps."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

Text = str | Promise
Badge = tuple[Text, str]

STATES: dict[str, Badge] = {
    "open": (pgettext_lazy("opportunity", "open"), "progress"),
    "won": (pgettext_lazy("opportunity", "won"), "good"),
    "lost": (pgettext_lazy("opportunity", "lost"), "ended"),
}
LOST_REASONS: dict[str, Text] = {
    "price": gettext_lazy("Price"),
    "competitor": gettext_lazy("Lost to a competitor"),
    "no_decision": gettext_lazy("They decided nothing"),
    "no_budget": gettext_lazy("No budget"),
    "timing": gettext_lazy("Not now"),
    "product_gap": gettext_lazy("We cannot deliver what they need"),
    "terms": gettext_lazy("Terms"),
    "relationship": gettext_lazy("Relationship"),
    "duplicate": gettext_lazy("Duplicate of another deal"),
    "other": gettext_lazy("Other"),
}
KINDS: dict[str, tuple[Text, str]] = {
    "call": (gettext_lazy("Call"), "phone"),
    "meeting": (gettext_lazy("Meeting"), "users"),
    "mail": (gettext_lazy("Mail"), "mail"),
    "task": (gettext_lazy("Task"), "clipboard-check"),
}
ROLES: dict[str, Text] = {
    "decision_maker": gettext_lazy("Decides"),
    "economic_buyer": gettext_lazy("Holds the budget"),
    "champion": gettext_lazy("Speaks for us"),
    "influencer": gettext_lazy("Is listened to"),
    "user": gettext_lazy("Will use it"),
    "technical": gettext_lazy("Checks the technology"),
    "procurement": gettext_lazy("Buys"),
    "blocker": gettext_lazy("Stands against it"),
}
SENTIMENTS: dict[str, Badge] = {
    "supportive": (gettext_lazy("for us"), "good"),
    "neutral": (gettext_lazy("neutral"), "neutral"),
    "opposed": (gettext_lazy("against us"), "bad"),
    "unknown": (gettext_lazy("not known"), "warn"),
}


def duration(seconds: int) -> str:
    """A stay in days, or hours below one day."""
    hours = seconds // 3600
    if hours < 1:
        return _("under an hour")
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def stage_badge(name: str, state: str) -> Badge:
    """The stage of a deal in the colour of its state."""
    return _(name), STATES[state][1]


def next_step(
    subject: str | None, due_at: datetime | None, *, state: str, now: datetime
) -> Badge | None:
    """The next step of an open deal; none, or one that is late, stands out."""
    if state != "open":
        return None
    if subject is None:
        return _("no next step"), "warn"
    if due_at is not None and due_at < now:
        return subject, "bad"
    return subject, "neutral"
