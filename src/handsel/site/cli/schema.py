"""Whether the database has this version's tables, told without loading Django.

After migrating, the hash of all migration files is kept as the comment of Django's own table of
migrations, so that it lives and dies, is saved and restored, with what it speaks about.
"""

from __future__ import annotations

import hashlib
import io

import psycopg
from psycopg import sql

from handsel.site.cli.output import Progress
from handsel.site.cli.surroundings import PROJECT

SOURCE = PROJECT / "src" / "handsel"
LOCK = PROJECT / "requirements" / "base.txt"


def wanted() -> str:
    """Hash of the migrations of the rooms, and of the lock that pins those of libraries."""
    digest = hashlib.sha256()
    for path in [LOCK, *sorted(SOURCE.glob("**/migrations/*.py"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_current(url: str) -> bool:
    """Whether the database was migrated by exactly this version."""
    query = "SELECT obj_description(to_regclass('public.django_migrations'), 'pg_class')"
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone() == (wanted(),)


def migrate(owner_url: str, progress: Progress) -> int:
    """Apply what is missing, as the owner; how many migrations that were. Django must be loaded."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from handsel.ground.platform.database import roles

    version = wanted()  # before, so that a file that appears meanwhile is due next time
    executor = MigrationExecutor(connection)
    due = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if due:
        counted = _Counted(progress, due)
        call_command("migrate", interactive=False, verbosity=1, stdout=counted, no_color=True)
    with psycopg.connect(owner_url) as owner:
        roles.renew_grants(owner)
        comment = sql.SQL("COMMENT ON TABLE public.django_migrations IS {}")
        owner.execute(comment.format(sql.Literal(version)))
    return due


class _Counted(io.StringIO):
    """Takes what the framework prints while it migrates, and counts."""

    def __init__(self, progress: Progress, total: int) -> None:
        super().__init__()
        self._progress = progress
        self._total = total
        self._done = 0

    def write(self, text: str) -> int:
        if text.lstrip().startswith("Applying"):
            self._done += 1
            self._progress(self._done, self._total, text.strip(" .\n"))
        return len(text)
