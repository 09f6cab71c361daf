"""Rows pasted from a spreadsheet: checked, named, and ready to stand in the model."""

from handsel.bid.configure.rules.formats.spreadsheet import read_paste, write_rows
from handsel.bid.configure.rules.language import lower, parse_model, read_model
from handsel.bid.configure.rules.model import TableLaw

TEXT = """model m
enum motor
  - small
  - large
decimal power 0.5..2.0 step 0.5 kW
"""


def told(text: str, by: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    paste = read_paste(text, parse_model(TEXT), key="T", by=by)
    return [(one.severity, str(one)) for one in paste.problems]


def test_good_rows_become_lines_of_the_model() -> None:
    paste = read_paste(
        "motor\tpower\nsmall\t0.5..1.0\nlarge\t2.0, 1.5\n", parse_model(TEXT), key="T"
    )
    assert paste.problems == ()
    table = read_model(TEXT + paste.text).laws[0]
    assert isinstance(table, TableLaw)
    assert table.rows == (("small", 5), ("small", 10), ("large", 20), ("large", 15))


def test_unknown_values_and_variables_are_named_with_their_cell() -> None:
    assert told("motor\tpower\nsmal\t0.5\nsmall\t0.7\n")[:2] == [
        ("error", ("paste:2:1: “motor” cannot be “smal”. Did you mean “small”? "
                  "Expected one of small, large, a list, a range or *.")),
        ("error", ("paste:3:7: “power” cannot be “0.7”. "
                  "Expected one of 0.5, 1.0, 1.5, 2.0, a list, a range or *.")),
    ]  # fmt: skip
    assert told("motor\tpowr\nsmall\t1\n")[0][1].startswith("paste:1:7: “powr” is not known here.")
    assert told("")[0] == (
        "error",
        "paste:1:1: There are no rows. Expected a row of variables' names.",
    )


def test_contradictions_are_errors_and_gaps_are_warnings() -> None:
    found = told("motor | power\nsmall | 0.5\nsmall | 1.0\n", by=("motor",))
    assert found == [
        ("warning", "paste:1:1: “motor” is in no row as large."),
        ("warning", "paste:1:1: “power” is in no row as 1.5, 2.0."),
        ("error", ("paste:3:1: This row contradicts line 2: motor small is there already. "
                  "Expected one row for these values.")),
    ]  # fmt: skip


def test_a_table_goes_back_to_the_spreadsheet() -> None:
    source = parse_model(TEXT + "table T\n  rows\n    motor | power\n    small | 0.5..1.0\n")
    model = lower(source)
    table = model.laws[0]
    assert isinstance(table, TableLaw)
    text = write_rows(table, model)
    assert text == "motor\tpower\nsmall\t0.5\nsmall\t1.0\n"
    assert read_paste(text, source, key="T").table is not None
