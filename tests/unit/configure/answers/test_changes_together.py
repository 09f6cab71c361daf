"""Repairs of several lines at once, where no single change mends."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.fit.changes import Chosen, Mend
from handsel.bid.configure.rules.fit.check import check
from handsel.bid.configure.rules.fit.lines import FitLine, LawsInUse
from handsel.bid.configure.rules.fit.mend import mends
from handsel.bid.configure.rules.language import parse_law_set, read_law_set, read_model
from handsel.bid.configure.rules.language.law_sets import LawSet, roles_of
from handsel.bid.configure.rules.session import Configurator

PUMP = """model pump
enum kind
  - head
  - tail
integer n 1..9
"""
HEAD = """model head
integer n 8..9
"""
ROW = """model row
line head of "head"
line first of "pump" after head
line before of "pump"
line next of "pump" after before
law L1: first.n >= head.n
law L2: next.n >= before.n
"""
MODELS = {"pump": PUMP, "tank": PUMP, "head": HEAD}
PRODUCT = """model square
line one of "pump"
line two of "tank"
law S1: one.n * two.n == 49
"""
BOLTS = """model bolts
line one of "pump"
total bolts of "BOLT" 0..9
law B1: one.n + bolts.quantity == 17
"""


def made(key: str) -> Configurator:
    model = read_model(MODELS[key])
    return Configurator.of(encode(model), model)


def line_of(key: str, place: int, n: int) -> tuple[FitLine, Chosen]:
    configurator = made(key)
    decisions = (Decision("n", n),)
    values = complete(configurator, decisions).values
    line = FitLine(f"line {place}", place, key.upper(), Decimal(1), "", key, None, values)
    return line, Chosen(configurator, decisions)


def found(laws: str, *lines: tuple[FitLine, Chosen]) -> list[Mend]:
    source = parse_law_set(laws)
    models = {role.key: made(role.model).model for role in roles_of(source) if role.model}
    read = read_law_set(source, models)

    def same(_versions: Mapping[str, object]) -> LawSet:
        return read

    in_use = [LawsInUse("laws", roles_of(source), same)]
    all_lines = [line for line, _ in lines]
    chosen = {line.key: one for line, one in lines}
    misfit = check(in_use, all_lines).misfits[0]
    repairs = mends(misfit, in_use, all_lines, chosen.get)
    for repair in repairs:
        after = list(all_lines)
        for part in (repair, *repair.further):
            after = [one for one in after if one.key != part.line]
            after += [part.after] if part.after else []
        assert not check(in_use, after).misfits
    return repairs


def told(mend: Mend) -> set[str]:
    return {
        f"{one.line or one.product}: {one.wish or one.quantity}" for one in (mend, *mend.further)
    }


def test_a_faster_line_asks_for_a_faster_one_behind_it() -> None:
    repairs = found(ROW, line_of("head", 1, 8), line_of("pump", 2, 3), line_of("pump", 3, 3))
    assert told(repairs[0]) == {"line 2: n = 8", "line 3: n = 8"}
    assert all(len(one.further) == 1 for one in repairs)


def test_two_lines_meet_where_neither_can_alone() -> None:
    (repair,) = found(PRODUCT, line_of("pump", 1, 2), line_of("tank", 2, 3))
    assert told(repair) == {"line 1: n = 7", "line 2: n = 7"}
    assert repair.size == 2


def test_three_changes_in_a_row_are_found_and_four_are_too_many() -> None:
    head = line_of("head", 1, 8)
    rest = [line_of("pump", place, 3) for place in range(2, 6)]
    three = found(ROW, head, *rest[:3])
    assert told(three[0]) == {f"line {place}: n = 8" for place in (2, 3, 4)}
    assert {one.kind for one in found(ROW, head, *rest)} == {"remove"}


def test_a_line_and_the_pieces_of_an_article_together() -> None:
    repairs = found(BOLTS, line_of("pump", 1, 2))
    assert {"line 1: n = 8", "BOLT: 9"} in [told(one) for one in repairs]
