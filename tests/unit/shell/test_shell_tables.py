"""Tables, the line grid, and the arithmetic of pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.kernel.money import Money
from handsel.site.shell import charts, linegrids, tables, threads
from handsel.site.shell.gallery import board, figures, lists

Draw = Callable[..., str]
COLUMNS = [
    {"key": "name", "label": "Name", "format": "link", "sortable": True},
    {"key": "on", "label": "On", "format": "day"},
    {"key": "sum", "label": "Sum", "format": "money", "sortable": True},
]


def table(**more: Any) -> dict[str, Any]:
    cells = [("<b>Acme</b>", "small"), date(2026, 3, 1), Money(-100, "EUR")]
    return {
        "id": "things",
        "columns": COLUMNS,
        "rows": [{"id": 7, "url": "/thing/7/?a=1&b=2", "cells": cells}],
        **more,
    }


def test_cells_are_escaped_and_the_first_links_to_the_record(shell: None) -> None:
    shown = tables.body(table())
    assert "&lt;b&gt;Acme&lt;/b&gt;" in shown
    assert 'href="/thing/7/?a=1&amp;b=2"' in shown
    assert 'class="right main-amount is-money"' in shown


def test_a_row_with_too_few_cells_is_a_mistake(shell: None) -> None:
    broken = table()
    broken["rows"][0]["cells"].pop()
    with pytest.raises(ValueError, match="zip"):
        tables.body(broken)


def test_rows_can_be_picked_only_where_there_is_something_to_do(shell: None) -> None:
    assert 'name="ids"' not in tables.body(table())
    picked = table(bulk=[{"label": "Assign", "url": "/assign/"}])
    assert 'form="things-bulk" aria-label="Select this row" value="7"' in tables.body(picked)
    picked["rows"][0]["why_not_select"] = "Closed."
    assert 'disabled title="Closed."' in tables.body(picked)


@pytest.mark.parametrize(
    ("sort", "state", "target"),
    [("", "none", "sum"), ("sum", "ascending", "-sum"), ("-sum", "descending", "sum")],
)
def test_sorting_turns_around(shell: None, sort: str, state: str, target: str) -> None:
    shown = tables.head(table(sort=sort), lambda key: f"?sort={key}")
    assert f'aria-sort="{state}"><a class="sort" href="?sort={target}">Sum' in shown


def test_sorting_keeps_search_and_filters_and_leaves_the_page(draw: Draw) -> None:
    page = '{% include "shell/table.html" %}'
    shown = draw(page, "/quote/?q=acme&state=open&after=99", table=table(search="acme"))
    assert "?q=acme&amp;state=open&amp;sort=sum" in shown
    assert "after=99" not in shown


def test_an_empty_table_says_what_to_do_first(draw: Draw) -> None:
    page = '{% include "shell/table.html" %}'
    assert "No quote yet" in draw(page, table=lists.empty_table())
    assert "Nothing here" in draw(page, table={"id": "x", "columns": COLUMNS, "rows": []})


def test_sums_stand_under_their_columns(shell: None) -> None:
    foot = tables.foot(table(totals=["Total", None, Money(250, "EUR")]))
    assert foot.count("<td") == 3
    assert "2.50" in foot
    assert tables.foot(table()) == ""


def test_grid_cells_post_themselves_and_show_what_was_refused(shell: None) -> None:
    shown = linegrids.rows(board.grid())
    assert shown.count("hx-post=") == 3 * 3 + 3  # three cells a line, and its removal
    assert 'aria-invalid="true" aria-describedby="quote-lines-3-discount-error"' in shown
    assert 'hx-include="closest tr"' in shown


def test_a_closed_grid_has_no_field(draw: Draw) -> None:
    shown = draw('{% include "shell/linegrid.html" %}', grid=board.locked_grid())
    assert "<input" not in shown
    assert "Version 2 was accepted" in shown


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8))
def test_parts_of_a_bar_fit_and_none_vanishes(values: list[int]) -> None:
    parts = charts.widths(values)
    assert all((part > 0) == (value > 0) for part, value in zip(parts, values, strict=True))
    assert sum(parts) <= 1000 + 6 * len(values)


def test_the_waterfall_hangs_each_change_where_the_last_ended() -> None:
    rows = charts.waterfall_rows(figures.WATERFALL)
    assert [row["type"] for row in rows][-1] == "total"
    assert 'x="0"' in rows[0]["picture"]
    assert "fill-negative" in rows[1]["picture"]


def test_the_gallery_adds_up_too() -> None:
    lines = sum(row["amount"].amount_minor for row in figures.LINES["rows"])
    assert lines == figures.LINES["total"].amount_minor
    by_label = {row["label"]: row["amount"].amount_minor for row in figures.TOTALS["rows"]}
    net = by_label["Sum of lines"] + by_label["Discount on the quote"]
    assert net == by_label["Net"]
    assert by_label["Net"] + by_label["VAT"] == by_label["Total"]
    running = 0
    for row in figures.WATERFALL["rows"]:
        if row.get("type") in {"subtotal", "total"}:
            assert running == row["amount"].amount_minor
        else:
            running += row["amount"].amount_minor


def test_a_step_without_number_or_state_is_still_to_come() -> None:
    steps = threads.steps({"steps": [{"stage": "lead", "number": "L-1"}, {"stage": "cash"}]})
    assert [step["to_come"] for step in steps] == [False, True]
    with pytest.raises(KeyError):
        threads.steps({"steps": [{"stage": "wishes"}]})
