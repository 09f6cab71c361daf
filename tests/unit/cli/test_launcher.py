"""The launcher decides what is due, and says what failed."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from handsel.site.cli.translations import compile_all
from tests.support.code import PROJECT


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The launcher as a module, for a project of its own in a folder with a space."""
    loader = importlib.machinery.SourceFileLoader("launcher", str(PROJECT / "handsel"))
    spec = importlib.util.spec_from_loader("launcher", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    root = tmp_path / "a project"
    for name in ("requirements", "frontend/src", "src/pages", ".venv/bin"):
        (root / name).mkdir(parents=True)
    places = {
        "ROOT": root,
        "SOURCE": root / "src",
        "STATE": root / ".handsel",
        "VENV": root / ".venv",
        "VENV_PYTHON": root / ".venv/bin/python",
        "REQUIREMENTS": root / "requirements",
        "FRONTEND": root / "frontend",
        "BUILT": root / "src/built",
    }
    for name, path in places.items():
        monkeypatch.setattr(module, name, path)
    (root / "requirements/base.txt").write_text("one==1\n")
    (root / "requirements/dev.txt").write_text("one==1\ntwo==2\n")
    (root / "frontend/package.json").write_text("{}")
    (root / "frontend/src/app.css").write_text("a {}")
    return module


def pretend_installed(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "find_or_install_uv", lambda: Path("uv"))
    monkeypatch.setattr(launcher, "environment_runs", lambda: True)
    monkeypatch.setattr(launcher, "install_by_uv", lambda uv, name: True)
    launcher.VENV_PYTHON.symlink_to(sys.executable)


def test_libraries_are_due_until_the_lock_is_installed(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert launcher.environment_is_due("base.txt")
    pretend_installed(launcher, monkeypatch)
    launcher.make_environment("base.txt")
    assert not launcher.environment_is_due("base.txt")
    assert launcher.environment_is_due("dev.txt")
    (launcher.REQUIREMENTS / "base.txt").write_text("one==1.1\n")
    assert launcher.environment_is_due("base.txt")


def test_the_libraries_of_tests_hold_those_of_the_program(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_installed(launcher, monkeypatch)
    launcher.make_environment("dev.txt")
    assert not launcher.environment_is_due("base.txt")
    assert not launcher.environment_is_due("dev.txt")


def test_a_dangling_environment_is_due(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_installed(launcher, monkeypatch)
    launcher.make_environment("base.txt")
    launcher.VENV_PYTHON.unlink()
    launcher.VENV_PYTHON.symlink_to("/nowhere/python")
    assert launcher.environment_is_due("base.txt")


def test_the_front_end_is_due_when_a_style_or_a_template_changed(launcher: ModuleType) -> None:
    def build() -> None:
        launcher.STATE.mkdir(exist_ok=True)
        stamp = f'{{"sources": "{launcher.front_end_hash()}"}}'
        (launcher.STATE / "frontend.json").write_text(stamp)
        launcher.BUILT.mkdir(exist_ok=True)
        (launcher.BUILT / "manifest.json").write_text("{}")

    assert launcher.front_end_is_due()
    build()
    assert not launcher.front_end_is_due()
    (launcher.FRONTEND / "src/app.css").write_text("b {}")
    assert launcher.front_end_is_due()
    build()
    (launcher.SOURCE / "pages/list.html").write_text("<p class=a>")
    assert launcher.front_end_is_due()
    build()
    (launcher.FRONTEND / "node_modules").mkdir()
    (launcher.FRONTEND / "node_modules/big.js").write_text("")
    assert not launcher.front_end_is_due()
    (launcher.BUILT / "manifest.json").unlink()
    assert launcher.front_end_is_due()


def test_a_failed_step_shows_the_end_of_its_words(launcher: ModuleType) -> None:
    program = "import sys; print('the reason', file=sys.stderr); sys.exit(4)"
    with pytest.raises(launcher.SetupFailed, match=r"(?s)Step one failed.*the reason"):
        launcher.run("Step one", [sys.executable, "-c", program])
    with pytest.raises(launcher.SetupFailed, match="Step two failed"):
        launcher.run("Step two", [str(launcher.ROOT / "no such program")])


def test_a_folder_that_cannot_be_written_is_said(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "STATE", launcher.ROOT / "requirements/base.txt/state")
    with pytest.raises(launcher.SetupFailed, match="keeps its state"):
        launcher.set_up(frozenset())


def test_a_second_launcher_waits_for_the_first(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    hold = (
        "import fcntl, sys; lock = open(sys.argv[1], 'a'); fcntl.flock(lock, fcntl.LOCK_EX);"
        "print('held', flush=True); sys.stdin.readline()"
    )
    launcher.STATE.mkdir()
    command = [sys.executable, "-c", hold, str(launcher.STATE / "setup.lock")]
    first = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    assert first.stdin is not None
    first.stdout.readline()
    done: list[str] = []

    def due() -> bool:
        if first.poll() is None:
            first.stdin.write("\n")  # the first ends while the second waits
            first.stdin.flush()
        return not done

    monkeypatch.setattr(launcher, "environment_is_due", lambda name: due())
    monkeypatch.setattr(launcher, "make_environment", done.append)
    monkeypatch.setattr(launcher, "translations_are_due", lambda: False)
    launcher.set_up(frozenset())
    first.wait()
    assert done == ["base.txt"]


def test_the_environment_reaches_our_code_and_keeps_the_rest(launcher: ModuleType) -> None:
    environ = launcher.environment()
    assert environ["PATH"].split(os.pathsep)[0] == str(launcher.VENV / "bin")
    assert environ["PYTHONPATH"].split(os.pathsep) == [str(launcher.SOURCE), str(launcher.ROOT)]
    assert environ["PATH"].endswith(os.environ["PATH"])


def test_translations_are_compiled_when_newer(launcher: ModuleType) -> None:
    folder = launcher.SOURCE / "site/locale/de/LC_MESSAGES"
    folder.mkdir(parents=True)
    assert not launcher.translations_are_due()
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Leads"\nmsgstr "Anfragen"\n',
        encoding="utf-8",
    )
    assert launcher.translations_are_due()
    assert compile_all(launcher.SOURCE) == 1
    assert not launcher.translations_are_due()
    assert compile_all(launcher.SOURCE) == 0
    assert b"Anfragen" in (folder / "django.mo").read_bytes()
