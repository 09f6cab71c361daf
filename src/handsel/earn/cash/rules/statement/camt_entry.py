"""Entries of camt messages: one line of the account, with the payments inside it."""

from __future__ import annotations

from datetime import date, tzinfo

from handsel.earn.cash.rules.statement.camt_parties import agent_of, party_of, side_of
from handsel.earn.cash.rules.statement.model import (
    BankTransactionCode,
    Batch,
    Charge,
    Direction,
    Entry,
    Exchange,
    ProprietaryReference,
    References,
    ReferredDocument,
    ReturnInformation,
    StatedAmount,
    StructuredRemittance,
    TransactionDetail,
)
from handsel.earn.cash.rules.statement.refusals import refuse
from handsel.earn.cash.rules.statement.values import (
    amount_of,
    day_of,
    day_or_time,
    direction_of,
    flag_of,
    number_of,
    stated_direction,
    time_at,
)
from handsel.earn.cash.rules.statement.xml import Node


def entry_of(node: Node, position: int, zone: tzinfo) -> Entry:
    """Read ``Ntry``; a batch is expanded to its TxDtls. Raises StatementRefused with the line.

    A reversal keeps the sign of CdtDbtInd: ISO states there how *this* booking moves the
    account, and RvslInd only that it undoes another.
    """
    direction = direction_of(node)
    booked_on, booked_at = day_or_time(node.one("BookgDt"), zone)
    value_on, value_at = day_or_time(node.one("ValDt"), zone)
    blocks = node.all("NtryDtls")
    return Entry(
        position=position,
        amount=amount_of(node.need("Amt"), direction),
        direction=direction,
        status=_status(node),
        is_reversal=flag_of(node, "RvslInd") or False,
        booked_on=booked_on,
        booked_at=booked_at,
        value_on=value_on,
        value_at=value_at,
        reference=node.text("NtryRef"),
        account_servicer_ref=node.text("AcctSvcrRef"),
        bank_transaction_code=_code_of(node),
        batches=tuple(_batch_of(found) for block in blocks for found in block.all("Btch")),
        charges=_charges_of(node),
        details=tuple(
            _detail_of(found, direction, zone) for block in blocks for found in block.all("TxDtls")
        ),
        additional_info=node.text("AddtlNtryInf"),
    )


def _status(node: Node) -> str:
    found = node.need("Sts")
    # Plain text until version 3; since then a choice of a code and the bank's own word.
    has_choice = len(found.element) > 0
    status = found.text("Cd") or found.text("Prtry") if has_choice else found.content()
    if not status:
        raise refuse("missing", f"Line {found.line}: Sts is empty.", path="Sts", line=found.line)
    return status


def _code_of(node: Node) -> BankTransactionCode:
    found = node.one("BkTxCd")
    if found is None:
        return BankTransactionCode()
    return BankTransactionCode(
        domain=found.text("Domn/Cd"),
        family=found.text("Domn/Fmly/Cd"),
        sub_family=found.text("Domn/Fmly/SubFmlyCd"),
        proprietary=found.text("Prtry/Cd"),
        proprietary_issuer=found.text("Prtry/Issr"),
    )


def _batch_of(node: Node) -> Batch:
    total = node.one("TtlAmt")
    return Batch(
        message_id=node.text("MsgId"),
        payment_information_id=node.text("PmtInfId"),
        count=number_of(node, "NbOfTxs"),
        total=amount_of(total, Direction.CREDIT) if total is not None else None,
        direction=stated_direction(node),
    )


def _charges_of(node: Node) -> tuple[Charge, ...]:
    """Read charges: one element each in version 2, records under one element after it."""
    charges: list[Charge] = []
    for block in node.all("Chrgs"):
        records = block.all("Rcrd") or ([block] if block.one("Amt") is not None else [])
        charges.extend(_charge_of(record) for record in records)
        total = block.one("TtlChrgsAndTaxAmt")
        if total is not None and not records:
            charges.append(Charge(amount_of(total, Direction.CREDIT)))
    return tuple(charges)


def _charge_of(record: Node) -> Charge:
    # A charge is a debit unless the bank says otherwise, and what it costs us is positive here.
    given_back = stated_direction(record) is Direction.CREDIT
    sign = Direction.DEBIT if given_back else Direction.CREDIT
    kind = record.text("Tp/Cd") or record.text("Tp/Prtry/Id")
    return Charge(
        amount=amount_of(record.need("Amt"), sign),
        is_included=flag_of(record, "ChrgInclInd"),
        bearer=record.text("Br"),
        kind=kind,
        agent=agent_of(record.one("Agt") or record.one("Pty")),
    )


