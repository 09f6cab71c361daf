"""The kernel is built once for its sources, or not, and nothing fails because of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from handsel.bid.configure.rules.engine import library
from handsel.site.cli import kernel


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(library, "PROJECT", tmp_path / "project")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "project").mkdir()
    return tmp_path


def test_nothing_is_found_before_it_is_built(elsewhere: Path) -> None:
    assert library.find() is None


def test_without_a_compiler_it_says_so(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(kernel.NotBuilt, match="no C compiler"):
        kernel.build()
    assert not kernel.has_system_compiler()
    assert library.find() is None


def test_a_compiler_that_fails_leaves_nothing(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    failing = [sys.executable, "-c", "import sys; sys.exit('no such header')"]
    with pytest.raises(kernel.NotBuilt, match="no such header"):
        kernel.build([failing])
    assert not list((elsewhere / "project/.handsel/kernel").iterdir())


def test_a_project_that_cannot_be_written_uses_the_cache(elsewhere: Path) -> None:
    (elsewhere / "project/.handsel").write_text("a file in the way")
    if not kernel.has_system_compiler():
        pytest.skip("no C compiler here")
    built = kernel.build()
    assert built.is_relative_to(elsewhere / "cache")
    assert library.find() == built


def test_a_library_that_does_not_load_is_left_aside(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handsel.bid.configure.rules.engine import native

    target = library.places()[0]
    target.parent.mkdir(parents=True)
    target.write_text("no library")
    native.load.cache_clear()
    assert native.load() is None
    native.load.cache_clear()


def test_the_launcher_needs_no_libraries_for_it() -> None:
    source = Path(kernel.__file__).parents[3]
    program = f"import sys; sys.path.insert(0, {str(source)!r})\n"
    program += "from handsel.site.cli import kernel; kernel.trial()"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], check=False)
    assert done.returncode == 0
