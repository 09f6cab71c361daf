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
from handsel.ground.kernel.errors import HandselError

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


def examine(
    source: str, *, name: str, on: date | None = None, amounts: AmountsOf | None = None
) -> Examined:
    """Read, compile, test and analyse a model's text. Never raises for what the text says.

    `amounts` gives a product's named amounts, or None without a price list.
    """
    found = Examined(report={"failures": [], "warnings": [], "passed": [], "figures": []})
    problems = check_model(source, file=name)
    _tell(found, "warnings", [str(one) for one in problems if one.severity == "warning"])
    _tell(found, "failures", [str(one) for one in problems if one.severity == "error"])
    if found.report["failures"]:
        return found
    try:
        found.model = read_model(source, file=name, on=on)
        begin = time.process_time()
        found.compiled = encode(found.model)
        seconds = time.process_time() - begin
    except LanguageFault as fault:
        _tell(found, "failures", [str(one) for one in fault.problems])
        return found
    except HandselError as refused:
        _tell(found, "failures", [str(refused)])
        return found
    configurator = Configurator.of(found.compiled, found.model)
    _figure(found, "Variables", str(len(found.model.variables)))
    _figure(found, "Values", str(sum(len(one.values) for one in found.model.variables)))
    _figure(found, "Laws", str(sum(not _is_structural(law) for law in found.model.laws)))
    _figure(found, "Clauses", f"{len(found.compiled.laws_of):,}")
    _figure(found, "Compiled in", f"{seconds:.1f} s")
    _analyse(found, configurator, amounts)
    return found


def _analyse(found: Examined, configurator: Configurator, amounts: AmountsOf | None) -> None:
    told = analyse(configurator, encode, amounts=_named(amounts, configurator))
    if told.contradiction is not None:
        laws = ", ".join(told.contradiction.laws) or "its structure"
        _tell(found, "failures", [f"Nothing fulfils the model: {laws} contradict each other."])
        return
    _figure(found, "Products", str(told.variants))
    _tell(found, "failures", [line for one in told.goldens for line in _golden(one)])
    passed = [f"Golden configuration “{one.golden.name}”" for one in told.goldens if one.passed]
    _tell(found, "passed", passed)
    _tell(found, "warnings", list(_oddities(told)))


def _named(amounts: AmountsOf | None, configurator: Configurator) -> Amounts | None:
    """Amounts for golden configurations; None, so that nothing is looked at, without prices."""
    model = configurator.model
    if amounts is None or not model.goldens or not configurator.is_possible(()):
        return None
    if amounts(model, complete(configurator, ()).values) is None:
        return None
    return lambda values: amounts(model, values) or {}


def _oddities(told: Report) -> Iterator[str]:
    for dead in told.dead_values:
        yield f"{dead.variable} = {dead.value} can never be had{_because(dead.explanation)}."
    for table in told.tables:
        if table.is_empty:
            yield f"Nothing of table {table.key} can be had."
        else:
            rows = ", ".join(str(number) for number in table.dead_rows[:10])
            yield f"Table {table.key}: rows {rows} can never be had."
    for group in told.unreachable_groups:
        yield f"In group {group} there is nothing to choose."
    for law in told.idle_laws:
        if law.is_always_true:
            yield f"{law.key} is always true, whatever is chosen."
        else:
            yield f"{law.key} says nothing new: it follows from {', '.join(law.follows_from)}."


def _golden(result: GoldenResult) -> Iterator[str]:
    for failure in result.failures:
        reason = _because(failure.explanation)
        yield (
            f"Golden configuration “{result.golden.name}”: {failure.kind} {failure.name}: "
            f"expected {failure.expected}, found {failure.found}{reason}."
        )


def _because(explanation: Explanation | None) -> str:
    if explanation is None:
        return ""
    parts = [*(str(one) for one in explanation.decisions), *explanation.laws]
    return f" (because of {', '.join(parts)})" if parts else ""


def _is_structural(law: object) -> bool:
    return bool(getattr(law, "is_structural", False))


def _tell(found: Examined, what: str, lines: Sequence[str]) -> None:
    told = found.report[what]
    told.extend(lines[: MOST_SHOWN - len(told)])


def _figure(found: Examined, label: str, value: str) -> None:
    found.report["figures"].append({"label": label, "value": value})
