"""`./handsel import rates FILE`: exchange rates of days, from a CSV list."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from handsel.bid.price import actions
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.kernel.errors import HandselError
from handsel.ground.platform.actor import Actor
from handsel.site.cli import codes
from handsel.site.cli.output import Output


def bring_in_rates(content: bytes, path: Path, arguments: Namespace, output: Output) -> int:
    """Record the list; the exit code says whether rows were refused."""
    try:
        done = actions.import_rates(
            actor=Actor.system("command line"),
            now=SystemClock().now(),
            text=content.decode("utf-8-sig"),
            both_ways=arguments.both_ways,
            source=arguments.source,
            is_trial=arguments.preview,
        )
    except UnicodeDecodeError:
        output.say(f"{path.name}: refused. The file is not UTF-8; save it as CSV UTF-8.")
        return codes.FINDINGS
    except HandselError as refusal:
        output.say(f"{path.name}: refused. {refusal}")
        output.result({"file": str(path), "refused": [{"line": 0, "reason": str(refusal)}]})
        return codes.FINDINGS
    word = "would be new" if arguments.preview else "new"
    output.say(f"{len(done.new)} {word}, {done.known} known already, {len(done.refused)} refused.")
    if done.refused:
        rows = [(one.line_no, one.text, one.reason) for one in done.refused]
        output.table(("line", "row", "why not"), rows)
    output.result(
        {
            "file": str(path),
            "preview": arguments.preview,
            "new": [
                {
                    "date": one.dated_on.isoformat(),
                    "base": one.base,
                    "currency": one.currency,
                    "rate": f"{one.rate:f}",
                }
                for one in done.new
            ],
            "known": done.known,
            "refused": [
                {"line": one.line_no, "row": one.text, "reason": one.reason} for one in done.refused
            ],
        }
    )
    return codes.FINDINGS if done.refused else codes.OK
