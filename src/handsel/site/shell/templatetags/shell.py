"""`{% load shell %}`: formats, small parts and wrapping tags. The contract is in ../README.md."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from django import template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from handsel.ground.platform.naming import shown_name
from handsel.site.shell import built as built_files
from handsel.site.shell import charts, fields, formats, linegrids, markup, problems, tables, threads

register = template.Library()

register.filter("rate", markup.rate)
register.filter("quantity", markup.quantity)
register.filter("bare", markup.bare)
register.filter("percent", markup.percent)
register.filter("number", markup.number)
register.filter("day", markup.day)
register.filter("instant", markup.instant)
register.filter("money", markup.money)
register.filter("unit_price", markup.unit_price)
register.filter("money_list", markup.money_list)
register.filter("counted", markup.counted)
register.simple_tag(markup.badge, name="badge")
register.simple_tag(charts.ageing, name="ageing_svg")
register.simple_tag(charts.ageing_kinds, name="ageing_kinds")
register.simple_tag(charts.bar_rows, name="bar_rows")
register.simple_tag(charts.waterfall_rows, name="waterfall_rows")
register.simple_tag(threads.steps, name="thread_steps")
register.simple_tag(linegrids.rows, name="linegrid_rows")
register.simple_tag(tables.views, name="table_views")
register.simple_tag(tables.filters, name="table_filters")
register.simple_tag(tables.exports, name="table_exports")
register.simple_tag(tables.body, name="table_body")
register.simple_tag(tables.foot, name="table_foot")


@register.filter
def money_text(value: Any, currency: str | None = None) -> str:
    """Money without markup, for titles, options and labels."""
    if value is None or value == "":
        return ""
    if currency is None:
        return formats.money_text(value.amount_minor, str(value.currency))
    return formats.money_text(int(value), currency)


@register.filter
def show(value: Any, format_name: str | None = "text") -> SafeString:
    """A value in a format chosen by name (facts, cells)."""
    return markup.show(value, format_name or "text")


@register.filter
def is_negative(value: Any) -> bool:
    """Whether a Money is below zero."""
    return bool(value is not None and value.amount_minor < 0)


@register.simple_tag
def show_fact(fact: Any) -> SafeString:
    """The value of a fact in its own format."""
    return markup.show(
        markup.pick(fact, "value"), markup.pick(fact, "format"), markup.pick(fact, "kind")
    )


@register.simple_tag
def show_badge(value: Any, kind: str | None = None) -> SafeString:
    """Badge of a label or of a (label, kind) pair."""
    return markup.show(value, "badge", kind)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the set; decorative unless it gets a label."""
    address = built_files.icon_address(name)
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return mark_safe(f'<svg class="icon" aria-hidden="true"><use href="{address}"/></svg>')


@register.simple_tag
def built(name: str) -> str:
    """Address of a built file."""
    return built_files.address(name)


@register.simple_tag
def idempotency_key() -> SafeString:
    """Hidden field with a fresh key, so that a form sent twice has one effect."""
    return mark_safe(f'<input type="hidden" name="idempotency_key" value="{uuid4()}">')


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The current address' query string with some parameters changed; None removes one."""
    request = context.get("request")
    pairs = (
        parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True) if request else []
    )
    kept = [(name, value) for name, value in pairs if name not in changes]
    kept += [(name, str(value)) for name, value in changes.items() if value is not None]
    return "?" + urlencode(kept)


@register.simple_tag(takes_context=True)
def table_head(context: Context, table: Any) -> SafeString:
    """Header cells of a table, sortable ones as links."""
    return tables.head(table, lambda sort: query(context, sort=sort, after=None, before=None))


@register.simple_tag
def field(bound: Any, **overrides: Any) -> SafeString:
    """A form field with label, help and error: a BoundField, or a dict of its parameters."""
    described = fields.describe(bound) if isinstance(bound, BoundField) else dict(bound)
    described.update(overrides)
    return fields.render(described)


@register.filter
def in_my_language(name: str) -> str:
    """A name with translations as the reader reads it."""
    return shown_name(name)


@register.simple_tag
def cells_attributes(cells: Any) -> SafeString:
    """What the island of `cells.html` is told: its columns, what is wrong where, and its words."""
    told = {
        "columns": list(cells.get("columns") or []),
        "heads": cells.get("heads", 1),
        "faults": dict(cells.get("faults") or {}),
        "words": {
            "row": _("Add a row"),
            "column": _("Add a column"),
            "remove": _("Remove row %(row)s") % {"row": "{row}"},
            "cell": _("Row %(row)s, column %(column)s") % {"row": "{row}", "column": "{column}"},
        },
    }
    return format_html(' data-cells="{}"', json.dumps(told, ensure_ascii=False, default=str))


@register.simple_tag
def given(parameters: Any) -> Any:
    """The parameters of a component, those left out being None: `{% given table as table %}`."""
    return fields.given(parameters)


@register.simple_tag
def as_header(header: Any) -> dict[str, Any]:
    """Sort the actions of a page header into button, beside it, and menu."""
    return fields.arrange_actions(list(markup.pick(header, "actions") or []))


def _wrapped(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """Render a wrapping component with the page's own context below it."""
    with context.push(**values):
        template = get_template(name).template  # type: ignore[attr-defined]  # Django backend only
        return SafeString(template.render(context))


@register.simple_block_tag(takes_context=True)
def panel(
    context: Context, content: str, title: str = "", *, flush: bool = False, **more: Any
) -> SafeString:
    """Titled section around what it wraps. Keys: count, url, url_label, id, hint."""
    values = {"title": title, "flush": flush, "content": content, "more": markup.Given(more)}
    return _wrapped(context, "shell/panel.html", {"panel": values})


@register.simple_block_tag(takes_context=True)
def dialog(
    context: Context, content: str, id: str, title: str, *, open: bool = False, size: str = "m"
) -> SafeString:
    """Native dialog; `data-opens="<id>"` on any button opens it."""
    values = {"id": id, "title": title, "open": open, "size": size, "content": content}
    return _wrapped(context, "shell/dialog.html", {"dialog": values})


@register.simple_block_tag(takes_context=True)
def command(context: Context, content: str, url: str, **more: Any) -> SafeString:
    """POST form with CSRF token and idempotency key.

    Keys: id, swap, target, confirm, upload, class_.
    """
    values = {"url": url, "content": content, "more": markup.Given(more)}
    return _wrapped(context, "shell/command.html", {"command": values})


@register.simple_tag
def problem_title(status: int) -> str:
    """Title of an error page by status."""
    return str(problems.words(status).title)


@register.simple_tag
def problem_happened(status: int) -> str:
    """What happened, by status."""
    return str(problems.words(status).happened)


@register.simple_tag
def problem_kept(status: int) -> str:
    """What was kept, by status."""
    return str(problems.words(status).kept)


@register.simple_tag
def problem_advice(status: int) -> str:
    """What to do, by status."""
    return str(problems.words(status).advice)
