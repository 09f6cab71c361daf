"""Messages: addresses parsed, headers that cannot be forged, a server that may say no."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.document.addresses import named_address, parse_address
from handsel.ground.document.errors import BadAddress
from handsel.ground.document.outbox import (
    STRICT,
    Enclosure,
    KeptTransport,
    Letterbox,
    SendingFailed,
    SmtpTransport,
    build_message,
    recipients_of,
    transport_from_settings,
)
from tests.unit.document.smtp_server import Answers, SmtpServer

LETTER = Letterbox(
    message_id="<abc@halden.example>",
    from_address="Halden Fördertechnik <office@halden.example>",
    to=["Łucja Groß <gross.l@kornmühle.example>"],
    cc=["weidner@halden.example"],
    reply_to="weidner@halden.example",
    subject="Angebot für Sie",
    text="Guten Tag,\n\nüber 100 € und ein sehr langer Satz" + " und noch mehr" * 80 + "\n",
    html="<p>Guten Tag</p>",
    written_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    by_machine=True,
    enclosures=[Enclosure("Angebot Łódź.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")],
)


def received(message: EmailMessage) -> EmailMessage:
    back = message_from_bytes(message.as_bytes(policy=STRICT), policy=default)
    assert isinstance(back, EmailMessage)
    return back


def test_a_message_arrives_as_it_was_written() -> None:
    back = received(build_message(LETTER))

    assert back["Subject"] == "Angebot für Sie"
    assert str(back["To"]) == "Łucja Groß <gross.l@xn--kornmhle-b6a.example>"
    assert str(back["From"]) == "Halden Fördertechnik <office@halden.example>"
    assert back["Message-ID"] == "<abc@halden.example>"
    assert back["Date"] == "Mon, 02 Mar 2026 09:30:00 +0000"
    assert back["Auto-Submitted"] == "auto-generated"
    text, html = back.get_body(("plain",)), back.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == "<p>Guten Tag</p>"
    (enclosure,) = back.iter_attachments()
    assert enclosure.get_filename() == "Angebot Łódź.pdf"
    assert enclosure.get_content() == b"%PDF-1.7 \x00\xff"


def test_the_same_letter_has_the_same_headers() -> None:
    first, second = build_message(LETTER), build_message(LETTER)
    assert first.items()[:7] == second.items()[:7]
    assert first["Message-ID"] == second["Message-ID"]


def test_a_person_writes_without_the_machine_mark() -> None:
    assert "Auto-Submitted" not in build_message(dataclasses.replace(LETTER, by_machine=False))


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "multipart/mixed", "nonsense", "text/html\r\nX: y"]
)
def test_an_odd_enclosure_travels_as_plain_bytes(kind: str) -> None:
    odd = dataclasses.replace(LETTER, enclosures=[Enclosure("x", kind, b"Subject: y\r\n\r\nz")])
    (enclosure,) = received(build_message(odd)).iter_attachments()
    assert enclosure.get_content_type() == "application/octet-stream"


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=80))
def test_no_text_becomes_a_header(subject: str, name: str, file_name: str) -> None:
    letter = dataclasses.replace(
        LETTER,
        subject=f"{subject}\r\nBcc: thief@evil.example",
        to=[str(named_address(f"{name}\r\nBcc: thief@evil.example", "a@b.example"))],
        enclosures=[Enclosure(f"{file_name}\r\nX-Evil: 1", "application/pdf", b"x")],
    )
    back = received(build_message(letter))

    assert back["Bcc"] is None
    assert set(back.keys()) == {
        *("Message-ID", "Date", "From", "To", "Cc", "Reply-To", "Subject", "Auto-Submitted"),
        *("MIME-Version", "Content-Type"),
    }
    assert [address.addr_spec for address in back["To"].addresses] == ["a@b.example"]
    assert recipients_of(letter) == ["a@b.example", "weidner@halden.example"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "a@b",
        "@b.example",
        "a@",
        "a b@c.example",
        "a@b.example, c@d.example",
        "a@b.example, <c@d.example>",
        "a@b.example\r\nBcc: c@d.example",
        "a@b..example",
        "a@-b.example",
        ".a@b.example",
        "a..b@c.example",
        "a@[127.0.0.1]",
        '"a b"@c.example',
        "ä@b.example",
        "Group: a@b.example;",
        "a@b.example (comment)",
        "<a@b.example> tail",
        f"{'a' * 65}@b.example",
        f"a@{'b' * 250}.example",
        "a\x00@b.example",
    ],
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        parse_address(text)


def test_a_domain_is_never_another_one() -> None:
    # The older IDNA turned ß into ss, which is a different domain.
    assert parse_address("a@straße.example").domain == "xn--strae-oqa.example"


@given(st.text(max_size=100))
def test_an_address_with_any_name_can_be_read_back(name: str) -> None:
    address = named_address(name, "a.b+c@Example.com")
    again = parse_address(str(address))
    assert again.addr_spec == "a.b+c@example.com"
    assert again.display_name == address.display_name


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


def transport(server: SmtpServer) -> SmtpTransport:
    return SmtpTransport(server.host, server.port, tls=False, user="", password="", timeout_s=5)


def send(server: SmtpServer) -> None:
    transport(server).send(
        build_message(LETTER), sender="office@halden.example", recipients=recipients_of(LETTER)
    )


def test_a_server_gets_the_message(server: SmtpServer) -> None:
    send(server)

    (taken,) = server.taken
    assert taken.sender == "office@halden.example"
    assert taken.recipients == ["gross.l@xn--kornmhle-b6a.example", "weidner@halden.example"]
    assert b"Message-ID: <abc@halden.example>" in taken.content


@pytest.mark.parametrize(
    ("answers", "for_good"),
    [
        (Answers(mail="451 try later"), False),
        (Answers(mail="550 no such sender"), True),
        (Answers(data="452 full"), False),
        (Answers(data="554 looks like spam"), True),
        (Answers(rcpt={"gross.l@xn--kornmhle-b6a.example": "550 unknown"}), True),
        (Answers(rcpt=dict.fromkeys(recipients_of(LETTER), "451 greylisted")), False),
        (Answers(greeting="554 go away"), True),
        (Answers(hang_up=True), False),
    ],
)
def test_a_refusal_is_told_apart_from_a_bad_moment(
    server: SmtpServer, answers: Answers, for_good: bool
) -> None:
    server.answers = answers
    with pytest.raises(SendingFailed) as caught:
        send(server)
    assert caught.value.for_good is for_good


def test_a_server_that_is_not_there_is_a_bad_moment(server: SmtpServer) -> None:
    gone = dataclasses.replace(transport(server), port=1)
    with pytest.raises(SendingFailed) as caught:
        gone.send(build_message(LETTER), sender="a@b.example", recipients=["c@d.example"])
    assert not caught.value.for_good


def test_a_server_without_tls_never_sees_the_message_when_tls_is_wanted(server: SmtpServer) -> None:
    careful = dataclasses.replace(transport(server), tls=True)
    with pytest.raises(SendingFailed):
        careful.send(build_message(LETTER), sender="a@b.example", recipients=["c@d.example"])
    assert server.taken == []


def test_the_demo_keeps_mails() -> None:
    assert settings.MAIL_TRANSPORT == "kept"
    kept = transport_from_settings()
    assert isinstance(kept, KeptTransport)
    kept.send(build_message(LETTER), sender="a@b.example", recipients=["c@d.example"])
    with pytest.raises(SendingFailed):
        kept.send(build_message(LETTER), sender="a@b.example", recipients=[])


def test_an_unset_mail_server_is_said() -> None:
    unset = SmtpTransport("", 587, tls=True, user="", password="", timeout_s=5)
    with pytest.raises(SendingFailed, match="SMTP_HOST"):
        unset.send(build_message(LETTER), sender="a@b.example", recipients=["c@d.example"])
