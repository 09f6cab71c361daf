"""Lines of a quote against laws between them: against a plain reading of the laws, in any order;
reasons none too long, repairs that work."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import evaluate
from handsel.bid.configure.rules.fit.changes import Chosen
from handsel.bid.configure.rules.fit.check import check
from handsel.bid.configure.rules.fit.lines import FitLine, LawsInUse
from handsel.bid.configure.rules.fit.mend import mends
from handsel.bid.configure.rules.fit.reason import law_alone, reason_of
from handsel.bid.configure.rules.language import parse_law_set, read_law_set, read_model
from handsel.bid.configure.rules.language.law_sets import LawSet, roles_of
from handsel.bid.configure.rules.session import Configurator
from tests.support.fitting import BELT, CARE, LAWS

CASES = settings(max_examples=60, deadline=None)
SOURCES = {"belt": BELT, "care": CARE}
SPEEDS, TRUTHS = (10, 20, 30, 45), (False, True)


@lru_cache(maxsize=4)
def made(key: str) -> Configurator:
    model = read_model(SOURCES[key])
    return Configurator.of(encode(model), model)


@lru_cache(maxsize=1)
def laws() -> LawsInUse:
    source = parse_law_set(LAWS)
    models = {role.key: made(role.model).model for role in roles_of(source) if role.model}
    read = read_law_set(source, models)

    def same(_versions: Mapping[str, object]) -> LawSet:
        return read

    return LawsInUse("belt-lines", roles_of(source), same)


@st.composite
def quotes(draw: st.DrawFn) -> tuple[list[FitLine], dict[object, Chosen]]:
    """Up to six lines, some configured; each with the choices it came from."""
    lines: list[FitLine] = []
    chosen: dict[object, Chosen] = {}
    for place in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(["belt", "belt", "care", "bracket", "other"]))
        group = draw(st.sampled_from(["", "", "hall"]))
        line = FitLine(f"line {place}", place, kind.upper(), Decimal(1), group)
        if kind in SOURCES:
            decisions = tuple(draw(choices(kind)))
            values = complete(made(kind), decisions).values
            line = replace(line, model=kind, version=kind, values=values)
            chosen[line.key] = Chosen(made(kind), decisions)
        else:
            quantity = Decimal(draw(st.integers(1, 30))) / 2
            line = replace(line, quantity=quantity)
        lines.append(line)
    return lines, chosen


@st.composite
def choices(draw: st.DrawFn, kind: str) -> list[Decision]:
    if kind == "care":
        options = (("level", ("basic", "full")), ("covers", ("fixed", "vfd")))
    else:
        options = (("speed", SPEEDS), ("wall", TRUTHS))  # type: ignore[assignment]
    kept = [Decision(key, draw(st.sampled_from(values))) for key, values in options]
    return draw(st.permutations(kept))[: draw(st.integers(0, len(kept)))]


def plainly(lines: Sequence[FitLine]) -> set[tuple[str, tuple[object, ...]]]:
    """What the four laws say, read by hand."""
    found: set[tuple[str, tuple[object, ...]]] = set()
    belts = sorted((one for one in lines if one.model == "belt"), key=lambda one: one.place)
    for _, row in itertools.groupby(sorted(belts, key=lambda one: one.group), lambda o: o.group):
        for before, after in itertools.pairwise(row):
            if int(after.values["speed"]) < int(before.values["speed"]):
                found.add(("L1", (before.key, after.key)))
    cares = [one for one in lines if one.model == "care"]
    brackets = sum((one.quantity for one in lines if one.product == "BRACKET"), Decimal(0)) // 1
    for care, belt in itertools.product(cares, belts):
        if care.values["covers"] != belt.values["drive"]:
            found.add(("L2", (care.key, belt.key)))
    found |= {("L3", (one.key,)) for one in belts if one.values["wall"] and brackets < 2}
    found |= {("A1", (one.key,)) for one in cares if one.values["level"] == "full" and not brackets}
    return found


def told(lines: Sequence[FitLine]) -> set[tuple[str, tuple[object, ...]]]:
    return {
        (law, tuple(key for _, key in bound))
        for misfit in check([laws()], lines).misfits
        for _, law, bound in misfit.bindings
    }


@CASES
@given(quotes(), st.randoms())
def test_what_is_told_is_what_the_laws_say_in_whatever_order(quote, random) -> None:  # type: ignore[no-untyped-def]
    lines, _ = quote
    assert told(lines) == plainly(lines)
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert told(shuffled) == told(lines)
    assert check([], lines).misfits == ()
    plain = [one for one in lines if not one.model and one.product != "BRACKET"]
    assert check([laws()], plain).misfits == ()


@CASES
@given(quotes())
def test_a_reason_breaks_the_law_and_none_of_it_is_too_much(quote) -> None:  # type: ignore[no-untyped-def]
    lines, _ = quote
    for misfit in check([laws()], lines).misfits:
        reason = reason_of(misfit)
        assert reason.is_proved
        alone = law_alone(misfit.laws, misfit.law.key)
        assert alone is not None
        assert set(reason.decisions) <= {Decision(k, v) for k, v in misfit.values.items()}
        assert not alone.is_possible(reason.decisions)
        for left_out in reason.decisions:
            rest = [one for one in reason.decisions if one != left_out]
            assert alone.is_possible(rest)


@CASES
@given(quotes())
def test_every_repair_ends_the_misfit_and_makes_no_other(quote) -> None:  # type: ignore[no-untyped-def]
    lines, chosen = quote
    for misfit in check([laws()], lines).misfits:
        for mend in mends(misfit, [laws()], lines, chosen.get):
            after = list(lines)
            for part in (mend, *mend.further):
                after = [one for one in after if one.key != part.line]
                if part.after is not None:
                    after.append(part.after)
            broken = plainly(after)
            assert broken < plainly(lines)
            assert not broken & {(law, tuple(k for _, k in b)) for _, law, b in misfit.bindings}
            if mend.kind == "choose" and not mend.further:
                assert mend.after is not None
                values = mend.after.values
                made_of = made(mend.after.model)
                assert made_of.is_possible(Decision(k, v) for k, v in values.items())
                kept = set(chosen[mend.line].decisions) - set(mend.given_up)
                assert mend.wish is not None
                own = {one for one in kept if one.variable != mend.wish.variable}
                assert all(values[one.variable] == one.value for one in own)


def test_the_laws_are_evaluated_as_they_are_written() -> None:
    law = next(one.law for one in laws().read({}).laws if one.key == "L1")
    assert evaluate(law.condition, {"next.speed": 20, "before.speed": 20})
    assert not evaluate(law.condition, {"next.speed": 10, "before.speed": 20})


def test_five_thousand_lines_alike_are_asked_once() -> None:
    values = complete(made("belt"), (Decision("wall", value=True),)).values
    lines = [FitLine(n, n, "BELT", Decimal(1), str(n), "belt", "belt", values) for n in range(5000)]
    found = check([laws()], lines)
    assert not found.is_cut
    (one,) = found.misfits
    assert one.law.key == "L3"
    assert len(one.lines["belt"]) == 5000
