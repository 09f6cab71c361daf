"""What the outbox announces; each event touches the mail and everything the mail is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.platform.events import Event, ObjectRef


@dataclass(frozen=True, slots=True)
class _MailEvent(Event):
    """`about` names objects as "type:id"; `by_person` says that a user caused the mail."""

    mail_id: int
    template: str
    to: tuple[str, ...]
    subject: str
    about: tuple[str, ...]
    by_person: bool

    def objects(self) -> list[ObjectRef]:
        """The mail itself and what it is about."""
        refs = [ObjectRef("mail", self.mail_id, "mail")]
        for name in self.about:
            object_type, _, object_id = name.rpartition(":")
            refs.append(ObjectRef(object_type, int(object_id), "about"))
        return refs


@dataclass(frozen=True, slots=True)
class MailQueued(_MailEvent):
    """A mail was composed and will be sent."""

    TYPE: ClassVar[str] = "document.mail.queued"


@dataclass(frozen=True, slots=True)
class MailSent(_MailEvent):
    """The mail server took the mail; whether anybody read it is not known."""

    TYPE: ClassVar[str] = "document.mail.sent"


@dataclass(frozen=True, slots=True)
class MailFailed(_MailEvent):
    """The mail server refused the mail, or could not be reached for too long."""

    TYPE: ClassVar[str] = "document.mail.failed"
    reason: str = ""
