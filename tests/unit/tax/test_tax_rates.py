"""The dated table of VAT rates."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import pytest

from handsel.ground.tax.errors import TaxNotCovered
from handsel.ground.tax.rules.rates import BEGINS_ON, RATES, is_covered, percent, rates_on
from handsel.ground.tax.rules.territories import EU_MEMBERS


@pytest.mark.parametrize(
    ("country", "on", "standard", "reduced"),
    [
        ("DE", "2020-06-30", 1900, 700),
        ("DE", "2020-07-01", 1600, 500),
        ("DE", "2020-12-31", 1600, 500),
        ("DE", "2021-01-01", 1900, 700),
        ("EE", "2023-12-31", 2000, 900),
        ("EE", "2024-01-01", 2200, 900),
        ("EE", "2025-06-30", 2200, 900),
        ("EE", "2025-07-01", 2400, 900),
        ("SK", "2024-12-31", 2000, 1000),
        ("SK", "2025-01-01", 2300, 1900),
        ("RO", "2025-07-31", 1900, 900),
        ("RO", "2025-08-01", 2100, 1100),
        ("FI", "2024-08-31", 2400, 1400),
        ("FI", "2024-09-01", 2550, 1400),
        ("LU", "2023-12-31", 1600, 700),
        ("LU", "2024-01-01", 1700, 800),
        ("IE", "2021-02-28", 2100, 1350),
        ("CZ", "2024-01-01", 2100, 1200),
        ("NL", "2018-12-31", 2100, 600),
        ("CH", "2023-12-31", 770, 250),
        ("CH", "2024-01-01", 810, 260),
        ("NO", "2026-03-01", 2500, 1500),
        ("GB", "2026-03-01", 2000, 500),
        ("XI", "2026-03-01", 2000, 500),
    ],
)
def test_rates_on_a_day(country, on, standard, reduced):
    rates = rates_on(country, date.fromisoformat(on))
    assert (rates.standard_bps, rates.reduced_bps[0]) == (standard, reduced)


def test_standard_rates_at_the_start_of_2026():
    found = {country: rates_on(country, date(2026, 1, 1)).standard_bps for country in EU_MEMBERS}
    # fmt: off
    assert found == {
        "AT": 2000, "BE": 2100, "BG": 2000, "CY": 1900, "CZ": 2100, "DE": 1900, "DK": 2500,
        "EE": 2400, "ES": 2100, "FI": 2550, "FR": 2000, "GR": 2400, "HR": 2500, "HU": 2700,
        "IE": 2300, "IT": 2200, "LT": 2100, "LU": 1700, "LV": 2100, "MT": 1800, "NL": 2100,
        "PL": 2300, "PT": 2300, "RO": 2100, "SE": 2500, "SI": 2200, "SK": 2300,
    }
    # fmt: on


def test_the_table_is_in_order():
    for country, rows in groupby(RATES, key=lambda row: row.country):
        days = [row.valid_from for row in rows]
        assert days[0] == BEGINS_ON, country
        assert days == sorted(set(days)), country
    assert len({(row.country, row.valid_from) for row in RATES}) == len(RATES)
    for row in RATES:
        assert all(0 < bps < row.standard_bps for bps in row.reduced_bps), row
        # Article 97 of Directive 2006/112/EC: the standard rate is at least 15 %.
        assert row.standard_bps >= 1500 or row.country not in EU_MEMBERS


def test_what_is_not_covered():
    assert is_covered("XI") and not is_covered("US")
    for country, on in (("US", date(2026, 1, 1)), ("DE", date(2016, 12, 31))):
        with pytest.raises(TaxNotCovered):
            rates_on(country, on)


def test_percentages_are_written_as_people_do():
    assert [percent(bps) for bps in (1900, 2550, 550, 0)] == ["19 %", "25.5 %", "5.5 %", "0 %"]
