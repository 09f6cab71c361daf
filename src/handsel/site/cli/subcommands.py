"""Commands that are a family: `import leads`, `import statement`.

A member is one function with one line above it:

    @IMPORTS.member("leads", "leads from a CSV file", argument("file"), argument("--dry-run", …))
    def import_leads(call: Call) -> int: …
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handsel.site.cli import codes
from handsel.site.cli.output import Output, add_json_option


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument in argparse's words."""

    names: tuple[str, ...]
    options: dict[str, Any]


def argument(*names: str, **options: Any) -> Argument:
    """An argument as `ArgumentParser.add_argument` takes it."""
    return Argument(names, options)


@dataclass(frozen=True, slots=True)
class Call:
    """What a member is given: its arguments, and where to speak."""

    arguments: argparse.Namespace
    output: Output


Action = Callable[[Call], int]


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a family of commands."""

    name: str
    about: str
    arguments: tuple[Argument, ...]
    action: Action


class Family:
    """Members in the order they were declared. Every one gets --json."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.members: dict[str, Member] = {}

    def member(self, name: str, about: str, *arguments: Argument) -> Callable[[Action], Action]:
        """Declare the function below as the member of that name."""

        def declare(action: Action) -> Action:
            if name in self.members:
                raise ValueError(f"{self.what} {name} is declared twice")
            self.members[name] = Member(name, about, arguments, action)
            return action

        return declare

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Give the parser one subcommand a member."""
        group = parser.add_subparsers(dest="member", metavar="WHAT", title="what")
        for member in self.members.values():
            inner = group.add_parser(member.name, help=member.about, description=member.about)
            for one in member.arguments:
                inner.add_argument(*one.names, **one.options)
            add_json_option(inner)
            inner.set_defaults(leaf=inner)
        parser.set_defaults(family_parser=parser)

    def run(self, arguments: argparse.Namespace) -> int:
        """Run the member that was named; its exit code. Without one, the help."""
        if not arguments.member:
            arguments.family_parser.print_help()
            return codes.USAGE
        member = self.members[arguments.member]
        return member.action(Call(arguments, Output(as_json=arguments.json)))
