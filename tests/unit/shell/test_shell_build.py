"""The front end: locked without addresses, within its budget, with the icons that pages name."""

from __future__ import annotations

import json
import re
from pathlib import Path

from handsel.site.shell import built, navigation, threads

ROOT = Path(__file__).parents[3]
BUDGET_BYTES = 150_000


def test_the_lock_file_holds_no_address() -> None:
    text = (ROOT / "frontend/package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert "registry" not in text


def test_style_and_script_stay_within_their_budget(front_end: Path) -> None:
    manifest = json.loads((front_end / "manifest.json").read_text("utf-8"))
    weight = sum((front_end / manifest[name]).stat().st_size for name in ("app.css", "app.js"))
    assert weight <= BUDGET_BYTES


def test_built_files_name_no_other_host(front_end: Path) -> None:
    manifest = json.loads((front_end / "manifest.json").read_text("utf-8"))
    for name in ("app.css", "print.css", "app.js", "kanban.js", "linegrid.js"):
        text = (front_end / manifest[name]).read_text("utf-8")
        hosts = set(re.findall(r"https?://([a-z0-9.-]+)", text))
        assert hosts <= {"www.w3.org", "tailwindcss.com"}, (name, hosts)


def test_every_icon_a_page_names_is_in_the_set(front_end: Path) -> None:
    named = {icon for _label, icon in navigation.STAGE_LABELS.values()}
    named |= {icon for _label, icon in navigation.ROOM_LABELS.values()}
    named |= {icon for _label, icon in threads.STAGE_WORDS.values()}
    for path in (ROOT / "src/handsel").rglob("templates/**/*.html"):
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text("utf-8")))
    assert sorted(name for name in named if not built.has_icon(name)) == []


def test_an_unknown_icon_is_a_dot(front_end: Path) -> None:
    assert built.icon_address("no-such-icon").endswith(f"#{built.NO_ICON}")
