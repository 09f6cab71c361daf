"""Matrices and tables as grids: what is pasted is read, and what is wrong is named by its cell."""

from __future__ import annotations

import pytest

from handsel.bid.price.rules.grid_form import cell_of, matrix_of, tables_of
from handsel.bid.price.rules.term_form import values_of
from handsel.ground.kernel.errors import Invalid

DOORS = {"attribute_0": "height", "attribute_1": "width"}


def faults_of(kind: str, grid: str, **values: str) -> dict[str, str]:
    """What is refused of a grid, by cell."""
    read = tables_of if kind == "tables" else matrix_of
    with pytest.raises(Invalid) as refused:
        read({**values, "grid": grid})
    return refused.value.fields


def test_a_pasted_block_is_a_matrix_of_rows_and_columns() -> None:
    found = matrix_of({**DOORS, "grid": "\t600\t800\r\n1800\t100\t120\r\n\r\n2000\t\t140\r\n"})
    assert [axis["points"] for axis in found["axes"]] == [["1800", "2000"], ["600", "800"]]
    assert found["cells"] == [["100", "120"], [None, "140"]]


def test_a_cell_on_the_left_that_is_empty_says_what_stands_above() -> None:
    axes = {"attribute_0": "wood", "attribute_1": "height", "attribute_2": "width"}
    found = matrix_of(
        {**axes, "grid": "wood\theight\t3\t4\noak\t1\t10\t11\n\t2\t12\t13\nash\t2\t14"}
    )
    assert [axis["points"] for axis in found["axes"]] == [["oak", "ash"], ["1", "2"], ["3", "4"]]
    assert found["cells"] == [[["10", "11"], ["12", "13"]], [[None, None], ["14", None]]]


def test_what_is_wrong_in_a_matrix_is_named_by_its_cell() -> None:
    assert faults_of("matrices", "\t600\t600\n1800\t1\t2", **DOORS) == {
        "grid:0,2": "Stands here twice."
    }
    grid = "\t600\n1800\t1\n1800\t2\n\t3\n1900\t4\t5"
    assert faults_of("matrices", grid, **DOORS) == {
        "grid:2,0": "Row 2 says this already.",
        "grid:3,0": "Needed.",
        "grid:4,2": "Nothing stands above this column.",
    }
    assert faults_of("matrices", "\n", **DOORS) == {"grid:0,1": "Needed."}
    assert faults_of("matrices", "oak\nash", attribute_0="wood") == {
        "grid": "Give at least one price."
    }


def test_what_is_wrong_in_tables_is_named_by_its_cell() -> None:
    grid = "a\tx\t\t1\n\tx\t\t2\n\ty\tp\t3\n\t\tp\t4\n\t\tq\n\tx\tp\t5"
    assert faults_of("tables", grid) == {
        "grid:1,1": "“x” stands here twice.",
        "grid:3,2": "“p” stands here twice.",
        "grid:4,3": "Needed.",
        "grid:5,2": "“x” has a value of its own already.",
    }
    assert faults_of("tables", "\tx\t\t1") == {"grid:0,0": "Needed."}
    assert faults_of("tables", "") == {"grid": "Give at least one value."}


def test_paths_of_the_written_form_lead_to_their_cells() -> None:
    values = {**DOORS, "grid": "\t600\t800\n1800\t100\t120\n2000\t\t-1"}
    assert cell_of("matrices[0].cells[1][1]", "matrices", values) == "grid:2,2"
    assert cell_of("matrices[0].axes[1].unit", "matrices", values) == "unit_1"
    assert cell_of("matrices[0].axes[0].points", "matrices", values) == "attribute_0"
    tables = {"grid": "a\tx\t\t1\n\ty\tp\t2\n\t\tq\tz1"}
    assert cell_of("tables[0].a.y.q", "tables", tables) == "grid:2,3"


def test_what_no_grid_says_stays_in_the_written_form() -> None:
    deep = {"a": {"x": {"y": {"z": "1"}}}}
    assert values_of("tables", deep) is None
    assert values_of("tables", {"a": {"x": True}}) is None
    assert values_of("matrices", {"cells": ["1"]}) is None
    axis = {"attribute": "wood", "points": ["oak", "oak"]}
    assert values_of("matrices", {"axes": [axis], "cells": ["1", "2"]}) is None
    assert values_of("matrices", {"axes": [axis | {"points": ["oak"]}], "cells": [None]}) is None
