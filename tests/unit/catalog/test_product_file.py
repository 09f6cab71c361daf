"""Product files: read strictly, every row kept or refused with a reason."""

import pytest

from handsel.bid.catalog.errors import BadProductFile
from handsel.bid.catalog.rules.product_file import read_products, refused_csv

HEAD = "sku,name,kind,unit,is_stocked,weight_g\n"


def test_rows_are_kept_or_refused_with_a_reason() -> None:
    text = (
        HEAD
        + "A-1,Belt,good,m,yes,12000\n"
        + "A-2,Visit,service,h,,\n"
        + ",Nameless,good,piece,,\n"
        + "A-3,Visit,service,h,yes,\n"
        + "A-1,Again,good,m,,\n"
        + "A-4,Heavy,good,piece,,1e3\n"
        + "A-5,Short\n"
        + "A-6,Odd,good,parsec,,\n"
        + "A-7,Perhaps,good,piece,maybe,\n"
        + "\n"
    )
    read = read_products(text.encode())
    assert [(one.sku, one.is_stocked, one.weight_g) for one in read.products] == [
        ("A-1", True, 12_000),
        ("A-2", False, None),
    ]
    reasons = {row.line_no: row.reason for row in read.refused}
    assert "sku" in reasons[4]
    assert "stock" in reasons[5]
    assert "twice" in reasons[6]
    assert "not a whole number" in reasons[7]
    assert "2 cells where 6" in reasons[8]
    assert "unit" in reasons[9]
    assert "yes or no" in reasons[10]
    assert refused_csv(read).decode().splitlines()[0].endswith(",reason")


def test_semicolons_and_the_mark_of_excel_are_understood() -> None:
    read = read_products("\ufeffsku;name\nA-1;Förderband\n".encode())
    assert read.products[0].name == "Förderband"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "missing"),
        (b"name\nBelt\n", "sku missing"),
        (b"sku,name,price\n", "Unknown columns: price"),
        (b"sku,name,name\n", "twice"),
        ("sku,name\nA,Förderband\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_whole(content: bytes, word: str) -> None:
    with pytest.raises(BadProductFile, match=word):
        read_products(content)


def test_a_refused_cell_is_no_formula_in_a_spreadsheet() -> None:
    read = read_products(b"sku,name\n=cmd(),Belt\n")
    assert b"'=cmd()" in refused_csv(read)
