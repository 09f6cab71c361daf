"""The program served as in production, on the bench's database, with one finished deal in it."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from handsel.site.cli import ports, surroundings
from handsel.site.cli.children import Child

FIRST_PAGE = "/sign-in/login/"
PATIENCE_S = 60.0
POLL_S = 0.01


@lru_cache(maxsize=1)
def pages() -> dict[str, str]:
    """Names and addresses of lists over 100,000 deals and of the records of one deal."""
    from bench.work.deal import one_cycle
    from bench.work.yardstick import hundred_thousand_deals
    from handsel.attract.opportunity.models import Opportunity
    from handsel.deliver.fulfillment.models import Shipment
    from handsel.earn.ledger.models import JournalEntry

    invoice = one_cycle(hundred_thousand_deals())
    order = invoice.order
    if order is None:
        raise AssertionError("the cycle's invoice has no order")
    opportunity = Opportunity.objects.order_by("pk")[50_000]
    shipment, entry = Shipment.objects.latest("pk"), JournalEntry.objects.latest("pk")
    return {
        "opportunities": "/opportunity/",
        "opportunities searched": "/opportunity/?q=conveyor",
        "opportunity": f"/opportunity/{opportunity.pk}/",
        "quote": f"/quote/{order.quote_version.quote_id}/",
        "order": f"/order/{order.pk}/",
        "shipment": f"/fulfillment/{shipment.pk}/",
        "invoices": "/billing/",
        "invoice": f"/billing/invoices/{invoice.pk}/",
        "receivables": "/cash/receivables/",
        "entry": f"/ledger/entries/{entry.pk}/",
    }


@lru_cache(maxsize=1)
def session_key() -> str:
    """The session of somebody who may see all of these pages."""
    from django.test import Client

    from bench.work.yardstick import NOW, yardstick
    from handsel.ground.identity import actions as identity
    from handsel.ground.party import actions as party
    from handsel.site.roles import ROLES

    world = yardstick().world
    user = identity.create_user(
        actor=world.system,
        now=NOW,
        email="everybody@halden.example",
        name="Everybody",
        password=None,
        roles=list(ROLES),
    )
    party.add_seller_member(actor=world.system, now=NOW, seller_id=world.seller.pk, user_id=user.pk)
    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


@contextmanager
def served() -> Iterator[str]:
    """`serve` as a child with its usual number of processes; its address."""
    reservation = ports.reserve(8700)
    log = surroundings.home() / "logs" / "bench-web.log"
    child = Child(["serve", "--port", str(reservation.port)], log, os.environ)
    try:
        await_page(reservation.port, FIRST_PAGE)
        yield f"http://127.0.0.1:{reservation.port}"
    finally:
        child.stop()
        reservation.close()


def await_page(port: int, address: str) -> None:
    """Ask until the page is there. TimeoutError when it is not in a minute."""
    begin = time.monotonic()
    while time.monotonic() - begin < PATIENCE_S:
        if _answers(port, address):
            return
        time.sleep(POLL_S)
    raise TimeoutError(f"no page at port {port} after {PATIENCE_S:.0f} s")


def _answers(port: int, address: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", address)
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def installation() -> dict[str, str]:
    """The environment of an installation of its own, with its own embedded database, migrated."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    environ["HANDSEL_HOME"] = str(surroundings.home() / "installed")
    _command(["migrate"], environ).wait()
    return environ


def start_to_first_page(environ: Mapping[str, str]) -> float:
    """Seconds from typing `./handsel serve` to its first page; it is stopped again."""
    reservation = ports.reserve(8800)
    port = reservation.port
    reservation.close()
    begin = time.perf_counter()
    process = _command(["serve", "--port", str(port)], environ)
    try:
        await_page(port, FIRST_PAGE)
        return time.perf_counter() - begin
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _command(arguments: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[Any]:
    return subprocess.Popen(
        [surroundings.PROJECT / "handsel", *arguments],
        env=dict(environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
