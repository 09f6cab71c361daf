"""The deal's thread, ready to draw: words, icons and which steps are still to come."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handsel.site.shell.markup import KINDS, pick

STAGE_WORDS: dict[str, tuple[str | Promise, str]] = {
    "lead": (_("Lead"), "sprout"),
    "opportunity": (_("Opportunity"), "target"),
    "configuration": (_("Configuration"), "sliders-horizontal"),
    "quote": (_("Quote"), "file-text"),
    "contract": (_("Contract"), "signature"),
    "order": (_("Order"), "clipboard-check"),
    "production": (_("Production"), "factory"),
    "delivery": (_("Delivery"), "truck"),
    "invoice": (_("Invoice"), "receipt"),
    "cash": (_("Cash"), "banknote"),
    "revenue": (_("Revenue"), "chart-line"),
    "ledger": (_("Ledger"), "book-open"),
}
_COPIED = ("number", "state", "on", "amount", "url", "late", "gap", "note")


def steps(thread: Any) -> list[dict[str, Any]]:
    """Steps with label, icon, kind and `to_come`; KeyError for a stage the deal does not have."""
    drawn = []
    for step in pick(thread, "steps") or []:
        label, icon = STAGE_WORDS[pick(step, "stage")]
        values = {name: pick(step, name) for name in _COPIED}
        kind = pick(step, "kind")
        values.update(
            label=pick(step, "label") or label,
            icon=icon,
            kind=kind if kind in KINDS else "neutral",
            current=bool(pick(step, "current")),
            to_come=not (values["number"] or values["state"]),
        )
        drawn.append(values)
    return drawn
