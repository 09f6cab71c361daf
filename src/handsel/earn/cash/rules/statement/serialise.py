"""A statement file as JSON: stable keys, amounts as text, nothing left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from handsel.earn.cash.rules.statement.chain import CheckedStatement, entry_keys, fingerprint
from handsel.earn.cash.rules.statement.findings import Finding
from handsel.earn.cash.rules.statement.integrity import closing_of, opening_of
from handsel.earn.cash.rules.statement.model import StatedAmount, Statement, StatementFile
from handsel.ground.kernel.money import Money, is_currency

Json = dict[str, Any]


def statement_to_json(
    file: StatementFile, checked: Sequence[CheckedStatement] | None = None
) -> Json:
    """Return a file as plain JSON values, with the findings where it was checked.

    Every key is always there: absent texts are "", other absent things null. Amounts are
    ``{"amount": "8.85", "currency": "EUR"}``, signed as they move the account; instants are
    UTC, dates ``2026-03-01``.
    """
    found: list[Sequence[Finding]] = [one.findings for one in checked] if checked else []
    return {
        "format": file.message_format,
        "version": file.version,
        "sha256": file.sha256,
        "header": plain(file.header),
        "warnings": list(file.warnings),
        "statements": [
            _statement(statement, found[index] if found else None)
            for index, statement in enumerate(file.statements)
        ],
    }


def _statement(statement: Statement, found: Sequence[Finding] | None) -> Json:
    value: Json = plain(statement)
    value["currency"] = statement.currency
    value["fingerprint"] = fingerprint(statement)
    value["opening"] = plain(opening_of(statement))
    value["closing"] = plain(closing_of(statement))
    for entry, key in zip(value["entries"], entry_keys(statement), strict=True):
        entry["key"] = key
    if found is not None:
        value["is_held"] = any(finding.weight.value == "hold" for finding in found)
        value["findings"] = [finding_to_json(finding) for finding in found]
    return value


def finding_to_json(finding: Finding) -> Json:
    """Return a finding; its difference both in minor units and as text."""
    difference = finding.difference_minor
    has_text = difference is not None and is_currency(finding.currency)
    return {
        "code": finding.code,
        "weight": finding.weight.value,
        "message": finding.message,
        "difference_minor": difference,
        "difference": Money(difference or 0, finding.currency).text() if has_text else None,
        "currency": finding.currency,
        "facts": dict(finding.facts),
    }


def plain(value: Any) -> Any:
    """Turn a value of the statement model into what JSON has, key for field."""
    if isinstance(value, StatedAmount):
        return {"amount": value.text(), "currency": value.currency}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value
