"""See Handsel with a made-up company in it: sets up, starts everything, prints where to sign in.

Ctrl-C stops everything it started; what was done in the demo is there again at the next start.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from handsel.site.cli import codes, ports, surroundings
from handsel.site.cli.children import Child, stop_undisturbed
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output, table_text

FIRST_PAGE_TIMEOUT_S = 60
SIGN_INS = "sign_ins.json"
FILLING = "demo_is_being_filled"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `demo`."""
    parser.add_argument("--reset", action="store_true", help="start the demo's world over")
    parser.add_argument(
        "--port", type=ports.number, default=8000, help="port to begin looking at (8000)"
    )
    parser.add_argument("--fill-only", action="store_true", help="make and fill the database, end")


def run(arguments: argparse.Namespace) -> int:
    """Run the demo until stopped."""
    output = Output()
    begin = float(os.environ.get("HANDSEL_STARTED_AT", time.time()))
    surroundings.prepare("demo")
    if arguments.reset or (surroundings.home() / FILLING).exists():
        start_over(output, interrupted=not arguments.reset)
    with surroundings.database() as provider:
        fill_when_empty(provider.url("owner"))
        if not arguments.fill_only:
            open_house(output, arguments.port, begin)
    return codes.OK


def open_house(output: Output, wished_port: int, begin: float) -> None:
    """Start web server and worker, say where they are, and stop them when asked to."""
    reservation = ports.reserve(wished_port)
    if reservation.port != wished_port:
        output.say(f"Port {wished_port} is taken; using {reservation.port}.")
    children: list[Child] = []
    try:
        start(children, reservation.port)
        greet(output, reservation.port, time.time() - begin)
        watch(children)
    except KeyboardInterrupt:
        output.say("\nStopping …")
    finally:
        stop_undisturbed()
        for child in reversed(children):
            child.stop()


def start_over(output: Output, *, interrupted: bool) -> None:
    """Erase the embedded database. Another server's data is not ours to erase."""
    from handsel.ground.platform.database import EmbeddedProvider, choose_provider

    provider = choose_provider(surroundings.home(), os.environ)
    if not isinstance(provider, EmbeddedProvider):
        raise CouldNotRun(
            "Starting over erases Handsel's own database only, and DATABASE_URL names another "
            "server. Empty that one yourself, if that is what you want."
        )
    provider.erase()
    for name in (SIGN_INS, FILLING):
        (surroundings.home() / name).unlink(missing_ok=True)
    reason = "The last filling did not end. " if interrupted else ""
    output.say(f"{reason}Starting over with an empty database.")


def fill_when_empty(owner_url: str) -> None:
    """Migrate and seed where that is due, each in a process of its own that is gone afterwards."""
    from handsel.site.cli import schema

    if not schema.is_current(os.environ["DATABASE_URL"]):
        environ = {**os.environ, "DATABASE_OWNER_URL": owner_url}
        _checked("preparing the database", ["-m", "handsel.site.cli", "migrate"], environ)
    if not (_is_filled() and (surroundings.home() / SIGN_INS).exists()):
        seed = "from handsel.site.cli import demo; demo.fill()"
        _checked("filling the database", ["-c", seed], dict(os.environ))


def fill() -> None:
    """Seed once, and keep what people sign in with where the next start finds it at once."""
    surroundings.start_django()
    from handsel.ground.platform import installation
    from handsel.site import demo

    if not installation.demo_is_loaded():
        filling = surroundings.home() / FILLING
        filling.touch()
        with Output().progress("Filling it with the demo company") as progress:
            demo.seed(progress)  # its last act marks the demo as loaded
        filling.unlink()
    rows = [[str(cell) for cell in row] for row in demo.sign_ins()]
    (surroundings.home() / SIGN_INS).write_text(json.dumps(rows), encoding="utf-8")


def start(children: list[Child], port: int) -> None:
    """Web server and worker, with their words in logs; added to `children` as they start.

    The worker comes second, so that it does not take the first page's time.
    """
    logs = surroundings.home() / "logs"
    environ = {**os.environ, "PUBLIC_BASE_URL": f"http://localhost:{port}"}
    web = ["serve", "--port", str(port), "--workers", "1"]
    children.append(Child(web, logs / "web.log", environ))
    await_first_page(children[0], port)
    children.append(Child(["worker"], logs / "worker.log", environ))


def await_first_page(web: Child, port: int) -> None:
    """Wait until the server answers. CouldNotRun with its last words when it does not."""
    deadline = time.monotonic() + FIRST_PAGE_TIMEOUT_S
    while time.monotonic() < deadline:
        status = _status(port)
        if status is not None and status < 500:
            return
        if status is not None:
            raise CouldNotRun(f"The first page fails (status {status}). See {web.log}")
        if web.ended(wait_s=0.05):
            raise CouldNotRun(f"The web server did not start:\n{web.last_words()}")
    raise CouldNotRun(f"No page after {FIRST_PAGE_TIMEOUT_S} s. See {web.log}")


def greet(output: Output, port: int, seconds: float) -> None:
    """Where it is, and who may sign in."""
    output.say(f"\nHandsel is ready at http://localhost:{port}   (started in {seconds:.1f} s)\n")
    rows = json.loads((surroundings.home() / SIGN_INS).read_text(encoding="utf-8"))
    if rows:
        text = table_text(("Role", "E-mail", "Password"), rows)
        output.say("\n".join(f"  {line}" for line in text.splitlines()))
    output.say("\nCtrl-C stops it.   ./handsel demo --reset starts the world over.")


def watch(children: Sequence[Child]) -> None:
    """Wait for Ctrl-C. CouldNotRun when a child ends by itself."""
    while True:
        for child in children:
            if child.ended(wait_s=0.5):
                raise CouldNotRun(f"The {child.name} process ended:\n{child.last_words()}")


def _is_filled() -> bool:
    """Asked directly, because loading Django for it would cost the start a second."""
    import psycopg

    query = "SELECT 1 FROM platform_installationstate WHERE demo_loaded_at IS NOT NULL"
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute(query).fetchone() is not None


def _status(port: int) -> int | None:
    """The status of the first page; None while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _checked(what: str, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
    """Run Python in the foreground; its progress goes to the person, its result to nobody."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise CouldNotRun(f"The demo failed at {what}; the reason is above.")
