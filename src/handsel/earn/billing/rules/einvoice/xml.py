"""Reading and writing XML for both syntaxes: a parser that trusts nothing, and exact values.

A document type declaration is refused before anything behind it is looked at: it is how
entities, outside files and exponential expansion come into XML, and no e-invoice needs one.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from xml.parsers import expat

from lxml import etree

from handsel.earn.billing.rules.einvoice.errors import NotExpressible, UnreadableInvoice
from handsel.earn.billing.rules.einvoice.model import Attachment
from handsel.ground.kernel.money import exponent

MOST_BYTES = 20 * 1024 * 1024
"""The largest file that is read: an invoice with its attachments is far smaller."""

MOST_DECIMALS = 2
"""Amounts have no more (rules BR-DEC-*), whatever the currency."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_LONGEST_NUMBER = 40
_MOST_WHOLE_DIGITS = 18
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")


class _RootReached(Exception):
    pass


def parse(content: bytes) -> etree._Element:
    """Parse untrusted XML and return its root.

    Raises UnreadableInvoice for what is too large, not well formed, or declares a document
    type. Entities are never resolved and nothing is fetched.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableInvoice(f"The file is larger than {MOST_BYTES // 2**20} MiB.")
    _refuse_doctype(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableInvoice(f"The file is not well-formed XML: {error}") from error


def _refuse_doctype(content: bytes) -> None:
    def doctype(*_: object) -> None:
        raise UnreadableInvoice("The file declares a document type; an e-invoice has none.")

    def root(*_: object) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    try:
        parser.Parse(content, True)
    except _RootReached:
        return
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two: its encoding
        raise UnreadableInvoice(f"The file is not well-formed XML: {error}") from error


class Reader:
    """Looks into one element by the prefixes of its syntax, and says where a reading fails."""

    __slots__ = ("_names", "element")

    def __init__(self, element: etree._Element, names: Mapping[str, str]) -> None:
        self.element = element
        self._names = dict(names)

    def child(self, path: str) -> Reader | None:
        """Return the first element at ``path`` (prefixed steps, predicates allowed), if any."""
        return next(self.children(path), None)

    def children(self, path: str) -> Iterator[Reader]:
        """Yield every element at ``path``."""
        found = self.element.xpath(path, namespaces=self._names)
        if isinstance(found, list):
            for element in found:
                if isinstance(element, etree._Element):
                    yield Reader(element, self._names)

    def need(self, path: str, term: str) -> Reader:
        """Return the first element at ``path``; ``term`` (such as "BG-22") names it if missing."""
        found = self.child(path)
        if found is None:
            raise UnreadableInvoice(f"{term} is missing.", location=f"{self.where}/{path}")
        return found

    def text(self, path: str = ".") -> str | None:
        """Return the text at ``path`` without blanks around it; None if missing or empty."""
        found = self.child(path)
        if found is None:
            return None
        return "".join(map(str, found.element.itertext())).strip() or None

    def need_text(self, path: str, term: str) -> str:
        """Return the text at ``path``, which the standard requires."""
        value = self.text(path)
        if value is None:
            raise UnreadableInvoice(f"{term} is missing.", location=f"{self.where}/{path}")
        return value

    def attribute(self, name: str) -> str | None:
        """Return an attribute of this element; None if missing or empty."""
        value = self.element.get(name)
        return value.strip() or None if value else None

    def number(self, path: str) -> Decimal | None:
        """Return the decimal at ``path`` exactly as written."""
        text = self.text(path)
        if text is None:
            return None
        if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            raise UnreadableInvoice(
                f"“{text[:_LONGEST_NUMBER]}” is not a number.", location=f"{self.where}/{path}"
            )
        return Decimal(text)

    def need_number(self, path: str, term: str) -> Decimal:
        """Return the decimal at ``path``, which the standard requires."""
        value = self.number(path)
        if value is None:
            raise UnreadableInvoice(f"{term} is missing.", location=f"{self.where}/{path}")
        return value

    def day(self, path: str) -> date | None:
        """Return the date at ``path``: 2026-03-01, or 20260301 as format 102 writes it."""
        text = self.text(path)
        if text is None:
            return None
        match = _DAY.fullmatch(text)
        try:
            if match:
                return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
        raise UnreadableInvoice(
            f"“{text[:_LONGEST_NUMBER]}” is not a date.", location=f"{self.where}/{path}"
        )

    def need_day(self, path: str, term: str) -> date:
        """Return the date at ``path``, which the standard requires."""
        value = self.day(path)
        if value is None:
            raise UnreadableInvoice(f"{term} is missing.", location=f"{self.where}/{path}")
        return value

    @property
    def where(self) -> str:
        """The path of this element, readable, for messages."""
        names = [etree.QName(step).localname for step in self.element.iterancestors()]
        return "/" + "/".join([*reversed(names), etree.QName(self.element).localname])


def read_attachment(element: Reader) -> Attachment:
    """Decode a file that a document carries (BT-125)."""
    try:
        content = b64decode("".join((element.text() or "").split()), validate=True)
    except binascii.Error as error:
        raise UnreadableInvoice(
            "An attachment is not written in base64.", location=element.where
        ) from error
    return Attachment(
        content=content,
        media_type=element.attribute("mimeCode") or "",
        filename=element.attribute("filename") or "",
    )


def leaf(
    parent: etree._Element, tag: str, text: str | None, **attributes: str | None
) -> etree._Element | None:
    """Add an element with a text; nothing for None or "", as empty elements are forbidden."""
    if not text:
        return None
    element = etree.SubElement(parent, tag)
    try:
        element.text = text
        for name, value in attributes.items():
            if value:
                element.set(name, value)
    except ValueError as error:
        raise NotExpressible(
            "A text holds control characters, which no e-invoice can carry.",
            field=etree.QName(tag).localname,
        ) from error
    return element


def branch(parent: etree._Element, tag: str) -> etree._Element:
    """Add an element that will hold others."""
    return etree.SubElement(parent, tag)


def render(root: etree._Element) -> bytes:
    """Return the document as UTF-8 with its declaration; the same tree gives the same bytes."""
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def amount_text(value: Decimal, currency: str) -> str:
    """Write an amount with its currency's decimals, at most two.

    Raises NotExpressible where that would lose something: 1.234 KWD has no place in EN 16931.
    """
    places = min(MOST_DECIMALS, exponent(currency))
    if not value.is_finite() or value.adjusted() > _MOST_WHOLE_DIGITS:
        raise NotExpressible("The amount is too large.", code="einvoice_amount_size")
    minor = value.scaleb(places)
    if minor != minor.to_integral_value():
        raise NotExpressible(
            f"{value} {currency} has more than the {places} decimals an e-invoice allows.",
            code="einvoice_decimals",
            value=str(value),
            currency=currency,
        )
    return f"{value:.{places}f}"


def number_text(value: Decimal) -> str:
    """Write a price, quantity or percentage: plain digits, no needless zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def optional_amount(value: Decimal | None, currency: str) -> str | None:
    """Write an amount, or nothing where there is none."""
    return None if value is None else amount_text(value, currency)


def optional_number(value: Decimal | None) -> str | None:
    """Write a number, or nothing where there is none."""
    return None if value is None else number_text(value)
