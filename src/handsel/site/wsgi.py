"""The WSGI application that granian serves."""

from __future__ import annotations

import os
import threading
from contextlib import suppress

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.site.settings.django")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


def _warm_up() -> None:
    """Make product models ready to answer and explain, and compile the e-invoice rules.

    Beside the first requests, so that neither who configures nor an accountant waits.
    """
    from django.db import DatabaseError, connections

    from handsel.bid.configure.queries import engines
    from handsel.earn.billing.adapters.validator import validate
    from handsel.ground.kernel.clock import SystemClock

    with suppress(DatabaseError):  # the first requests will tell
        engines.warm_up(now=SystemClock().now())
    connections.close_all()
    validate.prepare()
    engines.prepare_reasons()


if settings.HANDSEL_ENV != "test":
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
