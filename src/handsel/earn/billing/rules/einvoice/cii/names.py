"""Namespaces of UN/CEFACT CII (D16B and later share them) and its code values."""

from __future__ import annotations

from typing import Final

RSM: Final = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM: Final = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT: Final = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT: Final = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
NAMES: Final = {"rsm": RSM, "ram": RAM, "udt": UDT, "qdt": QDT}

# TypeCode of an AdditionalReferencedDocument: which business term it stands for.
SUPPORTING: Final = "916"  # BG-24
TENDER: Final = "50"  # BT-17
BILLED_OBJECT: Final = "130"  # BT-18, BT-128

TAX_POINT_CODES: Final = {"3": "5", "35": "29", "432": "72"}
"""BT-8 is UNTDID 2005 in the standard and UNTDID 2475 in CII: issue, delivery, payment."""


def ram(name: str) -> str:
    """Return the qualified name of an aggregate entity."""
    return f"{{{RAM}}}{name}"


def rsm(name: str) -> str:
    """Return the qualified name of a part of the message."""
    return f"{{{RSM}}}{name}"


def udt(name: str) -> str:
    """Return the qualified name of an unqualified data type."""
    return f"{{{UDT}}}{name}"


def qdt(name: str) -> str:
    """Return the qualified name of a qualified data type."""
    return f"{{{QDT}}}{name}"
