"""VAT rates by country and day, as data.

Sources: the European Commission's "Taxes in Europe" database and the statutes named beside
the changes; checked up to ``CHECKED_UP_TO``. The table begins on ``BEGINS_ON``: a rate in force
on that day may be older. Of several reduced rates the first is the one "reduced" means unless
the caller names another.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handsel.ground.kernel.said import said
from handsel.ground.tax.errors import TaxNotCovered

BEGINS_ON = date(2017, 1, 1)
CHECKED_UP_TO = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class CountryRates:
    """The rates of a country from a day on, in basis points: 25.5 % is 2550."""

    country: str
    valid_from: date
    standard_bps: int
    reduced_bps: tuple[int, ...]


# country, in force from, standard, reduced rates (main one first)
_ROWS: tuple[tuple[str, str, int, tuple[int, ...]], ...] = (
    ("AT", "2017-01-01", 2000, (1000, 1300)),
    ("AT", "2020-07-01", 2000, (1000, 1300, 500)),  # hospitality and culture, temporary
    ("AT", "2022-01-01", 2000, (1000, 1300)),
    ("BE", "2017-01-01", 2100, (600, 1200)),
    ("BG", "2017-01-01", 2000, (900,)),
    ("CY", "2017-01-01", 1900, (500, 900)),
    ("CZ", "2017-01-01", 2100, (1500, 1000)),
    ("CZ", "2024-01-01", 2100, (1200,)),
    ("DE", "2017-01-01", 1900, (700,)),
    ("DE", "2020-07-01", 1600, (500,)),  # second Corona tax relief act, § 28 UStG
    ("DE", "2021-01-01", 1900, (700,)),
    ("DK", "2017-01-01", 2500, ()),
    ("EE", "2017-01-01", 2000, (900,)),
    ("EE", "2022-08-01", 2000, (900, 500)),
    ("EE", "2024-01-01", 2200, (900, 500)),
    ("EE", "2025-01-01", 2200, (900, 1300)),
    ("EE", "2025-07-01", 2400, (900, 1300)),
    ("ES", "2017-01-01", 2100, (1000, 400)),
    ("FI", "2017-01-01", 2400, (1400, 1000)),
    ("FI", "2024-09-01", 2550, (1400, 1000)),
    ("FI", "2026-01-01", 2550, (1350, 1000)),
    ("FR", "2017-01-01", 2000, (550, 1000, 210)),
    ("GR", "2017-01-01", 2400, (1300, 600)),
    ("HR", "2017-01-01", 2500, (1300, 500)),
    ("HU", "2017-01-01", 2700, (500, 1800)),
    ("IE", "2017-01-01", 2300, (1350, 900, 480)),
    ("IE", "2020-09-01", 2100, (1350, 900, 480)),  # stimulus package, six months
    ("IE", "2021-03-01", 2300, (1350, 900, 480)),
    ("IT", "2017-01-01", 2200, (1000, 500, 400)),
    ("LT", "2017-01-01", 2100, (900, 500)),
    ("LT", "2026-01-01", 2100, (1200, 500)),
    ("LU", "2017-01-01", 1700, (800, 1400, 300)),
    ("LU", "2023-01-01", 1600, (700, 1300, 300)),  # one year, against inflation
    ("LU", "2024-01-01", 1700, (800, 1400, 300)),
    ("LV", "2017-01-01", 2100, (1200,)),
    ("LV", "2018-01-01", 2100, (1200, 500)),
    ("MT", "2017-01-01", 1800, (700, 500)),
    ("MT", "2024-01-01", 1800, (700, 500, 1200)),
    ("NL", "2017-01-01", 2100, (600,)),
    ("NL", "2019-01-01", 2100, (900,)),
    ("PL", "2017-01-01", 2300, (800, 500)),
    ("PT", "2017-01-01", 2300, (600, 1300)),
    ("RO", "2017-01-01", 1900, (900, 500)),
    ("RO", "2025-08-01", 2100, (1100,)),
    ("SE", "2017-01-01", 2500, (1200, 600)),
    ("SI", "2017-01-01", 2200, (950,)),
    ("SI", "2020-01-01", 2200, (950, 500)),
    ("SK", "2017-01-01", 2000, (1000,)),
    ("SK", "2023-01-01", 2000, (1000, 500)),
    ("SK", "2025-01-01", 2300, (1900, 500)),
    ("GB", "2017-01-01", 2000, (500,)),
    ("GB", "2021-10-01", 2000, (500, 1250)),  # hospitality, six months
    ("GB", "2022-04-01", 2000, (500,)),
    ("CH", "2017-01-01", 800, (250, 380)),
    ("CH", "2018-01-01", 770, (250, 370)),
    ("CH", "2024-01-01", 810, (260, 380)),
    ("NO", "2017-01-01", 2500, (1500, 1000)),
    ("NO", "2018-01-01", 2500, (1500, 1200)),
    ("NO", "2020-04-01", 2500, (1500, 600)),
    ("NO", "2021-10-01", 2500, (1500, 1200)),
)

_SAME_RATES_AS = {"XI": "GB"}

RATES: tuple[CountryRates, ...] = tuple(
    CountryRates(country, date.fromisoformat(valid_from), standard, reduced)
    for country, valid_from, standard, reduced in _ROWS
)


def _by_country() -> dict[str, list[CountryRates]]:
    found: dict[str, list[CountryRates]] = {}
    for row in RATES:
        found.setdefault(row.country, []).append(row)
    return found


_BY_COUNTRY = _by_country()


def percent(bps: int) -> str:
    """Write basis points as people do: 2550 → "25.5 %"."""
    return f"{(Decimal(bps) / 100):f} %"


def is_covered(country: str) -> bool:
    """Say whether the table knows the VAT rates of a country."""
    return _SAME_RATES_AS.get(country, country) in _BY_COUNTRY


def rates_on(country: str, on: date) -> CountryRates:
    """Return the rates of a country in force on a day.

    Raises TaxNotCovered for a country or a day outside the table.
    """
    rows = _BY_COUNTRY.get(_SAME_RATES_AS.get(country, country))
    if rows is None:
        raise TaxNotCovered(
            said(
                "The taxes of %(country)s are not covered; enter the tax by hand.", country=country
            ),
            country=country,
        )
    index = bisect_right([row.valid_from for row in rows], on) - 1
    if index < 0:
        raise TaxNotCovered(
            said(
                "VAT rates before %(begins_on)s are not covered; enter the tax by hand.",
                begins_on=BEGINS_ON,
            ),
            country=country,
            on=on.isoformat(),
        )
    return rows[index]
