"""The product modeller's workbench: text checked as it is typed, tests, analysis, publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.configure import actions, queries
from handsel.bid.configure.models import ConfigurationModel, ModelVersion
from handsel.bid.configure.rules.examination import told_report
from handsel.bid.configure.rules.language import Problem, check_model
from handsel.bid.configure.web.heads import product_id
from handsel.bid.configure.web.parts import VERSION_STATES
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid, Refused
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.timeline_view import timeline_of

FIRST_TEXT = """model new_product "New product"

group main "Main"
  enum size "Size"
    - small "Small"
    - large "Large"
    default small
"""
MOST_PROBLEMS = 50


@page("configure.model")
def models(request: Request) -> HttpResponseBase:
    """All product models."""
    table = {
        "id": "models",
        "caption": _("Product models"),
        "columns": [
            {"key": "title", "label": _("Product model"), "format": "link"},
            {"key": "product", "label": _("Product"), "phone": False},
            {"key": "version", "label": _("In use")},
            {"key": "draft", "label": _("In work")},
        ],
        "rows": [_model_row(model) for model in queries.models()],
        "empty": {"title": _("No product models yet"), "text": _("Begin one."), "icon": "settings"},
    }
    new = {"label": _("New model"), "url": reverse("configure:model_new"), "kind": "primary"}
    header = {
        "title": _("Product models"),
        "trail": [(_("Configurations"), reverse("configure:list"))],
        "actions": [{**new, "icon": "plus"}],
    }
    return render(request, "configure/list.html", {"header": header, "table": table})


def _model_row(model: ConfigurationModel) -> dict[str, Any]:
    numbers = {one.state: one.version_no for one in queries.versions_of(model.pk)}
    draft = numbers.get("tested") or numbers.get("draft")
    return {
        "id": model.pk,
        "url": reverse("configure:model", args=[model.pk]),
        "cells": [
            (model.title, model.key),
            str(model.product) if model.product else "",
            _("version %(no)s") % {"no": numbers["published"]} if "published" in numbers else "–",
            _("version %(no)s") % {"no": draft} if draft else "–",
        ],
    }


@page("configure.model")
def new(request: Request) -> HttpResponseBase:
    """Begin a model."""
    values = {name: request.POST.get(name, "").strip() for name in ("key", "title", "sku")}
    errors: dict[str, str] = {}
    if request.method == "POST":

        def effect() -> dict[str, Any]:
            made = actions.draft_model(
                actor=request.actor,
                now=request.now,
                key=values["key"],
                title=values["title"],
                source=FIRST_TEXT,
                product_id=product_id(values["sku"]),
            )
            return {"id": made.model_id}

        try:
            done = once_posted(
                request,
                actor=request.actor,
                now=request.now,
                route="configure.draft_model",
                effect=effect,
            )
            return go_to(request, reverse("configure:version", args=[done["id"], 1]))
        except Invalid as wrong:
            errors = wrong.fields
    fields: list[dict[str, Any]] = [
        {"name": "title", "label": _("Title"), "required": True},
        {"name": "key", "label": _("Key"), "required": True, "help": _("Such as belt-conveyor")},
        {"name": "sku", "label": _("Article number of the product it configures")},
    ]
    for field in fields:
        name = str(field["name"])
        field |= {"value": values[name], "error": errors.get(name, "")}
    context = {
        "title": _("New model"),
        "fields": fields,
        "submit": _("Begin"),
        "action_url": reverse("configure:model_new"),
        "back_url": reverse("configure:models"),
    }
    return render(request, "configure/form.html", context, status=422 if errors else 200)


@page("configure.model")
def model(request: Request, model_id: int) -> HttpResponseBase:
    """A model with its versions."""
    one = queries.get_model(model_id)
    versions = list(queries.versions_of(model_id))
    table = {
        "id": "versions",
        "caption": _("Versions"),
        "columns": [
            {"key": "no", "label": _("Version"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "note", "label": _("What changed"), "phone": False},
            {"key": "published", "label": _("Published"), "format": "instant"},
        ],
        "rows": [_version_row(version) for version in versions],
    }
    header = {
        "title": one.title,
        "number": one.key,
        "subtitle": str(one.product) if one.product else "",
        "trail": [(_("Product models"), reverse("configure:models"))],
        "actions": [
            {
                "label": _("Go on with the draft")
                if any(version.state in queries.DRAFTS for version in versions)
                else _("New version"),
                "url": reverse("configure:model_draft", args=[model_id]),
                "method": "post",
                "kind": "primary",
                "icon": "pencil",
            },
            {
                "label": _("Settings"),
                "url": reverse("configure:model_settings", args=[model_id]),
                "method": "dialog",
                "icon": "settings",
            },
        ],
    }
    context = {
        "header": header,
        "table": table,
        "timeline": timeline_of(("configuration_model", model_id)),
    }
    return render(request, "configure/model.html", context)


def _version_row(version: ModelVersion) -> dict[str, Any]:
    return {
        "id": version.pk,
        "url": reverse("configure:version", args=[version.model_id, version.version_no]),
        "cells": [
            str(version.version_no),
            VERSION_STATES[version.state],
            version.note,
            version.published_at,
        ],
        "state": "muted" if version.state == "retired" else "",
    }


@page("configure.model")
def begin_draft(request: Request, model_id: int) -> HttpResponseBase:
    """The draft, begun where there is none."""
    if request.method != "POST":
        return go_to(request, reverse("configure:model", args=[model_id]))
    draft = actions.draft_version(actor=request.actor, now=request.now, model_id=model_id)
    return go_to(request, reverse("configure:version", args=[model_id, draft.version_no]))


@page("configure.model")
def version(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """The text with its findings; a draft can be edited."""
    one = queries.get_version(model_id, version_no)
    return _workbench(request, one, one.source)


def _workbench(
    request: Request, one: ModelVersion, source: str, refused: str = "", status: int = 200
) -> HttpResponseBase:
    problems = check_model(source, file=one.model.key)
    context = {
        "version": one,
        "header": _header(one),
        "source": source,
        "may_edit": one.state in queries.DRAFTS,
        "problems": _problem_rows(problems),
        "report": told_report(one.report, _),
        "refused": refused,
        "rows": min(60, source.count("\n") + 3),
        "check_url": reverse("configure:version_check", args=[one.model_id, one.version_no]),
        "save_url": reverse("configure:version_save", args=[one.model_id, one.version_no]),
    }
    return render(request, "configure/workbench.html", context, status=status)


def _header(one: ModelVersion) -> dict[str, Any]:
    urls = {
        name: reverse(f"configure:version_{name}", args=[one.model_id, one.version_no])
        for name in ("test", "publish", "use", "try", "table", "compare", "import", "uvl")
    }
    is_tested = one.state == "tested"
    test = {"label": _("Run tests"), "url": urls["test"], "method": "post", "icon": "check"}
    publish = {
        "label": _("Publish"),
        "url": urls["publish"],
        "method": "post",
        "icon": "send",
        "ok": is_tested,
        "why_not": _("Its tests must pass first"),
    }
    use = {"label": _("Put back in use"), "url": urls["use"], "method": "post", "kind": "primary"}
    found: list[dict[str, Any]] = []
    if one.state in queries.DRAFTS:
        found = [{**(publish if is_tested else test), "kind": "primary"}]
        found.append(test if is_tested else publish)
        found.append({"label": _("Paste a table"), "url": urls["table"], "method": "dialog"})
        imports = {"label": _("Import a file"), "url": urls["import"], "method": "dialog"}
        found.append({**imports, "icon": "upload"})
    elif one.state == "retired":
        found = [{**use, "icon": "rotate-ccw"}]
    found.append({"label": _("Try it"), "url": urls["try"], "method": "post", "icon": "play"})
    if one.state != "published":
        compare = {"label": _("Compare with what is in use"), "url": urls["compare"]}
        found.append({**compare, "icon": "arrow-right"})
    found.append({"label": _("Export as UVL"), "url": urls["uvl"], "icon": "download"})
    return {
        "title": one.model.title,
        "number": _("version %(no)s") % {"no": one.version_no},
        "state": VERSION_STATES[one.state],
        "trail": [
            (_("Product models"), reverse("configure:models")),
            (one.model.title, reverse("configure:model", args=[one.model_id])),
        ],
        "actions": found,
    }


@page("configure.model")
def check(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """What is wrong with a text while it is typed; nothing is kept."""
    one = queries.get_version(model_id, version_no)
    problems = check_model(request.POST.get("source", one.source), file=one.model.key)
    return render(request, "configure/problems.html", {"problems": _problem_rows(problems)})


def _problem_rows(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    return [
        {
            "line": problem.place.line,
            "column": problem.place.column,
            "message": worded(problem.message, _),
            "expected": worded(problem.expected, _),
            "is_error": problem.severity == "error",
        }
        for problem in problems[:MOST_PROBLEMS]
    ]


@page("configure.model")
def save(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """Keep the text, whatever is wrong with it."""
    here = reverse("configure:version", args=[model_id, version_no])
    if request.method != "POST":
        return go_to(request, here)
    source = request.POST.get("source", "").replace("\r\n", "\n")
    lock = request.POST.get("lock_no", "")
    try:
        actions.revise_source(
            actor=request.actor,
            now=request.now,
            model_id=model_id,
            version_no=version_no,
            source=source,
            lock_no=int(lock) if lock.isascii() and lock.isdigit() and len(lock) < 10 else None,
        )
    except (Refused, Invalid) as refused:
        # Whatever the reason: what was typed comes back with it.
        one = queries.get_version(model_id, version_no)
        told = worded(refused.message, _)
        return _workbench(request, one, source, refused=told, status=refused.http_status)
    if "test" in request.POST:
        return test(request, model_id, version_no)
    messages.success(request, _("Kept."))
    return go_to(request, here)


@page("configure.model")
def test(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """Run golden configurations and analysis."""
    here = reverse("configure:version", args=[model_id, version_no])
    if request.method == "POST":
        outcome = actions.test_version(
            actor=request.actor, now=request.now, model_id=model_id, version_no=version_no
        )
        if outcome.examined.may_be_published:
            messages.success(request, _("All tests pass."))
        else:
            messages.error(request, _("Some tests fail; see below."))
    return go_to(request, here)


@page("configure.model")
def publish(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """Put the version in use."""
    if request.method == "POST":
        actions.publish_version(
            actor=request.actor,
            now=request.now,
            model_id=model_id,
            version_no=version_no,
            note=request.POST.get("note", ""),
        )
        messages.success(request, _("Published: new configurations are made with it."))
    return go_to(request, reverse("configure:model", args=[model_id]))


@page("configure.model")
def roll_back(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """Put an earlier version back in use."""
    if request.method == "POST":
        actions.roll_back(actor=request.actor, now=request.now, model_id=model_id, to_no=version_no)
        messages.success(request, _("Version %(no)s is in use again.") % {"no": version_no})
    return go_to(request, reverse("configure:model", args=[model_id]))
