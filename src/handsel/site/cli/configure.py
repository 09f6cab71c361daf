"""One state of a configuration from a model file: what is left, why not more, what to give up.

FILE is a model in Handsel's text (.model), UVL, DIMACS or table JSON. Decisions are given as
--set name=value, name!=value, name>=number or name<=number. No database is asked.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output, add_json_option

if TYPE_CHECKING:
    from handsel.bid.configure.rules.complete import Completion
    from handsel.bid.configure.rules.decisions import Decision
    from handsel.bid.configure.rules.explain import Explanation
    from handsel.bid.configure.rules.expressions import Value
    from handsel.bid.configure.rules.model import Variable
    from handsel.bid.configure.rules.repair import Repair
    from handsel.bid.configure.rules.session import Answer, Configurator
    from handsel.ground.kernel.errors import HandselError

AFTER_NAME = r"(?P<operator>!=|>=|<=|=)(?P<value>.*)"
DECISION = re.compile(r"(?P<name>.+?)" + AFTER_NAME)
MOST_REASONS = 100
PLACES = 2
MEASURES = ("length", "area", "volume", "mass", "calendar_month")
SPOKEN_TRUTHS = {"yes": "true", "no": "false"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `configure`."""
    parser.add_argument("file", help="the model; it is only read")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a decision; repeatable"
    )
    parser.add_argument(
        "--why", action="append", default=[], metavar="NAME=VALUE", help="explain only these wishes"
    )
    parser.add_argument(
        "--reasons", type=int, default=MOST_REASONS, metavar="N", help="explain at most N values"
    )
    goal = parser.add_mutually_exclusive_group()
    goal.add_argument("--least", metavar="NAME", help="complete with the least of this number")
    goal.add_argument("--most", metavar="NAME", help="complete with the most of this number")
    parser.add_argument("--prices", metavar="FILE", help="a price case to price the result with")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="as of which day")
    parser.add_argument("--market", metavar="NAME", help="for which market")
    parser.add_argument("--count", action="store_true", help="count the products that are left")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Answer; 1 when the model is refused or the decisions contradict, 2 for an unknown name."""
    from handsel.bid.configure.errors import UnknownOption
    from handsel.ground.kernel.errors import HandselError

    output = Output(as_json=arguments.json)
    try:
        return _answered(arguments, output)
    except UnknownOption as unknown:
        _refuse(output, unknown)
        return codes.USAGE
    except HandselError as refused:
        _refuse(output, refused)
        return codes.FINDINGS


def _refuse(output: Output, error: HandselError) -> None:
    output.say(str(error))
    facts = {name: str(value) for name, value in error.facts.items()}
    output.result({"refused": str(error), "code": error.code, "facts": facts})


def _answered(arguments: argparse.Namespace, output: Output) -> int:
    from handsel.bid.configure.rules.count import count_variants
    from handsel.bid.configure.rules.repair import smallest_repairs

    configurator = _opened(Path(arguments.file), arguments)
    decisions = [_decision(configurator, text) for text in arguments.set]
    answer = configurator.answer(decisions)
    pricing = _Pricing(configurator, arguments) if arguments.prices else None
    state = _State(configurator, answer, pricing)
    if answer.conflict is not None:
        repairs = smallest_repairs(configurator.explainer, decisions)
        _tell_conflict(output, answer.conflict, repairs)
        conflict = {**state.reason(answer.conflict), "repairs": state.repairs(repairs)}
        told = state.decisions(decisions)
        output.result({"model": configurator.model.name, "decisions": told, "conflict": conflict})
        return codes.FINDINGS
    document = state.document()
    wishes = [_decision(configurator, text) for text in arguments.why]
    blocked = list(wishes or state.blocked())
    shown = blocked if wishes else blocked[: max(arguments.reasons, 0)]
    document["reasons"] = [found for wish in shown if (found := state.explained(wish))]
    document["reasons_left_out"] = len(blocked) - len(shown)
    completion = _completed(configurator, decisions, arguments)
    document["completion"] = state.completion(completion)
    if arguments.count:
        variants = count_variants(configurator, decisions)
        document["variants"] = {
            "count": str(variants.count),
            "is_exact": variants.is_exact,
            "at_most": None if variants.most is None else str(variants.most),
        }
    if pricing:
        document["price"] = pricing.price(completion)
    _tell(output, document)
    output.result(document)
    return codes.OK


def _opened(path: Path, arguments: argparse.Namespace) -> Configurator:
    from handsel.bid.configure.rules.formats.opening import open_configurator

    try:
        return open_configurator(path, on=arguments.on, market=arguments.market)
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror or error}.") from error


def _decision(configurator: Configurator, text: str) -> Decision:
    from handsel.bid.configure.errors import UnknownOption
    from handsel.bid.configure.rules.texts import decision_of

    found = _parted(configurator, text) or DECISION.fullmatch(text)
    if found is None:
        raise UnknownOption(f"{text!r} is no decision; expected name=value, as in belt=PU_blue_FDA")
    name, value = found["name"].strip(), found["value"].strip()
    variable = configurator.variables.get(name)
    if variable is not None and variable.kind == "boolean":
        value = SPOKEN_TRUTHS.get(value.lower(), value.lower())
    return decision_of(configurator.variables, name, found["operator"], value)


def _parted(configurator: Configurator, text: str) -> re.Match[str] | None:
    """A decision on a variable whose own name has an operator in it, as files of others may."""
    names = [one for one in configurator.variables if "=" in one and text.startswith(one)]
    longest = max(names, key=len, default="")
    return re.fullmatch(rf"(?P<name>{re.escape(longest)}){AFTER_NAME}", text) if longest else None


def _completed(
    configurator: Configurator, decisions: Sequence[Decision], arguments: argparse.Namespace
) -> Completion:
    from handsel.bid.configure.errors import UnknownOption
    from handsel.bid.configure.rules.complete import complete
    from handsel.bid.configure.rules.expressions import Ref
    from handsel.bid.configure.rules.optimise import Goal, complete_best

    name = arguments.least or arguments.most
    if name is None:
        return complete(configurator, decisions)
    numbers = {one.key for one in configurator.model.derived}
    numbers |= {
        one.key for one in configurator.model.variables if one.kind in ("integer", "decimal")
    }
    if name not in numbers:
        raise UnknownOption(f"The model has no number {name!r} to be least or most.")
    return complete_best(configurator, decisions, Goal(Ref(name), bool(arguments.most)))


class _State:
    """The answer as plain JSON values; numbers are texts in their real unit."""

    def __init__(
        self, configurator: Configurator, answer: Answer, pricing: _Pricing | None = None
    ) -> None:
        self.configurator = configurator
        self.pricing = pricing
        self.answer = answer
        self.sentences = {law.key: law.sentences.get("en", "") for law in configurator.model.laws}

    def document(self) -> dict[str, Any]:
        """Decisions, variables and how much is left."""
        standings = self.answer.standings()
        return {
            "model": self.configurator.model.name,
            "fingerprint": self.configurator.compiled.fingerprint,
            "decisions": self.decisions(self.answer.decisions),
            "conflict": None,
            "remaining": self.answer.remaining,
            "removed": self.answer.removed,
            "variables": [
                {
                    "name": one.variable.key,
                    "kind": one.variable.kind,
                    "unit": one.variable.unit,
                    "possible": [self.value(one.variable.key, value) for value in one.possible],
                    "removed": [self.value(one.variable.key, value) for value in one.removed],
                    "value": self.value(one.variable.key, one.value),
                    "origin": one.origin,
                }
                for one in standings
            ],
        }

    def value(self, key: str, value: Value | None) -> str | bool | None:
        """A value for programs: truths as they are, all others as exact text."""
        from handsel.bid.configure.rules.texts import value_text

        if value is None or isinstance(value, bool):
            return value
        return value_text(self.configurator.variables[key], value)

    def decisions(self, decisions: Sequence[Decision]) -> list[dict[str, Any]]:
        """Decisions in their order."""
        return [
            {
                "name": one.variable,
                "operator": one.operator,
                "value": self.value(one.variable, one.value),
            }
            for one in decisions
        ]

    def blocked(self) -> Iterator[Decision]:
        """Every value that cannot be had, as a wish."""
        from handsel.bid.configure.rules.decisions import Decision

        for one in self.answer.standings():
            if one.origin != "you":
                yield from (Decision(one.variable.key, value) for value in one.removed)

    def explained(self, wish: Decision) -> dict[str, Any] | None:
        """Why a wish cannot be had and what would help; None when it can."""
        from handsel.bid.configure.rules.repair import smallest_repairs

        # A bound of one's own is a reason like any other; a value of one's own gives way.
        others = [
            one
            for one in self.answer.decisions
            if one.variable != wish.variable or one.operator != "="
        ]
        explainer = self.configurator.explainer
        reason = explainer.explain(others, wish, smallest=True)
        if reason is None:
            return None
        repairs = smallest_repairs(explainer, others, wish)
        return {
            "wish": self.decisions([wish])[0],
            **self.reason(reason),
            "repairs": self.repairs(repairs),
        }

    def repairs(self, repairs: Sequence[Repair]) -> list[dict[str, Any]]:
        """What could be given up, each way on its own; what the product would come to, if asked."""
        from handsel.bid.configure.rules.repair import ranked

        found: list[dict[str, Any]] = []
        for one in ranked(repairs, self.pricing.amount if self.pricing else None):
            found.append({"give_up": self.decisions(one.given_up)})
            if one.amount is not None:
                found[-1]["list"] = _scaled(one.amount, PLACES)
        return found

    def reason(self, reason: Explanation) -> dict[str, Any]:
        """The decisions and laws of a reason."""
        return {
            "decisions": self.decisions(reason.decisions),
            "laws": [{"key": key, "says": self.sentences.get(key, "")} for key in reason.laws],
            "is_smallest": reason.is_smallest,
        }

    def completion(self, found: Completion) -> dict[str, Any]:
        """A full configuration with where each value comes from, and its derived quantities."""
        from handsel.bid.configure.rules.derived import derived_values

        model = self.configurator.model
        scales = {one.key: one.scale for one in model.derived}
        derived = derived_values(model, found.values)
        return {
            "values": {key: self.value(key, value) for key, value in found.values.items()},
            "origins": dict(found.origins),
            "derived": {
                key: value if isinstance(value, bool | str) else _scaled(value, scales[key])
                for key, value in derived.items()
            },
            "method": found.method,
            "amount": found.amount,
            "bound": found.bound,
            "proof": found.proof,
        }


def _scaled(value: int, scale: int) -> str:
    from decimal import Decimal

    return f"{Decimal(value).scaleb(-scale):f}"


class _Pricing:
    """Prices completions by a price case, each as its only line."""

    def __init__(self, configurator: Configurator, arguments: argparse.Namespace) -> None:
        from handsel.ground.kernel.clock import SystemClock
        from handsel.site.cli.price import load_case

        self.configurator = configurator
        self.case = load_case(Path(arguments.prices))
        today = (arguments.on or SystemClock().now().date()).isoformat()
        self.context = {"date": today, **self.case.get("context", {})}
        products = list(self.context.get("prices", {}))
        if len(products) != 1:
            raise CouldNotRun(
                f"{arguments.prices} prices {len(products)} products; expected the configured one."
            )
        self.product = products[0]

    def price(self, found: Completion) -> dict[str, Any]:
        """The priced case, as `./handsel price` gives it."""
        from handsel.bid.price.rules.case.answer import price_case

        variables = self.configurator.variables
        attributes = {key: _attribute(variables[key], found.values[key]) for key in found.values}
        line = {"key": "configured", "product": self.product, "attributes": attributes}
        return price_case({**self.case, "context": self.context, "lines": [line]})

    def amount(self, decisions: Sequence[Decision]) -> int:
        """The list total of the preferred completion, scaled to whole numbers."""
        from decimal import Decimal

        from handsel.bid.configure.rules.complete import complete

        priced = self.price(complete(self.configurator, decisions))
        return int(Decimal(priced["totals"]["list"]).scaleb(PLACES))


def _attribute(variable: Variable, value: Value) -> str | bool:
    """A value as a price case has it: measures with their unit, all other numbers without."""
    from handsel.bid.configure.rules.texts import value_text
    from handsel.ground.kernel.units import UNITS

    if isinstance(value, bool):
        return value
    text = value_text(variable, value)
    unit = UNITS.get(variable.unit)
    is_measure = unit is not None and unit.dimension in MEASURES
    return f"{text} {variable.unit}" if is_measure else text


def _tell_conflict(output: Output, conflict: Explanation, repairs: Sequence[Repair]) -> None:
    of_model = "The model contradicts itself: no product fulfils it."
    output.say("The decisions contradict each other:" if conflict.decisions else of_model)
    for decision in conflict.decisions:
        output.say(f"  {decision}")
    output.say(f"Laws: {', '.join(conflict.laws) or 'none'}")
    for repair in repairs:
        output.say(f"Give up {' and '.join(map(str, repair.given_up))}")


def _tell(output: Output, document: dict[str, Any]) -> None:
    """The same for people, shorter."""
    if output.as_json:
        return
    rows = [
        (
            one["name"],
            _shown(one["value"]),
            one["origin"],
            len(one["possible"]),
            len(one["removed"]),
        )
        for one in document["variables"]
        if one["origin"] != "open" or one["removed"]
    ]
    output.table(("variable", "value", "from", "possible", "removed"), rows)
    output.say(f"{document['remaining']:,} values remaining, {document['removed']:,} removed")
    for one in document["reasons"]:
        wish = one["wish"]
        because = [_said(part) for part in one["decisions"]] + [law["key"] for law in one["laws"]]
        ways = [" and ".join(map(_said, repair["give_up"])) for repair in one["repairs"]]
        output.say(f"{_said(wish)} is impossible: {', '.join(because)}")
        if ways:
            output.say(f"  give up {'; or '.join(ways)}")
    if document["reasons_left_out"]:
        output.say(f"{document['reasons_left_out']:,} further reasons left out; see --reasons")
    if "variants" in document:
        found = document["variants"]
        most = f", at most {int(found['at_most']):,}" if found["at_most"] else ""
        least = "" if found["is_exact"] else "at least "
        output.say(f"Products left: {least}{int(found['count']):,}{most}")


def _shown(value: str | bool | None) -> str:
    """A value in the form --set takes; "–" while it is open."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else ("yes" if value else "no")


def _said(decision: dict[str, Any]) -> str:
    return f"{decision['name']} {decision['operator']} {_shown(decision['value'])}"
