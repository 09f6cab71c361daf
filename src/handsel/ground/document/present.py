"""From a snapshot to what the typesetter is given: strings in the document's locale."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import get_timezone_name

from handsel.ground.document import formatting
from handsel.ground.document.content import PaymentRequest
from handsel.ground.document.letter import BankAccount, Letter
from handsel.ground.document.payment_code import payment_code, payment_code_svg
from handsel.ground.document.plain_text import ZERO_WIDTH_SPACE, clean
from handsel.ground.document.postal import Address, address_lines
from handsel.ground.kernel.clock import zone
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.period import DatePeriod
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate

_LONGEST_WORD = 32
_LONGEST_ADDRESS = 26
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_IN_NARROW_COLUMNS = {"name", "description", "notes", "item_code", "text", "remarks", "value"}


def breakable(text: str) -> str:
    """Give over-long words places to break without a hyphen, so that no column overflows."""
    return _LONG_WORD.sub(lambda word: _with_breaks(word[0]), text)


def _with_breaks(word: str) -> str:
    # A long German word still hyphenates inside its pieces; a serial number breaks anywhere.
    step = _LONGEST_WORD if word.isalpha() else 1
    return ZERO_WIDTH_SPACE.join(word[at : at + step] for at in range(0, len(word), step))


def _break_at_sign(address: str) -> str:
    return (
        address.replace("@", ZERO_WIDTH_SPACE + "@") if len(address) > _LONGEST_ADDRESS else address
    )


def _words(name: str, value: str) -> str:
    if name == "svg":  # drawn as a picture, never shown as text
        return value
    text = clean(value)
    if name in _IN_NARROW_COLUMNS:
        return breakable(text)
    return _break_at_sign(text) if name == "email" else text


@dataclass(frozen=True, slots=True)
class _Reader:
    """For whom values are turned into text."""

    locale: str
    time_zone: str
    home_country: str

    def text_of(self, name: str, value: Any) -> Any:
        if name.endswith("_bps") and isinstance(value, int):
            return formatting.percent(value, self.locale)
        match value:
            case None | bool() | int():
                return value
            case str():
                return _words(name, value)
            case Money():
                return formatting.money(value, self.locale)
            case Rate():
                return formatting.rate(value, self.locale)
            case Quantity():
                return formatting.quantity(value, self.locale)
            case datetime():
                return formatting.instant(value, self.locale, self.time_zone)
            case date():
                return formatting.day(value, self.locale)
            case _:
                return self._compound(name, value)

    def _compound(self, name: str, value: Any) -> Any:
        match value:
            case DatePeriod():
                first = formatting.day(value.start_on, self.locale)
                return f"{first} – {formatting.day(value.last_on, self.locale)}"
            case Address():
                lines = address_lines(value, locale=self.locale, home_country=self.home_country)
                return [breakable(clean(line)) for line in lines]
            case tuple():
                return [self.text_of(name, item) for item in value]
            case _ if dataclasses.is_dataclass(value):
                return self.fields_of(value)
            case _:
                raise TypeError(f"a document cannot show {type(value).__name__} in {name}")

    def fields_of(self, value: Any) -> dict[str, Any]:
        names = [field.name for field in dataclasses.fields(value)]
        names.extend(getattr(value, "SHOWN", ()))
        shown = {name: self.text_of(name, getattr(value, name)) for name in names}
        if isinstance(value, BankAccount):
            shown["iban"] = formatting.iban(value.iban)
        if isinstance(value, PaymentRequest):
            shown["qr_svg"] = _code_of(value)
        return shown


def _code_of(payment: PaymentRequest) -> str | None:
    if payment.bank is None:
        return None
    code = payment_code(
        holder=clean(payment.bank.holder),
        iban=payment.bank.iban,
        bic=payment.bank.bic,
        amount=payment.amount,
        reference=clean(payment.reference),
    )
    return None if code is None else payment_code_svg(code)


@lru_cache(maxsize=64)
def _zone_name(time_zone: str, locale: str) -> str:
    return get_timezone_name(zone(time_zone), locale=formatting.locale_of(locale))


def present(document: Letter) -> Mapping[str, Any]:
    """The document's fields as JSON values: text in its locale, ints, lists, dicts, None.

    Added for the templates: `language`, `region`, `time_zone` as a name people know, and a payment
    request's `qr_svg`.
    """
    locale = formatting.locale_of(document.locale)
    reader = _Reader(document.locale, document.time_zone, document.seller.address.country)
    shown = reader.fields_of(document)
    shown["language"] = formatting.language_of(document.locale)
    shown["region"] = locale.territory
    shown["time_zone"] = _zone_name(document.time_zone, document.locale)
    for verbatim in ("paper", "number"):
        shown[verbatim] = clean(getattr(document, verbatim))
    shown["seller"]["accent"] = document.seller.accent
    shown["seller"]["logo_svg"] = document.seller.logo_svg
    return shown
