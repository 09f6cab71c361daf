"""Numbers in the units a reader is used to."""

from __future__ import annotations

from handsel.bid.configure.rules.display import shown, shown_amount
from handsel.bid.configure.rules.expressions import Fixed
from handsel.bid.configure.rules.model import Derived, Variable
from handsel.bid.configure.rules.texts import value_text, value_title

LENGTH = Variable("length", "integer", (1000, 2500), unit="mm")
MASS = Variable("mass", "decimal", (5, 125), unit="kg", scale=1)


def test_millimetres_are_read_in_inches_and_stay_millimetres() -> None:
    read = shown(LENGTH, "us")
    assert (read.unit, [value_title(read, value, "en") for value in read.values]) == (
        "in",
        ["39.37", "98.43"],
    )
    assert value_title(read, 2500, "de") == "98,43"
    assert [value_text(LENGTH, value) for value in read.values] == ["1000", "2500"]


def test_scaled_kilograms_are_read_in_pounds() -> None:
    assert [value_title(shown(MASS, "us"), value, "en") for value in MASS.values] == ["1.1", "27.6"]


def test_the_units_of_the_model_change_nothing() -> None:
    assert shown(LENGTH, "model") is LENGTH
    assert shown(Variable("n", "integer", (1, 2), unit="1/min"), "us").unit == "1/min"


def test_derived_quantities_follow() -> None:
    rise = Derived("rise", Fixed(0), unit="mm")
    assert shown_amount(rise, 2052, "us", "en") == "80.79 in"
    assert shown_amount(rise, 2052, "model", "en") == "2,052 mm"
    assert shown_amount(Derived("n", Fixed(0), unit="N", scale=1), 2145, "us", "en") == "214.5 N"
