"""Refuses to serve with unsafe settings, saying which and why (reliability O1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

MAX_CLOCK_SKEW_S = 2


class UnsafeSettings(Exception):
    """Start-up was refused; the message lists every reason."""


def run() -> None:
    """Raise UnsafeSettings with every reason there is; silence means it is safe to serve."""
    reasons = findings()
    if reasons:
        listed = "\n".join(f"  - {reason}" for reason in reasons)
        raise UnsafeSettings(f"Handsel does not start, because:\n{listed}")


def findings() -> list[str]:
    """Every reason not to serve; those about secrets and hosts bind in production only."""
    production: list[Callable[[], str]] = [_debug, _secret, _hosts, _base_url, _portal]
    always: list[Callable[[], str]] = [
        _synchronous_commit,
        _role,
        _triggers,
        _clock,
        _schema,
        _permissions,
    ]
    checks = always + (production if settings.IN_PRODUCTION else [])
    return [reason for check in checks if (reason := check())]


def _debug() -> str:
    return "DEBUG is on; set DEBUG=0" if settings.DEBUG else ""


def _secret() -> str:
    if settings.SECRET_KEY == settings.DEFAULT_SECRET_KEY:
        return "SECRET_KEY is the demo's; set 50 random characters"
    if len(settings.SECRET_KEY) < 50:
        return "SECRET_KEY is shorter than 50 characters"
    return ""


def _hosts() -> str:
    return "ALLOWED_HOSTS lets any host in; name yours" if "*" in settings.ALLOWED_HOSTS else ""


def _base_url() -> str:
    if settings.PUBLIC_BASE_URL.startswith("https://"):
        return ""
    return "PUBLIC_BASE_URL must begin with https://; links in mails are made from it"


def _synchronous_commit() -> str:
    value = _scalar("SHOW synchronous_commit")
    if value in ("off", "local"):
        return f"synchronous_commit is {value}: a crash would lose acknowledged payments"
    return ""


def _role() -> str:
    if not settings.IN_PRODUCTION and settings.HANDSEL_ENV == "test":
        return ""
    row = _row(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles "
        "WHERE rolname = current_user"
    )
    if row is None or not any(row[1:]):
        return _owner()
    powers = ("superuser", "past row security", "able to create roles")
    held = [power for power, has in zip(powers, row[1:], strict=True) if has]
    return f"the database role {row[0]} is too strong ({', '.join(held)}); use handsel_app"


def _owner() -> str:
    owned = _scalar(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
    )
    return "" if not owned else "the database role owns tables; serve as handsel_app instead"


def _portal() -> str:
    laid_down = _scalar("SELECT count(*) FROM pg_policies WHERE policyname = 'portal_reach'")
    if laid_down:
        return ""
    return (
        "row security for buyers is not laid down: make the role handsel_portal (see the SQL of "
        "ground/platform/database/roles.py) before migrating"
    )


def _triggers() -> str:
    disabled = _scalar(
        "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger_%%' "
        "AND tgenabled = 'D'"
    )
    return "" if not disabled else f"{disabled} guarding triggers are disabled in the database"


def _clock() -> str:
    there = _scalar("SELECT clock_timestamp()")
    skew = abs((datetime.now(UTC) - there).total_seconds())
    if skew > MAX_CLOCK_SKEW_S:
        return f"this machine's clock and the database's differ by {skew:.1f} seconds"
    return ""


def _schema() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return ""
    return f"{len(waiting)} migrations have not run; run ./handsel migrate"


def _permissions() -> str:
    errors = [str(message) for message in run_checks() if message.level >= ERROR]
    return "; ".join(errors)


def _scalar(sql: str) -> Any:
    row = _row(sql)
    return row[0] if row else None


def _row(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()
