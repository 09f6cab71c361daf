"""Puts a document to its schema and to the official rules of its syntax."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from handsel.earn.billing.adapters.validator import rulesets, schema
from handsel.earn.billing.adapters.validator.engine import (
    RulesBrokeOff,
    failures,
    rules_run,
    run,
    warm_up,
)
from handsel.earn.billing.adapters.validator.report import (
    BROKE_OFF,
    FATAL,
    WARNING,
    Finding,
    ValidationReport,
    report,
)
from handsel.earn.billing.adapters.validator.rulesets import RuleSet
from handsel.earn.billing.rules.einvoice.cii import CII_NS
from handsel.earn.billing.rules.einvoice.errors import UnreadableInvoice
from handsel.earn.billing.rules.einvoice.ubl import CREDIT_NOTE_NS, INVOICE_NS
from handsel.earn.billing.rules.einvoice.xml import parse

UBL_INVOICE = "ubl-invoice"
UBL_CREDIT_NOTE = "ubl-credit-note"
CII = "cii"
FACTURX = "factur-x"

_STEP = re.compile(r"\*:([^\[/]+)\[namespace-uri\(\)='[^']*'\]")


@dataclass(frozen=True, slots=True)
class _Binding:
    """What a syntax is held to."""

    syntax: str
    rule_sets: tuple[RuleSet, ...]
    schemas: tuple[str, ...]


def validate(content: bytes, *, is_facturx: bool = False) -> ValidationReport:
    """Validate a UBL or CII document by the official rules of EN 16931.

    ``is_facturx`` holds a CII document to the Factur-X profile as well, fatally: our own, and
    what came out of a PDF. Elsewhere the profile's rules are told as warnings. Raises
    UnreadableInvoice for what is no such document, ValidatorUnavailable if nothing can be asked.
    """
    return validate_root(parse(content), is_facturx=is_facturx)


def validate_root(root: etree._Element, *, is_facturx: bool = False) -> ValidationReport:
    """Validate a parsed document; see ``validate``."""
    begin = time.perf_counter()
    binding = _binding(root, is_facturx=is_facturx)
    failed = schema.check_schema(root, *binding.schemas)
    ran: set[str] = set()
    fired = 0
    for rules in binding.rule_sets:
        try:
            answer = run(rules, root)
        except RulesBrokeOff as error:
            failed.append(Finding(BROKE_OFF, FATAL, "/", f"{rules.name}: {error}"))
            continue
        names, groups = rules_run(rules, answer)
        failed += _findings(rules, answer, is_facturx=is_facturx)
        ran |= names
        fired += groups
    return report(
        binding.syntax,
        rules_run=len(ran),
        rules_fired=fired,
        failed=failed,
        validator_version=rulesets.version_of(binding.rule_sets),
        wall_ms=round((time.perf_counter() - begin) * 1000, 1),
    )


def prepare() -> None:
    """Compile all rules ahead of the first document; half a second."""
    warm_up(rulesets.ubl(), rulesets.cii())


def _binding(root: etree._Element, *, is_facturx: bool) -> _Binding:
    namespace = etree.QName(root).namespace
    if namespace == INVOICE_NS:
        return _Binding(UBL_INVOICE, rulesets.ubl(), (schema.UBL_INVOICE,))
    if namespace == CREDIT_NOTE_NS:
        return _Binding(UBL_CREDIT_NOTE, rulesets.ubl(), (schema.UBL_CREDIT_NOTE,))
    if namespace == CII_NS:
        schemas = (schema.CII, schema.FACTURX) if is_facturx else (schema.CII,)
        return _Binding(FACTURX if is_facturx else CII, rulesets.cii(), schemas)
    raise UnreadableInvoice("The document is neither UBL nor UN/CEFACT CII.")


def _findings(rules: RuleSet, answer: etree._Element, *, is_facturx: bool) -> Iterator[Finding]:
    for element in failures(answer):
        rule = element.get("id") or ""
        if not rules.hears(rule):
            continue
        severity = element.get("flag") or element.get("role") or FATAL
        if rules.is_profile_rule(rule) and not is_facturx:
            severity = WARNING
        yield Finding(
            rule=rule or rules.name,
            severity=severity,
            location=_STEP.sub(r"\1", element.get("location", "/")),
            text=" ".join("".join(map(str, element.itertext())).split()),
        )
