"""The WSGI application that granian serves."""

from __future__ import annotations

import os
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.site.settings.django")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


def _warm_up() -> None:
    """Compile the e-invoice rules beside the first requests, so that no accountant waits."""
    from handsel.earn.billing.adapters.validator import validate

    validate.prepare()


if settings.HANDSEL_ENV != "test":
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
