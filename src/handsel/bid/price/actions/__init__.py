"""The only writers of price books, agreed prices and exchange rates."""

from handsel.bid.price.actions.agreement_list import (
    AGREEMENT_FIELDS,
    ListedAgreement,
    import_agreements,
)
from handsel.bid.price.actions.agreements import (
    agree_price,
    change_agreement,
    end_agreement,
    take_back_agreement,
)
from handsel.bid.price.actions.books import (
    NewRule,
    add_rules,
    change_book,
    copy_book,
    draft_book,
    publish_book,
    remove_entry,
    remove_rule,
    retire_book,
    set_entries,
)
from handsel.bid.price.actions.entry_list import ENTRY_FIELDS, ListedEntry, import_entries
from handsel.bid.price.actions.rates import ImportedRates, import_rates, record_rates
from handsel.bid.price.actions.terms import add_terms, change_prices, change_term, remove_term

__all__ = [
    "AGREEMENT_FIELDS",
    "ENTRY_FIELDS",
    "ImportedRates",
    "ListedAgreement",
    "ListedEntry",
    "NewRule",
    "add_rules",
    "add_terms",
    "agree_price",
    "change_agreement",
    "change_book",
    "change_prices",
    "change_term",
    "copy_book",
    "draft_book",
    "end_agreement",
    "import_agreements",
    "import_entries",
    "import_rates",
    "publish_book",
    "record_rates",
    "remove_entry",
    "remove_rule",
    "remove_term",
    "retire_book",
    "set_entries",
    "take_back_agreement",
]
