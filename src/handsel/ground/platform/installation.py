"""What this installation is: whether it may touch the outside world, whether it holds a demo.

A restored or cloned database starts in quarantine: no mail, no webhook, no charge leaves it until
somebody releases it. Otherwise a copy made for a look would write to every customer.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from handsel.ground.platform.models import InstallationState


def state() -> InstallationState:
    """The one row, made on first use."""
    row, _ = InstallationState.objects.get_or_create(
        singleton=True, defaults={"installation_id": uuid.uuid4()}
    )
    return row


def is_quarantined() -> bool:
    """Whether nothing may leave this installation. An installation without the row is free."""
    return InstallationState.objects.filter(quarantined_at__isnull=False).exists()


def quarantine(*, now: datetime, reason: str) -> None:
    """Let nothing leave until `release`. A new installation id marks the copy as a copy."""
    row = state()
    row.installation_id = uuid.uuid4()
    row.quarantined_at = now
    row.quarantine_reason = reason[:200]
    row.save()


def release() -> bool:
    """End the quarantine; False when there was none."""
    held = InstallationState.objects.filter(quarantined_at__isnull=False)
    return held.update(quarantined_at=None, quarantine_reason="") == 1


def demo_is_loaded() -> bool:
    """Whether the demo company was loaded to the end."""
    return InstallationState.objects.filter(demo_loaded_at__isnull=False).exists()


def mark_demo_loaded(*, now: datetime) -> None:
    """Remember that the demo company was loaded."""
    state()
    InstallationState.objects.update(demo_loaded_at=now)
