"""More than is read at once, or what cannot be read: a problem document for programs and for
components of a page, a readable page for people; nothing of it is done."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client

from handsel.bid.quote.models import QuoteVersion
from tests.support.bid import make_quote, make_shelf
from tests.support.calls import api_of
from tests.support.pages import text_of
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
JSON = "application/json"
PROBLEM = "application/problem+json"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def version(world: World) -> QuoteVersion:
    return make_quote(world, make_shelf(world.system, world.now))


def test_a_million_pasted_rows_get_a_problem_document(world: World, version: QuoteVersion) -> None:
    rep = session_of(world.users["sales_rep"])
    body = json.dumps({"text": "STAND-900\t1\n" * 1_000_000})
    for name in ("paste", "edits", "preview"):
        answer = rep.post(f"/quote/{version.quote_id}/sheet/{name}/", body, content_type=JSON)
        assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM), answer.content[:300]
        assert "too much at once" in answer.json()["detail"]
    rep.cookies["django_language"] = "de"
    answer = rep.post(f"/quote/{version.quote_id}/sheet/paste/", body, content_type=JSON)
    assert "zu viel auf einmal" in answer.json()["detail"]
    status, told = api_of(world, "sales_rep").post(
        f"/quote/{version.quote_id}/sheet/edits", edits=[{"kind": "x" * 11_000_000}]
    )
    assert (status, told["code"]) == (413, "too_large")
    assert QuoteVersion.objects.get(pk=version.pk).lock_no == 1


@pytest.mark.parametrize("is_checked", [False, True])
def test_a_form_that_is_too_long_gets_a_readable_page(
    world: World, version: QuoteVersion, is_checked: bool
) -> None:
    """Also where it is found out by the check of the form's token, before any page is asked."""
    rep = Client(enforce_csrf_checks=is_checked)
    rep.cookies.update(session_of(world.users["sales_rep"]).cookies)
    rep.get(f"/quote/{version.quote_id}/terms/")
    many = "&".join(f"f{at}=1" for at in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 2))
    long = "a=" + "b" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    form = "application/x-www-form-urlencoded"
    for body, words in ((many, "More than 20,000 fields"), (long, "More than 10 MB")):
        answer = rep.post(f"/quote/{version.quote_id}/terms/", body, content_type=form)
        assert answer.status_code == 413
        page = text_of(answer)
        assert words in page
        assert "what you typed is still in the form" in page


def test_a_form_of_an_earlier_session_is_told_so(world: World, version: QuoteVersion) -> None:
    rep = Client(enforce_csrf_checks=True)
    rep.cookies.update(session_of(world.users["sales_rep"]).cookies)
    answer = rep.post(f"/quote/{version.quote_id}/terms/", {"payment_days": "1"})
    assert answer.status_code == 403
    assert "before you signed in anew" in text_of(answer)
    sheet = rep.post(f"/quote/{version.quote_id}/sheet/edits/", "{}", content_type=JSON)
    assert (sheet.status_code, sheet["Content-Type"]) == (403, PROBLEM)


def test_a_wrong_key_is_no_key_whatever_session_there_is(
    world: World, version: QuoteVersion
) -> None:
    rep = Client(enforce_csrf_checks=True)
    rep.cookies.update(session_of(world.users["sales_rep"]).cookies)
    answer = rep.post(
        f"/api/quote/{version.quote_id}/sheet/edits",
        "{}",
        content_type=JSON,
        headers={"Authorization": "Bearer hsl_wrong"},
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
