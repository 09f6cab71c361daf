"""How values, tables and sums are put into clauses, and what is refused."""

import itertools
import random

import pytest
from pysat.solvers import Solver

from handsel.bid.configure.rules.compiled import Option
from handsel.bid.configure.rules.encode import ModelNotFinite, ModelTooLarge, encode
from handsel.bid.configure.rules.expressions import (
    Calculation,
    Compare,
    Expression,
    Fixed,
    Logic,
    Lookup,
    Ref,
)
from handsel.bid.configure.rules.model import Derived, Law, ProductModel, TableLaw, Variable

COLOUR = Variable("colour", "enumeration", ("red", "green", "blue"))
LIGHT = Variable("light", "boolean", (False, True))


def number(key: str, count: int, step: int = 1) -> Variable:
    return Variable(key, "integer", tuple(range(0, count * step, step)))


def product_of(*laws: Law | TableLaw, variables: tuple[Variable, ...]) -> ProductModel:
    return ProductModel("test", variables, laws)


def at_most(left: Expression, limit: int) -> Law:
    return Law("LIMIT", Compare("<=", left, Fixed(limit)))


def refs(*keys: str) -> tuple[Expression, ...]:
    return tuple(Ref(key) for key in keys)


def test_options_follow_variables_and_values() -> None:
    """Of a Boolean only its truth is an option."""
    compiled = encode(product_of(variables=(COLOUR, LIGHT, number("n", 2))))
    assert compiled.options == (
        Option("colour", "red"),
        Option("colour", "green"),
        Option("colour", "blue"),
        Option("light", True),
        Option("n", 0),
        Option("n", 1),
    )


@pytest.mark.parametrize("count", [1, 2, 3, 5, 30, 70])
@pytest.mark.parametrize("kind", ["integer", "enumeration"])
def test_exactly_one_value_holds_and_propagates(count: int, kind: str) -> None:
    values = tuple(range(count)) if kind == "integer" else tuple(f"v{at}" for at in range(count))
    compiled = encode(product_of(variables=(Variable("one", kind, values),)))  # type: ignore[arg-type]
    literals = compiled.option_literals.tolist()
    with Solver("g4", bootstrap_with=compiled.clauses()) as solver:
        for literal in literals:
            _, implied = solver.propagate(assumptions=[literal])
            assert {-other for other in literals if other != literal} <= {*implied}
        if count > 1:
            _, implied = solver.propagate(assumptions=[-one for one in literals[1:]])
            assert literals[0] in implied
        assert not solver.solve(assumptions=[-one for one in literals])


def test_propagation_alone_finds_all_a_table_excludes() -> None:
    """Domain consistency: every value without a supporting row is found without search."""
    keys = ("a", "b", "c", "d")
    rows = tuple(
        row for row in itertools.product(range(4), repeat=4) if (row[0] * row[1] + row[2]) % 5 == 2
    )
    model = product_of(TableLaw("T", keys, rows), variables=tuple(number(key, 4) for key in keys))
    compiled = encode(model)
    with Solver("g4", bootstrap_with=compiled.clauses()) as solver:
        for excluded in itertools.combinations(range(1, 17), 3):
            barred = {
                (compiled.options[n - 1].variable, compiled.options[n - 1].value) for n in excluded
            }
            left = [row for row in rows if not barred & {*zip(keys, row, strict=True)}]
            fits, implied = solver.propagate(
                assumptions=[-compiled.literal(option) for option in excluded]
            )
            assert fits == bool(left)
            supported = {*itertools.chain(*(zip(keys, row, strict=True) for row in left))}
            for at, option in enumerate(compiled.options):
                if fits and (option.variable, option.value) not in supported:
                    assert -compiled.option_literals[at] in implied


def test_a_large_table_of_few_patterns_stays_small() -> None:
    keys = ("a", "b", "c")
    rows = tuple(row for row in itertools.product(range(40), repeat=3) if sum(row) % 2 == 0)
    assert len(rows) == 32_000
    model = product_of(TableLaw("T", keys, rows), variables=tuple(number(key, 40) for key in keys))
    structure = encode(product_of(variables=model.variables))
    assert len(encode(model).laws_of) - len(structure.laws_of) < 500


def test_an_empty_table_contradicts() -> None:
    model = product_of(TableLaw("T", ("colour",), ()), variables=(COLOUR,))
    with Solver("g4", bootstrap_with=encode(model).clauses()) as solver:
        assert not solver.solve()


