"""The project's own files, read once, for tests that look at code instead of running it."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git", ".venv", ".handsel", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
    "__pycache__", "node_modules", "built", "artifacts", "dist",
}  # fmt: skip
TEXTS = {
    ".py", ".md", ".toml", ".txt", ".in", ".json", ".html", ".css", ".ts", ".js", ".mjs", ".po",
    ".sql", ".typ", ".svg", ".csv", ".yml", ".yaml", "",
}  # fmt: skip


@dataclass(frozen=True)
class SourceFile:
    """One file of ours."""

    path: Path

    @property
    def name(self) -> str:
        """Path within the project, with slashes."""
        return self.path.relative_to(PROJECT).as_posix()

    @cached_property
    def text(self) -> str:
        """Its content."""
        return self.path.read_text(encoding="utf-8", errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree, for Python."""
        return ast.parse(self.text, filename=self.name)

    @property
    def is_migration(self) -> bool:
        """Written by the framework, so not held to our style."""
        return "migrations" in self.path.parts


@lru_cache(maxsize=1)
def all_files() -> tuple[SourceFile, ...]:
    """Every text file of the project, sorted by path."""
    found = []
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = [name for name in folders if name not in NOT_OURS and name[:4] != ".ven"]
        paths = (Path(folder, name) for name in names)
        found += [SourceFile(path) for path in paths if path.suffix in TEXTS and path.is_file()]
    return tuple(sorted(found, key=lambda file: file.name))


def python_files(*folders: str) -> list[SourceFile]:
    """Our Python files in those folders (all when none is named), migrations left out."""
    starts = tuple(f"{folder}/" for folder in folders or ("src", "tests", "bench"))
    files = [file for file in all_files() if file.path.suffix == ".py" and not file.is_migration]
    chosen = [file for file in files if file.name.startswith(starts)]
    return chosen if folders else [*chosen, SourceFile(PROJECT / "handsel")]


def functions(file: SourceFile) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods of a file."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported_modules(file: SourceFile) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports, wherever in the file."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def where(file: SourceFile, line: int) -> str:
    """How a finding names its place."""
    return f"{file.name}:{line}"
