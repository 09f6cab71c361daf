"""How commands speak: to people in lines and tables, to programs in one JSON document."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

QUIET_S = 2.0  # shorter work needs no progress
LINE_EVERY_S = 5.0  # where lines cannot be rewritten, one every so often


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """The option --json, with the same words everywhere."""
    parser.add_argument("--json", action="store_true", help="print one JSON document for programs")


class Output:
    """Where a command's words go. With --json, stdout holds the result and nothing else."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._people = sys.stderr if as_json else sys.stdout

    def say(self, text: str = "") -> None:
        """A line for people."""
        print(text, file=self._people, flush=True)

    def result(self, document: Mapping[str, Any]) -> None:
        """The result for programs; people were told by `say` and `table`."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, default=str), flush=True)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table for people; numbers to the right."""
        self.say(table_text(head, rows))

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """Shows how far the work within is, once it takes longer than two seconds."""
        progress = Progress(title)
        try:
            yield progress
        finally:
            progress.end()


class Progress:
    """Call it with how far the work is: `progress(done, total)`, or with a word of what it does."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._begin = self._spoken = time.monotonic()
        self._live = sys.stderr.isatty()
        self._shown = 0

    def __call__(self, done: int = 0, total: int = 0, what: str = "") -> None:
        """Say how far it is, at most four times a second on a terminal."""
        now = time.monotonic()
        pause = 0.25 if self._live else LINE_EVERY_S
        if now - self._begin < QUIET_S or now - self._spoken < pause:
            return
        self._spoken = now
        parts = [self._title, f"{done:,} of {total:,}" if total else "", what]
        text = "  " + " · ".join(part for part in parts if part) + f" … {now - self._begin:.0f} s"
        if self._live:
            print("\r" + text.ljust(self._shown), end="", file=sys.stderr, flush=True)
            self._shown = len(text)
        else:
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Say what it took, if that was worth a word."""
        took = time.monotonic() - self._begin
        if took < QUIET_S:
            return
        text = f"  {self._title}: {took:.1f} s"
        print(("\r" + text.ljust(self._shown)) if self._shown else text, file=sys.stderr)


def table_text(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns as wide as they need; those that hold numbers only are set to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    columns = range(len(head))
    widths = [max([len(head[i]), *(len(row[i]) for row in cells)]) for i in columns]
    right = [bool(cells) and all(_is_number(row[i]) for row in cells) for i in columns]
    lines = [list(head), ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            cell.rjust(widths[i]) if right[i] else cell.ljust(widths[i])
            for i, cell in enumerate(line)
        ).rstrip()
        for line in lines
    )


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "", 1).removeprefix("-").isdigit() or text == "–"
