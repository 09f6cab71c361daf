"""Parties and addresses in CII, written and read."""

from __future__ import annotations

from lxml import etree

from handsel.earn.billing.rules.einvoice.cii.names import ram
from handsel.earn.billing.rules.einvoice.cii.shared import (
    read_identifier,
    read_identifiers,
    write_identifier,
)
from handsel.earn.billing.rules.einvoice.model import (
    Address,
    Contact,
    Identifier,
    Payee,
    TaxRepresentative,
    TradeParty,
)
from handsel.earn.billing.rules.einvoice.xml import Reader, branch, leaf


def write_trade_party(parent: etree._Element, name: str, party: TradeParty) -> None:
    """Write seller or buyer under the element called ``name``."""
    element = branch(parent, ram(name))
    for identifier in party.identifiers:
        write_identifier(element, identifier)
    leaf(element, ram("Name"), party.name)
    leaf(element, ram("Description"), party.legal_note)
    _write_legal(element, party.legal_id, party.trading_name)
    if party.contact:
        _write_contact(element, party.contact)
    write_address(element, party.address)
    if party.endpoint:
        uri = branch(element, ram("URIUniversalCommunication"))
        leaf(uri, ram("URIID"), party.endpoint.value, schemeID=party.endpoint.scheme)
    _write_registration(element, party.vat_id, "VA")
    _write_registration(element, party.tax_id, "FC")


def _write_legal(
    element: etree._Element, legal_id: Identifier | None, trading_name: str | None
) -> None:
    if legal_id or trading_name:
        legal = branch(element, ram("SpecifiedLegalOrganization"))
        if legal_id:
            leaf(legal, ram("ID"), legal_id.value, schemeID=legal_id.scheme)
        leaf(legal, ram("TradingBusinessName"), trading_name)


def _write_registration(element: etree._Element, value: str | None, scheme: str) -> None:
    if value:
        registration = branch(element, ram("SpecifiedTaxRegistration"))
        leaf(registration, ram("ID"), value, schemeID=scheme)


def _write_contact(element: etree._Element, contact: Contact) -> None:
    holder = branch(element, ram("DefinedTradeContact"))
    leaf(holder, ram("PersonName"), contact.name)
    if contact.phone:
        phone = branch(holder, ram("TelephoneUniversalCommunication"))
        leaf(phone, ram("CompleteNumber"), contact.phone)
    if contact.mail:
        mail = branch(holder, ram("EmailURIUniversalCommunication"))
        leaf(mail, ram("URIID"), contact.mail)


def write_address(party: etree._Element, address: Address) -> None:
    """Write the postal address of a party."""
    element = branch(party, ram("PostalTradeAddress"))
    leaf(element, ram("PostcodeCode"), address.post_code)
    leaf(element, ram("LineOne"), address.line_1)
    leaf(element, ram("LineTwo"), address.line_2)
    leaf(element, ram("LineThree"), address.line_3)
    leaf(element, ram("CityName"), address.city)
    leaf(element, ram("CountryID"), address.country)
    leaf(element, ram("CountrySubDivisionName"), address.subdivision)


def write_payee(settlement: etree._Element, payee: Payee) -> None:
    """Write BG-10."""
    element = branch(settlement, ram("PayeeTradeParty"))
    write_identifier(element, payee.identifier)
    leaf(element, ram("Name"), payee.name)
    _write_legal(element, payee.legal_id, None)


def write_tax_representative(agreement: etree._Element, representative: TaxRepresentative) -> None:
    """Write BG-11."""
    element = branch(agreement, ram("SellerTaxRepresentativeTradeParty"))
    leaf(element, ram("Name"), representative.name)
    write_address(element, representative.address)
    _write_registration(element, representative.vat_id, "VA")


def read_trade_party(party: Reader) -> TradeParty:
    """Read seller or buyer. Name and address are required."""
    return TradeParty(
        name=party.need_text("ram:Name", "BT-27 or BT-44"),
        trading_name=party.text("ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        address=read_address(party.need("ram:PostalTradeAddress", "BG-5 or BG-8")),
        identifiers=tuple(read_identifiers(party)),
        legal_id=read_identifier(party.child("ram:SpecifiedLegalOrganization/ram:ID")),
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        tax_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']"),
        legal_note=party.text("ram:Description"),
        endpoint=read_identifier(party.child("ram:URIUniversalCommunication/ram:URIID")),
        contact=_read_contact(party.child("ram:DefinedTradeContact")),
    )


def _read_contact(element: Reader | None) -> Contact | None:
    if element is None:
        return None
    contact = Contact(
        # BT-41 may be a person or a department; CII has an element for each.
        name=element.text("ram:PersonName") or element.text("ram:DepartmentName"),
        phone=element.text("ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        mail=element.text("ram:EmailURIUniversalCommunication/ram:URIID"),
    )
    return contact if contact != Contact() else None


def read_address(element: Reader) -> Address:
    """Read an address; its country is required."""
    return Address(
        line_1=element.text("ram:LineOne"),
        line_2=element.text("ram:LineTwo"),
        line_3=element.text("ram:LineThree"),
        city=element.text("ram:CityName"),
        post_code=element.text("ram:PostcodeCode"),
        subdivision=element.text("ram:CountrySubDivisionName"),
        country=element.need_text("ram:CountryID", "The country code"),
    )


def read_payee(element: Reader | None) -> Payee | None:
    """Read BG-10."""
    if element is None:
        return None
    return Payee(
        name=element.need_text("ram:Name", "BT-59"),
        identifier=next(read_identifiers(element), None),
        legal_id=read_identifier(element.child("ram:SpecifiedLegalOrganization/ram:ID")),
    )


def read_tax_representative(element: Reader | None) -> TaxRepresentative | None:
    """Read BG-11."""
    if element is None:
        return None
    return TaxRepresentative(
        name=element.need_text("ram:Name", "BT-62"),
        vat_id=element.need_text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']", "BT-63"),
        address=read_address(element.need("ram:PostalTradeAddress", "BG-12")),
    )
