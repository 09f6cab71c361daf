"""Our statement file, told in the words of the object model that the stored JSON serializes.

The JSON beside each statement in ``../shared/data/bank`` is the dump of another library's
objects: one key per getter. ``message_view`` derives every getter from our model, so that the
comparison can be of whole documents. What the dump calls ``__RECURSIVITY__`` is an object it
has written before; here it is simply some object.

Nothing that has a value in the dumps is left out. Three things are derived and not kept:
``__CLASS__`` (the class), ``getMessage`` (the first remittance text) and ``getIndex``, which is
0 for every entry of the stored files, the key under which that library numbers them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from handsel.earn.cash.rules.statement.model import (
    Balance,
    BankTransactionCode,
    Entry,
    Header,
    Kind,
    Page,
    References,
    StatedAmount,
    Statement,
    StatementFile,
    StructuredRemittance,
    TransactionDetail,
)
from handsel.earn.cash.rules.statement.parties import (
    Address,
    Agent,
    BankAccount,
    Party,
    Side,
)

RECURSION = "__RECURSIVITY__"
DTO = "Genkgo\\Camt\\DTO\\"
BALANCE_NAMES = {
    "OPBD": "opening",
    "PRCD": "opening",
    "OPAV": "opening_available",
    "CLBD": "closing",
    "CLAV": "closing_available",
    "FWAV": "forward_available",
    "INFO": "information",
    "ITAV": "interim_available",
    "ITBD": "interim",
    "XPCD": "expected_credit",
}

View = dict[str, Any]


def message_view(file: StatementFile) -> View:
    records = [_record(statement) for statement in file.statements]
    # The dump keys entries by their index within the record, so a later record overwrites.
    entries: dict[int, View] = {}
    for statement, record in zip(file.statements, records, strict=True):
        for index, entry in enumerate(statement.entries):
            entries[index] = _entry(entry, record)
    return {
        "__CLASS__": DTO + "Message",
        "getEntries": list(entries.values()),
        "getGroupHeader": _header(file),
        "getRecords": records,
    }


def _header(file: StatementFile) -> View:
    header: Header = file.header
    view: View = {
        "__CLASS__": DTO + "GroupHeader",
        "getAdditionalInformation": header.additional_info or None,
        "getCreatedOn": _instant(header.created_at),
        "getMessageId": header.message_id,
        "getMessageRecipient": None,
        "getPagination": _page(header.page),
    }
    if header.recipient:
        view["getMessageRecipient"] = {
            "__CLASS__": DTO + "Recipient",
            "getAddress": _address(header.recipient.address),
            "getContactDetails": None,
            "getCountryOfResidence": header.recipient.country_of_residence or None,
            "getIdentification": _identification(header.recipient),
            "getName": header.recipient.name or None,
        }
    if file.message_format == "camt.054" and int(file.version) >= 4:
        view["__CLASS__"] = "Genkgo\\Camt\\Camt054\\DTO\\V04\\GroupHeader"
        query = header.original_query
        view["getOriginalBusinessQuery"] = query and {
            "__CLASS__": "Genkgo\\Camt\\Camt054\\DTO\\V04\\OriginalBusinessQuery",
            "getCreatedOn": _instant(query.created_at),
            "getMessageId": query.message_id,
            "getMessageNameId": query.message_name,
        }
    return view


def _record(statement: Statement) -> View:
    view: View = {
        "__CLASS__": "Genkgo\\Camt\\Camt054\\DTO\\Notification",
        "getAccount": _account(statement.account),
        "getAdditionalInformation": statement.additional_info or None,
        "getCopyDuplicateIndicator": statement.copy_duplicate or None,
        "getCreatedOn": _instant(statement.created_at),
        "getElectronicSequenceNumber": _digits(statement.electronic_sequence),
        "getEntries": [RECURSION] * len(statement.entries),
        "getFromDate": _instant(statement.from_at),
        "getId": statement.statement_id,
        "getLegalSequenceNumber": _digits(statement.legal_sequence),
        "getPagination": _page(statement.page),
        "getToDate": _instant(statement.to_at),
    }
    if statement.kind is Kind.STATEMENT:
        view["__CLASS__"] = "Genkgo\\Camt\\Camt053\\DTO\\Statement"
        view["getBalances"] = [_balance(balance) for balance in statement.balances]
    return view


def _balance(balance: Balance) -> View:
    return {
        "__CLASS__": DTO + "Balance",
        "getAmount": _money(balance.amount),
        "getDate": _moment(balance.on, balance.at),
        "getType": BALANCE_NAMES[balance.code],
    }


def _entry(entry: Entry, record: View) -> View:
    details = [_detail(detail, entry) for detail in entry.details]
    return {
        "__CLASS__": DTO + "Entry",
        "getAccountServicerReference": entry.account_servicer_ref or None,
        "getAdditionalInfo": entry.additional_info,
        "getAmount": _money(entry.amount),
        "getBankTransactionCode": _code(entry.bank_transaction_code),
        "getBatchPaymentId": next((batch.payment_information_id for batch in entry.batches), None),
        "getBookingDate": _moment(entry.booked_on, entry.booked_at),
        "getCharges": list(entry.charges) or None,
        "getCreditDebitIndicator": entry.direction.value,
        "getIndex": entry.position,
        "getRecord": record,
        "getReference": entry.reference or None,
        "getReversalIndicator": entry.is_reversal,
        "getStatus": entry.status,
        "getTransactionDetail": details[0] if details else None,
        "getTransactionDetails": details,
        "getValueDate": _moment(entry.value_on, entry.value_at),
    }


def _detail(detail: TransactionDetail, entry: Entry) -> View:
    parties = _parties(detail)
    agents = _agents(detail)
    return {
        "__CLASS__": DTO + "EntryTransactionDetail",
        "getAdditionalTransactionInformation": detail.additional_info or None,
        "getAmount": _money(detail.amount),
        "getAmountDetails": _money(detail.transaction_amount),
        "getBankTransactionCode": _code(detail.bank_transaction_code),
        "getCharges": list(detail.charges) or None,
        "getCreditDebitIndicator": entry.direction.value,
        "getReference": _references(detail.references),
        "getRelatedAgent": agents[0] if agents else None,
        "getRelatedAgents": agents,
        "getRelatedDates": _instant(detail.accepted_at),
        "getRelatedParties": parties,
        "getRelatedParty": parties[0] if parties else None,
        "getRemittanceInformation": _remittance(detail),
        "getReturnInformation": detail.return_information,
    }


def _parties(detail: TransactionDetail) -> list[View]:
    sides: tuple[tuple[str, Side], ...] = (("Creditor", detail.creditor), ("Debtor", detail.debtor))
    views = [
        {
            "__CLASS__": DTO + "RelatedParty",
            "getAccount": _account(side.account),
            "getRelatedPartyType": _party(role, side.party),
        }
        for role, side in sides
        if side.party
    ]
    views += [
        {
            "__CLASS__": DTO + "RelatedParty",
            "getAccount": None,
            "getRelatedPartyType": _party("Ultimate" + role, side.ultimate),
        }
        for role, side in sides
        if side.ultimate
    ]
    return views


def _party(role: str, party: Party) -> View:
    return {
        "__CLASS__": DTO + role,
        "getAddress": _address(party.address),
        "getIdentification": _identification(party),
        "getName": party.name or None,
    }


def _agents(detail: TransactionDetail) -> list[View]:
    agents: tuple[tuple[str, Agent | None], ...] = (
        ("CreditorAgent", detail.creditor.agent),
        ("DebtorAgent", detail.debtor.agent),
    )
    return [
        {
            "__CLASS__": DTO + "RelatedAgent",
            "getRelatedAgentType": {
                "__CLASS__": DTO + role,
                "getBIC": agent.bic,
                "getName": agent.name,
            },
        }
        for role, agent in agents
        if agent
    ]


def _identification(party: Party) -> View | None:
    other = party.identifications[0] if party.identifications else None
    if party.is_private:
        birth = party.birth
        return {
            "__CLASS__": DTO + "PrivateIdentification",
            "getBirthDate": _moment(birth and birth.born_on, None),
            "getCityOfBirth": birth and birth.city,
            "getCountryOfBirth": birth and birth.country,
            "getIdentification": None,
            "getOtherId": other and other.number,
            "getOtherIssuer": other and other.issuer,
            "getOtherSchemeName": other and other.scheme,
            "getProvinceOfBirth": birth and birth.province,
        }
    if not (other or party.bic):
        return None
    empty = ("BankPartyId", "ChipsUniversalId", "Duns", "Eangln", "Ibei", "Issuer")
    return {
        "__CLASS__": DTO + "OrganisationIdentification",
        **{f"get{name}": None for name in (*empty, "OtherType", "TaxId")},
        "getBei": party.bic if party.bic_element == "BICOrBEI" else None,
        "getBic": party.bic or None,
        "getIdentification": other and other.number,
        "getOtherId": other and other.number,
        "getOtherIssuer": other and (other.issuer or None),
        "getOtherSchemeName": other and (other.scheme or None),
    }


def _address(address: Address | None) -> View | None:
    return address and {
        "__CLASS__": DTO + "Address",
        "getAddressLines": list(address.lines),
        "getBuildingNumber": address.building_number or None,
        "getCountry": address.country or None,
        "getCountrySubDivision": address.country_sub_division or None,
        "getDepartment": address.department or None,
        "getPostCode": address.post_code or None,
        "getStreetName": address.street_name or None,
        "getSubDepartment": address.sub_department or None,
        "getTownName": address.town_name or None,
    }


def _account(account: BankAccount | None) -> View | None:
    if account is None:
        return None
    if account.iban:
        return {
            "__CLASS__": DTO + "IbanAccount",
            "getIban": {"__CLASS__": "Genkgo\\Camt\\Iban", "getIban": account.iban},
            "getIdentification": account.identification,
            "getName": account.name or None,
        }
    return {
        "__CLASS__": DTO + "OtherAccount",
        "getIdentification": account.identification,
        "getIssuer": account.other_issuer or None,
        "getSchemeName": account.other_scheme or None,
    }


def _code(code: BankTransactionCode) -> View:
    return {
        "__CLASS__": DTO + "BankTransactionCode",
        "getDomain": {
            "__CLASS__": DTO + "DomainBankTransactionCode",
            "getCode": code.domain,
            "getFamily": {
                "__CLASS__": DTO + "DomainFamilyBankTransactionCode",
                "getCode": code.family,
                "getSubFamilyCode": code.sub_family,
            },
        }
        if code.domain
        else None,
        "getProprietary": {
            "__CLASS__": DTO + "ProprietaryBankTransactionCode",
            "getCode": code.proprietary,
            "getIssuer": code.proprietary_issuer,
        }
        if code.proprietary
        else None,
    }


def _references(references: References) -> View | None:
    if references == References():
        return None
    return {
        "__CLASS__": DTO + "Reference",
        "getAccountOwnerTransactionId": references.account_owner_transaction_id or None,
        "getAccountServicerReference": references.account_servicer_ref or None,
        "getAccountServicerTransactionId": references.account_servicer_transaction_id or None,
        "getChequeNumber": references.cheque_number or None,
        "getClearingSystemReference": references.clearing_system_ref or None,
        "getEndToEndId": references.end_to_end_id or None,
        "getInstructionId": references.instruction_id or None,
        "getMandateId": references.mandate_id or None,
        "getMarketInfrastructureTransactionId": references.market_infrastructure_transaction_id
        or None,
        "getMessageId": references.message_id or None,
        "getPaymentInformationId": references.payment_information_id or None,
        "getProcessingId": references.processing_id or None,
        "getProprietaries": [
            {
                "__CLASS__": DTO + "ProprietaryReference",
                "getReference": other.reference,
                "getType": other.kind,
            }
            for other in references.proprietary
        ],
        "getTransactionId": references.transaction_id or None,
        "getUuidEndToEndReference": references.uetr or None,
    }


def _remittance(detail: TransactionDetail) -> View | None:
    if not (detail.unstructured or detail.structured):
        return None
    texts = [
        {"__CLASS__": DTO + "UnstructuredRemittanceInformation", "getMessage": text}
        for text in detail.unstructured
    ]
    blocks = [_structured(block) for block in detail.structured]
    # That library shows a creditor reference at the top only where there is no free text.
    shown = None if texts else blocks[0]["getCreditorReferenceInformation"]
    return {
        "__CLASS__": DTO + "RemittanceInformation",
        "getCreditorReferenceInformation": shown,
        "getMessage": texts[0]["getMessage"] if texts else detail.structured[0].reference,
        "getStructuredBlock": blocks[0] if blocks else None,
        "getStructuredBlocks": blocks,
        "getUnstructuredBlock": texts[0] if texts else None,
        "getUnstructuredBlocks": texts,
    }


def _structured(block: StructuredRemittance) -> View:
    return {
        "__CLASS__": DTO + "StructuredRemittanceInformation",
        "getAdditionalRemittanceInformation": block.additional[0] if block.additional else None,
        "getCreditorReferenceInformation": {
            "__CLASS__": DTO + "CreditorReferenceInformation",
            "getCode": block.reference_code or None,
            "getProprietary": block.reference_proprietary or None,
            "getRef": block.reference or None,
        }
        if block.reference
        else None,
    }


def _page(page: Page | None) -> View | None:
    return page and {"__CLASS__": DTO + "Pagination", "getPageNumber": str(page.number)}


def _money(amount: StatedAmount | None) -> View | None:
    return amount and {
        "__CLASS__": "Money\\Money",
        "getAmount": str(amount.minor),
        "getCurrency": {"__CLASS__": "Money\\Currency", "getCode": amount.currency},
    }


def _moment(on: date | None, at: datetime | None) -> View | None:
    if at is None and on is not None:
        at = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return _instant(at)


def _instant(at: datetime | None) -> View | None:
    return at and {"__CLASS__": "DateTimeImmutable", "0": at.isoformat(timespec="seconds")}


def _digits(number: int | None) -> str | None:
    return None if number is None else str(number)
