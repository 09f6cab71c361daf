"""Tables between a model and a spreadsheet: pasted rows checked, a table's rows to copy out."""

from __future__ import annotations

from dataclasses import dataclass

from handsel.bid.configure.rules.language.building import Building
from handsel.bid.configure.rules.language.domains import shown_value
from handsel.bid.configure.rules.language.printer import item_text
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem
from handsel.bid.configure.rules.language.source import ModelSource, SourceTexts, TableSource
from handsel.bid.configure.rules.language.table_laws import lowered_table
from handsel.bid.configure.rules.language.table_text import rows_of_paste
from handsel.bid.configure.rules.model import ProductModel, TableLaw


@dataclass(frozen=True, slots=True)
class Paste:
    """What became of pasted rows. `table` is there when no problem is an error.

    Errors: an unknown variable or value, a row of too few cells, rows that contradict each other
    in the columns `by`. Warnings: a row twice, values and combinations that no row speaks of.
    """

    table: TableSource | None
    problems: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """The table as lines of the model language; "" when it has errors."""
        return "" if self.table is None else item_text(self.table)


def read_paste(
    text: str,
    model: ModelSource,
    *,
    key: str,
    by: tuple[str, ...] = (),
    texts: SourceTexts = (),
) -> Paste:
    """Check rows pasted from a spreadsheet against a model's variables.

    The first row names variables; cells are apart by tabs or "|"; a cell holds a value, several
    with commas, a range `10..20` or `*` for any. At most 250,000 rows. Places count lines and
    columns of the pasted text.
    """
    problems: list[Problem] = []
    try:
        rows = rows_of_paste(text)
    except LanguageFault as found:
        return Paste(None, found.problems)
    if not rows:
        nothing = Problem(Place("paste", 1, 1), "There are no rows.", "a row of variables' names")
        return Paste(None, (nothing,))
    place = Place("paste", rows[0].line, 1)
    table = TableSource(key, rows[0], tuple(rows[1:]), by, texts, place=place)
    building = Building([])
    building.add(model.items, building.built.root)
    lowered_table(table, building.built.root, problems)
    ordered = tuple(sorted(problems, key=lambda one: one.place))
    is_wrong = any(one.severity == "error" for one in ordered)
    return Paste(None if is_wrong else table, ordered)


def write_rows(table: TableLaw, model: ProductModel) -> str:
    """A table's rows with tabs between the cells, the variables' names first."""
    scales = [model.variable(key).scale for key in table.scope]
    lines = ["\t".join(table.scope)]
    for row in table.rows:
        cells = zip(row, scales, strict=True)
        lines.append("\t".join(shown_value(value, scale) for value, scale in cells))
    return "\n".join(lines) + "\n"
