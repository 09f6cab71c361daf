"""Addresses of built front-end files, by the manifest the build writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

BUILT = Path(__file__).parent / "static" / "built"
NO_ICON = "circle-small"


def address(name: str) -> str:
    """Address of a built file, e.g. "app.css" → "/static/built/app-3f2a91c0.css".

    Raises ImproperlyConfigured when the front end is not built or has no such file.
    """
    return _address(name, _stamp())


def content(name: str) -> bytes:
    """A built file itself. Raises ImproperlyConfigured like `address`."""
    return (BUILT / address(name).rsplit("/", 1)[-1]).read_bytes()


def icon_address(name: str) -> str:
    """Address of one icon in the set; a dot's for a name the set does not have."""
    known = name if name in _icons(_stamp()) else NO_ICON
    return f"{address('icons.svg')}#{known}"


def has_icon(name: str) -> bool:
    """Whether the set has an icon of that name."""
    return name in _icons(_stamp())


def _stamp() -> int:
    # While developing, a new build is seen at once; in production files change with a restart.
    if not settings.DEBUG:
        return 0
    try:
        return (BUILT / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=4)
def _manifest(stamp: int) -> dict[str, str]:
    try:
        return dict(json.loads((BUILT / "manifest.json").read_text("utf-8")))
    except FileNotFoundError:
        raise ImproperlyConfigured(
            "The front end is not built. Run `npm ci && npm run build` in frontend/ "
            "(./handsel does it at start)."
        ) from None


@lru_cache(maxsize=4)
def _icons(stamp: int) -> frozenset[str]:
    file = _manifest(stamp)["icons.json"]
    return frozenset(json.loads((BUILT / file).read_text("utf-8")))


@lru_cache(maxsize=128)
def _address(name: str, stamp: int) -> str:
    try:
        return static(f"built/{_manifest(stamp)[name]}")
    except KeyError:
        raise ImproperlyConfigured(f"The front end has no file {name!r}.") from None
