"""Every command: what it is called, what it is for, what has to be set up before it runs."""

from __future__ import annotations

import argparse
import difflib
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from handsel.site.cli import codes

# What the launcher prepares, beside the libraries every command needs.
PAGES = "pages"  # the built front end
DEV = "dev"  # the libraries of tests and checks


@dataclass(frozen=True, slots=True)
class Command:
    """One command; its module in this package has `configure(parser)` and `run(arguments)`."""

    name: str
    group: str
    about: str
    module: str
    needs: frozenset[str] = frozenset()
    passes_on: bool = False  # all further words go to another program as they are

    def load(self) -> ModuleType:
        """The command's module."""
        return importlib.import_module(f"handsel.site.cli.{self.module}")


def _command(
    name: str, group: str, about: str, module: str = "", needs: str = "", *, passes_on: bool = False
) -> Command:
    return Command(name, group, about, module or name, frozenset(needs.split()), passes_on)


TRY = "Try it"
RUN = "Run it for real"
DATA = "Data in and out"
WORK = "Work on it"

COMMANDS: tuple[Command, ...] = (
    _command("demo", TRY, "set everything up, fill it with a made-up company, open it", "", PAGES),
    _command("serve", RUN, "serve pages and API", "", PAGES),
    _command("worker", RUN, "do background work: mails, documents, timers"),
    _command("migrate", RUN, "bring the database to this version's tables"),
    _command("backup", RUN, "write everything into one file, from one moment"),
    _command("restore", RUN, "fill an empty database from such a file, in quarantine"),
    _command(
        "import",
        DATA,
        "leads, statements, costs, models: previewed, with a file of refusals",
        "imports",
    ),
    _command(
        "export",
        DATA,
        "lists, events, books, figures and their rows, models: CSV or JSON",
        "exports",
    ),
    _command("price", DATA, "price a case from a file and print its waterfall"),
    _command("configure", DATA, "answer one state of a product model from a file"),
    _command("einvoice", DATA, "check an electronic invoice by the official rules and by ours"),
    _command(
        "test",
        WORK,
        "set up what the tests need, and run all of them",
        "run_tests",
        f"{PAGES} {DEV}",
        passes_on=True,
    ),
    _command(
        "check",
        WORK,
        "format, lint, types, walls between rooms, sizes and names",
        "",
        f"{PAGES} {DEV}",
    ),
    _command("bench", WORK, "measure, and print a table of what things cost", "", f"{PAGES} {DEV}"),
    _command("shell", WORK, "a Python prompt with everything loaded"),
)

_FOOT = """
Each command says more about itself: ./handsel demo --help

Exit codes: 0 done · 1 something was refused or found · 2 not understood · 3 could not run
Settings come from the environment:
  DATABASE_URL   a PostgreSQL server (15 or newer); without it, Handsel starts its own
  SECRET_KEY     needed in production
  HANDSEL_ENV    demo, production or test
  HANDSEL_HOME   where Handsel keeps its own database and logs; .handsel beside it if not set
"""


def find(arguments: Sequence[str]) -> Command | None:
    """The command named first; None when there is none of that name."""
    wanted = arguments[0] if arguments else ""
    return next((command for command in COMMANDS if command.name == wanted), None)


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Whether help is asked for anywhere, which nothing needs to be set up for."""
    command = find(arguments)
    if command is not None and command.passes_on:
        return len(arguments) > 1 and arguments[1] in ("-h", "--help")
    return "-h" in arguments or "--help" in arguments


def explain(arguments: Sequence[str]) -> int:
    """Print the help that fits; the exit code says whether help was what was asked for."""
    command = find(arguments)
    if command is not None:
        # argparse prints the help of the innermost subcommand named, and exits.
        parser(command).parse_args(list(arguments[1:]))
        return codes.OK
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(page())
        return codes.OK
    near = difflib.get_close_matches(arguments[0], [one.name for one in COMMANDS], n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    text = f"There is no command {arguments[0]!r}.{hint} See ./handsel --help"
    print(text, file=sys.stderr)
    return codes.USAGE


def page() -> str:
    """The page a person sees first."""
    lines = ["Handsel carries a deal from the first contact to the final payment.", ""]
    lines += ["  ./handsel demo    to see it", "  ./handsel test    to test it"]
    for group in dict.fromkeys(command.group for command in COMMANDS):
        lines += ["", group]
        members = [command for command in COMMANDS if command.group == group]
        lines += [f"  {command.name:<10}{command.about}" for command in members]
    return "\n".join(lines) + "\n" + _FOOT.rstrip()


def parser(command: Command) -> argparse.ArgumentParser:
    """The command's argument parser."""
    module = command.load()
    made = argparse.ArgumentParser(
        prog=f"./handsel {command.name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.configure(made)
    return made
