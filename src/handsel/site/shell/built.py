"""Addresses of built front-end files, by the manifest the build writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

BUILT = Path(__file__).parent / "static" / "built"


def _read_manifest() -> dict[str, str]:
    path = BUILT / "manifest.json"
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise ImproperlyConfigured(
            "The front end is not built. Run `npm ci && npm run build` in frontend/ "
            "(./handsel does it at start)."
        ) from None


_kept_manifest = lru_cache(maxsize=1)(_read_manifest)


def address(name: str) -> str:
    """Address of a built file, e.g. "app.css" → "/static/built/app-3f2a91c0.css".

    Raises ImproperlyConfigured when the front end is not built or has no such file.
    """
    manifest = _read_manifest() if settings.DEBUG else _kept_manifest()
    try:
        return static(f"built/{manifest[name]}")
    except KeyError:
        raise ImproperlyConfigured(f"The front end has no file {name!r}.") from None
