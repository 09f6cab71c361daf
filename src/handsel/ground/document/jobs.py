"""Background work of this room."""

from __future__ import annotations

from handsel.ground.document.actions import DELIVER_JOB, MOST_ATTEMPTS, deliver_mail
from handsel.ground.document.errors import MailHeldBack
from handsel.ground.document.outbox import transport_from_settings
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.jobs import job


@job(DELIVER_JOB, queue="mail", retry=MOST_ATTEMPTS)
def deliver(mail_id: int) -> None:
    """Hand one mail to the server; a mail held back by a quarantine waits for its release."""
    try:
        deliver_mail(now=SystemClock().now(), mail_id=mail_id, transport=transport_from_settings())
    except MailHeldBack:
        return
