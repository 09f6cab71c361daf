"""A model's text examined before anybody sells by it: read, compiled, tested, analysed.

What forbids publishing is a *failure* (it cannot be read, contradicts itself, a golden
configuration comes out otherwise); what is only worth a look is a *warning*.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from handsel.bid.configure.rules.analysis.golden import Amounts, GoldenResult
from handsel.bid.configure.rules.analysis.report import Report, analyse
from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language import LanguageFault, check_model, read_model
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.session import Configurator
from handsel.bid.configure.rules.written import as_written, decision_written
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.said import Said, said, worded
from handsel.ground.kernel.said_kept import as_said, kept

AmountsOf = Callable[[ProductModel, Mapping[str, Value]], Mapping[str, str] | None]
MOST_SHOWN = 100


@dataclass
class Examined:
    """What became of a text. `report` is plain data: failures, warnings, passed, figures."""

    model: ProductModel | None = None
    compiled: Compiled | None = None
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def may_be_published(self) -> bool:
        """Whether nothing forbids it."""
        return self.compiled is not None and not self.report["failures"]


def empty_report() -> dict[str, Any]:
    """A report before anything is found."""
    return {"failures": [], "warnings": [], "passed": [], "figures": [], "said": {}}


def examine(
    source: str, *, name: str, on: date | None = None, amounts: AmountsOf | None = None
) -> Examined:
    """Read, compile, test and analyse a model's text. Never raises for what the text says.

    `amounts` gives a product's named amounts, or None without a price list.
    """
    found = Examined(report=empty_report())
    problems = check_model(source, file=name)
    tell(found, "warnings", [one.sentence for one in problems if one.severity == "warning"])
    tell(found, "failures", [one.sentence for one in problems if one.severity == "error"])
    if found.report["failures"]:
        return found
    try:
        found.model = read_model(source, file=name, on=on)
        begin = time.process_time()
        found.compiled = encode(found.model)
        seconds = time.process_time() - begin
    except LanguageFault as fault:
        tell(found, "failures", [one.sentence for one in fault.problems])
        return found
    except HandselError as refused:
        tell(found, "failures", [refused.message])
        return found
    configurator = Configurator.of(found.compiled, found.model)
    figure(found, "Variables", str(len(found.model.variables)))
    figure(found, "Values", str(sum(len(one.values) for one in found.model.variables)))
    figure(found, "Laws", str(sum(not _is_structural(law) for law in found.model.laws)))
    figure(found, "Clauses", f"{len(found.compiled.laws_of):,}")
    figure(found, "Compiled in", f"{seconds:.1f} s")
    _analyse(found, configurator, amounts)
    return found


def _analyse(found: Examined, configurator: Configurator, amounts: AmountsOf | None) -> None:
    told = analyse(configurator, encode, amounts=_named(amounts, configurator))
    if told.contradiction is not None:
        laws = ", ".join(told.contradiction.laws)
        clash = (
            said("Nothing fulfils the model: %(laws)s contradict each other.", laws=laws)
            if laws
            else said("Nothing fulfils the model: its structure contradicts itself.")
        )
        tell(found, "failures", [clash])
        return
    figure(found, "Products", told.variants.said if told.variants else "")
    model = configurator.model
    tell(found, "failures", [line for one in told.goldens for line in golden_failures(one, model)])
    tell(found, "passed", [golden_passed(one) for one in told.goldens if one.passed])
    tell(found, "warnings", list(_oddities(told, model)))


def _named(amounts: AmountsOf | None, configurator: Configurator) -> Amounts | None:
    """Amounts for golden configurations; None, so that nothing is looked at, without prices."""
    model = configurator.model
    if amounts is None or not model.goldens or not configurator.is_possible(()):
        return None
    if amounts(model, complete(configurator, ()).values) is None:
        return None
    return lambda values: amounts(model, values) or {}


def _oddities(told: Report, model: ProductModel) -> Iterator[str]:
    for dead in told.dead_values:
        yield said(
            "%(variable)s = %(value)s can never be had%(because)s.",
            variable=dead.variable,
            value=as_written(model, dead.variable, dead.value),
            because=_because(dead.explanation, model),
        )
    for table in told.tables:
        if table.is_empty:
            yield said("Nothing of table %(key)s can be had.", key=table.key)
        else:
            rows = ", ".join(str(number) for number in table.dead_rows[:10])
            yield said("Table %(key)s: rows %(rows)s can never be had.", key=table.key, rows=rows)
    for group in told.unreachable_groups:
        yield said("In group %(group)s there is nothing to choose.", group=group)
    for law in told.idle_laws:
        if law.is_always_true:
            yield said("%(key)s is always true, whatever is chosen.", key=law.key)
        else:
            yield said(
                "%(key)s says nothing new: it follows from %(laws)s.",
                key=law.key,
                laws=", ".join(law.follows_from),
            )


def golden_passed(result: GoldenResult) -> str:
    """A golden configuration that came out as it must."""
    return said("Golden configuration “%(name)s”", name=result.golden.name)


def golden_failures(result: GoldenResult, model: ProductModel) -> Iterator[str]:
    """How a golden configuration came out otherwise, a sentence each."""
    for failure in result.failures:
        yield said(
            _FAILURES[failure.kind],
            golden=result.golden.name,
            name=failure.name,
            expected=failure.expected,
            found=failure.found,
            because=_because(failure.explanation, model),
        )


_FAILURES: Mapping[str, str] = {
    "not understood": said("Golden configuration “%(golden)s” names what is not known: %(found)s"),
    "not possible": said(
        "Golden configuration “%(golden)s”: no product has all that it chooses%(because)s."
    ),
    "no such variable": said(
        "Golden configuration “%(golden)s” expects %(name)s = %(expected)s, and there is no "
        "%(name)s."
    ),
    "value": said(
        "Golden configuration “%(golden)s”: %(name)s is %(found)s, expected %(expected)s."
    ),
    "not refused": said(
        "Golden configuration “%(golden)s”: %(name)s = %(expected)s can be had, and must not."
    ),
    "amount": said(
        "Golden configuration “%(golden)s”: the amount %(name)s is %(found)s, expected "
        "%(expected)s."
    ),
    "no such amount": said(
        "Golden configuration “%(golden)s”: there is no amount %(name)s; expected %(expected)s."
    ),
}


def _because(explanation: Explanation | None, model: ProductModel) -> str:
    if explanation is None:
        return ""
    chosen = [decision_written(model, one) for one in explanation.decisions]
    parts = [*chosen, *explanation.laws]
    return said(" (because of %(reasons)s)", reasons=", ".join(parts)) if parts else ""


def _is_structural(law: object) -> bool:
    return bool(getattr(law, "is_structural", False))


def tell(found: Examined, what: str, lines: Sequence[str]) -> None:
    """Add sentences to a part of the report, the first ones of very many."""
    told = found.report[what]
    for line in lines[: MOST_SHOWN - len(told)]:
        told.append(str(line))
        if isinstance(line, Said):
            # Beside the English line what it was made of, so that a page words it anew.
            found.report["said"][str(line)] = kept(line)


def told_report(report: Mapping[str, Any], translate: Callable[[str], str]) -> dict[str, Any]:
    """A kept report in the language of `translate`."""
    if not report:
        return {}
    made_of = {text: as_said(data) for text, data in report.get("said", {}).items()}
    told = {
        what: [worded(made_of.get(line, line), translate) for line in report[what]]
        for what in ("failures", "warnings", "passed")
    }
    figures = [
        {
            "label": translate(one["label"]),
            "value": worded(made_of[one["value"]], translate)
            if one["value"] in made_of
            else one["value"],
        }
        for one in report["figures"]
    ]
    return {**report, **told, "figures": figures}


def figure(found: Examined, label: str, value: str) -> None:
    """Add a figure to the report."""
    found.report["figures"].append({"label": label, "value": str(value)})
    if isinstance(value, Said):
        found.report["said"][str(value)] = kept(value)
