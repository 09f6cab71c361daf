"""The words of the sheet, in the reader's language."""

from __future__ import annotations

from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_HEADINGS: Final = {
    "article": "article",
    "position": "article",
    "name": "name",
    "quantity": "quantity",
    "discount": "discount",
    "own_price": "own_price",
    "target_unit": "target_unit",
    "target_line": "target_line",
    "reason": "reason",
    "term": "term",
    "start": "start",
    "end": "end",
}


def words() -> dict[str, str]:
    """What the component says, by the names it calls its words by."""
    return _columns() | _commands() | _dialogs() | _messages()


def titles() -> dict[str, str]:
    """What pasted rows may call their columns, in lower case: the reader's words, or English."""
    found: dict[str, str] = {}
    for language in ("en", translation.get_language() or "en"):
        with translation.override(language):
            said = _columns() | {"article": _("Article"), "sku": _("Article number")}
            found |= {said[name].casefold(): column for name, column in _HEADINGS.items()}
            found |= {said["sku"].casefold(): "article", _("Discount").casefold(): "discount"}
    return found


def _columns() -> dict[str, str]:
    return {
        "lines": _("Lines of the quote"),
        "position": _("Pos."),
        "name": _("Item"),
        "description": _("Description"),
        "quantity": _("Quantity"),
        "list_price": _("× List price"),
        "discount_bps": _("− Discount"),
        "off_in_all": _("Taken off the list price in all, with discounts of the price list"),
        "kind": _("Included"),
        "amount": _("= Amount"),
        "group_key": _("Group"),
        "alternative_set": _("Alternatives"),
        "article": _("Article"),
        "discount": _("Discount %"),
        "fixed": _("Always"),
        "option": _("Option"),
        "chosen": _("Option, chosen"),
        "row": _("Row"),
        "one_time": _("One-time"),
        "recurring_short": _("Recurring"),
        "recurring": _("Recurring, every {months} months"),
        "recurring_periods": _("Recurring, over all periods"),
        "recurring_month": _("Recurring, monthly"),
        "recurring_year": _("Recurring, yearly"),
        "usage": _("Usage, estimated"),
        "contract": _("Total contract value"),
        "annual": _("Recurring in a year, on average"),
        "margin": _("Margin"),
        "net": _("Net"),
        "of_which": _("of which {name}"),
    } | _price_columns()


def _price_columns() -> dict[str, str]:
    """The columns for time and price by hand, and the ways of setting one."""
    return {
        "own_price": _("Own price"),
        "target_unit": _("Wanted price"),
        "target_line": _("Wanted amount"),
        "override": _("Own price"),
        "per_unit": _("Discount per unit"),
        "per_line": _("Discount on the line"),
        "hand": _("Price by hand"),
        "reason": _("Reason"),
        "term": _("Term"),
        "paid": _("How it is paid"),
        "start": _("First day"),
        "end": _("Last day"),
    }


def _commands() -> dict[str, str]:
    return {
        "add": _("Add a product: name or number"),
        "paste_rows": _("Paste rows"),
        "change_selected": _("Change selected"),
        "put_in_group": _("Group"),
        "undo": pgettext("sheet", "Undo"),
        "redo": _("Redo"),
        "remove": _("Remove"),
        "up": _("Up"),
        "down": _("Down"),
        "keys": pgettext("sheet", "Keys"),
        "columns": pgettext("sheet", "Columns"),
        "wide": _("Whole window"),
        "narrow": _("Back to the page"),
        "usual_columns": _("The usual ones"),
        "find": _("Find in the lines"),
        "fold": _("Fold or unfold"),
        "drag": _("Drag to another place"),
        "why": _("Why this amount"),
        "apply": _("Apply"),
        "check": _("Check"),
        "cancel": _("Cancel"),
        "close": _("Close"),
        "keep_theirs": _("Keep"),
        "take_mine": _("Use mine"),
        "keep_all": _("Keep all"),
        "take_all": _("Use all of mine"),
        "discard": _("Discard"),
        "dissolve": _("Dissolve the group"),
        "edit_line": _("Edit the line"),
        "waive": _("Waive"),
        "waived": _("waived"),
        "waived_worth": _("waived, worth {worth}"),
        "charge": _("Charge it"),
    }


