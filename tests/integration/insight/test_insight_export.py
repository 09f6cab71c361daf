"""`./handsel export kpi`: figures for people and programs, rows as a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from handsel.site.cli import codes, figures
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.exports import EXPORTS
from handsel.site.cli.output import Output
from tests.support.lead import make_lead
from tests.support.world import make_world

pytestmark = pytest.mark.django_db


def arguments(*words: str) -> argparse.Namespace:
    """Arguments as the command line reads them."""
    parser = argparse.ArgumentParser()
    EXPORTS.configure(parser)
    return parser.parse_args(["kpi", *words])


def test_a_kpi_as_json_and_its_rows_as_csv(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lead = make_lead(make_world(), source="fair")
    asked = arguments("lead_response", "--source", "fair", "--bucket", "waiting", "--json")
    assert figures.export_kpi(asked, Output(as_json=True)) == codes.OK
    found = json.loads(capsys.readouterr().out)
    assert found["definition"]["key"] == "lead_response"
    assert [row["object_id"] for row in found["rows"]] == [lead.pk]

    target = tmp_path / "rows.csv"
    written = arguments("lead_response", "--output", str(target))
    assert figures.export_kpi(written, Output()) == codes.OK
    assert lead.number in target.read_text(encoding="utf-8-sig")

    assert figures.export_kpi(arguments("pipeline_value"), Output()) == codes.OK
    assert "closing" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("nothing",), ("lead_response", "--from", "soon")])
def test_what_cannot_be_exported_is_told(words: tuple[str, ...]) -> None:
    make_world()
    with pytest.raises(CouldNotRun):
        figures.export_kpi(arguments(*words), Output())
