"""Django settings for tests: the real ones, without waiting for strong password hashes.

The database is not named here. It is started for the first test that asks for it, so that unit
tests run without one (see `tests/conftest.py`).
"""

import os
import tempfile
from pathlib import Path

# A test never touches the database or the mail server somebody has in the environment.
for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "SMTP_HOST", "DEBUG", "ALLOWED_HOSTS"):
    os.environ.pop(_name, None)
os.environ["HANDSEL_ENV"] = "test"
os.environ["HANDSEL_HOME"] = str(Path(tempfile.gettempdir()) / f"handsel-tests-{os.getuid()}")
# Playwright's synchronous API runs an event loop in the thread that also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from handsel.site.settings.django import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
