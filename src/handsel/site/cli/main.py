"""Finds the command, runs it, and turns what went wrong into words and an exit code."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType

from handsel.ground.kernel.errors import HandselError
from handsel.site.cli import codes, registry
from handsel.site.cli.codes import CouldNotRun


def main(arguments: Sequence[str]) -> int:
    """Run the command named by the arguments; its exit code."""
    command = registry.find(arguments)
    if command is None or registry.asks_for_help(arguments):
        return registry.explain(arguments)
    rest = list(arguments[1:])
    if command.passes_on:
        parsed = argparse.Namespace(rest=rest)
    else:
        parsed = registry.parser(command).parse_args(rest)
    # SIGINT too: a shell that starts us in the background leaves it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupted)
    try:
        code = int(command.load().run(parsed))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever reads us (head, less) has seen enough; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return codes.OK
    except KeyboardInterrupt:
        return codes.INTERRUPTED
    except CouldNotRun as failure:
        print(failure, file=sys.stderr)
        return codes.COULD_NOT_RUN
    except HandselError as refusal:
        _tell(refusal)
        return codes.FINDINGS
    except Exception as failure:  # noqa: BLE001 - the last place where it can be told
        if _is_about_the_database(failure):
            print(failure, file=sys.stderr)
        else:
            traceback.print_exc()
        return codes.COULD_NOT_RUN


def _tell(refusal: HandselError) -> None:
    """What was refused, and at which place what was expected."""
    print(refusal, file=sys.stderr)
    for place, expected in getattr(refusal, "fields", {}).items():
        if expected != str(refusal):
            print(f"  {place}: {expected}", file=sys.stderr)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Being asked to end is the same as Ctrl-C: what was started is stopped on the way out."""
    raise KeyboardInterrupt


def _is_about_the_database(failure: Exception) -> bool:
    from handsel.ground.platform.database import DatabaseUnavailable

    return isinstance(failure, DatabaseUnavailable)
