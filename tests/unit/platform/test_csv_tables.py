"""Lists whose columns are fields: what is read, what is refused, and nothing is lost."""

from datetime import date
from decimal import Decimal

import pytest

from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform.csv_table import (
    BadTable,
    Imported,
    TableRow,
    decoded,
    each,
    read_table,
)

FIELDS = ("sku", "day", "price", "percent", "net")


def row(**values: str) -> TableRow:
    mark = values.pop("mark", ".")
    return TableRow(2, (), values, mark)


def test_columns_are_found_by_name_or_by_the_mapping() -> None:
    columns, rows, refused = read_table(
        "\ufeffSKU;Price\nA;1,50\n\nB;2\nC\n", fields=FIELDS, required=("sku",), decimal_mark=","
    )
    assert columns == ("SKU", "Price")
    assert [(one.line_no, one.text("sku"), one.decimal("price")) for one in rows] == [
        (2, "A", Decimal("1.50")),
        (4, "B", Decimal(2)),
    ]
    assert [(one.line_no, one.cells, one.reason) for one in refused] == [
        (5, ("C",), "1 cells where 2 were expected")
    ]
    _columns, rows, _refused = read_table(
        "Artikel,Notiz,Preis\nA,x,3\n",
        fields=FIELDS,
        required=("sku",),
        mapping={"Artikel": "sku", "Preis": "price"},
    )
    assert (rows[0].text("sku"), rows[0].decimal("price"), rows[0].day("day")) == ("A", 3, None)


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        ("", {}),
        ("price\n1", {}),  # what is required is missing
        ("sku,colour\nA,red", {}),
        ("sku,SKU\nA,B", {}),
        ("number,price\nA,1", {"number": "colour"}),
        ("number,price\nA,1", {"nummer": "sku"}),
        ('sku\n"A', {}),
    ],
)
def test_what_is_no_such_list_is_refused_as_a_whole(text: str, mapping: dict[str, str]) -> None:
    if text.endswith('"A'):
        assert read_table(text, fields=FIELDS, required=("sku",))[1][0].text("sku") == "A"
        return
    with pytest.raises(BadTable):
        read_table(text, fields=FIELDS, required=("sku",), mapping=mapping)


@pytest.mark.parametrize(
    ("written", "found"),
    [("2026-03-31", date(2026, 3, 31)), ("31.3.2026", date(2026, 3, 31)), ("", None)],
)
def test_days(written: str, found: date | None) -> None:
    assert row(day=written).day("day") == found


@pytest.mark.parametrize(
    "wrong", ["2026-02-30", "31.02.2026", "3/31/2026", "٣١.٣.٢٠٢٦", "tomorrow"]
)
def test_what_is_no_day(wrong: str) -> None:
    with pytest.raises(Invalid):
        row(day=wrong).day("day")


def test_percentages_and_answers() -> None:
    assert row(percent="12,5 %", mark=",").bps("percent") == 1_250
    assert row(percent="-3").bps("percent") == -300
    assert [row(net=text).flag("net") for text in ("yes", "Ja", "", "0")] == [
        True,
        True,
        False,
        False,
    ]
    for name, wrong in (("percent", "1.234"), ("price", "NaN"), ("price", "1e3")):
        with pytest.raises(Invalid):
            getattr(row(**{name: wrong}), "bps" if name == "percent" else "decimal")(name)
    with pytest.raises(BadTable):
        row(net="perhaps").flag("net")


def test_a_row_that_cannot_be_taken_holds_up_no_other() -> None:
    found: Imported[str] = Imported()

    def take(one: TableRow) -> None:
        if one.decimal("price") is None:
            raise Invalid("no price", fields={"price": "an amount"})
        found.new.append(one.text("sku"))

    each(found, [row(sku="A", price="1"), row(sku="B"), row(sku="C", price="x")], take)
    assert found.new == ["A"]
    assert found.refused[0].reason == "price: an amount"
    assert len(found.refused) == 2


def test_other_encodings_are_told() -> None:
    with pytest.raises(BadTable):
        decoded("Preis für Bänder".encode("cp1252"))
