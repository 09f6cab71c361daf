"""Parties and addresses in UBL, written and read."""

from __future__ import annotations

from lxml import etree

from handsel.earn.billing.rules.einvoice.model import (
    Address,
    Contact,
    Identifier,
    TradeParty,
)
from handsel.earn.billing.rules.einvoice.ubl.names import SEPA, cac, cbc
from handsel.earn.billing.rules.einvoice.xml import Reader, branch, leaf


def write_trade_party(
    parent: etree._Element, party: TradeParty, *, creditor_id: str | None = None
) -> None:
    """Write seller or buyer; ``creditor_id`` is BT-90, which UBL keeps with the seller."""
    element = branch(parent, cac("Party"))
    if party.endpoint:
        leaf(element, cbc("EndpointID"), party.endpoint.value, schemeID=party.endpoint.scheme)
    for identifier in party.identifiers:
        write_identifier(element, identifier)
    if creditor_id:
        write_identifier(element, Identifier(creditor_id, SEPA))
    if party.trading_name:
        leaf(branch(element, cac("PartyName")), cbc("Name"), party.trading_name)
    write_address(element, "PostalAddress", party.address)
    if party.vat_id:
        write_vat_scheme(element, party.vat_id)
    if party.tax_id:
        scheme = branch(element, cac("PartyTaxScheme"))
        leaf(scheme, cbc("CompanyID"), party.tax_id)
        leaf(branch(scheme, cac("TaxScheme")), cbc("ID"), "FC")
    entity = branch(element, cac("PartyLegalEntity"))
    leaf(entity, cbc("RegistrationName"), party.name)
    if party.legal_id:
        leaf(entity, cbc("CompanyID"), party.legal_id.value, schemeID=party.legal_id.scheme)
    leaf(entity, cbc("CompanyLegalForm"), party.legal_note)
    if party.contact:
        _write_contact(element, party.contact)


def write_identifier(party: etree._Element, identifier: Identifier | None) -> None:
    """Write a PartyIdentification, if there is one."""
    if identifier:
        holder = branch(party, cac("PartyIdentification"))
        leaf(holder, cbc("ID"), identifier.value, schemeID=identifier.scheme)


def write_vat_scheme(party: etree._Element, vat_id: str) -> None:
    """Write a VAT number as a tax scheme of the party."""
    scheme = branch(party, cac("PartyTaxScheme"))
    leaf(scheme, cbc("CompanyID"), vat_id)
    leaf(branch(scheme, cac("TaxScheme")), cbc("ID"), "VAT")


def write_address(parent: etree._Element, name: str, address: Address) -> None:
    """Write an address under the element called ``name``."""
    element = branch(parent, cac(name))
    leaf(element, cbc("StreetName"), address.line_1)
    leaf(element, cbc("AdditionalStreetName"), address.line_2)
    leaf(element, cbc("CityName"), address.city)
    leaf(element, cbc("PostalZone"), address.post_code)
    leaf(element, cbc("CountrySubentity"), address.subdivision)
    if address.line_3:
        leaf(branch(element, cac("AddressLine")), cbc("Line"), address.line_3)
    leaf(branch(element, cac("Country")), cbc("IdentificationCode"), address.country)


def _write_contact(party: etree._Element, contact: Contact) -> None:
    element = branch(party, cac("Contact"))
    leaf(element, cbc("Name"), contact.name)
    leaf(element, cbc("Telephone"), contact.phone)
    leaf(element, cbc("ElectronicMail"), contact.mail)


def read_trade_party(party: Reader) -> TradeParty:
    """Read seller or buyer. The registered name is required, the address too."""
    schemes = list(party.children("cac:PartyTaxScheme"))
    return TradeParty(
        name=party.need_text("cac:PartyLegalEntity/cbc:RegistrationName", "BT-27 or BT-44"),
        trading_name=party.text("cac:PartyName/cbc:Name"),
        address=read_address(party.need("cac:PostalAddress", "BG-5 or BG-8")),
        identifiers=tuple(
            identifier
            for element in party.children("cac:PartyIdentification/cbc:ID")
            if (identifier := read_identifier(element)) and identifier.scheme != SEPA
        ),
        legal_id=read_identifier(party.child("cac:PartyLegalEntity/cbc:CompanyID")),
        vat_id=_company(schemes, is_vat=True),
        tax_id=_company(schemes, is_vat=False),
        legal_note=party.text("cac:PartyLegalEntity/cbc:CompanyLegalForm"),
        endpoint=read_identifier(party.child("cbc:EndpointID")),
        contact=_read_contact(party.child("cac:Contact")),
    )


def _company(schemes: list[Reader], *, is_vat: bool) -> str | None:
    for scheme in schemes:
        if ((scheme.text("cac:TaxScheme/cbc:ID") or "").upper() == "VAT") == is_vat:
            return scheme.text("cbc:CompanyID")
    return None


def read_vat_id(party: Reader) -> str | None:
    """Return the VAT number of a party."""
    return _company(list(party.children("cac:PartyTaxScheme")), is_vat=True)


def read_identifier(element: Reader | None) -> Identifier | None:
    """Read a value with its scheme; None if missing or empty."""
    value = element.text() if element else None
    return Identifier(value, element.attribute("schemeID")) if element and value else None


def read_address(element: Reader) -> Address:
    """Read an address; its country is required."""
    return Address(
        line_1=element.text("cbc:StreetName"),
        line_2=element.text("cbc:AdditionalStreetName"),
        line_3=element.text("cac:AddressLine/cbc:Line"),
        city=element.text("cbc:CityName"),
        post_code=element.text("cbc:PostalZone"),
        subdivision=element.text("cbc:CountrySubentity"),
        country=element.need_text("cac:Country/cbc:IdentificationCode", "The country code"),
    )


def _read_contact(element: Reader | None) -> Contact | None:
    if element is None:
        return None
    contact = Contact(
        name=element.text("cbc:Name"),
        phone=element.text("cbc:Telephone"),
        mail=element.text("cbc:ElectronicMail"),
    )
    return contact if contact != Contact() else None
