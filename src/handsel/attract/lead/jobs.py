"""Background work of this room; each job is a shell around an action and may run again."""

from __future__ import annotations

from handsel.attract.lead.actions import forget_counts, run_import
from handsel.attract.lead.errors import ImportEnded
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import job

IMPORT_JOB = "lead.import_file"


@job(IMPORT_JOB, queue="imports", retry=3)
def import_file(import_id: int, seller_id: int) -> None:
    """Read a file of leads on from where it stands; a stopped import stays stopped."""
    actor = Actor("job", "import", None, frozenset({"*"}), frozenset({seller_id}))
    try:
        run_import(actor=actor, now=SystemClock().now(), import_id=import_id)
    except ImportEnded:
        return


@job("lead.forget_counts")
def forget_form_counts() -> None:
    """Delete the counts behind the form's limit once they are two days old."""
    forget_counts(now=SystemClock().now())
