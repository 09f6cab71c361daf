"""What can be refused here."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound


class KpiMissing(NotFound):
    """There is no KPI of that key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no KPI “{key[:60]}”.", code="kpi_missing")


class BadFilter(Invalid):
    """A filter that cannot be read; names the parameter and what was expected."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(
            f"The filter “{name}” cannot be read; expected {expected}.",
            code="bad_filter",
            fields={name: expected},
        )
