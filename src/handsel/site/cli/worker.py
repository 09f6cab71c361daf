"""Do background work: mails, documents, timers. Any number may run, on any number of machines."""

from __future__ import annotations

import argparse

from handsel.site.cli import codes, surroundings


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `worker`."""
    parser.add_argument("--jobs", type=int, default=4, help="at once (%(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Work until stopped."""
    from handsel.site.cli import children, serve

    children.follow_parent()
    with surroundings.django(default_environment="production"):
        serve.refuse_unsafe()
        from django.core.management import call_command

        call_command("procrastinate", "worker", "--concurrency", str(arguments.jobs))
    return codes.OK
