"""Background work of this room; each job is a shell around an action and may run again."""

from __future__ import annotations

from handsel.attract.lead.actions import forget_counts, note_failure, run_import
from handsel.attract.lead.errors import ImportEnded
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import job, timer

IMPORT_JOB = "lead.import_file"


@job(IMPORT_JOB, queue="imports", retry=3)
def import_file(import_id: int, seller_id: int) -> None:
    """Read a file of leads on from where it stands; a stopped import stays stopped."""
    actor = Actor("job", "import", None, frozenset({"*"}), frozenset({seller_id}))
    now = SystemClock().now()
    try:
        run_import(actor=actor, now=now, import_id=import_id)
    except ImportEnded:
        return
    except Exception:
        note_failure(actor=actor, now=now, import_id=import_id)
        raise


@timer("lead.forget_counts", cron="43 3 * * *")
def forget_form_counts() -> None:
    """Delete the counts behind the form's limit once they are two days old."""
    forget_counts(now=SystemClock().now())
