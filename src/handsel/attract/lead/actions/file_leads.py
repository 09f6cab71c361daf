"""Leads from a file, written many at a time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handsel.attract.lead.actions import recognize
from handsel.attract.lead.events import LeadCaptured
from handsel.attract.lead.models import Lead, Touch
from handsel.attract.lead.rules.file_rows import RowValues
from handsel.attract.lead.rules.identity import comparable
from handsel.ground.party.models import Seller
from handsel.ground.platform import log, numbering
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.copying import copy_in, take_keys

EXCLUDED = "imported"
_LEAD_COLUMNS = (
    "id", "seller_id", "number", "state", "person_name", "email", "email_normalized", "phone",
    "phone_normalized", "company_name", "country", "language", "interest", "message", "channel",
    "source", "external_source", "external_id", "asked_at", "captured_at",
    "excluded_from_response",
)  # fmt: skip
_TOUCH_COLUMNS = (
    "lead_id", "is_first", "occurred_at", "source", "medium", "campaign", "referrer",
    "landing_page", "click_id",
)  # fmt: skip


def write_leads(
    seller: Seller, source_name: str, fresh: list[RowValues], *, actor: Actor, now: datetime
) -> None:
    """Write new leads with number, first touch, proposals and events: nine statements for any many.

    They never asked us: they carry `excluded_from_response`, and no contact is written for them.
    """
    if not fresh:
        return
    year = now.astimezone(ZoneInfo(seller.time_zone)).year
    keys = take_keys(Lead, len(fresh))
    # The series is locked from here to the end of the chunk, which holds nothing but inserts.
    numbers = numbering.next_numbers(seller_id=seller.pk, kind="lead", year=year, count=len(fresh))
    leads = [
        _lead(seller, source_name, key, number, values, now=now)
        for key, number, values in zip(keys, numbers, fresh, strict=True)
    ]
    copy_in(Lead, _LEAD_COLUMNS, [[getattr(one, name) for name in _LEAD_COLUMNS] for one in leads])
    copy_in(
        Touch,
        _TOUCH_COLUMNS,
        [
            (lead.pk, True, lead.asked_at, *_touch(values))
            for lead, values in zip(leads, fresh, strict=True)
        ],
    )
    recognize.propose(leads, now=now)
    log.announce_many(
        [LeadCaptured(lead.pk, None, None, "import", lead.source) for lead in leads],
        actor=actor,
        now=now,
        occurred_at=[lead.asked_at for lead in leads],
    )


def _lead(
    seller: Seller, source_name: str, key: int, number: str, values: RowValues, *, now: datetime
) -> Lead:
    said = values.inquiry
    email, phone, _ = comparable(said.email, said.phone, said.country or seller.country)
    return Lead(
        id=key,
        seller_id=seller.pk,
        number=number,
        state="new",
        person_name=said.person_name,
        email=said.email,
        email_normalized=email,
        phone=said.phone,
        phone_normalized=phone,
        company_name=said.company_name,
        country=said.country,
        language=said.language,
        interest=said.interest,
        message=said.message,
        channel="import",
        source=values.origin.source,
        external_source=source_name,
        external_id=values.external_id,
        asked_at=values.asked_at or now,
        captured_at=now,
        excluded_from_response=EXCLUDED,
    )


def _touch(values: RowValues) -> tuple[str, ...]:
    said = values.origin
    return (
        said.source,
        said.medium,
        said.campaign,
        said.referrer,
        said.landing_page,
        said.click_id,
    )
