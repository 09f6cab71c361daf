"""The product modeller's workbench: text checked as it is typed, tests, analysis, publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.configure import actions, queries
from handsel.bid.configure.errors import LawsUnread
from handsel.bid.configure.models import ConfigurationModel, ModelVersion
from handsel.bid.configure.queries.laws_in_force import models_in_use
from handsel.bid.configure.rules.examination import told_report
from handsel.bid.configure.rules.examination_laws import check_laws
from handsel.bid.configure.rules.language import Problem, check_model
from handsel.bid.configure.web.model_lists import belongs, home
from handsel.bid.configure.web.parts import VERSION_STATES
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid, Refused
from handsel.ground.kernel.said import worded
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to
from handsel.ground.platform.timeline_view import timeline_of

MOST_PROBLEMS = 50


@page("configure.model")
def model(request: Request, model_id: int) -> HttpResponseBase:
    """A model with its versions."""
    one = queries.get_model(model_id, request.actor)
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
        "title": shown_name(one.called),
        "number": one.key,
        "subtitle": belongs(one),
        "trail": [home(one)],
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
            *([] if one.is_laws else [_settings(model_id)]),
        ],
    }
    context = {
        "header": header,
        "table": table,
        "unread": _unread(request, one),
        "timeline": timeline_of(("configuration_model", model_id)),
    }
    return render(request, "configure/model.html", context)


def _unread(request: Request, one: ConfigurationModel) -> str:
    """Why laws in use cannot be read against the models in use; "" where they can."""
    if not one.is_laws:
        return ""
    in_use = queries.versions_of(one.pk).filter(state="published").first()
    if in_use is None:
        return ""
    known = models_in_use(on=request.now.date())
    problems = check_laws(in_use.source, known, file=one.key, tested=False)
    return worded(problems[0].sentence, _) if problems else ""


def _settings(model_id: int) -> dict[str, Any]:
    return {
        "label": _("Settings"),
        "url": reverse("configure:model_settings", args=[model_id]),
        "method": "dialog",
        "icon": "settings",
    }


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
    one = queries.get_version(model_id, version_no, request.actor)
    return _workbench(request, one, one.source)


def _workbench(
    request: Request, one: ModelVersion, source: str, refused: str = "", status: int = 200
) -> HttpResponseBase:
    problems = _problems(request, one, source)
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


def _problems(request: Request, one: ModelVersion, source: str) -> tuple[Problem, ...]:
    if one.model.is_laws:
        return check_laws(source, models_in_use(on=request.now.date()), file=one.model.key)
    return check_model(source, file=one.model.key)


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
        "method": "dialog",
        "icon": "send",
        "ok": is_tested,
        "why_not": _("Its tests must pass first"),
    }
    use = {"label": _("Put back in use"), "url": urls["use"], "method": "post", "kind": "primary"}
    found: list[dict[str, Any]] = []
    if one.state in queries.DRAFTS:
        found = [{**(publish if is_tested else test), "kind": "primary"}]
        found.append(test if is_tested else publish)
        if not one.model.is_laws:
            found.append({"label": _("Paste a table"), "url": urls["table"], "method": "dialog"})
        imports = {"label": _("Import a file"), "url": urls["import"], "method": "dialog"}
        found.append({**imports, "icon": "upload"})
    elif one.state == "retired":
        found = [{**use, "icon": "rotate-ccw"}]
    if one.model.is_laws:
        found.append({"label": _("Export"), "url": urls["uvl"], "icon": "download"})
    else:
        found += _of_product(one, urls)
    return {
        "title": shown_name(one.model.called),
        "number": _("version %(no)s") % {"no": one.version_no},
        "state": VERSION_STATES[one.state],
        "trail": [
            home(one.model),
            (shown_name(one.model.called), reverse("configure:model", args=[one.model_id])),
        ],
        "actions": found,
    }


def _of_product(one: ModelVersion, urls: dict[str, str]) -> list[dict[str, Any]]:
    """What can be done with the text of a product and not with laws between lines."""
    found: list[dict[str, Any]] = []
    found.append({"label": _("Try it"), "url": urls["try"], "method": "post", "icon": "play"})
    compare = {"label": _("Compare with another version"), "url": urls["compare"]}
    found.append({**compare, "icon": "arrow-right"})
    found.append({"label": _("Export as UVL"), "url": urls["uvl"], "icon": "download"})
    return found


@page("configure.model")
def check(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """What is wrong with a text while it is typed; nothing is kept."""
    one = queries.get_version(model_id, version_no, request.actor)
    problems = _problems(request, one, request.POST.get("source", one.source))
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
        one = queries.get_version(model_id, version_no, request.actor)
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
    """Ask what changed; then put the version in use."""
    if request.method != "POST":
        context = {
            "title": _("Publish version %(no)s") % {"no": version_no},
            "fields": [{"name": "note", "label": _("What changed"), "type": "textarea", "rows": 2}],
            "submit": _("Publish"),
            "action_url": request.path,
            "back_url": reverse("configure:version", args=[model_id, version_no]),
        }
        is_fragment = request.headers.get("HX-Request") == "true"
        name = "configure/dialog.html" if is_fragment else "configure/form.html"
        return render(request, name, context)
    try:
        actions.publish_version(
            actor=request.actor,
            now=request.now,
            model_id=model_id,
            version_no=version_no,
            note=request.POST.get("note", ""),
            despite_laws="despite_laws" in request.POST,
        )
    except LawsUnread as unread:
        return _ask_all_the_same(request, model_id, version_no, "publish", unread)
    messages.success(request, _published(model_id, request.actor))
    return go_to(request, reverse("configure:model", args=[model_id]))


def _ask_all_the_same(
    request: Request, model_id: int, version_no: int, what: str, unread: LawsUnread
) -> HttpResponseBase:
    """The question whether laws between lines will be mended after it."""
    context = {
        "title": _("Laws between lines would not be read any more"),
        "why": worded(unread.message, _),
        "note": request.POST.get("note", ""),
        "action_url": reverse(f"configure:version_{what}", args=[model_id, version_no]),
        "back_url": reverse("configure:version", args=[model_id, version_no]),
        "submit": _("Publish all the same")
        if what == "publish"
        else _("Put back in use all the same"),
    }
    return render(request, "configure/all_the_same.html", context, status=unread.http_status)


def _published(model_id: int, actor: Actor) -> str:
    if queries.get_model(model_id, actor).is_laws:
        return _("Published: drafts of quotes are held to it from now on.")
    return _("Published: new configurations are made with it.")


@page("configure.model")
def roll_back(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """Put an earlier version back in use."""
    if request.method == "POST":
        try:
            actions.roll_back(
                actor=request.actor,
                now=request.now,
                model_id=model_id,
                to_no=version_no,
                despite_laws="despite_laws" in request.POST,
            )
        except LawsUnread as unread:
            return _ask_all_the_same(request, model_id, version_no, "use", unread)
        messages.success(request, _("Version %(no)s is in use again.") % {"no": version_no})
    return go_to(request, reverse("configure:model", args=[model_id]))
