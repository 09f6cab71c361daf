"""The one door to the typesetter: a template's name and JSON data in, PDF/A-3b out.

Data reach a template as one JSON string in `sys.inputs` and are shown as values; no template text
is ever built from them. Templates and fonts come from this package alone: no system font, no file
outside `typst/`, no package of the typesetter's registry. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import fontpkg_assistant
import fontpkg_noto_sans_arabic
import fontpkg_noto_sans_devanagari
import fontpkg_noto_sans_thai
import fontpkg_source_sans_3
import typst
from django.conf import settings

from handsel.ground.document.errors import TypesettingFailed
from handsel.ground.kernel.errors import Invalid

TEMPLATES: Final = Path(__file__).resolve().parent / "typst"
BODY_FONT: Final = fontpkg_source_sans_3.FAMILY
FONT_PACKAGES: Final = (
    fontpkg_source_sans_3,
    fontpkg_assistant,  # Hebrew, drawn to go with the body font
    fontpkg_noto_sans_arabic,
    fontpkg_noto_sans_devanagari,
    fontpkg_noto_sans_thai,
)
SUBSTITUTE: Final = "\N{WHITE SQUARE}"
MOST_DATA_BYTES: Final = 16 * 1024 * 1024
_LONG_DATA_BYTES: Final = 64 * 1024
_TURNS_UNTIL_FORGOTTEN: Final = 12
_ALWAYS_COVERED: Final = frozenset("\n\u00ad\u200b\u200d")
_ESCAPED = re.compile(r"\\(.)")
_HARMLESS: Final = frozenset('"\\n')
_TEMPLATE_NAME = re.compile(r"[a-z_]+")

log = logging.getLogger(__name__)
_one_at_a_time = Lock()
_last_was_long = False


def font_folders() -> list[Path]:
    """The folders fonts are read from: those of our packages and `DOCUMENT_FONT_PATHS`."""
    extra: Iterable[str] = getattr(settings, "DOCUMENT_FONT_PATHS", ())
    ours = [package.ROOT / "files" for package in FONT_PACKAGES]
    return [*ours, *(Path(folder) for folder in extra)]


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in font_folders()],
    )


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """The font families in the order they are tried for each character."""
    others = sorted(set(_fonts().families()) - {BODY_FONT})
    return (BODY_FONT, *others)


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """Every character that some upright font of ours can draw."""
    from fontTools.ttLib import TTFont  # loaded where it is needed: it is slow to load

    points: set[int] = set()
    for path in {font.path for font in _fonts().fonts() if font.path and font.style == "normal"}:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            points.update(font.getBestCmap() or ())
    return frozenset(map(chr, points)) | _ALWAYS_COVERED


def unprintable(text: str) -> str:
    """The characters of a text that no font of ours can draw, each once, in order.

    Ask before a document is issued; `typeset` shows such a character as "□".
    """
    known = covered()
    return "".join(dict.fromkeys(char for char in text if char not in known))


def _written(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def _is_drawable(payload: str) -> bool:
    """Whether all of it can be drawn, as nearly always: asked once, not of every text. Of what JSON
    escapes, quotes, strokes and new lines can."""
    return set(payload) <= covered() and set(_ESCAPED.findall(payload)) <= _HARMLESS


def _drawable(value: Any, missing: set[str]) -> Any:
    """Replace what cannot be drawn: PDF/A forbids text without a glyph."""
    if isinstance(value, str):
        absent = set(value) - covered()
        if not absent:
            return value
        missing |= {char for char in absent if not char.isspace()}
        return "".join(_substitute(char) if char in absent else char for char in value)
    if isinstance(value, Mapping):
        return {key: _drawable(item, missing) for key, item in value.items()}
    if isinstance(value, list):
        return [_drawable(item, missing) for item in value]
    return value


def _substitute(char: str) -> str:
    return " " if char.isspace() else SUBSTITUTE


@lru_cache(maxsize=32)
def _compiler(template: str) -> typst.Compiler:
    nowhere = tempfile.gettempdir() + "/handsel-has-no-typst-packages"
    return typst.Compiler(
        input=str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )


def typeset(template: str, data: Mapping[str, Any], *, produced_at: datetime) -> bytes:
    """Typeset `typst/<template>.typ` with JSON data as a PDF/A-3b file.

    `produced_at` is the only time in the file. Raises Invalid for data past 16 MB and
    TypesettingFailed when the template itself is wrong.
    """
    if produced_at.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    if not _TEMPLATE_NAME.fullmatch(template) or not (TEMPLATES / f"{template}.typ").is_file():
        raise TypesettingFailed(f"there is no template {template!r}")
    missing: set[str] = set()
    payload = _written(data)
    if not _is_drawable(payload):
        payload = _written(_drawable(data, missing))
    if len(payload) > MOST_DATA_BYTES:
        raise Invalid("The document is too long to be typeset.", code="document_too_long")
    if missing:
        points = " ".join(f"U+{ord(char):04X}" for char in sorted(missing))
        log.warning("no font for %s in a document of kind %s; shown as □", points, template)
    with _one_at_a_time:
        _forget_long_document(next_is_long=len(payload) > _LONG_DATA_BYTES)
        try:
            return _compiled(template, payload, int(produced_at.timestamp()))
        except typst.TypstError as error:
            raise TypesettingFailed(f"{template}: {error}") from error


def _compiled(template: str, payload: str, timestamp: int) -> bytes:
    made = _compiler(template).compile(
        format="pdf",
        pdf_standards="a-3b",
        sys_inputs={"data": payload, "fonts": "|".join(families())},
        timestamp=timestamp,
    )
    if not isinstance(made, bytes):
        raise TypesettingFailed(f"{template}: no document came out")
    return made


def _forget_long_document(*, next_is_long: bool) -> None:
    """Let go of the layout of a long document before the next one: 130 MB for 1,000 lines.

    The typesetter keeps what its last ten runs used, so runs of nothing make it old.
    """
    global _last_was_long
    if _last_was_long:
        for turn in range(_TURNS_UNTIL_FORGOTTEN):
            _compiler("blank").compile(format="svg", sys_inputs={"turn": str(turn)})
    _last_was_long = next_is_long
