"""Nothing is kept that nobody uses: whatever is defined is named somewhere else too."""

from __future__ import annotations

import ast
import re
from collections import Counter

from tests.support.code import all_files

CODE = {".py", ".html", ".ts", ".mjs", ""}
# What a framework calls by its name, or reads off a class.
CALLED_BY_NAME = {
    "as_postgresql",
    "get_reset_password_from_key_url",
    "is_open_for_signup",
    "parse_body",
    "save_user",
    "send_mail",
}


def test_what_is_defined_is_used() -> None:
    ours = [one for one in all_files() if one.path.suffix in CODE]
    words = Counter(word for one in ours for word in re.findall(r"\w+", one.text))
    idle = [
        f"{one.name}:{node.lineno} {node.name}"
        for one in ours
        if one.name.startswith("src/") and one.path.suffix == ".py" and not one.is_migration
        if one.path.name != "apps.py"
        for node in ast.walk(one.tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.decorator_list  # registered by what decorates it
        and not node.name.startswith("__")
        and node.name not in CALLED_BY_NAME
        and words[node.name] == 1
    ]
    assert not idle, "\n".join(idle)
