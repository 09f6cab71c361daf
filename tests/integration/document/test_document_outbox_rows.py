"""The outbox: queued with the act that causes it, delivered once, honest about failures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection, transaction

from handsel.ground.document import actions, mail, queries
from handsel.ground.document.actions import About, Attachment
from handsel.ground.document.errors import BadAddress, MailHeldBack
from handsel.ground.document.models import Mail
from handsel.ground.document.outbox import KeptTransport, SendingFailed
from handsel.ground.kernel.errors import Invalid, NotFound, Refused
from handsel.ground.platform import installation, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import timeline

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
ACTOR = Actor("user", "Jonas Weidner", user_id=7, seller_ids=frozenset({1}))
STRANGER = Actor("user", "Somebody else", user_id=8, seller_ids=frozenset({2}))
WORDS = mail.written("en", "About your line", "Hello,\n\nhere it is.")


class Recording(KeptTransport):
    """Keeps what it was given; fails as often as it is told to."""

    def __init__(self, *failures: SendingFailed) -> None:
        self.failures = list(failures)
        self.taken: list[EmailMessage] = []

    def send(self, message: EmailMessage, *, sender: str, recipients: Sequence[str]) -> None:
        super().send(message, sender=sender, recipients=recipients)
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(message)


def queue(actor: Actor = ACTOR, **given: Any) -> Mail:
    arguments: dict[str, Any] = {
        "seller_id": 1,
        "composed": WORDS,
        "to": ["Łucja Groß <gross@nordmuehle.example>"],
        "from_address": "Halden <office@halden.example>",
    }
    return actions.queue_mail(actor=actor, now=NOW, **{**arguments, **given})


def waiting_jobs() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'mail_id')::bigint FROM procrastinate_jobs "
            "WHERE task_name = %s ORDER BY id",
            [actions.DELIVER_JOB],
        )
        return [mail_id for (mail_id,) in cursor.fetchall()]


def test_a_mail_is_queued_with_its_job_and_its_event() -> None:
    row = queue(about=[About("quote", 42)], template="quote_sent")

    assert (row.state, row.attempts, row.sent_at) == ("queued", 0, None)
    assert row.message_id.endswith("@halden.example>")
    assert waiting_jobs() == [row.pk]
    (event,) = timeline(("quote", 42))
    assert event.type == "document.mail.queued"
    assert event.payload["subject"] == "About your line"
    assert timeline(("mail", row.pk)) == [event]


def test_nothing_is_queued_when_the_act_is_undone() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        _ = 1 / 0

    assert Mail.objects.count() == 0
    assert waiting_jobs() == []


def test_the_same_act_queues_one_mail() -> None:
    first = queue(once_key="quote_sent:version:9")
    again = queue(once_key="quote_sent:version:9")
    other = queue(once_key="quote_sent:version:10")

    assert first.pk == again.pk != other.pk
    assert waiting_jobs() == [first.pk, other.pk]


def test_a_delivered_mail_is_sent_once() -> None:
    file = store.keep(b"%PDF-1.7", name="quote.pdf", media_type="application/pdf", now=NOW)
    row = queue(attachments=[Attachment(file.pk, "Quote 42.pdf")], cc=["weidner@halden.example"])
    server = Recording()

    sent = actions.deliver_mail(now=LATER, mail_id=row.pk, transport=server)
    again = actions.deliver_mail(now=LATER, mail_id=row.pk, transport=server)

    assert (sent.state, sent.sent_at, sent.attempts) == ("sent", LATER, 1)
    assert again.state == "sent"
    (message,) = server.taken
    assert message["Message-ID"] == row.message_id
    assert [part.get_filename() for part in message.iter_attachments()] == ["Quote 42.pdf"]
    assert "Auto-Submitted" not in message
    assert [event.type for event in timeline(("mail", row.pk))] == [
        "document.mail.sent",
        "document.mail.queued",
    ]


def test_a_bad_moment_leaves_the_mail_queued_for_the_next_try() -> None:
    row = queue()
    server = Recording(SendingFailed("451 try later", for_good=False))

    with pytest.raises(SendingFailed):
        actions.deliver_mail(now=NOW, mail_id=row.pk, transport=server)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("queued", 1, "451 try later")

    sent = actions.deliver_mail(now=LATER, mail_id=row.pk, transport=server)
    assert (sent.state, sent.attempts, sent.last_error) == ("sent", 2, "")


def test_a_refusal_for_good_is_said_and_can_be_tried_again_by_a_person() -> None:
    row = queue(about=[About("order", 5)])
    server = Recording(SendingFailed("550 unknown user", for_good=True))

    failed = actions.deliver_mail(now=NOW, mail_id=row.pk, transport=server)

    assert (failed.state, failed.last_error, failed.sent_at) == ("failed", "550 unknown user", None)
    newest = timeline(("order", 5))[0]
    assert (newest.type, newest.payload["reason"]) == ("document.mail.failed", "550 unknown user")

    again = actions.send_again(actor=ACTOR, now=LATER, mail_id=row.pk)
    assert again.state == "queued"
    assert waiting_jobs() == [row.pk, row.pk]
    assert actions.deliver_mail(now=LATER, mail_id=row.pk, transport=server).state == "sent"
    with pytest.raises(Refused):
        actions.send_again(actor=ACTOR, now=LATER, mail_id=row.pk)


def test_after_the_last_try_a_mail_has_failed() -> None:
    row = queue()
    never = [SendingFailed("451 busy", for_good=False)] * actions.MOST_ATTEMPTS
    server = Recording(*never)

    for _ in range(actions.MOST_ATTEMPTS - 1):
        with pytest.raises(SendingFailed):
            actions.deliver_mail(now=NOW, mail_id=row.pk, transport=server)

    assert actions.deliver_mail(now=NOW, mail_id=row.pk, transport=server).state == "failed"


def test_a_worker_that_died_while_sending_does_not_lose_the_mail() -> None:
    class Died(Recording):
        def send(self, message: EmailMessage, *, sender: str, recipients: Sequence[str]) -> None:
            raise KeyboardInterrupt

    row = queue()
    with pytest.raises(KeyboardInterrupt):
        actions.deliver_mail(now=NOW, mail_id=row.pk, transport=Died())
    row.refresh_from_db()
    assert row.state == "sending"

    server = Recording()
    assert actions.deliver_mail(now=LATER, mail_id=row.pk, transport=server).state == "sent"
    assert server.taken[0]["Message-ID"] == row.message_id


def test_a_copied_installation_sends_nothing() -> None:
    row = queue()
    installation.quarantine(now=NOW, reason="restored from a backup")
    server = Recording()

    with pytest.raises(MailHeldBack):
        actions.deliver_mail(now=NOW, mail_id=row.pk, transport=server)
    row.refresh_from_db()
    assert (row.state, server.taken) == ("queued", [])

    installation.release()
    assert actions.enqueue_waiting() == 1
    assert waiting_jobs() == [row.pk, row.pk]


def test_a_mail_belongs_to_a_seller_the_actor_can_see() -> None:
    row = queue(about=[About("quote", 42)])

    with pytest.raises(NotFound):
        queue(STRANGER)
    with pytest.raises(NotFound):
        queries.get_mail(STRANGER, row.pk)
    with pytest.raises(NotFound):
        actions.send_again(actor=STRANGER, now=NOW, mail_id=row.pk)
    assert list(queries.visible_mails(STRANGER)) == []
    assert list(queries.mails_about(STRANGER, ("quote", 42))) == []
    assert list(queries.mails_about(ACTOR, ("quote", 42))) == [row]
    assert list(queries.mails_about(ACTOR, ("quote", 4))) == []
    assert list(queries.mails_about(ACTOR)) == []


@pytest.mark.parametrize("to", [[], ["nobody"], ["a@b.example\r\nBcc: c@d.example"]])
def test_a_mail_goes_to_somebody(to: list[str]) -> None:
    with pytest.raises((Invalid, BadAddress)):
        queue(to=to)
    assert Mail.objects.count() == 0


def test_a_sign_in_mail_belongs_to_no_seller_and_is_shown_to_nobody() -> None:
    row = queue(Actor.system("sign-in"), seller_id=None, from_address="")

    assert row.seller_id is None
    assert row.by_user_id is None
    assert queries.count_waiting() == 1
    with pytest.raises(NotFound):
        queries.get_mail(ACTOR, row.pk)
