"""Parts that repeat: what is not there is not shown, asked or offered."""

from __future__ import annotations

from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.language import read_model
from handsel.bid.configure.rules.presence import absences, absent_keys, not_there_yet
from handsel.bid.configure.rules.session import Configurator
from handsel.bid.configure.rules.texts import own_title, title_of

LINE = """model line "Line" de "Linie"
enum use
  - food
  - metal
component station 1..3 "Station" de "Stelle"
  integer width 200..400 step 100 mm "Width" de "Breite"
  component lamp 0..2 "Lamp" de "Lampe"
    integer watt 5..20 step 5 W "Watts"
"""


def line() -> Configurator:
    model = read_model(LINE, file="line")
    return Configurator.of(encode(model), model)


def test_only_what_is_certainly_there_is_shown() -> None:
    configurator = line()
    known = absences(configurator.model)
    hidden = not_there_yet(known, configurator.answer(()))
    assert "station[1].width" not in hidden
    nobody_asked = {"station[2].width", "station[3].lamp.count", "station[1].lamp[1].watt"}
    assert nobody_asked <= hidden
    two = configurator.answer((Decision("station.count", 2),))
    assert "station[2].width" not in not_there_yet(known, two)
    assert "station[3].width" in not_there_yet(known, two)


def test_what_a_person_decided_is_always_shown() -> None:
    configurator = line()
    answer = configurator.answer((Decision("station[3].width", 200),))
    hidden = not_there_yet(absences(configurator.model), answer)
    assert "station[3].width" not in hidden
    assert "station[2].width" in hidden


def test_a_whole_product_names_its_absent_parts() -> None:
    configurator = line()
    chosen = (
        Decision("station.count", 2),
        Decision("station[1].lamp.count", 1),
        Decision("station[2].lamp.count", 0),
    )
    values = complete(configurator, chosen).values
    absent = absent_keys(absences(configurator.model), values)
    assert {key for key in absent if key.startswith("station[1]")} == {"station[1].lamp[2].watt"}
    assert "station[2].width" not in absent
    assert {key for key in values if key.startswith("station[3]")} <= absent


def test_a_part_is_named_before_what_belongs_to_it() -> None:
    model = line().model
    watt, width, count = (
        model.variable(key)
        for key in ("station[2].lamp[1].watt", "station[2].width", "station.count")
    )
    assert title_of(watt, "en") == "Station 2 · Lamp 1 · Watts"
    assert title_of(width, "de") == "Stelle 2 · Breite"
    assert own_title(width, "de") == "Breite"
    assert title_of(count, "en") == "Station"
