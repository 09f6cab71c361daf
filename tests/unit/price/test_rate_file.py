"""Lists of exchange rates as houses write them, with what could be meant in two ways refused."""

from datetime import date
from decimal import Decimal

import pytest

from handsel.bid.price.rules.rate_file import read_rates

HEAD = "date;base;currency;rate\n"


@pytest.mark.parametrize(
    ("row", "rate"),
    [
        ("20.11.2026;USD;EUR;0,9187", "0.9187"),
        ("20.11.2026;GBP;EUR;1,17", "1.17"),
        ("2026-11-20;USD;JPY;151,3705", "151.3705"),
        ("2026-11-20;USD;JPY;151.37", "151.37"),
        ("20.11.2026;USD;EUR;0,919", "0.919"),  # no thousands begin with a zero
    ],
)
def test_a_comma_stands_before_decimals_where_it_parts_no_cells(row: str, rate: str) -> None:
    kept, refused = read_rates(HEAD + row)
    assert not refused
    ((_line, found),) = kept
    assert (found.rate, found.dated_on) == (Decimal(rate), date(2026, 11, 20))


@pytest.mark.parametrize(
    "rate", ["1,170", "1.234,5", "1,234.5", "NaN", "1e400", "٣", "-1", "0", "0,0"]
)
def test_what_is_no_rate_or_two_is_refused(rate: str) -> None:
    kept, refused = read_rates(f"{HEAD}2026-11-20;GBP;EUR;{rate}")
    assert not kept
    assert [one.line_no for one in refused] == [2]


def test_between_commas_there_is_no_comma() -> None:
    kept, refused = read_rates("date,base,currency,rate\n2026-11-20,GBP,EUR,1,17")
    assert (len(kept), len(refused)) == (0, 1)
