"""Names with translations on pages: shown in the reader's language, entered in all of them.

A form has one field for the English text, which whoever has no other reads too, and folded beside
it one for each further language of the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from handsel.ground.kernel.names import MAIN, name_in


def shown_name(name: str) -> str:
    """A name in the language of whoever reads now."""
    return name_in(name, get_language() or MAIN)


def other_languages() -> list[tuple[str, str]]:
    """The languages of the program but the main one: code and own name."""
    return [(code, str(name)) for code, name in settings.LANGUAGES if code != MAIN]


def name_field(
    field: Mapping[str, Any], values: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A field of the shell for a name, with those of its translations folded below it."""
    name = field["name"]
    base = field.get("id") or name
    return {
        **field,
        "value": values.get(name, ""),
        "languages": [
            {
                "name": f"{name}_{code}",
                "id": f"{base}-{code}",
                "label": language,
                "lang": code,
                "value": values.get(f"{name}_{code}", ""),
                "error": (errors or {}).get(f"{name}_{code}", ""),
            }
            for code, language in other_languages()
        ],
    }
