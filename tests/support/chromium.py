"""The browser for tests that walk pages."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = (
    "no Chromium on PATH: browser tests are left out. Install it (apt-get install chromium), or "
    "name one in HANDSEL_CHROMIUM"
)


def chromium_path() -> str | None:
    """The program to start, or None where there is none."""
    named = os.environ.get("HANDSEL_CHROMIUM")
    if named:
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)
