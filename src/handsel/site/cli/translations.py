"""Compiles catalogues of messages; the launcher calls this when one changed."""

from __future__ import annotations

import sys
from pathlib import Path


def compile_all(source: Path) -> int:
    """Compile every catalogue under `source` that is newer than its result; how many were."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = 0
    for text in source.rglob("locale/*/LC_MESSAGES/*.po"):
        target = text.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= text.stat().st_mtime_ns:
            continue
        with text.open("rb") as file:
            catalogue = read_po(file, locale=text.parent.parent.name)
        staging = target.with_suffix(".new")
        with staging.open("wb") as file:
            write_mo(file, catalogue)
        staging.replace(target)
        compiled += 1
    return compiled


if __name__ == "__main__":
    print(f"compiled {compile_all(Path(sys.argv[1]))}")
