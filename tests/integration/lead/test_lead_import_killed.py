"""An import whose process is killed, really, again and again, loses and doubles nothing."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys

import pytest
from django.db import connection

from handsel.attract.lead import actions
from handsel.attract.lead.models import Lead, LeadImport, Touch
from handsel.ground.platform.models import BusinessEvent, NumberSeries
from tests.support.world import make_world

ROWS = 1500
# Starts a fresh process for each line it reads, says its key, then how it ended.
IMPORTER = """
import os, sys, django
django.setup()
from datetime import datetime, UTC
from handsel.attract.lead import actions
from handsel.ground.platform.actor import Actor
actor = Actor.system("import", seller_ids=[int(sys.argv[2])])
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        now = datetime.now(UTC)
        actions.run_import(actor=actor, now=now, import_id=int(sys.argv[1]), chunk=25)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_point_and_started_again() -> None:
    world = make_world()
    lines = ["id,name,e-mail"]
    lines += [f"{n},Person {n},{'p' * (n % 7 > 0)}{n}@x{n}.example" for n in range(ROWS)]
    lines[700] = "699,Nobody,no address"
    found = actions.start_import(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        content="\n".join(lines).encode(),
        file_name="many.csv",
        source_name="kill",
    )
    deaths = _import_with_deaths(found.pk, world.seller.pk)
    row = LeadImport.objects.select_related("task").get()
    assert deaths >= 1
    assert (row.task.state, row.added, row.known, row.refused) == ("done", ROWS - 1, 0, 1)
    assert Lead.objects.count() == Touch.objects.count() == ROWS - 1
    assert Lead.objects.values("external_id").distinct().count() == ROWS - 1
    assert Lead.objects.values("number").distinct().count() == ROWS - 1
    assert NumberSeries.objects.get(kind="lead").last_number == ROWS - 1
    assert BusinessEvent.objects.filter(type="lead.lead.captured").count() == ROWS - 1


def _import_with_deaths(import_id: int, seller_id: int) -> int:
    """Run the import, killing its process after some time, until one run ends by itself."""
    chance = random.Random(7)
    with subprocess.Popen(
        [sys.executable, "-c", IMPORTER, str(import_id), str(seller_id)],
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as importer:
        assert importer.stdin is not None
        assert importer.stdout is not None
        for deaths in range(200):
            importer.stdin.write("again\n")
            importer.stdin.flush()
            child = int(importer.stdout.readline())
            ended, _, _ = select.select([importer.stdout], [], [], chance.uniform(0.02, 0.4))
            if not ended:
                os.kill(child, signal.SIGKILL)
            if int(importer.stdout.readline()) == 0:
                importer.stdin.close()
                return deaths
    raise AssertionError("the import never came to its end")


def _environment() -> dict[str, str]:
    parts = connection.settings_dict
    address = (
        f"postgresql://{parts['USER']}:{parts['PASSWORD']}@/{parts['NAME']}"
        f"?host={parts['HOST']}&port={parts['PORT']}"
    )
    return {
        **os.environ,
        "DATABASE_URL": address,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": "handsel.site.settings.django",
    }