def _detail_of(node: Node, direction: Direction, zone: tzinfo) -> TransactionDetail:
    initiating = node.one("RltdPties/InitgPty")
    return TransactionDetail(
        amount=_signed(node, "Amt", direction),
        stated_direction=stated_direction(node),
        transaction_amount=_signed(node, "AmtDtls/TxAmt/Amt", direction),
        instructed_amount=_signed(node, "AmtDtls/InstdAmt/Amt", direction),
        counter_value=_signed(node, "AmtDtls/CntrValAmt/Amt", direction),
        exchange=_exchange_of(node),
        references=_references_of(node),
        bank_transaction_code=_code_of(node),
        debtor=side_of(node, "Dbtr"),
        creditor=side_of(node, "Cdtr"),
        initiating_party=party_of(initiating) if initiating is not None else None,
        unstructured=node.texts("RmtInf/Ustrd"),
        structured=tuple(_remittance_of(block) for block in node.all("RmtInf/Strd")),
        charges=_charges_of(node),
        return_information=_return_of(node),
        accepted_at=time_at(node, "RltdDts/AccptncDtTm", zone),
        additional_info=node.text("AddtlTxInf"),
    )


def _signed(node: Node, path: str, direction: Direction) -> StatedAmount | None:
    found = node.one(path)
    return amount_of(found, direction) if found is not None else None


def _exchange_of(node: Node) -> Exchange | None:
    for name in ("TxAmt", "CntrValAmt", "InstdAmt"):
        for found in node.all(f"AmtDtls/{name}/CcyXchg")[:1]:
            return Exchange(
                source_currency=found.text("SrcCcy"),
                target_currency=found.text("TrgtCcy"),
                unit_currency=found.text("UnitCcy"),
                rate=found.text("XchgRate"),
                contract_id=found.text("CtrctId"),
            )
    return None


def _references_of(node: Node) -> References:
    found = node.one("Refs")
    if found is None:
        return References()
    return References(
        message_id=found.text("MsgId"),
        account_servicer_ref=found.text("AcctSvcrRef"),
        payment_information_id=found.text("PmtInfId"),
        instruction_id=found.text("InstrId"),
        end_to_end_id=found.text("EndToEndId"),
        uetr=found.text("UETR"),
        transaction_id=found.text("TxId"),
        mandate_id=found.text("MndtId"),
        cheque_number=found.text("ChqNb"),
        clearing_system_ref=found.text("ClrSysRef"),
        account_owner_transaction_id=found.text("AcctOwnrTxId"),
        account_servicer_transaction_id=found.text("AcctSvcrTxId"),
        market_infrastructure_transaction_id=found.text("MktInfrstrctrTxId"),
        processing_id=found.text("PrcgId"),
        proprietary=tuple(
            ProprietaryReference(other.text("Tp"), other.text("Ref"))
            for other in found.all("Prtry")
        ),
    )


def _remittance_of(node: Node) -> StructuredRemittance:
    creditor = "CdtrRefInf"
    return StructuredRemittance(
        reference=node.text(f"{creditor}/Ref"),
        reference_code=node.text(f"{creditor}/Tp/CdOrPrtry/Cd"),
        reference_proprietary=node.text(f"{creditor}/Tp/CdOrPrtry/Prtry"),
        reference_issuer=node.text(f"{creditor}/Tp/Issr"),
        documents=tuple(_document_of(found) for found in node.all("RfrdDocInf")),
        remitted=_signed(node, "RfrdDocAmt/RmtdAmt", Direction.CREDIT),
        discount=_discount_of(node),
        additional=node.texts("AddtlRmtInf"),
    )


def _document_of(node: Node) -> ReferredDocument:
    return ReferredDocument(
        number=node.text("Nb"),
        code=node.text("Tp/CdOrPrtry/Cd") or node.text("Tp/CdOrPrtry/Prtry"),
        on=_document_date(node.one("RltdDt")),
    )


def _document_date(node: Node | None) -> date | None:
    """Read RltdDt: a date, since version 10 a date with its kind."""
    if node is None:
        return None
    text = node.text("Dt") if len(node.element) else node.content()
    return day_of(text, f"Line {node.line}, RltdDt") if text else None


def _discount_of(node: Node) -> StatedAmount | None:
    """Read the discount the payer says he took; several kinds of it are added up."""
    found = node.all("RfrdDocAmt/DscntApldAmt")
    amounts = [
        amount_of(block.need("Amt") if len(block.element) else block, Direction.CREDIT)
        for block in found
    ]
    if not amounts:
        return None
    currency = amounts[0].currency
    if any(amount.currency != currency for amount in amounts):
        raise refuse(
            "currency",
            f"Line {found[0].line}: discounts in several currencies on one document.",
            line=found[0].line,
        )
    return StatedAmount(sum((amount.value for amount in amounts), amounts[0].value * 0), currency)


def _return_of(node: Node) -> ReturnInformation | None:
    found = node.one("RtrInf")
    if found is None:
        return None
    return ReturnInformation(
        code=found.text("Rsn/Cd"),
        proprietary=found.text("Rsn/Prtry"),
        originator=found.text("Orgtr/Nm"),
        additional=found.texts("AddtlInf"),
    )
