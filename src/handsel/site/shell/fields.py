"""Form fields and the actions of a page header, described and rendered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from handsel.site.shell.markup import Given, pick

# How a Django widget shows itself; looked up by class, most specific first.
_WIDGET_TYPES: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radio"),
    (forms.SelectMultiple, "multiple"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.EmailInput, "email"),
    (forms.PasswordInput, "password"),
    (forms.DateInput, "date"),
    (forms.NumberInput, "number"),
    (forms.URLInput, "url"),
]
_PASSED_ON = (
    "autocomplete",
    "placeholder",
    "rows",
    "min",
    "max",
    "step",
    "pattern",
    "inputmode",
    "readonly",
    "suffix",
    "accept",
    "autofocus",
)


def _widget_type(widget: forms.Widget) -> str:
    own = widget.attrs.get("type") or getattr(widget, "input_type", "")
    if own in {"tel", "search"}:
        return str(own)
    for known, name in _WIDGET_TYPES:
        if isinstance(widget, known):
            return name
    return "text"


def _flat_options(widget: forms.Widget) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for value, label in getattr(widget, "choices", []):
        nested = label if isinstance(label, (list, tuple)) else [(value, label)]
        flat.extend((str("" if v is None else v), text) for v, text in nested)
    return flat


def describe(bound: BoundField) -> dict[str, Any]:
    """Parameters of the field component from a Django form field."""
    widget = bound.field.widget
    kind = _widget_type(widget)
    value = bound.value()
    if kind in {"multiple", "checkboxes"}:
        shown: Any = [str(one) for one in value or []]
    elif kind == "checkbox":
        shown = bool(value)
    else:
        shown = widget.format_value(value)
        shown = shown[0] if isinstance(shown, list) and shown else shown
    described: dict[str, Any] = {
        "name": bound.html_name,
        "id": bound.id_for_label or f"id_{bound.html_name}",
        "label": bound.label,
        "type": kind,
        "value": shown,
        "help": bound.help_text,
        "error": " ".join(str(error) for error in bound.errors),
        "required": bound.field.required,
        "options": _flat_options(widget),
    }
    described.update({name: widget.attrs[name] for name in _PASSED_ON if name in widget.attrs})
    return described


def render(described: dict[str, Any]) -> SafeString:
    """Markup of one field."""
    described.setdefault("id", f"id_{described['name']}")
    described["options"] = [(str(value), label) for value, label in described.get("options") or []]
    template = get_template("shell/field.html")
    return mark_safe(template.render({"field": Given(described)}))


def given(parameters: Any) -> Any:
    """Parameters ready for a template: a dict becomes `Given`, anything else stays."""
    return Given(parameters) if type(parameters) is dict else parameters


def arrange_actions(actions: list[Any]) -> dict[str, Any]:
    """Sort actions: the `main` button, up to two `beside` it, the rest in the `menu`.

    The main one is the first primary that is allowed, else the first one, shown off with why.
    """
    primaries = [action for action in actions if pick(action, "kind") == "primary"]
    allowed = [action for action in primaries if pick(action, "ok", True)]
    main = (allowed or primaries or [None])[0]
    others = [action for action in actions if action is not main]
    beside = [
        action for action in others if pick(action, "ok", True) and pick(action, "kind") != "danger"
    ][:2]
    menu = [action for action in others if action not in beside]
    return {
        "main": given(main),
        "beside": [given(action) for action in beside],
        "menu": [given(action) for action in menu],
        "has_menu": bool(menu),
    }
