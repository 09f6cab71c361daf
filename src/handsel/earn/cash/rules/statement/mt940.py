"""MT940 (SWIFT): the customer statement message, with structured and free :86:.

The mt-940 library reads the inside of the fields. The frame around it is ours, because the
library is made to get something out of any file and we are made to refuse a doubtful one: the
fields are cut and counted here, each by its own strict grammar; there is exactly one opening
and one closing balance; two-digit years have a century; nothing is merged across lines.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import mt940

from handsel.earn.cash.rules.statement.model import (
    Balance,
    BankTransactionCode,
    Direction,
    Entry,
    Header,
    Kind,
    Page,
    StatedAmount,
    Statement,
    StatementFile,
)
from handsel.earn.cash.rules.statement.mt940_text import Information, detail_of, read_information
from handsel.earn.cash.rules.statement.parties import BankAccount, normal_iban
from handsel.earn.cash.rules.statement.refusals import StatementRefused, refuse
from handsel.earn.cash.rules.statement.xml import Limits
from handsel.ground.kernel.said import said

# Years are written with two digits; SWIFT reads 80 to 99 as 1980 to 1999.
_PIVOT_YEAR = 80

_TAG = re.compile(r":(20|21|25P?|28C?|13D?|34F|60[FM]|61|62[FM]|64|65|86|90[DC]|NS):(.*)", re.S)
_BALANCE = re.compile(r"[CD](?P<date>[0-9]{6})(?P<currency>[A-Z]{3})(?P<amount>[0-9]+,[0-9]*)")
_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?(?P<mark>R?[CD])(?P<funds>[A-Z])?"
    r"(?P<amount>[0-9]+,[0-9]*)(?P<kind>[A-Z][A-Z0-9]{3})(?P<rest>.*)",
    re.S,
)
_IBAN = re.compile(r"(?P<iban>[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}?)(?P<currency>[A-Z]{3})?")
_NUMBER = re.compile(r"(?P<number>[0-9]{1,5})(?:/(?P<page>[0-9]{1,5}))?")
_LONGEST_AMOUNT = 15

_BALANCE_CODES = {
    "60F": ("OPBD", ""),
    "60M": ("OPBD", "INTM"),
    "62F": ("CLBD", ""),
    "62M": ("CLBD", "INTM"),
    "64": ("CLAV", ""),
    "65": ("FWAV", ""),
}


class _Field(NamedTuple):
    tag: str
    value: str
    line: int


def parse_mt940(content: bytes, *, limits: Limits | None = None) -> StatementFile:
    """Read an MT940 file, which may hold several statements, exactly as stated.

    Raises StatementRefused with the reason and the line: a field that does not follow its
    grammar, a missing or second opening or closing balance, an entry outside them, no account.
    MT942 (intraday, no balances) is refused by that rule. A booking date that is not stated is
    the value date. Whether the statement adds up is asked in ``integrity``.
    """
    limits = limits or Limits()
    if len(content) > limits.max_bytes:
        raise refuse(
            "too_large",
            said(
                "The file has %(size)s bytes; at most %(limit)s are read.",
                size=len(content),
                limit=limits.max_bytes,
            ),
            size=len(content),
            limit=limits.max_bytes,
        )
    blocks = _blocks(_fields(_decoded(content)))
    if not blocks:
        raise refuse("empty", said("The file holds no MT940 statement (no :20: field)."))
    if sum(field.tag == "61" for block in blocks for field in block) > limits.max_entries:
        raise refuse(
            "too_large",
            said("The statement has more than %(limit)s entries.", limit=limits.max_entries),
        )
    warnings: list[str] = []
    statements = tuple(_statement_of(block, warnings) for block in blocks)
    return StatementFile(
        message_format="mt940",
        version="",
        sha256=hashlib.sha256(content).hexdigest(),
        header=Header(message_id=blocks[0][0].value.strip()),
        statements=statements,
        warnings=tuple(warnings),
    )


def _decoded(content: bytes) -> str:
    """Decode: UTF-8 where it is valid, else ISO 8859-1, which German banks use for umlauts."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("iso-8859-1")


def _fields(text: str) -> list[_Field]:
    """Cut the text into fields. Envelopes ``{1:…}{4:``, ``-}`` and lines between messages go."""
    fields: list[_Field] = []
    is_inside = False
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = re.sub(r"^(?:\{[1-35]:[^{}]*\})*\{4:", "", raw.rstrip())
        if line == "-" or line.startswith(("-}", "{")):
            is_inside = False
            continue
        match = _TAG.fullmatch(line)
        if match:
            fields.append(_Field(match[1], match[2], number))
            is_inside = True
        elif is_inside and line:
            last = fields[-1]
            fields[-1] = last._replace(value=f"{last.value}\n{line}")
    return fields


