"""Expressions: how they bind, what they keep exact, what is refused and where."""

from decimal import Decimal

import pytest

from handsel.bid.configure.rules.language.expression_parser import parse_expression
from handsel.bid.configure.rules.language.printer import expression_text
from handsel.bid.configure.rules.language.problems import LanguageFault
from handsel.bid.configure.rules.language.syntax import (
    Among,
    Call,
    Connection,
    Index,
    Name,
    Number,
    Operation,
    Relating,
    Span,
    depth_of,
    names_in,
)

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b + c", Operation("+", (A, B, C))),
        ("(a + b) + c", Operation("+", (Operation("+", (A, B)), C))),
        ("a + b * c", Operation("+", (A, Operation("*", (B, C))))),
        ("a - -b", Operation("-", (A, Operation("-", (B,))))),
        ("a // 2", Operation("//", (A, Number(Decimal(2))))),
        ("a -> b -> c", Connection("->", (A, Connection("->", (B, C))))),
        ("a or b and c", Connection("or", (A, Connection("and", (B, C))))),
        ("a ≤ 250 mm", Relating("<=", A, Number(Decimal(250), "mm"))),
        ("a < 15 m/min", Relating("<", A, Number(Decimal(15), "m/min"))),
        ("a == 3 %", Relating("==", A, Number(Decimal(3), "%"))),
        ("a in {1..3, 7}", Among(A, (Span(Number(Decimal(1)), Number(Decimal(3))),
                                     Number(Decimal(7))))),
        ("5 in", Number(Decimal(5), "in")),
        ("a == 1x230_50", Relating("==", A, Name("1x230_50"))),
        ("a == `two words`", Relating("==", A, Name("two words"))),
        ("map[a]", Index(Name("map"), A)),
        ("min(a, 2.50)", Call("min", (A, Number(Decimal("2.50"))))),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_meant(text: str, tree: object) -> None:
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "a + b - c * (d - e) // 2",
        "not (a and b) or not c",
        "(a -> b) -> c",
        "a <-> (b xor c)",
        "if a then 1 else if b then 2 else 3",
        "{x: 1, `two words`: 2.5, else: -3}[part.kind] * module[2].width <= 1000 mm",
        "a not in {1, 2..5}",
        '-(a + b) == -2.50 and c == "quoted \\" text"',
        "`and` == true",
    ],
)
def test_printed_and_read_again_it_is_the_same(text: str) -> None:
    tree = parse_expression(text)
    assert parse_expression(expression_text(tree)) == tree


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("a +", 4, "a name, a number or “(”"),
        ("a = b", 3, "“==” to compare"),
        ("(a", 3, "“)”"),
        ("a b", 3, "an operator or the end of the expression"),
        ("if a then b", 12, "“else”"),
        ("a ? b", 3, "a name, a number or an operator"),
        ("a + １", 5, "digits 0 to 9"),
        ('a == "open', 6, 'a closing " on the same line'),
        ("(" * 30 + "a", 25, "at most 24 levels"),
        ("a" + ".b" * 200, 401, "at most 120 steps"),
        ("9" * 50, 1, "at most 40 digits"),
        ("a" * 20_001, 1, "at most 20000"),
    ],
)
def test_a_refusal_says_where_and_what_was_expected(text: str, column: int, expected: str) -> None:
    with pytest.raises(LanguageFault) as found:
        parse_expression(text, file="f", line=7)
    problem = found.value.problems[0]
    assert (problem.place.file, problem.place.line) == ("f", 7)
    assert (problem.place.column, problem.expected) == (column, expected)


def test_lines_are_counted_inside_an_expression() -> None:
    with pytest.raises(LanguageFault) as found:
        parse_expression("a +\n  b + $", file="f", line=3)
    assert str(found.value.problems[0].place) == "f:4:7"


def test_names_and_depth_of_a_tree() -> None:
    tree = parse_expression("a + friction[bed] * b.c")
    assert [name.key for name in names_in(tree)] == ["a", "friction", "bed", "b"]
    assert depth_of(tree) == 4
    assert depth_of(A) == 1
