"""From an outbox row to a message, and the two ways a message leaves: SMTP, or kept for the demo.

Headers are written by `EmailMessage` under the strict SMTP policy from parsed addresses and
one-line text, so nothing in a name or a subject can become a header of its own.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, Protocol

from django.conf import settings

from handsel.ground.document.addresses import parse_address
from handsel.ground.document.plain_text import one_line

STRICT: Final = SMTP.clone(raise_on_defect=True)
LONGEST_ERROR: Final = 500
_ENCLOSED_AS_IS: Final = re.compile(r"(application|image|text)/[a-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Everything a message is made of; addresses as text, checked when it is built."""

    message_id: str
    from_address: str
    to: Sequence[str]
    cc: Sequence[str]
    reply_to: str
    subject: str
    text: str
    html: str
    written_at: datetime
    by_machine: bool
    enclosures: Sequence[Enclosure] = ()


class SendingFailed(Exception):
    """The message was not taken. `for_good` says that trying again would not help."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason = one_line(reason)[:LONGEST_ERROR]
        self.for_good = for_good


class Transport(Protocol):
    """Takes a message from us."""

    def send(self, message: EmailMessage, *, sender: str, recipients: Sequence[str]) -> None:
        """Hand over a message for all recipients, or raise SendingFailed."""
        ...


def build_message(parts: Letterbox) -> EmailMessage:
    """The message as it goes over the wire; the same parts always give the same headers.

    Raises BadAddress for an address that is none.
    """
    message = EmailMessage(policy=STRICT)
    message["Message-ID"] = parts.message_id
    message["Date"] = parts.written_at
    message["From"] = parse_address(parts.from_address)
    message["To"] = _parsed(parts.to)
    if parts.cc:
        message["Cc"] = _parsed(parts.cc)
    if parts.reply_to:
        message["Reply-To"] = parse_address(parts.reply_to)
    message["Subject"] = one_line(parts.subject)
    if parts.by_machine:
        # RFC 3834: keeps out-of-office replies from answering a machine.
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(parts.text, cte="quoted-printable")
    if parts.html:
        message.add_alternative(parts.html, subtype="html", cte="quoted-printable")
    for enclosure in parts.enclosures:
        main, _, sub = _media_type(enclosure.media_type).partition("/")
        message.add_attachment(
            enclosure.content,
            maintype=main,
            subtype=sub,
            filename=one_line(enclosure.name),
        )
    return message


def recipients_of(parts: Letterbox) -> list[str]:
    """The bare addresses of everybody the message goes to, each once."""
    every = [parse_address(text).addr_spec for text in (*parts.to, *parts.cc)]
    return list(dict.fromkeys(every))


def _media_type(declared: str) -> str:
    """The type of an enclosure; what would be taken apart as a message travels as plain bytes."""
    return declared if _ENCLOSED_AS_IS.fullmatch(declared) else "application/octet-stream"


def _parsed(texts: Sequence[str]) -> list[Address]:
    return [parse_address(text) for text in texts]


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """A mail server. `tls` is STARTTLS with a verified certificate, or TLS throughout on 465."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    timeout_s: float

    def send(self, message: EmailMessage, *, sender: str, recipients: Sequence[str]) -> None:
        """Hand the message over; raises SendingFailed with the server's words."""
        if not self.host:
            raise SendingFailed("no mail server is set (SMTP_HOST)", for_good=False)
        try:
            with self._connect() as server:
                if self.tls and self.port != smtplib.SMTP_SSL_PORT:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                refused = server.send_message(message, sender, list(recipients))
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients) from error
        except smtplib.SMTPResponseException as error:
            raise SendingFailed(
                f"{error.smtp_code} {_words(error.smtp_error)}", for_good=error.smtp_code >= 500
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendingFailed(f"{type(error).__name__}: {error}", for_good=False) from error
        if refused:
            # The others have it already: trying again would send it to them twice.
            raise SendingFailed(_refusal(refused).reason, for_good=True)

    def _connect(self) -> smtplib.SMTP:
        if self.tls and self.port == smtplib.SMTP_SSL_PORT:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)


def _refusal(refused: dict[str, tuple[int, bytes]]) -> SendingFailed:
    words = "; ".join(f"{who}: {code} {_words(why)}" for who, (code, why) in refused.items())
    return SendingFailed(words, for_good=all(code >= 500 for code, _ in refused.values()))


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


class KeptTransport:
    """The demo's mail server: takes every message and sends none; the outbox page shows them."""

    def send(self, message: EmailMessage, *, sender: str, recipients: Sequence[str]) -> None:
        """Write the message out as a server would receive it, so that a defect shows here too."""
        if not recipients:
            raise SendingFailed("nobody to send to", for_good=True)
        message.as_bytes(policy=STRICT)


def transport_from_settings() -> Transport:
    """The transport that MAIL_TRANSPORT names: "smtp" with Django's EMAIL_* settings, or "kept"."""
    match settings.MAIL_TRANSPORT:
        case "kept":
            return KeptTransport()
        case "smtp":
            return SmtpTransport(
                host=settings.EMAIL_HOST,
                port=settings.EMAIL_PORT,
                tls=settings.EMAIL_USE_TLS,
                user=settings.EMAIL_HOST_USER,
                password=settings.EMAIL_HOST_PASSWORD,
                timeout_s=settings.EMAIL_TIMEOUT,
            )
        case other:
            raise ValueError(f"MAIL_TRANSPORT is {other!r}; expected smtp or kept")
