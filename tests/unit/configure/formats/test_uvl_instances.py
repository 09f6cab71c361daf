"""UVL features that repeat: their instances, constraints over them, what cannot be read."""

from __future__ import annotations

import pytest

from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.formats.uvl import (
    parse_feature_model,
    parse_uvl,
    write_feature_model,
)
from handsel.bid.configure.rules.language import LanguageFault, print_model, read_model
from handsel.bid.configure.rules.session import Configurator
from handsel.bid.configure.rules.texts import decision_of

CART = """features
    Cart
        mandatory
            Wheel cardinality [2..4] {price 5}
                optional
                    Brake {price 3}
                    Light
        optional
            Bell {price 1}
constraints
    {line}
"""


def cart(line: str) -> Configurator:
    model = parse_uvl(CART.replace("{line}", line), "cart.uvl")
    return Configurator.of(encode(model), model)


def products(line: str) -> int:
    return count_variants(cart(line), ()).count


def test_instances_are_the_first_so_many_and_named_by_their_numbers() -> None:
    model = cart("Bell | !Bell").model
    assert [one.key for one in model.variables] == [
        "Cart", "Wheel", "Wheel.count",
        "Wheel[1].Brake", "Wheel[1].Light", "Wheel[2].Brake", "Wheel[2].Light",
        "Wheel[3].Brake", "Wheel[3].Light", "Wheel[4].Brake", "Wheel[4].Light", "Bell",
    ]  # fmt: skip
    assert model.variable("Wheel.count").values == (2, 3, 4)
    assert {(one.key, one.parent) for one in model.groups} == {
        ("Cart", ""), ("Wheel", "Cart"), *((f"Wheel[{n}]", "Wheel") for n in range(1, 5)),
    }  # fmt: skip


def test_a_product_is_a_number_of_instances_and_what_each_of_them_is() -> None:
    # Four contents a wheel; an order of wheels is part of the product, a gap between them is not.
    assert products("true") == 2 * (4**2 + 4**3 + 4**4)


@pytest.mark.parametrize(
    ("line", "per_wheel"),
    [("Brake => Light", 3), ("!(Brake & Light)", 3), ("Wheel.price + Brake.price < 8", 2)],
)
def test_what_speaks_of_one_repeating_feature_holds_for_each_instance(
    line: str, per_wheel: int
) -> None:
    assert products(line) == 2 * sum(per_wheel**n for n in (2, 3, 4))


def test_what_speaks_of_more_holds_for_each_instance_and_for_all_together() -> None:
    every = sum(4**n for n in (2, 3, 4))
    # With a bell each wheel has a brake, and one of the wheels has.
    assert products("Bell => Brake") == every + sum(2**n for n in (2, 3, 4))
    # A brake anywhere asks for the bell.
    assert products("Brake => Bell") == every + sum(2**n for n in (2, 3, 4))


def test_without_instances_what_is_inside_is_not_there() -> None:
    text = "features\n R\n  optional\n   A cardinality [0..2]\n    optional\n     B\n   C\n"
    found = encode(model := parse_uvl(f"{text}constraints\n C => B\n"))
    given = decision_of({one.key: one for one in model.variables}, "C", "=", "true")
    answer = Configurator.of(found, model).answer([given])
    # C asks of every A that it has B, and that there is one.
    assert answer.of("A").possible == (True,)
    assert answer.of("A.count").possible == (1, 2)
    assert answer.of("A[1].B").possible == (True,)
    assert answer.of("A[2].B").possible == (False, True)


def test_aggregates_gather_all_instances() -> None:
    # Five a wheel, three a brake, one the bell: two wheels with one brake at most and the bell,
    # or with two brakes and none.
    assert products("sum(price) <= 14") == 4 * (1 + 2) + 4 * (1 + 2)
    assert products("sum(Wheel, price) <= 13") == 2 * 4 * 3
    assert products("sum(Brake, price) == 6 & !Bell") == 4 * 1 + 8 * 3 + 16 * 6
    # Of the wheels and brakes that are there, not of those that might be.
    assert products("avg(Wheel, price) == 5") == 2 * sum(2**n for n in (2, 3, 4))


def test_values_are_those_of_each_instance() -> None:
    text = """features
    Rack
        optional
            Integer Shelf cardinality [1..3] {min 1, max 3}
                mandatory
                    String Colour {values ['red', 'blue']}
constraints
    Shelf >= 2
    Colour == 'red' => Shelf == 3
"""
    model = parse_uvl(text)
    # No shelf at all, or each with 2 blue, 3 blue or 3 red.
    assert count_variants(Configurator.of(encode(model), model), ()).count == 1 + 3 + 9 + 27
    assert model.variable("Shelf[2].value").group == "Shelf[2]"
    assert model.variable("Shelf[2].Colour.value").group == "Shelf[2]"


