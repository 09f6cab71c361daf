"""Leads for tests, made by the same actions as everywhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from handsel.attract.lead import actions
from handsel.attract.lead.models import CaptureForm, Lead
from handsel.attract.lead.rules.inquiry import inquiry, origin
from handsel.ground.platform.actor import Actor
from tests.support.world import World

LEADS = Path(__file__).resolve().parents[3] / "shared" / "data" / "leads"


def make_lead(
    world: World,
    *,
    actor: Actor | None = None,
    now: datetime | None = None,
    around: actions.Circumstances | None = None,
    source: str = "",
    **said: str,
) -> Lead:
    """A lead somebody wrote to us, with a mail address unless another one is given."""
    values = {"person_name": "Mara Vogel", "email": "mara@vogel-druck.example", **said}
    return actions.capture_lead(
        actor=actor or world.system,
        now=now or world.now,
        seller_id=world.seller.pk,
        inquiry=inquiry(values),
        origin=origin({"source": source}),
        circumstances=around,
    ).lead


def make_form(world: World, *, key: str = "contact", **facts: object) -> CaptureForm:
    """A public form of the world's seller."""
    return actions.create_form(
        actor=world.actor("sales_manager"),
        now=world.now,
        seller_id=world.seller.pk,
        key=key,
        title="Ask us",
        **facts,
    )


def real_file(name: str) -> bytes:
    """One of the real files of leads; skips with a word where they are not there."""
    path = LEADS / name
    if not path.exists():
        pytest.skip(f"the shared file {path.name} is not beside the project")
    return path.read_bytes()
