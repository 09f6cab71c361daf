"""Public forms: made and revised by staff, filled in by strangers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from handsel.attract.lead import queries
from handsel.attract.lead.actions.acknowledge import acknowledge
from handsel.attract.lead.actions.assign import check_owner
from handsel.attract.lead.actions.capture import Captured, Circumstances, capture_lead
from handsel.attract.lead.errors import LeadInvalid, TooManyInquiries
from handsel.attract.lead.models import CaptureCount, CaptureForm
from handsel.attract.lead.rules.inquiry import Inquiry, Origin, one_line, paragraphs
from handsel.ground.kernel.said import said
from handsel.ground.party.queries import get_seller
from handsel.ground.platform.actor import Actor

PER_ADDRESS_AND_HOUR = 10
COUNTS_KEPT = timedelta(days=2)
CAPTURE = "lead.capture"

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,200}(?::\d{1,5})?")

FORM_FACTS = frozenset(
    {
        "title",
        "intro",
        "language",
        "source",
        "interest_choices",
        "consent_text",
        "frame_ancestors",
        "owner_id",
        "is_active",
    }
)


@transaction.atomic
def create_form(
    *, actor: Actor, now: datetime, seller_id: int, key: str, title: str, **facts: Any
) -> CaptureForm:
    """A form at /form/<key>/; `facts` are any of `FORM_FACTS`.

    `frame_ancestors` are the origins (https://www.example.com) of pages that may embed it.
    """
    seller = get_seller(actor, seller_id)
    wrong = {} if _KEY.fullmatch(key) else {"key": "lower-case letters, digits and hyphens"}
    checked = _checked(seller.pk, {"title": title, **facts}, wrong)
    try:
        with transaction.atomic():
            return CaptureForm.objects.create(seller=seller, key=key, **checked)
    except IntegrityError as clash:
        raise LeadInvalid(
            said("the address /form/%(key)s/ is taken", key=key), fields={"key": "another address"}
        ) from clash


@transaction.atomic
def revise_form(
    *, actor: Actor, now: datetime, form_id: int, facts: Mapping[str, Any]
) -> CaptureForm:
    """Change a form; its address stays, because it stands on other people's pages."""
    form = queries.get_form(actor, form_id)
    checked = _checked(form.seller_id, facts, {})
    for name, value in checked.items():
        setattr(form, name, value)
    form.save(update_fields=sorted(checked))
    return form


def _checked(seller_id: int, facts: Mapping[str, Any], wrong: dict[str, str]) -> dict[str, Any]:
    unknown = set(facts) - FORM_FACTS
    if unknown:
        raise LeadInvalid(
            said("not facts of a form: %(unknown)s", unknown=", ".join(sorted(unknown)))
        )
    kept = dict(facts)
    for name, limit in (("title", 200), ("intro", 500), ("source", 100), ("consent_text", 5000)):
        if name in kept:
            kept[name] = paragraphs(str(kept[name]))[:limit]
    if not kept.get("title", "x"):
        wrong["title"] = "what the form is called"
    for name, check in (("interest_choices", _choices), ("frame_ancestors", _ancestors)):
        if name in kept:
            kept[name] = check(kept[name], wrong)
    if wrong:
        raise LeadInvalid("this form cannot be kept", fields=wrong)
    if kept.get("owner_id") is not None:
        check_owner(seller_id, int(kept["owner_id"]))
    return kept


def _choices(values: Any, wrong: dict[str, str]) -> list[str]:
    choices = [one_line(str(value))[:200] for value in values]
    if len(choices) > 50:
        wrong["interest_choices"] = "at most 50"
    return [choice for choice in dict.fromkeys(choices) if choice]


def _ancestors(values: Any, wrong: dict[str, str]) -> list[str]:
    origins = [str(value).strip().lower().rstrip("/") for value in values if str(value).strip()]
    if len(origins) > 20 or not all(_ORIGIN.fullmatch(origin) for origin in origins):
        wrong["frame_ancestors"] = "at most 20 origins such as https://www.example.com"
    return origins


def form_actor(form: CaptureForm) -> Actor:
    """The actor of a stranger who fills in a form: he can do nothing else."""
    return Actor.buyer(f"form {form.key}", seller_id=form.seller_id, permissions=[CAPTURE])


def capture_from_form(
    *,
    form: CaptureForm,
    now: datetime,
    inquiry: Inquiry,
    origin: Origin,
    consented: bool,
    suspicion: str = "",
) -> Captured:
    """Take in a filled form and acknowledge it by mail.

    The acknowledgement stops no clock. Suspected spam is kept as disqualified, without a mail.
    """
    actor = form_actor(form)
    with transaction.atomic():
        captured = capture_lead(
            actor=actor,
            now=now,
            seller_id=form.seller_id,
            inquiry=inquiry,
            origin=origin,
            circumstances=Circumstances(
                channel="form",
                form=form,
                consent_text=form.consent_text if consented else "",
                suspicion=suspicion,
            ),
        )
        if not suspicion and captured.lead.email_normalized:
            acknowledge(captured.lead, seller=form.seller, now=now)
    return captured


def count_use(*, form: CaptureForm, address: str, salt: str, now: datetime) -> None:
    """Count one sent form of an address in this hour; raises TooManyInquiries above the limit.

    One conditional statement, committed on its own, so that refused tries count too. Only a salted
    hash of the address is kept, for two days.
    """
    digest = hashlib.sha256(f"{salt}:{form.pk}:{address}".encode()).digest()
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lead_capturecount (form_id, address_hash, hour_at, used)
            VALUES (%s, %s, %s, 1)
            ON CONFLICT (form_id, address_hash, hour_at)
            DO UPDATE SET used = lead_capturecount.used + 1
            WHERE lead_capturecount.used < %s
            RETURNING used
            """,
            [form.pk, digest, hour, PER_ADDRESS_AND_HOUR],
        )
        if cursor.fetchone() is None:
            raise TooManyInquiries(
                "many inquiries came from your address within the hour; please try again later, "
                "or write to us by mail"
            )


def forget_counts(*, now: datetime) -> int:
    """Delete counts that no limit needs any more; returns how many."""
    deleted, _by_model = CaptureCount.objects.filter(hour_at__lt=now - COUNTS_KEPT).delete()
    return deleted
