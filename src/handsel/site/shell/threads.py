"""The deal's thread, ready to draw: words, icons and which steps are still to come."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from handsel.site.shell.markup import KINDS, pick

STAGE_WORDS: dict[str, tuple[str | Promise, str]] = {
    "lead": (pgettext_lazy("deal", "Lead"), "sprout"),
    "opportunity": (pgettext_lazy("deal", "Opportunity"), "target"),
    "configuration": (pgettext_lazy("deal", "Configuration"), "sliders-horizontal"),
    "quote": (pgettext_lazy("deal", "Quote"), "file-text"),
    "contract": (pgettext_lazy("deal", "Contract"), "signature"),
    "order": (pgettext_lazy("deal", "Order"), "clipboard-check"),
    "production": (pgettext_lazy("deal", "Production"), "factory"),
    "delivery": (pgettext_lazy("deal", "Delivery"), "truck"),
    "invoice": (pgettext_lazy("deal", "Invoice"), "receipt"),
    "cash": (pgettext_lazy("deal", "Cash"), "banknote"),
    "revenue": (pgettext_lazy("deal", "Revenue"), "chart-line"),
    "ledger": (pgettext_lazy("deal", "Ledger"), "book-open"),
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
