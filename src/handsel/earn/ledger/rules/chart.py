"""The chart of accounts a seller starts with; `role` is how posting rules name an account."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """One account of the starting chart."""

    code: str
    name: str
    kind: str
    role: str


CHART: tuple[ChartAccount, ...] = (
    ChartAccount("1200", "Bank", "asset", "bank"),
    ChartAccount("1400", "Trade receivables", "asset", "receivable"),
    ChartAccount("1590", "Payments not yet allocated", "liability", "unallocated"),
    ChartAccount("1710", "Deposits received", "liability", "deposit"),
    ChartAccount("1776", "VAT on sales", "liability", "vat"),
    ChartAccount("4970", "Bank charges", "expense", "bank_charges"),
    ChartAccount("6930", "Receivables written off", "expense", "write_off"),
    ChartAccount("8400", "Sales of goods, taxed", "income", "sales_goods"),
    ChartAccount("8410", "Sales of services, taxed", "income", "sales_services"),
    ChartAccount("8125", "Sales to EU businesses, tax free", "income", "sales_eu"),
    ChartAccount("8120", "Exports, tax free", "income", "sales_export"),
    ChartAccount("8336", "Services abroad, tax with the customer", "income", "sales_reverse"),
    ChartAccount("8300", "Other sales without tax", "income", "sales_exempt"),
    ChartAccount("8730", "Early-payment discounts granted", "income", "discount"),
    ChartAccount("8900", "Rounding differences", "income", "rounding"),
)

_SALES_BY_CATEGORY = {
    "K": "sales_eu",
    "G": "sales_export",
    "AE": "sales_reverse",
    "O": "sales_reverse",
    "E": "sales_exempt",
    "Z": "sales_exempt",
}


def sales_role(tax_category: str, *, is_service: bool) -> str:
    """The sales account of a line by its tax category, else by goods or service."""
    plain = "sales_services" if is_service else "sales_goods"
    return _SALES_BY_CATEGORY.get(tax_category, plain)
