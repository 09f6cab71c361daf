"""Any file a person has: detected, validated, recomputed; never an exception."""

from __future__ import annotations

import io
import json
from copy import deepcopy
from pathlib import Path

import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from handsel.earn.billing.adapters.validator.check import UNREADABLE, check_file
from handsel.earn.billing.rules.einvoice import cii, codes, facturx, ubl
from handsel.earn.billing.rules.einvoice.errors import NotExpressible, UnreadableInvoice
from handsel.site.cli.main import main
from tests.unit.billing.einvoice.everything import everything
from tests.unit.billing.einvoice.samples import credit_note, domestic
from tests.unit.billing.einvoice.test_einvoice_arithmetic import CENT, bent

UBL = ubl.write(everything())
CII = cii.write(everything())
PAGE = b'#set document(title: "RE-2026-0001")\nRechnung RE-2026-0001'


def printed(tmp_path: Path, standard: str | None = "a-3b") -> bytes:
    """A page as the document room would print it."""
    source = tmp_path / "page.typ"
    source.write_bytes(PAGE)
    made = typst.compile(str(source), format="pdf", pdf_standards=standard or [])
    assert isinstance(made, bytes)
    return made


def hybrid(tmp_path: Path, xml: bytes) -> bytes:
    return facturx.embed(
        printed(tmp_path), xml, title="RE-2026-0001", author="Halden GmbH", language="de-DE"
    )


def test_factur_x_carries_the_xml_byte_for_byte(tmp_path: Path) -> None:
    xml = cii.write(domestic())
    pdf = hybrid(tmp_path, xml)
    assert facturx.extract(pdf) == xml
    result = check_file(pdf)
    assert result.syntax == "factur-x"
    assert result.ok
    assert result.invoice == domestic()


def test_factur_x_is_pdf_a_3b_and_says_what_it_carries(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(io.BytesIO(hybrid(tmp_path, cii.write(domestic()))))
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("3", "B")
    root = reader.trailer["/Root"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/AF"][0]["/AFRelationship"] == "/Alternative"
    assert root["/Lang"] == "de-DE"
    written = root["/Metadata"].get_object().get_data().decode()
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in written
    assert "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>" in written


def test_factur_x_needs_a_pdf_that_may_carry_it(tmp_path: Path) -> None:
    for pdf in (printed(tmp_path, None), b"%PDF-1.7 broken"):
        with pytest.raises(NotExpressible):
            facturx.embed(pdf, cii.write(domestic()), title="x", author="y", language="de")


def test_a_pdf_without_an_invoice_is_told(tmp_path: Path) -> None:
    for pdf in (printed(tmp_path), b"%PDF-1.7 broken", b"%PDF-1.7\n" + b"9 0 obj <<" * 50):
        with pytest.raises(UnreadableInvoice):
            facturx.extract(pdf)
        result = check_file(pdf)
        assert (result.ok, result.report, result.own[0].rule) == (False, None, UNREADABLE)


def test_a_profile_is_fatal_in_a_pdf_and_a_warning_outside(tmp_path: Path) -> None:
    xml = cii.write(domestic()).replace(codes.EN16931.encode(), b"urn:example:profile")
    plain, inside = check_file(xml), check_file(hybrid(tmp_path, xml))
    assert plain.ok
    assert plain.report is not None
    assert [it.rule for it in plain.report.warnings] == ["FX-SCH-A-000556"]
    assert not inside.ok
    assert inside.report is not None
    assert [it.rule for it in inside.report.fatal] == ["FX-SCH-A-000556"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "well-formed"),
        (b"hello", "well-formed"),
        (b"<html/>", "neither UBL nor"),
        (b"<!DOCTYPE x><Invoice/>", "document type"),
        (b"\x00\x01\x02", "well-formed"),
    ],
)
def test_what_is_no_invoice_is_told(content: bytes, word: str) -> None:
    result = check_file(content)
    assert (result.ok, result.syntax, result.report) == (False, "unknown", None)
    assert word in result.own[0].found


def test_an_invoice_that_cannot_be_read_still_gets_its_official_findings(tmp_path: Path) -> None:
    content = ubl.write(domestic()).replace(b"1381.47", b"plenty")
    result = check_file(content)
    assert result.report is not None
    assert not result.report.passed
    # The rules compute with every amount; one that is no number ends them, and is never a pass.
    assert [it.rule for it in result.report.fatal] == [
        "NO-RULES-RUN",
        "XSD",
        "XSD",
        "RULES-BROKE-OFF",
    ]
    assert not result.report.nothing_ran
    assert [it.rule for it in result.own] == [UNREADABLE]
    assert result.invoice is None
    path = tmp_path / "plenty.xml"
    path.write_bytes(content)
    assert main(["einvoice", "check", str(path)]) == 1


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_broken_files_never_break_the_check(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([UBL, CII])))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = min(len(content), start + data.draw(st.integers(0, 30)))
        content[start:end] = data.draw(st.binary(max_size=10))
    result = check_file(bytes(content))
    assert result.ok is (result.report is not None and result.report.passed and not result.own)


WRONG = [
    "",
    "plenty",
    "-1",
    "99999999999999999999999999999.99",
    "2026-13-45",
    "NaN",
    "0",
    " ",
    "é" * 300,
]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_wrong_values_and_missing_parts_never_break_the_check(data: st.DataObject) -> None:
    root = etree.fromstring(data.draw(st.sampled_from([UBL, CII])))
    for _ in range(data.draw(st.integers(1, 3))):
        parts = [it for it in root.iter() if it is not root]
        part = parts[data.draw(st.integers(0, len(parts) - 1))]
        parent = part.getparent()
        assert parent is not None
        match data.draw(st.sampled_from(["drop", "double", "write", "strip"])):
            case "drop":
                parent.remove(part)
            case "double":
                parent.append(deepcopy(part))
            case "write":
                part.text = data.draw(st.sampled_from(WRONG))
            case _:
                part.attrib.clear()
    result = check_file(etree.tostring(root))
    assert result.report is not None
    assert result.report.failed or result.report.passed


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "invoice with a space.xml"
    path.write_bytes(ubl.write(credit_note()))
    return path


def test_the_command_says_what_ran(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["einvoice", "check", str(written)]) == 0
    told = capsys.readouterr().out
    assert "ubl-credit-note GS-2026-0001" in told
    assert "0 failed" in told
    assert "EN16931-UBL 1.3.16" in told
    assert "nothing found" in told


def test_the_command_speaks_json(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["einvoice", "check", str(written), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["ok"] is True
    assert result["syntax"] == "ubl-credit-note"
    assert result["official"]["passed"] is True
    assert result["official"]["rules_run"] > 800
    assert result["official"]["failed"] == []
    assert result["own"] == []


def test_the_command_finds_the_cent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cent.xml"
    path.write_bytes(ubl.write(bent(domestic(), CENT)))
    assert main(["einvoice", "check", str(path), "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["official"]["passed"] is True
    assert result["own"] == [
        {
            "rule": "BR-CO-17",
            "location": "VAT S 19 %, BT-117",
            "expected": "220.57",
            "found": "220.58",
        }
    ]


def test_the_command_tells_its_other_ends_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["einvoice", "check", str(tmp_path / "missing.xml")]) == 3
    assert "cannot be read" in capsys.readouterr().err
    assert main(["einvoice"]) == 2
    with pytest.raises(SystemExit) as usage:
        main(["einvoice", "check"])
    assert usage.value.code == 2
