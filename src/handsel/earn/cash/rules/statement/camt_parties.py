"""Parties, accounts and banks in camt messages, all versions."""

from __future__ import annotations

from handsel.earn.cash.rules.statement.parties import (
    Address,
    Agent,
    BankAccount,
    Birth,
    Identification,
    Party,
    Side,
    normal_iban,
)
from handsel.earn.cash.rules.statement.values import day_of
from handsel.earn.cash.rules.statement.xml import Node

_BIC_ELEMENTS = ("BICOrBEI", "AnyBIC")


def party_of(node: Node) -> Party:
    """Read a party: bare until version 7, since then inside a choice of Pty and Agt."""
    inner = node.one("Pty")
    if inner is not None:
        return _party(inner)
    institution = node.one("Agt/FinInstnId")
    if institution is not None:
        return Party(
            name=institution.text("Nm"),
            address=_address(institution),
            bic=institution.text("BICFI") or institution.text("BIC"),
            bic_element="BICFI" if institution.text("BICFI") else "",
            lei=institution.text("LEI"),
            is_institution=True,
        )
    return _party(node)


def _party(node: Node) -> Party:
    organization = node.one("Id/OrgId")
    person = node.one("Id/PrvtId")
    holder = organization or person
    bic_element = next(
        (name for name in _BIC_ELEMENTS if organization and organization.text(name)), ""
    )
    return Party(
        name=node.text("Nm"),
        address=_address(node),
        bic=organization.text(bic_element) if organization and bic_element else "",
        bic_element=bic_element,
        lei=organization.text("LEI") if organization else "",
        identifications=_identifications(holder) if holder else (),
        is_private=person is not None,
        birth=_birth(person) if person else None,
        country_of_residence=node.text("CtryOfRes"),
        email=node.text("CtctDtls/EmailAdr"),
        phone=node.text("CtctDtls/PhneNb"),
    )


def _identifications(holder: Node) -> tuple[Identification, ...]:
    return tuple(
        Identification(
            number=other.text("Id"),
            scheme=_code_or_proprietary(other, "SchmeNm"),
            issuer=other.text("Issr"),
        )
        for other in holder.all("Othr")
    )


def _birth(person: Node) -> Birth | None:
    node = person.one("DtAndPlcOfBirth")
    if node is None:
        return None
    return Birth(
        born_on=day_of(node.need("BirthDt").content(), f"Line {node.line}, BirthDt"),
        province=node.text("PrvcOfBirth"),
        city=node.text("CityOfBirth"),
        country=node.text("CtryOfBirth"),
    )


def _address(node: Node) -> Address | None:
    inner = node.one("PstlAdr")
    if inner is None:
        return None
    return Address(
        department=inner.text("Dept"),
        sub_department=inner.text("SubDept"),
        street_name=inner.text("StrtNm"),
        building_number=inner.text("BldgNb"),
        post_code=inner.text("PstCd"),
        town_name=inner.text("TwnNm"),
        country_sub_division=inner.text("CtrySubDvsn"),
        country=inner.text("Ctry"),
        lines=inner.texts("AdrLine"),
    )


def agent_of(node: Node | None) -> Agent | None:
    """Read a bank: BIC in version 2, BICFI after it, or a member of a clearing system."""
    if node is None:
        return None
    inner = node.one("FinInstnId")
    if inner is None:
        return Agent()
    return Agent(
        bic=inner.text("BICFI") or inner.text("BIC"),
        name=inner.text("Nm"),
        clearing_code=_code_or_proprietary(inner, "ClrSysMmbId/ClrSysId"),
        clearing_member_id=inner.text("ClrSysMmbId/MmbId"),
    )


def account_of(node: Node) -> BankAccount:
    """Read a bank account; an IBAN loses its blanks and becomes upper case."""
    owner = node.one("Ownr")
    return BankAccount(
        iban=normal_iban(node.text("Id/IBAN")),
        other_id=node.text("Id/Othr/Id"),
        other_scheme=_code_or_proprietary(node, "Id/Othr/SchmeNm"),
        other_issuer=node.text("Id/Othr/Issr"),
        currency=node.text("Ccy"),
        name=node.text("Nm"),
        kind=_code_or_proprietary(node, "Tp"),
        owner=party_of(owner) if owner is not None else None,
        servicer=agent_of(node.one("Svcr")),
    )


def side_of(transaction: Node, role: str) -> Side:
    """Read one side of a payment; ``role`` is Dbtr or Cdtr."""
    party = transaction.one(f"RltdPties/{role}")
    account = transaction.one(f"RltdPties/{role}Acct")
    ultimate = transaction.one(f"RltdPties/Ultmt{role}")
    return Side(
        party=party_of(party) if party is not None else None,
        account=account_of(account) if account is not None else None,
        agent=agent_of(transaction.one(f"RltdAgts/{role}Agt")),
        ultimate=party_of(ultimate) if ultimate is not None else None,
    )


def _code_or_proprietary(node: Node, path: str) -> str:
    return node.text(f"{path}/Cd") or node.text(f"{path}/Prtry")
