"""The outbox pages: what they show, to whom, and what they let one do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from handsel.ground.document import actions, mail
from handsel.ground.document.actions import Attachment
from handsel.ground.document.models import Mail
from handsel.ground.document.web import without_keys
from handsel.ground.kernel.errors import Forbidden, NotFound
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MAY = frozenset({"mail.view", "mail.send"})
ACTOR = Actor("user", "Jonas Weidner", 7, MAY, frozenset({1}))
READER = Actor("user", "Reader", 9, frozenset({"mail.view"}), frozenset({1}))
STRANGER = Actor("user", "Somebody else", 8, MAY, frozenset({2}))


def queued(subject: str = "About <b>line 3</b>", **given: Any) -> Mail:
    return actions.queue_mail(
        actor=ACTOR,
        now=NOW,
        seller_id=1,
        composed=mail.written("en", subject, "See https://halden.example/q/abc <script>x</script>"),
        to=["gross@nordmuehle.example"],
        **given,
    )


def answer(path: str, actor: Actor, method: str = "get", **fields: str) -> Any:
    request: Any = getattr(RequestFactory(), method)(path, fields)
    request.actor, request.now, request.session = actor, NOW, {}
    request._messages = _Messages()
    found = resolve(request.path)
    return found.func(request, *found.args, **found.kwargs)


class _Messages(list[Any]):
    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.append(message)


def text_of(path: str, actor: Actor = ACTOR) -> str:
    return str(answer(path, actor).content.decode())


def test_the_list_shows_the_sellers_mails_and_no_others() -> None:
    queued()
    assert "About &lt;b&gt;line 3&lt;/b&gt;" in text_of("/document/")
    assert "About" not in text_of("/document/", STRANGER)


def test_the_list_can_be_searched_and_filtered() -> None:
    queued("First")
    Mail.objects.filter(pk=queued("Second").pk).update(state="failed")

    assert "First" not in text_of("/document/?q=second")
    assert "Second" in text_of("/document/?q=NORDMUEHLE&state=failed")
    assert "First" not in text_of("/document/?state=failed")
    assert "First" in text_of("/document/?from=nonsense")


def test_a_mail_is_shown_as_text_with_its_link_and_no_markup_of_its_own() -> None:
    page = text_of(f"/document/mails/{queued().pk}/")

    assert 'href="https://halden.example/q/abc"' in page
    assert "<script>x" not in page
    with pytest.raises(NotFound):
        answer(f"/document/mails/{queued().pk}/", STRANGER)


def test_a_file_is_reached_through_its_mail_only() -> None:
    file = store.keep(b"%PDF-1.7", name="q.pdf", media_type="application/pdf", now=NOW)
    row = queued(attachments=[Attachment(file.pk, "Quote 42.pdf")])

    got = answer(f"/document/mails/{row.pk}/files/0/", ACTOR)
    assert (got.content, got["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert "Quote%2042.pdf" in got["Content-Disposition"]
    for actor, place in ((STRANGER, 0), (ACTOR, 1)):
        with pytest.raises(NotFound):
            answer(f"/document/mails/{row.pk}/files/{place}/", actor)


def test_a_failed_mail_can_be_sent_again_once_by_who_may() -> None:
    row = queued()
    Mail.objects.filter(pk=row.pk).update(state="failed", last_error="550 unknown user")
    page, address = f"/document/mails/{row.pk}/", f"/document/mails/{row.pk}/send-again/"

    assert "550 unknown user" in text_of(page)
    assert address in text_of(page)
    assert address not in text_of(page, READER)
    with pytest.raises(Forbidden):
        answer(address, READER, "post", idempotency_key="a")

    for _ in range(2):
        assert answer(address, ACTOR, "post", idempotency_key="b").status_code == 302
    row.refresh_from_db()
    assert row.state == "queued"
    assert address not in text_of(page)


def test_the_key_of_a_customers_link_is_not_shown_where_mails_are_sent(settings: Any) -> None:
    key = "A1b2_-" + "x" * 37
    words = f"Open it here:\nhttps://halden.example/offer/{key}/\nKind regards"
    settings.MAIL_TRANSPORT = "smtp"
    assert key not in without_keys(words)
    assert "https://halden.example/offer/…/" in without_keys(words)
    settings.MAIL_TRANSPORT = "kept"
    assert without_keys(words) == words


def test_links_of_a_demo_lead_to_the_port_it_has_today(settings: Any) -> None:
    words = "Open it:\nhttp://localhost:8000/offer/abc/\nSee https://a.example/"
    settings.MAIL_TRANSPORT, settings.PUBLIC_BASE_URL = "kept", "http://localhost:8017"
    assert "http://localhost:8017/offer/abc/" in without_keys(words)
    assert "https://a.example/" in without_keys(words)
    settings.PUBLIC_BASE_URL = "https://halden.example"
    assert without_keys(words) == words
