"""What the written form refuses: each time with the path in the file and what was expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handsel.bid.price.rules.case.answer import price_case
from handsel.bid.price.rules.case.reading import CaseFault, strict_json
from handsel.ground.kernel.errors import HandselError
from handsel.site.cli.main import main
from handsel.site.cli.price import load_case

CONTEXT: dict[str, Any] = {"date": "2026-03-01", "currency": "EUR", "prices": {"P": "100"}}


def refusal(text: str) -> HandselError:
    with pytest.raises(HandselError) as refused:
        price_case(strict_json(text))
    return refused.value


def refused(context: dict[str, Any], *lines: dict[str, Any]) -> HandselError:
    case = {"context": CONTEXT | context, "lines": list(lines) or [{"product": "P"}]}
    return refusal(json.dumps(case))


@pytest.mark.parametrize(
    ("quantity", "told"),
    [
        ("NaN", "lines[0].quantity: “NaN” is not a number"),
        ("Infinity", "lines[0].quantity: “Infinity” is not a number"),
        ("-Infinity", "lines[0].quantity: “-Infinity” is not a number"),
        ("1e400", "lines[0].quantity: “1e400” is not a number"),
        ("1E5", "lines[0].quantity"),
        ('"١٢"', "lines[0].quantity: “١٢” is not a number"),
        ('"１２"', "lines[0].quantity"),
        ('"1_000"', "lines[0].quantity"),
        ('"1,5"', "lines[0].quantity"),
        ('" 12 "', "lines[0].quantity"),
        ('""', "lines[0].quantity"),
        ("true", "lines[0].quantity: expected a number"),
        ("null", "lines[0].quantity: expected a number"),
        ("[1]", "lines[0].quantity: expected a number"),
        ("0.1234567", "has 7 decimals; at most 6"),
        ("9" * 30, "is too large"),
    ],
)
def test_numbers_that_are_none(quantity: str, told: str) -> None:
    context = json.dumps(CONTEXT)
    text = f'{{"context": {context}, "lines": [{{"product": "P", "quantity": {quantity}}}]}}'
    assert told in refusal(text).message


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"dat": "2026-01-01"}, "dat: there is no such field here. Did you mean “date”?"),
        ({"date": "2026-02-30"}, "context.date"),
        ({"date": "01.02.2026"}, "context.date"),
        ({"currency": "EURO"}, "context.currency: “EURO” is not an ISO 4217 currency"),
        ({"prices": {"P": "-1"}}, "context.prices.P"),
        ({"prices": {"P": {"price": "1", "currency": "XXX"}}}, "context.prices.P.currency"),
        ({"promotions": [{"percent": "5", "per_unit": "1"}]}, "context.promotions[0]"),
        ({"promotions": [{"percent": "0.001"}]}, "context.promotions[0].percent"),
        ({"combination": "besst"}, "Did you mean “best”?"),
        ({"cost_plus": [{"basis": "margin", "percent": "100"}]}, "a margin is 0 to less than"),
        ({"contracted": [{"product": "P", "group": "G", "price": "1"}]}, "not both"),
        ({"header": {"percent": "1", "total": "5"}}, "context.header: expected one of"),
        ({"policy": {"cash_step": "0.003"}}, "context.policy.cash_step"),
        ({"rates": {"USD": {"rate": "0", "on": "2026-01-01"}}}, "context.rates.USD.rate"),
        ({"endings": [{"step": "0"}]}, "context.endings[0].step: expected more than zero"),
        ({"conventions": {"P": "30/365"}}, "context.conventions.P"),
        ({"percent_of": [{"percent": "5"}]}, "context.percent_of[0]: “product” or “group”"),
        ({"taxes": {"standard": {"percent": "101"}}}, "context.taxes.standard.percent"),
        ({"taxes": {"standard": {"percent": "-1"}}}, "a tax is no less than nothing"),
        ({"fees": [{"amount": "5", "tax": "no"}]}, "context.fees[0].tax: “no” is none of"),
        ({"promotions": [{"percent": "100.01"}]}, "context.promotions[0].percent: more than 100"),
        ({"header": {"percent": "150"}}, "context.header.percent: more than 100 %"),
        (
            {"limits": [{"floor": "30", "ceiling": "20"}]},
            "context.limits[0].ceiling: the ceiling is below the floor of 30",
        ),
        (
            {
                "promotions": [
                    {"percent": "1", "valid_from": "2026-05-01", "valid_until": "2026-05-01"}
                ]
            },
            "valid_until: the rule begins on 2026-05-01, and holds on no day",
        ),
        (
            {"prices": {"P": "0"}, "header": {"total": "100"}},
            "context.header.total: the lines come to 0.00, and none of them can bear",
        ),
        ({"elements": [{"key": "x", "formula": "1 / 0"}]}, "P: “1 / 0” divides by zero"),
        ({"elements": [{"key": "x", "formula": "9" * 14 + " * 99999"}]}, "P: The amount is too"),
    ],
)
def test_contexts_that_are_refused(context: dict[str, Any], told: str) -> None:
    assert told in refused(context).message


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([{"from": "0", "to": "10"}, {"from": "20"}], "steps[1]: leaves a gap between 10 and 20"),
        ([{"from": "0", "to": "10"}, {"from": "5"}], "steps[1]: overlaps the step before it"),
        ([{"from": "5"}, {"from": "5"}], "steps[1]: begins at 5, not after"),
        ([{"from": "5", "to": "5"}], "steps[0]: ends at 5, before it begins"),
        ([{"price": "1"}, {"to": "5", "price": "1"}], "steps[1]: follows a step without an end"),
        ([{"to": "5", "price": "1"}, {"from": "5"}], "steps[1]: every step has “from”"),
        ([], "expected at least one step"),
        ([{"from": "0", "price": "1", "per": "0"}], "steps[0].per: expected more than zero"),
    ],
)
def test_tiers_that_do_not_touch(steps: list[dict[str, str]], told: str) -> None:
    assert told in refused({"tiers": [{"rule": "T", "steps": steps}]}).message


@pytest.mark.parametrize("convention", ["MONTH_UP", "ANNIV", "DAY365"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "3000-01-01"])
def test_days_no_contract_is_made_for_are_refused(convention: str, day: str) -> None:
    term = {"start_on": "2026-01-01", "end_on": day, "convention": convention}
    assert refused({}, {"product": "P", "term": term}).message == (
        "lines[0].term.end_on: expected a day of the years 1900 to 2999"
    )


def test_a_ramp_without_end_is_refused() -> None:
    ramp = {"segments": [{"months": 1200}] * 20, "start_on": "2026-01-01"}
    assert "at most 1200 months in all" in refused({}, {"product": "P", "ramp": ramp}).message


def test_half_a_character_is_refused() -> None:
    context = json.dumps(CONTEXT)
    line = '{"product": "P", "name": "\\ud83d"}'
    assert refusal(f'{{"context": {context}, "lines": [{line}]}}').message == (
        "$: \\ud83d is half a character"
    )
    whole = line.replace("ud83d", "ud83d\\ude00")
    found = price_case(strict_json(f'{{"context": {context}, "lines": [{whole}]}}'))
    assert found["totals"]["net"] == "100.00"


def test_a_refusal_quotes_so_much_of_a_formula_as_one_reads() -> None:
    said = formula(" + ".join(["lenght"] * 500)).message
    assert "names “lenght”" in said
    assert len(said) < 400


def formula(text: str, **attributes: Any) -> HandselError:
    element = {"key": "x", "formula": text}
    return refused({"elements": [element]}, {"product": "P", "attributes": attributes})


@pytest.mark.parametrize(
    ("text", "attributes", "told"),
    [
        ("1 / (length - length)", {"length": "1 m"}, "divides by zero"),
        ("5 // 0", {}, "divides by zero"),
        ("lenght * 2", {"length": "1 m"}, "names “lenght”, which is not known here"),
        ("length + 5", {"length": "1 m"}, "joins length with a plain number"),
        ("length * 5", {"length": "1 m"}, "comes to length, not to a price"),
        ("length + mass", {"length": "1 m", "mass": "1 kg"}, "joins length with mass"),
        ("ceil(length)", {"length": "1 m"}, "say of which unit"),
        ("frame * 2", {"frame": "steel"}, "“frame” is a word where a number was expected"),
        ("eval(1)", {}, "“eval” is not a function"),
        ("length / 1 furlong", {"length": "1 m"}, "“furlong” is not a unit."),
        ("length / 1 meter", {"length": "1 m"}, "Expected a unit such as mm, kg or m/min."),
        ("x + 1", {}, "x → x"),
        ("1 +", {}, "elements[0].formula"),
        ("(" * 60 + "1" + ")" * 60, {}, "nested too deeply"),
        ("1 + 2 " * 9000, {}, "elements[0].formula"),
        ("{a: 1}[kind]", {"kind": "b"}, "has nothing for “b”"),
        ("product.price", {}, "no meaning in a price formula"),
        ("if 1 then 2 else 3", {}, "where yes or no was expected"),
        ("round(5, 9)", {}, "Round to 0 to 6 decimals"),
    ],
)
def test_formulas_that_are_refused(text: str, attributes: dict[str, Any], told: str) -> None:
    assert told in formula(text, **attributes).message


def test_a_formula_cannot_grow_beyond_all_size() -> None:
    text = " * ".join(["9999999999999999999999999999999999999999"] * 100)
    assert "too large" in formula(text).message


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("6000 parsec", "“parsec” is not a unit"),
        ("1e400", "is not a number with a unit, nor a word"),
        ("١٢ mm", "is not a number with a unit, nor a word"),
        ("NaN", "is not a number with a unit, nor a word"),
        ("1_000 mm", "is not a number with a unit, nor a word"),
    ],
)
def test_attributes_that_are_refused(value: str, told: str) -> None:
    line = {"product": "P", "attributes": {"length": value}}
    found = refused({}, line).message
    assert told in found
    assert "lines[0].attributes.length" in found


def test_elements_that_need_each_other_are_named() -> None:
    elements = [
        {"key": "a", "label": "Alloy", "formula": "b + 1"},
        {"key": "b", "label": "Base", "formula": "a + 1"},
    ]
    assert "Alloy → Base → Alloy" in refused({"elements": elements}).message


def test_a_product_without_a_price_and_a_currency_without_a_rate() -> None:
    lines = [{"product": "P"}, {"product": "Q"}, {"product": "R"}]
    assert "Q, R: no price in the price book on 2026-03-01" in refused({}, *lines).message
    prices = {"P": {"price": "1", "currency": "USD"}}
    assert "no rate from USD to EUR" in refused({"prices": prices}).message


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "{", '{"context": {}, "context": {}, "lines": []}', "[" * 100_000, "nul"],
)
def test_files_that_are_no_case(text: str) -> None:
    with pytest.raises(CaseFault):
        price_case(strict_json(text))


def test_two_lines_with_one_key_and_an_unknown_tax() -> None:
    same = {"product": "P", "key": "1"}
    assert "two lines have the key “1”" in refused({}, same, same).message
    assert "lines[0].tax" in refused({}, {"product": "P", "tax": "reduced"}).message


def test_the_command_refuses_with_the_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"context": {"date": "2026-03-01", "currency": "EUR"}, "lines": [{}]}')
    assert main(["price", str(file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"] == "lines[0]: “product” is missing"
    file.write_text('{"extends": "case.json"}')
    assert main(["price", str(file)]) == 1
    assert main(["price", str(tmp_path / "absent.json")]) == 3
    file.write_text('{"extends": "../secret.json"}')
    assert main(["price", str(file)]) == 1


def test_what_is_no_json_is_told_with_line_and_column() -> None:
    assert refusal('{"context":\n  {"date" 1}}').message.startswith("line 2, column 11: not JSON")


def test_a_mark_of_the_byte_order_is_no_part_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text('\ufeff{"lines": []}', encoding="utf-8")
    assert load_case(file) == {"lines": []}
