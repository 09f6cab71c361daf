"""`./handsel export leads` and its kin: every record once, as CSV and as JSON lines."""

from __future__ import annotations

import argparse
import csv
import io
import json
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from handsel.ground.platform.models import BusinessEvent
from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.exports import EXPORTS
from handsel.site.cli.record_export import LISTINGS, export_records
from tests.support.deal import walk_deal
from tests.support.lead import make_lead
from tests.support.world import make_world

pytestmark = pytest.mark.django_db


def ask(what: str, *words: str) -> int:
    parser = argparse.ArgumentParser()
    EXPORTS.configure(parser)
    given = parser.parse_args([what, *words])
    return export_records(what, given, as_json=given.json)


def test_every_listing_has_its_records_in_both_forms(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    world = make_world()
    walk_deal(world)
    for what, listing in LISTINGS.items():
        count = listing.rows(world.system).count()
        assert count, what
        assert ask(what, "--json") == codes.OK
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert len({line["id"] for line in lines}) == len(lines) == count
        target = tmp_path / f"{what}.csv"
        assert ask(what, "--output", str(target)) == codes.OK
        text = target.read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [int(row["id"]) for row in rows] == [line["id"] for line in lines]
        for row, line in zip(rows, lines, strict=True):
            assert set(row) == set(line)
            assert all(row[name] == line[name] for name in ("gross", "amount") if name in row)


def test_events_say_what_they_touch(capsys: pytest.CaptureFixture[str]) -> None:
    lead = make_lead(make_world())
    ask("events", "--json")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    captured = next(line for line in lines if line["type"] == "lead.lead.captured")
    assert {"type": "lead", "id": lead.pk, "role": "lead"} in captured["objects"]
    assert captured["payload"]["lead_id"] == lead.pk
    assert len(lines) == BusinessEvent.objects.count()


def test_days_and_seller_narrow_it(capsys: pytest.CaptureFixture[str]) -> None:
    world = make_world()
    lead = make_lead(world)
    day, following = lead.asked_at.date().isoformat(), lead.asked_at.date().replace(year=2099)
    ask("leads", "--from", day, "--seller", str(world.seller.pk), "--json")
    assert json.loads(capsys.readouterr().out)["number"] == lead.number
    ask("leads", "--from", following.isoformat(), "--json")
    assert capsys.readouterr().out == ""
    with pytest.raises(CouldNotRun):
        ask("leads", "--seller", "999999")
    with pytest.raises(CouldNotRun):
        ask("leads", "--output", "/nowhere/at/all.csv")


def test_a_list_is_offered_and_given_as_a_sheet() -> None:
    world = make_world()
    lead = make_lead(world)
    client = Client()
    client.force_login(world.users["sales_manager"])
    assert "/lead/export.csv?as=xlsx" in client.get("/lead/").content.decode()
    answer = client.get("/lead/export.csv?as=xlsx")
    assert answer["Content-Disposition"].endswith("leads.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert (sheet["A1"].value, sheet["A2"].value) == ("number", lead.number)
