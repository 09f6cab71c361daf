"""A price book's life on pages: begun, its head changed, published, followed, retired."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price import actions, queries
from handsel.bid.price.errors import BadBook, BookNotPublishable, BookOverlaps
from handsel.bid.price.models import PriceBook
from handsel.bid.price.web import books, parts
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.names import name_values
from handsel.ground.kernel.said import worded
from handsel.ground.platform.naming import name_field, shown_name
from handsel.ground.platform.posted import go_to, once_posted

# What an action calls otherwise than the form: the last day is inside, `valid_until` is not.
_FIELD_OF = {"valid_until": "last_day"}


@page("price.edit")
def new(request: Request) -> HttpResponseBase:
    """Begin a price book."""
    if request.method != "POST":
        values = {"currency": "EUR", "valid_from": request.now.date().isoformat()}
        return _form(request, values, None)

    def effect() -> dict[str, Any]:
        book = actions.draft_book(actor=request.actor, now=request.now, **_head(request))
        return {"book_id": book.pk}

    try:
        made = once_posted(
            request, actor=request.actor, now=request.now, route="price.new", effect=effect
        )
    except Invalid as wrong:
        return _form(request, _typed(request), wrong)
    return go_to(request, reverse("price:record", args=[made["book_id"]]))


@page("price.edit")
def head(request: Request, book_id: int) -> HttpResponseBase:
    """Change what a draft is called, whom it is for and when it is valid."""
    book = queries.get_book(request.actor, book_id)
    if request.method != "POST":
        last = book.valid_until - timedelta(days=1) if book.valid_until else None
        values = {
            **name_values("name", book.called),
            "segment": book.segment,
            "valid_from": book.valid_from.isoformat(),
            "last_day": last.isoformat() if last else "",
        }
        return _form(request, values, None, book)
    try:
        given = _head(request)
        given.pop("currency")
        actions.change_book(actor=request.actor, now=request.now, book_id=book_id, **given)
    except Invalid as wrong:
        return _form(request, _typed(request), wrong, book)
    return go_to(request, reverse("price:record", args=[book_id]))


def _typed(request: Request) -> dict[str, str]:
    return {name: parts.posted(request, name) for name in request.POST}


def _head(request: Request) -> dict[str, Any]:
    last_day = parts.posted(request, "last_day")
    return {
        "name": parts.posted_name(request, "name"),
        "currency": parts.posted(request, "currency").upper(),
        "segment": parts.posted(request, "segment"),
        "valid_from": parts.day(parts.posted(request, "valid_from"), "valid_from"),
        "valid_until": _after(parts.day(last_day, "last_day")) if last_day else None,
    }


def _after(last_day: date) -> date:
    if last_day == date.max:
        message = _("Leave it empty where there is no last day.")
        raise Invalid(message, fields={"last_day": message})
    return last_day + timedelta(days=1)


def _form(
    request: Request,
    values: dict[str, str],
    wrong: Invalid | None,
    book: PriceBook | None = None,
) -> HttpResponseBase:
    errors = {_FIELD_OF.get(name, name): text for name, text in parts.told_fields(wrong).items()}
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": _("Name"), "required": True},
        *([] if book else [{"name": "currency", "label": _("Currency"), "required": True}]),
        {
            "name": "segment",
            "label": _("For the price segment"),
            "help": _("Leave it empty for everybody."),
        },
        {"name": "valid_from", "label": _("First day"), "type": "date", "required": True},
        {"name": "last_day", "label": _("Last day"), "type": "date"},
    ]
    for field in fields:
        field |= {"value": values.get(field["name"], ""), "error": errors.get(field["name"], "")}
    fields[0] = name_field(fields[0], values)
    trail = [(_("Price books"), reverse("price:list"))]
    if book:
        trail.append((shown_name(book.called), reverse("price:record", args=[book.pk])))
    context = {
        "header": {"title": _("Name and days") if book else _("New price book"), "trail": trail},
        "fields": fields,
        "message": worded(wrong.message, _) if wrong else "",
        "action_url": request.path,
        "submit": _("Keep") if book else _("Begin the book"),
    }
    return render(request, "price/form.html", context, status=422 if wrong else 200)


@page("price.edit")
def copy(request: Request, book_id: int) -> HttpResponseBase:
    """Begin the next version of a book."""
    book = queries.get_book(request.actor, book_id)
    tomorrow = (request.now + timedelta(days=1)).date().isoformat()
    values = {**name_values("name", book.called), "valid_from": tomorrow}
    if request.method != "POST":
        return _copy_form(request, book, values, None)

    def effect() -> dict[str, Any]:
        made = actions.copy_book(
            actor=request.actor,
            now=request.now,
            book_id=book_id,
            name=parts.posted_name(request, "name"),
            valid_from=parts.day(parts.posted(request, "valid_from"), "valid_from"),
        )
        return {"book_id": made.pk}

    try:
        made = once_posted(
            request, actor=request.actor, now=request.now, route="price.copy", effect=effect
        )
    except Invalid as wrong:
        return _copy_form(request, book, _typed(request), wrong)
    return go_to(request, reverse("price:record", args=[made["book_id"]]))


def _copy_form(
    request: Request, book: PriceBook, values: dict[str, str], wrong: Invalid | None
) -> HttpResponseBase:
    title, errors = (
        _("New version of %(name)s") % {"name": shown_name(book.called)},
        parts.told_fields(wrong),
    )
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": _("Name"), "required": True},
        {"name": "valid_from", "label": _("First day"), "type": "date", "required": True},
    ]
    for field in fields:
        field |= {"value": values.get(field["name"], ""), "error": errors.get(field["name"], "")}
    fields[0] = name_field(fields[0], values)
    context = {
        "title": title,
        "header": {
            "title": title,
            "trail": [
                (_("Price books"), reverse("price:list")),
                (shown_name(book.called), reverse("price:record", args=[book.pk])),
            ],
        },
        "fields": fields,
        "message": worded(wrong.message, _) if wrong else "",
        "action_url": request.path,
        "submit": _("Begin the new version"),
    }
    is_fragment = bool(request.headers.get("HX-Request")) and request.method != "POST"
    template = "price/dialog.html" if is_fragment else "price/form.html"
    return render(request, template, context, status=422 if wrong else 200)


@page("price.edit")
def publish(request: Request, book_id: int) -> HttpResponseBase:
    """Publish a draft; where another book is in the way, say which and offer to end it."""
    if request.method != "POST":
        return go_to(request, reverse("price:record", args=[book_id]))
    try:
        actions.publish_book(
            actor=request.actor,
            now=request.now,
            book_id=book_id,
            end_previous="end_previous" in request.POST,
        )
    except BookOverlaps as overlap:
        book = queries.get_book(request.actor, book_id)
        other_id = overlap.facts["other_book_id"]
        other = queries.get_book(request.actor, other_id) if isinstance(other_id, int) else None
        context = {
            "header": books.header(request, book),
            "message": worded(overlap.message, _),
            "other": other,
            "can_end": other is not None and other.valid_from < book.valid_from,
            "book": book,
        }
        return render(request, "price/overlap.html", context, status=409)
    except (BookNotPublishable, BadBook) as wrong:
        messages.error(request, worded(wrong.message, _))
        return go_to(request, reverse("price:record", args=[book_id]))
    messages.success(request, _("The price book is published."))
    return go_to(request, reverse("price:record", args=[book_id]))


@page("price.edit")
def retire(request: Request, book_id: int) -> HttpResponseBase:
    """Stop using a book, or lay a draft aside."""
    if request.method == "POST":
        actions.retire_book(actor=request.actor, now=request.now, book_id=book_id)
    return go_to(request, reverse("price:record", args=[book_id]))
