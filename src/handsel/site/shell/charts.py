"""Small pictures drawn on the server as SVG; no script, no style attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from handsel.site.shell import markup
from handsel.site.shell.markup import pick

_KINDS = ("good", "neutral", "warn", "warn", "bad", "bad")


def _minor(amount: Any) -> int:
    return int(getattr(amount, "amount_minor", amount) or 0)


def widths(values: Sequence[int], total: int = 1000, least: int = 6) -> list[int]:
    """Parts of `total` in proportion to the values; what is not zero stays visible (`least`)."""
    whole = sum(max(value, 0) for value in values)
    if not whole:
        return [0 for _ in values]
    return [max(least, value * total // whole) if value > 0 else 0 for value in values]


def ageing(buckets: Sequence[Any]) -> SafeString:
    """One bar, a part for each bucket of receivables, youngest first."""
    parts = widths([_minor(pick(bucket, "amount")) for bucket in buckets])
    drawn = sum(parts) or 1
    left, out = 0, []
    for index, (bucket, width) in enumerate(zip(buckets, parts, strict=True)):
        kind = pick(bucket, "kind") or _KINDS[min(index, len(_KINDS) - 1)]
        if width:
            out.append(
                f'<rect x="{left}" y="0" width="{max(width - 3, 1)}" height="12" '
                f'class="fill-{conditional_escape(kind)} step-{index}"/>'
            )
        left += width
    return mark_safe(
        f'<svg class="ageing-bar" viewBox="0 0 {drawn} 12" preserveAspectRatio="none" '
        f'aria-hidden="true">{"".join(out)}</svg>'
    )


def bar(value: Any, greatest: Any, kind: str = "progress") -> SafeString:
    """A bar of `value` on a scale whose end is `greatest`."""
    top = _minor(greatest) or 1
    width = min(1000, max(0, _minor(value) * 1000 // top))
    return mark_safe(
        '<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="1000" height="8" class="fill-track"/>'
        f'<rect width="{width}" height="8" class="fill-{conditional_escape(kind or "progress")}"/>'
        "</svg>"
    )


def bar_rows(bars: Any) -> list[dict[str, Any]]:
    """Rows of the bars component with their picture and text; the longest fills the width."""
    rows = list(pick(bars, "rows") or [])
    greatest = max((_minor(pick(row, "value")) for row in rows), default=0)
    drawn = []
    for row in rows:
        value = pick(row, "value")
        shown = markup.money(value) if hasattr(value, "amount_minor") else markup.number(value)
        drawn.append(
            {
                "label": pick(row, "label"),
                "detail": pick(row, "detail"),
                "url": pick(row, "url"),
                "text": pick(row, "text") or shown,
                "picture": bar(value, greatest, pick(row, "kind") or "progress"),
            }
        )
    return drawn


def ageing_kinds(buckets: Sequence[Any]) -> list[tuple[Any, str, int]]:
    """Buckets with the kind and step the picture draws them in."""
    last = len(_KINDS) - 1
    return [
        (bucket, pick(bucket, "kind") or _KINDS[min(index, last)], index)
        for index, bucket in enumerate(buckets)
    ]


def waterfall_rows(waterfall: Any) -> list[dict[str, Any]]:
    """Rows with a picture each: changes hang where the sum before them ended."""
    rows = list(pick(waterfall, "rows") or [])
    spans, running = [], 0
    for row in rows:
        amount = _minor(pick(row, "amount"))
        if pick(row, "type") in {"subtotal", "total"}:
            spans.append((0, amount))
            running = amount
        else:
            spans.append((running, running + amount))
            running += amount
    ends = [end for span in spans for end in span]
    low, high = min([0, *ends]), max([1, *ends])
    drawn = []
    for row, (start, end) in zip(rows, spans, strict=True):
        left = (min(start, end) - low) * 1000 // (high - low)
        width = max(4, abs(end - start) * 1000 // (high - low)) if end != start else 0
        kind = pick(row, "type") or "change"
        fill = "negative" if kind == "change" and end < start else kind
        drawn.append(
            {
                **{name: pick(row, name) for name in ("label", "detail", "why", "amount")},
                "type": kind,
                "picture": mark_safe(
                    '<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" '
                    f'aria-hidden="true"><rect x="{min(left, 996)}" width="{width}" height="8" '
                    f'class="fill-{conditional_escape(fill)}"/></svg>'
                ),
            }
        )
    return drawn
