"""Price the case in a file: context, rules and lines in, every price with its waterfall out.

No database is asked, so that a price list can be tested from a file by anyone. What a case may
hold is told in docs/reference/price-case.md; examples lie in src/handsel/site/demo/prices.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output, add_json_option

DEEPEST = 8
LARGEST = 20_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `price`."""
    parser.add_argument("file", help="the case, a JSON file; it is only read")
    parser.add_argument(
        "--check",
        action="store_true",
        help="price nothing; say what a publisher should know: gaps, inversions, cycles",
    )
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Price the case; 1 when it is refused or something was found."""
    from handsel.bid.price.rules.case.answer import price_case, read_case
    from handsel.bid.price.rules.checks import findings
    from handsel.ground.kernel.errors import HandselError

    output = Output(as_json=arguments.json)
    try:
        case = load_case(Path(arguments.file))
        if arguments.check:
            found = [one.as_json() for one in findings(read_case(case)[0])]
            _tell_findings(output, found)
            output.result({"findings": found})
            return codes.FINDINGS if found else codes.OK
        priced = price_case(case)
    except HandselError as refused:
        output.say(f"Refused: {refused.message}")
        output.result({"refused": refused.message, "code": refused.code, "facts": refused.facts})
        return codes.FINDINGS
    _tell(output, priced)
    output.result(priced)
    return codes.OK


def load_case(path: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    """A case with what it extends: files of the same folder, by name, no file twice.

    Raises CouldNotRun for a file that cannot be read and CaseFault for what it holds.
    """
    from handsel.bid.price.rules.case.answer import merged
    from handsel.bid.price.rules.case.reading import CaseFault, strict_json

    if path.resolve() in seen or len(seen) >= DEEPEST:
        raise CaseFault("extends", f"{path.name} extends itself, or more than {DEEPEST} files")
    try:
        if path.stat().st_size > LARGEST:
            raise CouldNotRun(f"{path} is larger than {LARGEST:,} bytes.")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise CouldNotRun(f"{path} cannot be read: {why}.") from error
    case = strict_json(text)
    if not isinstance(case, Mapping):
        raise CaseFault("$", "expected an object {…}")
    found = dict(case)
    name = found.pop("extends", None)
    if name is None:
        return found
    if not isinstance(name, str) or Path(name).name != name or name.startswith("."):
        raise CaseFault("extends", "expected the name of a file in the same folder")
    return merged(load_case(path.parent / name, (*seen, path.resolve())), found)


def _tell(output: Output, priced: Mapping[str, Any]) -> None:
    for line in priced["lines"]:
        optional = "" if line["counts"] else " (option, not counted)"
        output.say(f"{line['key']}  {line['product']} × {line['quantity']}{optional}")
        rows = [
            (row["stage"], row["label"], row.get("percent", ""), row["amount"], _ref(row))
            for row in line["rows"]
        ]
        output.table(("stage", "what", "%", priced["currency"], "rule"), rows)
        for loser in line.get("losers", ()):
            output.say(f"  not applied: {loser['rule'] or loser['label']} – {loser['why']}")
        output.say()
    totals = priced["totals"]
    names = ("list", "header", "fees", "net", "tax", "gross", "payable")
    output.table(("total", priced["currency"]), [(name, totals[name]) for name in names])


def _ref(row: Mapping[str, Any]) -> str:
    return f"{row['rule']} v{row['version']}" if row["version"] else str(row["rule"])


def _tell_findings(output: Output, found: list[dict[str, Any]]) -> None:
    for one in found:
        output.say(f"{one['kind']}: {one['message']}")
    if not found:
        output.say("Nothing found.")
