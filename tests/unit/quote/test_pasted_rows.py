"""Rows as spreadsheets of all kinds write them: read as they are meant, or refused by row and
column with a word about what is expected."""

import pytest

from handsel.bid.quote.rules.sheet.pasted import raw_rows, read_rows

PRODUCTS = {"a-1": [1], "service visit": [2]}


def read(text: str, mark: str) -> tuple[list[str], list[tuple[int, str, str]]]:
    found, bad = read_rows(raw_rows(text), PRODUCTS, mark)
    told = [f"{row.product_id} {row.quantity} {row.discount_bps}" for row in found]
    return told, [(one.number, one.column, one.given) for one in bad]


@pytest.mark.parametrize(
    ("mark", "given", "quantity"),
    [
        (",", "1.234,56", "1234.56"),
        (".", "1,234.56", "1234.56"),
        (",", "1\N{NO-BREAK SPACE}234,56", "1234.56"),
        (".", "1\N{NARROW NO-BREAK SPACE}234.56", "1234.56"),
        (".", "1'234.5", "1234.5"),
        (".", "5\N{NO-BREAK SPACE}", "5"),
        (".", "\N{LEFT-TO-RIGHT MARK}5\N{POP DIRECTIONAL FORMATTING}", "5"),
        (".", "5\x00", "5"),
    ],
)
def test_a_number_is_read_as_it_is_meant_in_the_readers_language(
    mark: str, given: str, quantity: str
) -> None:
    assert read(f"A-1\t{given}", mark) == ([f"1 {quantity} 0"], [])


@pytest.mark.parametrize(
    "given", ["1.234,56", "1,234", "=1+1", "٣", "1e3", "-5", "0", "5 pcs", "🙂"]
)
def test_what_is_no_number_here_is_named_with_row_and_column(given: str) -> None:
    told, bad = read(f"A-1\t1\nA-1\t{given}\nA-1\t2", ".")
    assert (told, bad) == (["1 1 0", "1 2 0"], [(2, "quantity", given)])


def test_of_a_number_with_another_languages_mark_it_is_said_which_mark_is_meant() -> None:
    for mark, given in ((".", "1.234,56"), (".", "1,234"), (",", "1,234.56"), (",", "12.5")):
        _found, bad = read_rows(raw_rows(f"A-1\t{given}"), PRODUCTS, mark)
        assert f"“{mark}” before the decimals" in str(bad[0].expected)
    _found, bad = read_rows(raw_rows("A-1\t=1.5+1"), PRODUCTS, ",")
    assert "above zero" in str(bad[0].expected)


@pytest.mark.parametrize(("given", "bps"), [("5 %", 500), ("5\N{NO-BREAK SPACE}%", 500), ("", 0)])
def test_percent_signs_and_what_stands_before_them(given: str, bps: int) -> None:
    assert read(f"A-1\t1\t{given}", ".") == ([f"1 1 {bps}"], [])
    assert read("A-1\t1\t101 %", ".")[1] == [(1, "discount", "101 %")]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-04-01", "2029-03-31"),
        ("01.04.2026", "31.03.2029"),
        ("1.4.26", "31.3.29"),
        ("2026-04-01 00:00:00", "2029-03-31 00:00"),
        ("2026-04-01", "3/31/2029"),
        ("01.04.2026", "31/03/2029"),
    ],
)
def test_days_in_the_orders_people_write_them(start: str, end: str) -> None:
    found, bad = read_rows(raw_rows(f"A-1\t1\t\t\t{start}\t{end}"), PRODUCTS, ".")
    assert not bad
    assert found[0].asked["term"] == {"start_on": "2026-04-01", "end_on": "2029-03-31"}


@pytest.mark.parametrize("start", ["04/01/2026", "46113", "31.02.2026", "=TODAY()", "٠١.٠٤.٢٠٢٦"])
def test_a_day_that_is_none_or_could_be_two_is_refused(start: str) -> None:
    (bad,) = read(f"A-1\t1\t\t\t{start}\t2029-03-31", ".")[1]
    assert bad[:2] == (1, "start")


def test_a_row_wider_than_there_are_columns_loses_nothing_unseen() -> None:
    wide = "A-1\t1" + "\t" * 6 + "\t".join(["note"] * 10_000)
    assert read(f"A-1\t1\n{wide}", ".") == (["1 1 0"], [(2, "row", "note")])
    assert read("A-1\t1" + "\t" * 10_000, ".") == (["1 1 0"], [])


def test_names_are_found_whatever_white_space_and_marks_are_in_them() -> None:
    text = "Service\N{NO-BREAK SPACE}visit\t1\n\N{RIGHT-TO-LEFT OVERRIDE}A-1\t1\nA-1\u200b\t1"
    assert read(text, ".")[0] == ["2 1 0", "1 1 0", "1 1 0"]
