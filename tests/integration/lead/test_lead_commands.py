"""`import leads` and `import outcomes` from the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from handsel.attract.lead.models import Lead
from handsel.attract.opportunity.models import Opportunity
from handsel.site.cli import codes, registry
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.lead_import import bring_in_leads, bring_in_outcomes
from handsel.site.cli.output import Output
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

FILE = b"id,Date,E-mail\n1,2026-01-05,a@b.example\n2,soon,c@d.example\n"


@pytest.fixture
def world() -> World:
    return make_world()


def given(*words: str) -> argparse.Namespace:
    """The arguments as the command line gives them."""
    command = registry.find(["import"])
    assert command is not None
    return registry.parser(command).parse_args(list(words))


def leads(words: list[str], *, content: bytes = FILE, as_json: bool = True) -> int:
    arguments = given("leads", "leads.csv", *words)
    return bring_in_leads(content, Path("leads.csv"), arguments, Output(as_json=as_json))


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_preview_writes_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert leads(["--source", "fair", "--preview"]) == codes.FINDINGS
    document = said(capsys)
    assert document["mapping"] == {"id": "external_id", "Date": "asked_at", "E-mail": "email"}
    assert [row["outcome"] for row in document["rows"]] == ["add", "refuse"]
    assert not Lead.objects.exists()


def test_an_import_counts_and_keeps_what_was_refused(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "refused.csv"
    words = ["--source", "fair", "--refused", str(target)]
    assert leads(words) == codes.FINDINGS
    document = said(capsys)
    assert (document["added"], document["refused"]) == (1, 1)
    assert "3,“soon” is not a date,2,soon,c@d.example" in target.read_text("utf-8-sig")
    assert leads([*words, "--map", "id=external_id", "E-mail=email"]) == codes.OK
    assert said(capsys)["known"] == 1
    assert Lead.objects.count() == 2


def test_outcomes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    leads(["--source", "fair", "--map", "id=external_id"])
    capsys.readouterr()
    words = ["outcomes", "won.csv", "--source", "fair", "--map", "id=external_id", "won=won_at"]
    content = b"id,won\n1,2026-02-01\n"
    code = bring_in_outcomes(content, Path("won.csv"), given(*words), Output(as_json=True))
    assert (code, said(capsys)["won"], Opportunity.objects.count()) == (codes.OK, 1, 1)


def test_mistakes_are_named(world: World) -> None:
    with pytest.raises(CouldNotRun, match="COLUMN=FIELD"):
        leads(["--source", "fair", "--map", "id"])
    with pytest.raises(CouldNotRun, match="Halden GmbH"):
        leads(["--source", "fair", "--seller", "999999"])
