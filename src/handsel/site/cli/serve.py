"""Serve pages and API in production.

Refuses to start, with the reason, when the settings are unsafe, when the tables are not this
version's, or when the port is taken. Run `./handsel worker` beside it for mails and documents.
"""

from __future__ import annotations

import argparse
import os
from contextlib import AbstractContextManager, closing, nullcontext

from handsel.site.cli import codes, ports, surroundings
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=ports.number, default=8000, help="port to listen on (%(default)s)"
    )
    parser.add_argument("--workers", type=int, default=0, help="processes (one a core, up to 4)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    from handsel.site.cli import children

    children.follow_parent()
    with surroundings.django(default_environment="production"):
        refuse_unsafe()
        with _port(arguments):
            _serve(arguments)
    return codes.OK


def _port(arguments: argparse.Namespace) -> AbstractContextManager[object]:
    """Hold the port while we serve; the demo that started us holds it for us."""
    from handsel.site.cli import children

    if os.environ.get(children.PARENT):
        return nullcontext()
    return closing(ports.reserve(arguments.port, host=arguments.host, tries=1))


def _serve(arguments: argparse.Namespace) -> None:
    from handsel.site.cli import web

    host, port = arguments.host, arguments.port
    Output().say(f"Serving at http://{host}:{port}")
    web.serve(host=host, port=port, workers=arguments.workers or web.default_workers())


def refuse_unsafe() -> None:
    """CouldNotRun with every reason there is not to work with these settings and tables."""
    from handsel.site.settings import selfcheck

    try:
        with surroundings.without_collecting():  # it loads every page and endpoint
            selfcheck.run()
    except selfcheck.UnsafeSettings as reasons:
        raise CouldNotRun(str(reasons)) from reasons