def _blocks(fields: list[_Field]) -> list[list[_Field]]:
    blocks: list[list[_Field]] = []
    for field in fields:
        if field.tag == "20":
            blocks.append([])
        if not blocks:
            raise refuse(
                "order",
                f"Line {field.line}: :{field.tag}: stands before any :20:.",
                line=field.line,
            )
        blocks[-1].append(field)
    return blocks


def _statement_of(fields: list[_Field], warnings: list[str]) -> Statement:
    opening = _only(fields, "60F", "60M")
    closing = _only(fields, "62F", "62M")
    if fields.index(opening) > fields.index(closing):
        raise refuse("order", f"Line {closing.line}: closing before opening.", line=closing.line)
    balances = tuple(_balance_of(field) for field in fields if field.tag in _BALANCE_CODES)
    currency = _balance_of(opening).amount.currency
    closing_on = _balance_of(closing).on
    number, page = _numbers_of(fields)
    entries, information = _entries_of(fields, currency, warnings)
    return Statement(
        kind=Kind.STATEMENT,
        statement_id=_statement_id(fields[0].value.strip(), closing_on, number, page),
        account=_account_of(_only(fields, "25", "25P"), currency),
        created_at=None,
        electronic_sequence=number or None,
        page=Page(page, closing.tag == "62F") if page is not None else None,
        balances=balances,
        entries=entries,
        additional_info=information,
    )


def _only(fields: list[_Field], *tags: str) -> _Field:
    found = [field for field in fields if field.tag in tags]
    if len(found) != 1:
        start = fields[0].line
        names = " or ".join(f":{tag}:" for tag in tags)
        raise refuse(
            "missing" if not found else "repeated",
            f"Line {start}: the statement has {len(found)} of {names}; exactly one is needed.",
            path=tags[0],
            line=start,
        )
    return found[0]


def _statement_id(reference: str, closing_on: date, number: int, page: int | None) -> str:
    """Name a statement: many banks write the same :20: on all of them, so year and number do.

    Without a number the closing date and the reference have to.
    """
    if not number:
        return f"{closing_on.isoformat()}-{reference}"
    return f"{closing_on.year}-{number:05d}" + (f"/{page:03d}" if page is not None else "")


def _numbers_of(fields: list[_Field]) -> tuple[int, int | None]:
    found = [field for field in fields if field.tag in ("28", "28C")]
    if not found:
        return 0, None
    match = _NUMBER.fullmatch(found[0].value.strip())
    if match is None or len(found) > 1:
        raise refuse(
            "number",
            f"Line {found[0].line}: :{found[0].tag}: should be one statement number such as 12/1.",
            line=found[0].line,
        )
    return int(match["number"]), int(match["page"]) if match["page"] else None


def _account_of(field: _Field, currency: str) -> BankAccount:
    """Read :25: (with a BIC on a second line in :25P:): an IBAN, or bank code and number."""
    stated = field.value.split("\n")[0].strip()
    if not stated:
        raise refuse("missing", f"Line {field.line}: :{field.tag}: is empty.", line=field.line)
    match = _IBAN.fullmatch(normal_iban(stated))
    if match is None:
        return BankAccount(other_id=stated, currency=currency)
    iban = match["iban"]
    if match["currency"] and match["currency"] != currency:
        iban += match["currency"]  # the letters belong to the number, not to a currency
    return BankAccount(iban=iban, currency=currency)


def _balance_of(field: _Field) -> Balance:
    match = _BALANCE.fullmatch(field.value.strip())
    if match is None or len(match["amount"]) > _LONGEST_AMOUNT:
        raise _bad(field, "a balance such as C260301EUR1234,56")
    tag = mt940.tags.TAG_BY_ID[field.tag if field.tag[-1] in "FM" else int(field.tag)]
    data = _read(field, tag, field.value.strip())
    balance = data[tag.slug]
    code, sub_code = _BALANCE_CODES[field.tag]
    return Balance(
        code=code,
        sub_code=sub_code,
        amount=StatedAmount(_plain(balance.amount.amount), match["currency"]),
        on=_century(match["date"], balance.date),
    )