def test_only_thresholds_that_a_law_asks_for_are_defined() -> None:
    """A product of 100 by 100 numbers under one limit is one staircase, not ten thousand cells."""
    variables = (number("a", 100), number("b", 100))
    small = encode(product_of(at_most(Calculation("*", refs("a", "b")), 500), variables=variables))
    plain = encode(product_of(variables=variables))
    assert len(small.laws_of) - len(plain.laws_of) < 60


def test_a_long_sum_is_built_from_small_ones() -> None:
    switches = tuple(Variable(f"s{at}", "boolean", (False, True)) for at in range(60))
    total = Calculation("+", refs(*(one.key for one in switches)))
    compiled = encode(product_of(at_most(total, 7), variables=switches))
    assert len(compiled.laws_of) < 4_000
    with Solver("g4", bootstrap_with=compiled.clauses()) as solver:
        chosen = compiled.option_literals.tolist()[:7]
        _, implied = solver.propagate(assumptions=chosen)
        assert {-one for one in compiled.option_literals[7:]} <= {*implied}


def test_a_long_weighted_sum_says_what_it_adds_up_to() -> None:
    """Twenty-four choices with a weight each against one limit, either way."""
    luck = random.Random(3)
    words = ("a", "b", "c", "d")
    choices = tuple(Variable(f"c{at}", "enumeration", words) for at in range(24))
    weights = {(v.key, word): luck.randint(0, 40) for v in choices for word in words}
    terms = tuple(Lookup(v.key, tuple((w, weights[v.key, w]) for w in words)) for v in choices)
    compiled = encode(product_of(at_most(Calculation("+", terms), 480), variables=choices))
    assert len(compiled.laws_of) < 60_000
    with Solver("g4", bootstrap_with=compiled.clauses()) as solver:
        for _ in range(100):
            picked = [(v.key, luck.choice(words)) for v in choices]
            literals = [compiled.literal(compiled.number_of[Option(*one)]) for one in picked]
            expected = sum(weights[one] for one in picked) <= 480
            assert solver.solve(assumptions=literals) == expected


def test_what_is_derived_is_encoded_once() -> None:
    """Two laws over one quantity share its thresholds."""
    variables = (number("a", 30), number("b", 30))
    area = (Derived("area", Calculation("*", refs("a", "b"))),)
    laws = (
        at_most(Ref("area"), 200),
        Law("TOO", Logic("or", (Compare("<=", Ref("area"), Fixed(200)), Ref("light")))),
    )
    one = encode(ProductModel("test", (*variables, LIGHT), laws[:1], area))
    two = encode(ProductModel("test", (*variables, LIGHT), laws, area))
    assert len(two.laws_of) == len(one.laws_of) + 1


def test_a_refusal_names_the_law() -> None:
    far = Variable("far", "integer", tuple(range(0, 4_000_000, 1000)))
    other = Variable("other", "integer", tuple(range(0, 4_000_000, 1000)))
    third = number("third", 60)
    terms = Calculation("*", refs("far", "other", "third"))
    law = Law("WIDE", Compare("==", Calculation("//", (terms, Ref("third"))), Ref("far")))
    with pytest.raises(ModelNotFinite, match=r"law WIDE.*zero"):
        encode(product_of(law, variables=(far, other, third)))
    sums = Calculation("*", (Calculation("+", refs("far", "third")), Ref("other")))
    wide = Law("WIDE", Compare("<=", Calculation("*", (sums, Ref("far"))), Fixed(10**9)))
    with pytest.raises(ModelTooLarge, match="law WIDE"):
        encode(product_of(wide, variables=(far, other, third)))


def test_unknown_names_circles_and_endless_ranges_are_refused() -> None:
    with pytest.raises(ModelNotFinite, match=r"law LIMIT.*nothing_there"):
        encode(product_of(at_most(Ref("nothing_there"), 3), variables=(COLOUR,)))
    circle = (Derived("one", Ref("two")), Derived("two", Ref("one")))
    model = ProductModel("test", (COLOUR,), (at_most(Ref("one"), 3),), circle)
    with pytest.raises(ModelNotFinite, match="derived from itself"):
        encode(model)
    with pytest.raises(ModelTooLarge, match="n has 200,000 values"):
        encode(product_of(variables=(number("n", 200_000),)))
    with pytest.raises(ModelNotFinite, match="no value"):
        encode(product_of(variables=(Variable("empty", "enumeration", ()),)))