def _dialogs() -> dict[str, str]:
    return {
        "paste_help": _(
            "Article number or name, quantity, discount, own price, first and last day: one row "
            "each, as copied from a spreadsheet. With headings in the first row the columns can "
            "stand in any order; rows copied from this sheet are read as they are."
        ),
        "rows": _("Rows"),
        "found": _("{found} of {all} rows found"),
        "add_found": _("Add {count} lines"),
        "bad_rows": _("Rows that are left out"),
        "bad_cell": _("Row {row}, {column}: “{given}”, expected {expected}"),
        "net_change": _("Net {before} → {after}"),
        "set_discount": _("Set the discount to"),
        "raise_discount": _("Raise the discount by"),
        "set_quantity": _("Set the quantity to"),
        "set_own_price": _("Set the own price per unit to"),
        "set_target_unit": _("Set the wanted price per unit to"),
        "set_target_line": _("Set the wanted amount of each line to"),
        "set_term": _("Set the term to"),
        "set_paid": _("Say how it is paid"),
        "set_kind": _("Say whether it is included"),
        "why_by_hand": _("Why is the price set by hand?"),
        "why_help": _("Approvers read it, the customer does not."),
        "term_help": _(
            "First and last day, as 2026-04-01 – 2029-03-31; or a first day and months, as "
            "2026-04-01 36; or only months, from where the term begins."
        ),
        "term_and_price": _("Term and price by hand"),
        "more": _("and {count} more"),
        "set_alternative": _("Make them alternatives named"),
        "value": _("Value"),
        "what": _("What"),
        "lines_selected": _("{count} lines"),
        "lines_change": _("{count} lines change"),
        "new_group": _("New group"),
        "no_group": _("No group"),
        "group_title": _("Title of the group"),
        "too_many": _(
            "{count} rows at once; a quote has at most {most} lines. Nothing was read; paste "
            "fewer rows."
        ),
        "keys_help": _(
            "Arrows move, with Ctrl to the edge · type or F2 edits · Enter and Tab keep, Ctrl "
            "Enter in all that is selected · Escape leaves; then Tab leaves the sheet · Shift "
            "selects, with Space the whole line · Ctrl C, X, V copy, cut and paste · Ctrl D fills "
            "down · Ctrl F finds · Alt ↑ ↓ move lines · Delete clears a cell, or removes lines "
            "when the item is selected · Ctrl Z, Y undo and redo · Space folds a group"
        ),
    }


def _messages() -> dict[str, str]:
    return {
        "saving": _("Saving …"),
        "saved": _("Saved"),
        "not_saved": _("Not saved"),
        "empty": _("No lines yet. Add a product below, or paste rows from a spreadsheet."),
        "conflicts": _("Changed by somebody else meanwhile"),
        "conflict": _("{line}, {field}: yours {wanted}, now {found}"),
        "conflict_by": _("by {by}"),
        "line_gone": _("the line is gone"),
        "expected": _("Expected {expected}."),
        "expected_quantity": _("a number above zero"),
        "expected_percent": _("0 to 100 %"),
        "expected_unambiguous": _("a number with “{mark}” before the decimals"),
        "expected_amount": _("an amount from zero"),
        "expected_term": _("a first and a last day, such as 2026-04-01 – 2029-03-31"),
        "expected_reason": _("why the price is set by hand, in at most 300 letters"),
        "expected_price_first": _("a price by hand first; this is the reason for it"),
        "expected_text": _("a text that is not so long"),
        "found_none": _("nothing found"),
        "found_at": _("{at} of {all}"),
        "beyond": _("beyond the last column"),
        "bad_cells": _("Left as they were"),
        "too_few": _("{count} more rows than there are lines"),
        "left_out": _("{count} lines are part of others and were left out"),
        "again": _("Try again"),
        "signed_out": _("You are signed out. Sign in in another tab, then try again here."),
        "signed_out_early": _("You are signed out. Sign in in another tab to go on here."),
        "other_person": _("Somebody else is signed in here now. Open the page again."),
        "left_unsaved": _("{count} edits were made here and are not saved yet."),
        "not_draft": _(
            "The quote is no longer the draft it was. Open the page again to see what became of it."
        ),
        "also_here": _("Also in this quote"),
        "here": _("{name} is in this quote too"),
        "here_at": _("{name} is at {line}"),
        "new_line": _("added"),
        "changed_by": _("Changed by {by}"),
        "changed_line": _("{by} changed one line"),
        "changed_lines": _("{by} changed {count} lines"),
        "changed_meanwhile": _("Somebody changed these lines meanwhile. This is how it is now:"),
        "lost": _("The house cannot be reached. Your edits are kept here and sent again."),
    }