def _entries_of(
    fields: list[_Field], currency: str, warnings: list[str]
) -> tuple[tuple[Entry, ...], str]:
    """Pair each :61: with the :86: behind it; an :86: of its own speaks of the statement."""
    entries: list[Entry] = []
    spoken: list[str] = []
    pending: tuple[_Field, list[str]] | None = None
    is_open = False
    for field in fields:
        if field.tag == "86":
            (pending[1] if pending else spoken).append(field.value)
            continue
        if pending and field.tag != "NS":
            entries.append(_entry_of(*pending, len(entries), currency, warnings))
            pending = None
        if field.tag == "61":
            if not is_open:
                raise refuse(
                    "order",
                    f"Line {field.line}: an entry outside opening and closing balance.",
                    line=field.line,
                )
            pending = (field, [])
        elif field.tag[:2] in ("60", "62"):
            is_open = field.tag.startswith("60")
    return tuple(entries), "\n".join(spoken)


def _entry_of(
    field: _Field, texts: list[str], position: int, currency: str, warnings: list[str]
) -> Entry:
    match = _LINE.fullmatch(field.value)
    if match is None or len(match["amount"]) > _LONGEST_AMOUNT:
        raise _bad(field, "an entry such as 2603010301C1234,56NTRFNONREF")
    data = _read(field, _ENTRY_TAG, field.value)
    value_on = _century(match["value"], data["date"])
    if value_on.strftime("%y%m%d") != match["value"]:
        warnings.append(
            f"Line {field.line}: value date {match['value']} does not exist; "
            f"read as {value_on.isoformat()}."
        )
    amount = _plain(data["amount"].amount)
    direction = Direction.DEBIT if match["mark"] in ("D", "RC") else Direction.CREDIT
    information = read_information("\n".join(texts))
    reference = (data["customer_reference"] or "").strip()
    return Entry(
        position=position,
        amount=StatedAmount(amount, currency),
        direction=direction,
        status="BOOK",
        is_reversal=match["mark"].startswith("R"),
        booked_on=_entry_date(match["entry"], value_on, field),
        value_on=value_on,
        reference="" if reference == "NONREF" else reference,
        account_servicer_ref=(data["bank_reference"] or "").strip(),
        bank_transaction_code=_transaction_code(match["kind"], information),
        details=(detail_of(information, direction, is_reversal=match["mark"].startswith("R")),),
        additional_info=(data["extra_details"] or "").strip(),
    )


def _transaction_code(kind: str, information: Information) -> BankTransactionCode:
    """Return the code as German banks write it in camt: NTRF+166+9310, issuer DK."""
    if not information.business_code:
        return BankTransactionCode(proprietary=kind)
    parts = [kind, information.business_code, information.prima_nota]
    return BankTransactionCode(
        proprietary="+".join(part for part in parts if part), proprietary_issuer="DK"
    )


def _entry_date(month_day: str | None, value_on: date, field: _Field) -> date:
    """Complete an entry date, which has no year, to the one nearest the value date."""
    if not month_day:
        return value_on
    nearest: date | None = None
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            candidate = date(year, int(month_day[:2]), int(month_day[2:]))
        except ValueError:
            continue
        if nearest is None or abs(candidate - value_on) < abs(nearest - value_on):
            nearest = candidate
    if nearest is None:
        raise _bad(field, "an entry date of month and day behind the value date")
    return nearest


def _century(stated: str, read: date) -> date:
    """Give the date its century: the library puts every two-digit year after 2000."""
    on = date(read.year, read.month, read.day)
    if int(stated[:2]) < _PIVOT_YEAR:
        return on
    return on.replace(year=on.year - 100)


def _plain(amount: Decimal) -> Decimal:
    return amount if amount else abs(amount)


# This variant takes a reference of any length up to the "//"; the standard one cuts at 16.
_ENTRY_TAG = mt940.tags.StatementGLS()
_OPTIONS = mt940.Options.all()


def _read(field: _Field, tag: Any, value: str) -> dict[str, Any]:
    """Let the library read one field whose frame is already checked."""
    frame = mt940.models.Transactions(options=_OPTIONS)
    try:
        fields = tag.parse(frame, value)
        if tag is _ENTRY_TAG:
            fields = mt940.processors.date_fixup_pre_processor(frame, tag, fields)
            # The library would complete 29 February in the year of the value date and fail.
            fields["entry_month"] = fields["entry_day"] = None
        result: dict[str, Any] = tag(frame, fields)
    except (RuntimeError, ValueError, ArithmeticError, OverflowError):
        raise _bad(field, "a field as SWIFT defines it") from None
    return result


def _bad(field: _Field, expected: str) -> StatementRefused:
    shown = field.value.split("\n")[0][:40]
    return refuse(
        "field",
        f"Line {field.line}: :{field.tag}:{shown} is not what it should be; expected {expected}.",
        tag=field.tag,
        line=field.line,
    )