def test_instances_may_hold_what_repeats() -> None:
    text = """features
    Box cardinality [1..2]
        optional
            Part cardinality [1..2]
                optional
                    Nut
constraints
    Nut
"""
    model = parse_uvl(text)
    assert model.variable("Box[2].Part[1].Nut").group == "Box[2].Part[1]"
    # A box holds no part, one or two, each with its nut.
    assert count_variants(Configurator.of(encode(model), model), ()).count == 3 + 9


def test_one_that_is_read_in_one_instance_of_another_says_nothing_without_it() -> None:
    text = """features
    Top
        optional
            Box cardinality [0..1]
                optional
                    Pin cardinality [2]
                        optional
                            Nut
                    Lid
constraints
    Lid | Nut
"""
    model = parse_uvl(text)
    # Without a box nothing is asked; in one, a lid, or two pins with a nut each.
    lids = 1 + 4
    assert count_variants(Configurator.of(encode(model), model), ()).count == 2 + lids + 1


def test_an_explanation_names_instance_and_feature() -> None:
    found = cart("Brake => Light")
    wish = decision_of(found.variables, "Wheel[3].Light", "=", "false")
    given = [decision_of(found.variables, "Wheel[3].Brake", "=", "true")]
    reason = found.explain(given, wish)
    assert reason is not None
    sentences = {law.key: law.sentences.get("en", "") for law in found.model.laws}
    assert "Wheel[3]: Brake => Light" in {sentences[key] for key in reason.laws}


def test_a_cardinality_of_one_is_an_ordinary_feature() -> None:
    for written in ("[1]", "[1..1]"):
        model = parse_uvl(
            f"features\n A\n  optional\n   B cardinality {written}\n    optional\n     C"
        )
        assert [one.key for one in model.variables] == ["A", "B", "C"]


def test_cardinalities_are_written_and_read_again() -> None:
    text = CART.replace("{line}", "Brake => Light")
    tree = parse_feature_model(text)
    again = write_feature_model(tree)
    assert "Wheel cardinality [2..4] {price 5}" in again
    assert parse_feature_model(again) == tree


def test_as_text_of_the_language_it_answers_the_same() -> None:
    model = cart("Bell => Brake").model
    again = read_model(print_model(model))
    assert {one.key for one in again.variables} == {one.key for one in model.variables}
    assert count_variants(Configurator.of(encode(again), again), ()).count == products(
        "Bell => Brake"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A cardinality [1..*]", "m:4:22: “A” may be there any number of times. Expected an up"),
        ("A cardinality [3..2]", "m:4:18: [3..2] holds no number."),
        ("A cardinality [0..0]", "m:4:18: “A” may never be there. Expected 1 or more."),
        ("A cardinality 3", "m:4:18: “3” cannot stand here. Expected “[”."),
        ("A cardinality [1.5..2]", "m:4:19: “1.5” cannot stand here. Expected a whole number."),
        ("A cardinality [1..2", "“[” is never closed."),
        ("A cardinality [1..]", "m:4:22: “]” cannot stand here. Expected a whole number."),
        ("A {p 1} cardinality [1..2]", "m:4:12: “cardinality” cannot stand here."),
        ("A cardinality [1..30000]", "m:4:1: With “A” there are 60,002 features."),
        ("A cardinality [1..9]\n    R", "m:5:5: “R” is no group."),
        ("Integer A cardinality [1..9]", "“A” has no bounds."),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_said(line: str, said: str) -> None:
    with pytest.raises(LanguageFault) as found:
        parse_uvl(f"features\n R\n  optional\n   {line}\n    optional\n     B", "m")
    assert said in str(found.value), str(found.value)


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        ("Bell => Break", "cart.uvl:11:13: There is no feature “Break”. Did you mean “Brake”?"),
        ("Brake.cost > 1", "cart.uvl:11:5: “Wheel[1].Brake” has no attribute “cost”."),
        ("sum(Wheel, cost) > 1", "cart.uvl:11:5: No feature has an attribute “cost”."),
        ("sum(Wheel, Brake, price) > 1", "“sum” is called wrongly."),
        ("Wheel > 1", "“Wheel[1]” is no number."),
    ],
)
def test_a_wrong_constraint_is_told_once(constraint: str, said: str) -> None:
    with pytest.raises(LanguageFault) as found:
        cart(constraint)
    assert said in str(found.value), str(found.value)
    assert len(found.value.problems) == 1


def test_constraints_over_too_many_instances_are_refused() -> None:
    parts = "".join(f"   P{n} cardinality [1..40]\n    optional\n     Q{n}\n" for n in range(3))
    text = f"features\n R\n  optional\n{parts}constraints\n Q0 | Q1 | Q2\n"
    with pytest.raises(LanguageFault, match="14:1: Constraints over instances are too many"):
        parse_uvl(text, "m")
