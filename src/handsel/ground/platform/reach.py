"""Reading as one customer: the database itself shows nothing of anybody else (row security).

Which tables a customer can reach, and by what condition, is declared in `site/reach.py` and laid
down in migrations as the policy `portal_reach`; this file is the one place that names the customer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

POLICY = "portal_reach"
_ENTER = """
    SELECT set_config('app.customer', %s, true),
           (SELECT set_config('role', rolname, true) FROM pg_roles
            WHERE rolname = 'handsel_portal')
"""
_LEAVE = "SELECT set_config('app.customer', '', true), set_config('role', 'none', true)"


class AlreadyReading(RuntimeError):
    """A transaction reads for one customer only."""


@contextmanager
def as_customer(organization_id: int) -> Iterator[None]:
    """Within, the database shows only what this customer may see, and takes no change.

    The organization comes from an authenticated grant, never from an address or a form. Both
    settings end with the block, and with the transaction however it ends. On a server without the
    role `handsel_portal` nothing is hidden; the start-up check refuses such a server in production.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT nullif(current_setting('app.customer', true), '')")
            if cursor.fetchone() != (None,):
                raise AlreadyReading("a customer is being read for already")
            cursor.execute(_ENTER, [str(int(organization_id))])
        # After an error the rollback of this block takes both settings back.
        yield
        with connection.cursor() as cursor:
            cursor.execute(_LEAVE)
