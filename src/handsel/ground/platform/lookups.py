"""`icontains` as ILIKE, so that the trigram indexes under names and titles are used.

The framework writes ``UPPER(name) LIKE UPPER(…)``, which an index on the name cannot answer.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, TextField
from django.db.models.lookups import IContains


class IndexedContains(IContains):
    """Contains, whatever the case: ``name ILIKE '%text%'``."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A text that is given is compared by ILIKE; an expression as the framework does it."""
        if not self.rhs_is_direct_value() or self.bilateral_transforms:
            sql, parameters = super().as_sql(compiler, connection)
            return sql, list(parameters)
        left, left_parameters = compiler.compile(self.lhs)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", [*left_parameters, *right_parameters]


def register() -> None:
    """Let every text field be searched this way (once, at start)."""
    CharField.register_lookup(IndexedContains)
    TextField.register_lookup(IndexedContains)
