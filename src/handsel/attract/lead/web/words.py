"""The words pages use for leads: states, channels, reasons, questions."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from handsel.attract.lead.rules.response import Response

Text = str | Promise
Badge = tuple[Text, str]

STATES: dict[str, Badge] = {
    "new": (pgettext_lazy("lead", "new"), "neutral"),
    "working": (pgettext_lazy("lead", "in work"), "progress"),
    "qualified": (pgettext_lazy("lead", "qualified"), "progress"),
    "converted": (pgettext_lazy("lead", "converted"), "good"),
    "disqualified": (pgettext_lazy("lead", "disqualified"), "ended"),
}
CHANNELS: dict[str, Text] = {
    "form": gettext_lazy("Web form"),
    "api": gettext_lazy("Other system"),
    "mail": gettext_lazy("Mail"),
    "call": gettext_lazy("Call"),
    "chat": gettext_lazy("Chat"),
    "visit": gettext_lazy("Visit"),
    "import": gettext_lazy("Import"),
}
CHANNEL_ICONS = {
    "form": "file-text",
    "api": "zap",
    "mail": "mail",
    "call": "phone",
    "chat": "message-circle",
    "visit": "handshake",
    "import": "upload",
}
REASONS: dict[str, Text] = {
    "no_need": gettext_lazy("No need"),
    "no_budget": gettext_lazy("No budget"),
    "no_fit": gettext_lazy("Does not fit what we do"),
    "bad_timing": gettext_lazy("Not now"),
    "competitor": gettext_lazy("Went to a competitor"),
    "unreachable": gettext_lazy("Cannot be reached"),
    "duplicate": gettext_lazy("Duplicate of another lead"),
    "spam": gettext_lazy("Spam"),
    "test": gettext_lazy("Test"),
    "other": gettext_lazy("Other"),
}
EXCLUDED: dict[str, Text] = {
    "spam": gettext_lazy("spam"),
    "test": gettext_lazy("test"),
    "duplicate": gettext_lazy("duplicate"),
    "imported": gettext_lazy("imported list"),
}
FILE_FIELDS: dict[str, Text] = {
    "external_id": gettext_lazy("Id there"),
    "asked_at": gettext_lazy("Asked"),
    "person_name": gettext_lazy("Name"),
    "given_name": gettext_lazy("First name"),
    "family_name": gettext_lazy("Last name"),
    "email": gettext_lazy("Mail"),
    "phone": gettext_lazy("Phone"),
    "company_name": gettext_lazy("Company"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "interest": gettext_lazy("Interest"),
    "message": gettext_lazy("Message"),
    "source": gettext_lazy("Source"),
    "medium": gettext_lazy("Medium"),
    "campaign": gettext_lazy("Campaign"),
    "landing_page": gettext_lazy("Landed on"),
    "referrer": gettext_lazy("Came from"),
    "click_id": gettext_lazy("Click"),
}
QUESTIONS: dict[str, tuple[Text, Text]] = {
    "interest": (gettext_lazy("Interest"), gettext_lazy("Do they want this solved?")),
    "purchasing_power": (
        gettext_lazy("Purchasing power"),
        gettext_lazy("Is there money, and who may spend it?"),
    ),
    "fit": (gettext_lazy("Fit"), gettext_lazy("Can we deliver what they need?")),
    "timing": (gettext_lazy("Timing"), gettext_lazy("When do they need it?")),
}
GRADES: dict[int, Badge] = {
    0: (gettext_lazy("No"), "bad"),
    1: (gettext_lazy("Doubtful"), "warn"),
    2: (gettext_lazy("Likely"), "progress"),
    3: (gettext_lazy("Proved"), "good"),
}
VERDICTS: dict[str, Badge] = {
    "open": (gettext_lazy("not yet known"), "neutral"),
    "qualified": (gettext_lazy("qualified"), "good"),
    "doubtful": (gettext_lazy("doubtful"), "warn"),
    "not_qualified": (gettext_lazy("not qualified"), "bad"),
}


def source(text: str) -> str:
    """The source, where an empty one is a category of its own."""
    return text or _("unknown source")


def duration(seconds: int) -> str:
    """A time span in its one or two largest units."""
    minutes = seconds // 60
    if minutes < 1:
        return _("under a minute")
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


WARN_AFTER_S = 60 * 60
LATE_AFTER_S = 24 * 60 * 60


def response_badge(found: Response) -> Badge:
    """The clock of a lead in words; what waits long stands out."""
    if found.state == "excluded":
        return _("not timed: %(why)s") % {"why": EXCLUDED.get(found.excluded, "")}, "ended"
    if found.state == "live":
        return _("in conversation at once"), "good"
    if found.state == "before":
        return _("answer dated before the question"), "warn"
    seconds = found.seconds or 0
    if found.state == "answered":
        kind = "good" if seconds <= LATE_AFTER_S else "neutral"
        return _("answered in %(time)s") % {"time": duration(seconds)}, kind
    kind = "progress" if seconds < WARN_AFTER_S else ("warn" if seconds < LATE_AFTER_S else "bad")
    return _("waiting for %(time)s") % {"time": duration(seconds)}, kind
