"""What stands in :86: of an MT940: German sub-fields ?20 …, Dutch /CODE/ words, or free text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import mt940

from handsel.earn.cash.rules.statement.model import (
    Direction,
    ProprietaryReference,
    References,
    ReturnInformation,
    StructuredRemittance,
    TransactionDetail,
)
from handsel.earn.cash.rules.statement.parties import Agent, BankAccount, Party, Side, normal_iban

# Business codes (Geschäftsvorfallcodes) by which a payment comes back.
_RETURN_CODES = frozenset({"108", "109", "159", "181", "183", "184"})

_WORDS = (
    "TRTP|TRCD|CNTP|IBAN|BIC|NAME|REMI|EREF|PREF|MARF|CSID|ISDT|RTRN|ORDP|BENM|ULTD|ULTC|ULTB|PURP"
)
_WORD = re.compile(rf"/({_WORDS})/")

_KEPT_AS_REFERENCE = {
    "CRED": "applicant_creditor_id",
    "DEBT": "debitor_identifier",
    "PURP": "purpose_code",
    "COAM": "compensation_amount",
    "OAMT": "original_amount",
}


@dataclass(frozen=True, slots=True)
class Information:
    """What an :86: says, in our words."""

    business_code: str = ""
    prima_nota: str = ""
    posting_text: str = ""
    text: str = ""
    name: str = ""
    ultimate_name: str = ""
    iban: str = ""
    other_account: str = ""
    bic: str = ""
    end_to_end_id: str = ""
    instruction_id: str = ""
    mandate_id: str = ""
    creditor_reference: str = ""
    return_code: str = ""
    references: tuple[ProprietaryReference, ...] = field(default=())


def read_information(value: str) -> Information:
    """Read the text of one :86:; lines of a structured one run on without a blank."""
    joined = "".join(line for line in value.split("\n"))
    if re.match(r"[0-9]{3}\?[0-9]{2}", joined):
        return _german(joined)
    if _WORD.match(joined):
        return _dutch(joined)
    return Information(text="\n".join(line.strip() for line in value.split("\n")).strip())


def _german(joined: str) -> Information:
    """Read ``166?00GUTSCHRIFT?20SVWZ+…?32NAME`` by the library's table of sub-fields."""
    frame = mt940.models.Transactions(options=mt940.Options.all())
    tag = mt940.tags.Tags.TRANSACTION_DETAILS.value
    fields = tag.parse(frame, joined)
    read: dict[str, Any] = mt940.processors.transaction_details_post_processor(
        frame, tag, fields, dict(fields)
    )
    words = {key: (text or "").strip() for key, text in read.items()}
    code = words["transaction_code"]
    account = normal_iban(words["applicant_iban"]) or words.get("gvc_applicant_iban", "")
    is_iban = bool(re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", account))
    return Information(
        business_code=code,
        prima_nota=words["prima_nota"],
        posting_text=words["posting_text"],
        text=" ".join(text for text in (words["purpose"], words["additional_purpose"]) if text),
        name=words["applicant_name"],
        ultimate_name=words.get("deviate_applicant", "") or words.get("deviate_recipient", ""),
        iban=account if is_iban else "",
        other_account="" if is_iban else account,
        bic=words["applicant_bin"],
        end_to_end_id=words.get("end_to_end_reference", ""),
        instruction_id=words.get("customer_reference", ""),
        mandate_id=words.get("additional_position_reference", ""),
        return_code=words["return_debit_notes"] if code in _RETURN_CODES else "",
        references=tuple(
            ProprietaryReference(name, words[key])
            for name, key in _KEPT_AS_REFERENCE.items()
            if words.get(key)
        ),
    )


def _dutch(joined: str) -> Information:
    """Read ``/TRTP/SEPA OVERBOEKING/IBAN/NL…/NAME/…/REMI/…/EREF/…`` and ING's ``/CNTP/``."""
    pieces = _WORD.split(joined)
    words: dict[str, str] = {}
    for word, text in zip(pieces[1::2], pieces[2::2], strict=True):
        words.setdefault(word, text.strip("/ ") if word != "CNTP" else text)
    counterparty = [part.strip() for part in words.get("CNTP", "").split("/")] + [""] * 3
    remittance = words.get("REMI", "")
    structured = re.fullmatch(r"STRD/[A-Z]{3}/(?P<reference>.+)", remittance)
    return Information(
        posting_text=words.get("TRTP", ""),
        text="" if structured else re.sub(r"^USTD//?", "", remittance),
        name=words.get("NAME", "") or counterparty[2],
        ultimate_name=words.get("ULTD", "") or words.get("ULTC", "") or words.get("ULTB", ""),
        iban=normal_iban(words.get("IBAN", "") or counterparty[0]),
        bic=words.get("BIC", "") or counterparty[1],
        end_to_end_id=words.get("EREF", ""),
        instruction_id=words.get("PREF", ""),
        mandate_id=words.get("MARF", ""),
        creditor_reference=structured["reference"] if structured else "",
        return_code=words.get("RTRN", ""),
        references=tuple(
            ProprietaryReference(word, words[word]) for word in ("CSID", "PURP") if words.get(word)
        ),
    )


def detail_of(
    information: Information, direction: Direction, *, is_reversal: bool
) -> TransactionDetail:
    """Return the one payment of an MT940 entry; the other side pays in and is paid out.

    A reversal undoes the opposite booking, so the other side stays what it was there.
    """
    has_account = information.iban or information.other_account
    account = (
        BankAccount(iban=information.iban, other_id=information.other_account)
        if has_account
        else None
    )
    side = Side(
        party=Party(name=information.name) if information.name else None,
        account=account,
        agent=Agent(bic=information.bic) if information.bic else None,
        ultimate=Party(name=information.ultimate_name) if information.ultimate_name else None,
    )
    is_debtor = (direction is Direction.CREDIT) != is_reversal
    reference = information.creditor_reference
    return TransactionDetail(
        references=References(
            instruction_id=information.instruction_id,
            end_to_end_id=information.end_to_end_id,
            mandate_id=information.mandate_id,
            proprietary=information.references,
        ),
        debtor=side if is_debtor else Side(),
        creditor=Side() if is_debtor else side,
        unstructured=(information.text,) if information.text else (),
        structured=(StructuredRemittance(reference=reference),) if reference else (),
        return_information=(
            ReturnInformation(proprietary=information.return_code)
            if information.return_code
            else None
        ),
        additional_info=information.posting_text,
    )
