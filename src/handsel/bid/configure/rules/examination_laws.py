"""Laws between lines examined before quotes are held to them: read, tested, contradictions."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.rules.analysis.golden import GoldenResult, run_goldens
from handsel.bid.configure.rules.analysis.laws import contradiction
from handsel.bid.configure.rules.complete import Completion, complete
from handsel.bid.configure.rules.decisions import Decision, decided
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.examination import (
    Examined,
    empty_report,
    figure,
    golden_failures,
    golden_passed,
    tell,
)
from handsel.bid.configure.rules.expressions import Not
from handsel.bid.configure.rules.fit.reason import over_what_it_reads
from handsel.bid.configure.rules.language import (
    LanguageFault,
    Problem,
    parse_law_set,
    read_law_set,
)
from handsel.bid.configure.rules.language.law_sets import LawSet, SystemLaw, roles_of
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.session import Configurator
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.said import said


def check_laws(
    source: str, models: Mapping[str, ProductModel], *, file: str = "laws", tested: bool = True
) -> tuple[Problem, ...]:
    """Every error of a text, in its order, of its goldens where it is to be tested. `models` are
    those in use, by key."""
    try:
        read_for_models(source, models, file=file, tested=tested)
    except LanguageFault as found:
        return tuple(sorted(dict.fromkeys(found.problems), key=lambda one: one.place))
    return ()


def read_for_models(
    source: str, models: Mapping[str, ProductModel], *, file: str, tested: bool = True
) -> LawSet:
    """The laws of all days and markets against models by key. Raises LanguageFault."""
    written = parse_law_set(source, file=file)
    by_line = {role.key: models[role.model] for role in roles_of(written) if role.model in models}
    return read_law_set(written, by_line, tested=tested)


def unread_with(title: str, source: str, models: Mapping[str, ProductModel]) -> list[str]:
    """A sentence where laws in use could not be read any more with these models; laws without a
    title are not the reader's, and nothing of what they say is told."""
    problems = check_laws(source, models, tested=False)
    if not problems:
        return []
    why = problems[0].sentence
    if not title:
        return [said("Laws of another seller cannot be read with this version.")]
    return [
        said("Laws “%(title)s” cannot be read with this version: %(why)s", title=title, why=why)
    ]


def examine_laws(source: str, *, name: str, models: Mapping[str, ProductModel]) -> Examined:
    """Read laws against the models in use, run their goldens and look for contradictions.

    Never raises for what the text says.
    """
    found = Examined(report=empty_report())
    try:
        laws = read_for_models(source, models, file=name)
        found.model = laws.system
        begin = time.process_time()
        found.compiled = encode(found.model)
        seconds = time.process_time() - begin
    except LanguageFault as fault:
        tell(found, "failures", [one.sentence for one in fault.problems])
        return found
    except HandselError as refused:
        tell(found, "failures", [refused.message])
        return found
    figure(found, "Lines", str(len(laws.roles)))
    figure(found, "Laws", str(len(laws.laws)))
    figure(found, "Clauses", f"{len(found.compiled.laws_of):,}")
    figure(found, "Compiled in", f"{seconds:.1f} s")
    _examine(found, laws, Configurator.of(found.compiled, found.model))
    return found


def _examine(found: Examined, laws: LawSet, configurator: Configurator) -> None:
    clash = contradiction(configurator)
    if clash is not None:
        named = ", ".join(clash.laws)
        text = said("No lines fulfil the laws: %(laws)s contradict each other.", laws=named)
        tell(found, "failures", [text])
        return
    results = _goldens(configurator)
    model = configurator.model
    tell(found, "failures", [line for one in results for line in golden_failures(one, model)])
    tell(found, "passed", [golden_passed(one) for one in results if one.passed])
    for law in laws.laws:
        if _is_always_true(laws, law):
            text = said("%(key)s is always true, whatever is chosen.", key=law.key)
            tell(found, "warnings", [text])
        if not law.law.sentences:
            text = said("%(key)s says no sentence to a seller.", key=law.key)
            tell(found, "warnings", [text])


def _goldens(configurator: Configurator) -> list[GoldenResult]:
    """Goldens that expect no value need no whole lines, which take long to complete."""
    found: list[GoldenResult] = []
    for golden in configurator.model.goldens:
        one = replace(configurator, model=replace(configurator.model, goldens=(golden,)))
        found += run_goldens(one, finish=complete if golden.expected else _only_possible)
    return found


def _only_possible(configurator: Configurator, chosen: Sequence[Decision]) -> Completion:
    if not configurator.is_possible(chosen):
        raise NotPossible("The chosen lines contradict each other.")
    return Completion(decided(chosen))


def _is_always_true(laws: LawSet, law: SystemLaw) -> bool:
    """Whether no lines at all could break it, whatever their own laws say."""
    against = replace(law.law, condition=Not(law.law.condition))
    alone = over_what_it_reads(laws, against)
    return alone is not None and not alone.is_possible(())
