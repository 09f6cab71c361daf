"""A list of exchange rates as text, read strictly: every row is kept or refused with a reason."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from handsel.bid.price.errors import BadRates
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.kernel.money import is_currency
from handsel.ground.kernel.said import said

COLUMNS: Final = ("date", "base", "currency", "rate", "source")
REQUIRED: Final = COLUMNS[:4]
MOST_ROWS: Final = 20_000
SCALE: Final = 12
_COMMA: Final = re.compile(r"[0-9]{1,12},[0-9]{1,12}")
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_INVERSE = Decimal(1).scaleb(-SCALE)


@dataclass(frozen=True, slots=True)
class DatedRate:
    """What one unit of `base` is in `currency` on a day."""

    dated_on: date
    base: str
    currency: str
    rate: Decimal
    source: str = ""

    @property
    def key(self) -> tuple[str, str, date]:
        """What there is one rate of."""
        return self.base, self.currency, self.dated_on

    def inverse(self) -> DatedRate:
        """The other way round, to twelve decimals."""
        rate = (1 / self.rate).quantize(_INVERSE, ROUND_HALF_UP)
        return DatedRate(self.dated_on, self.currency, self.base, rate, self.source)


@dataclass(frozen=True, slots=True)
class RefusedRate:
    """A row that is not kept: its line, what stood there, why."""

    line_no: int
    text: str
    reason: str


def read_rates(
    text: str, *, both_ways: bool = False
) -> tuple[list[tuple[int, DatedRate]], list[RefusedRate]]:
    """Rates with their lines, and the rows refused; the first row names the columns.

    Comma, semicolon or tab between cells; a decimal point in the rate, or a comma where it does
    not part cells. With `both_ways` every rate
    is given the other way round too, where the list does not say that itself.
    Raises BadRates where nothing can be read.
    """
    lines = text.removeprefix("\ufeff")
    first = lines.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=mark)
    kept: list[tuple[int, DatedRate]] = []
    refused: list[RefusedRate] = []
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _check_header(header)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(kept) + len(refused) >= MOST_ROWS:
                raise BadRates(
                    said("More than %(most_rows)s rows; split the list.", most_rows=MOST_ROWS)
                )
            try:
                kept.append((reader.line_num, _row(header, cells, mark)))
            except Invalid as wrong:
                shown = mark.join(cells)[:200]
                refused.append(RefusedRate(reader.line_num, shown, wrong.message))
    except csv.Error as error:
        raise BadRates(
            said("Line %(line_num)s is not CSV: %(error)s.", line_num=reader.line_num, error=error)
        ) from None
    if both_ways:
        given = {one.key for _line_no, one in kept}
        turned = [(line_no, one.inverse()) for line_no, one in kept]
        kept += [(line_no, one) for line_no, one in turned if one.key not in given]
    return kept, refused


def problem_of(rate: DatedRate) -> str:
    """What is wrong with a rate; nothing where it can be kept."""
    if not is_currency(rate.base) or not is_currency(rate.currency) or rate.base == rate.currency:
        return said(
            "%(base)s to %(currency)s is no pair of currencies",
            base=rate.base,
            currency=rate.currency,
        )
    if not rate.rate.is_finite() or not 0 < rate.rate < 10**12:
        return said(
            "%(rate)s is not a rate from %(base)s to %(currency)s",
            rate=rate.rate,
            base=rate.base,
            currency=rate.currency,
        )
    if len(rate.source) > 50:
        return said("the source has at most 50 characters")
    return ""


def _check_header(header: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise BadRates(
            said(
                "The first row must name the columns; %(listed)s missing.",
                listed=", ".join(missing),
            )
        )
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or len(set(header)) != len(header):
        wrong = ", ".join(unknown) or said("a name stands there twice")
        raise BadRates(
            said(
                "Unknown columns: %(wrong)s. Known are %(listed)s.",
                wrong=wrong,
                listed=", ".join(COLUMNS),
            )
        )


def _number(text: str, mark: str) -> Decimal:
    """A rate; where the comma does not part cells it may stand before the decimals, unless three
    of them could be thousands as well."""
    if mark != "," and _COMMA.fullmatch(text) and not _THOUSANDS.fullmatch(text):
        text = text.replace(",", ".")
    return parse_decimal(text, max_digits=24, scale=SCALE)


def _day(text: str) -> date:
    """2026-03-31 or 31.3.2026."""
    if dotted := _DOTTED.fullmatch(text):
        day, month, year = dotted.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
    return parse_date(text)


def _row(header: list[str], cells: list[str], mark: str) -> DatedRate:
    if len(cells) != len(header):
        raise BadRates(
            said(
                "%(count)s cells where %(count2)s were expected",
                count=len(cells),
                count2=len(header),
            )
        )
    values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    rate = DatedRate(
        _day(values["date"]),
        values["base"],
        values["currency"],
        _number(values["rate"], mark),
        values.get("source", ""),
    )
    if problem := problem_of(rate):
        raise BadRates(problem)
    return rate
