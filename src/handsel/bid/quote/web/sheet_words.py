"""The words of the sheet, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    """What the component says, by the names it calls its words by."""
    return _columns() | _commands() | _dialogs() | _messages()


def _columns() -> dict[str, str]:
    return {
        "lines": _("Lines of the quote"),
        "position": _("Pos."),
        "name": _("Item"),
        "description": _("Description"),
        "quantity": _("Quantity"),
        "list_price": _("× List price"),
        "discount_bps": _("− Discount"),
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
        "recurring_month": _("Recurring, monthly"),
        "recurring_year": _("Recurring, yearly"),
        "usage": _("Usage, estimated"),
        "contract": _("Total contract value"),
        "annual": _("A year"),
        "margin": _("Margin"),
        "net": _("Net"),
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
        "fold": _("Fold or unfold"),
        "drag": _("Drag to another place"),
        "why": _("Why this amount"),
        "apply": _("Apply"),
        "check": _("Check"),
        "cancel": _("Cancel"),
        "close": _("Close"),
        "keep_theirs": _("Keep"),
        "take_mine": _("Use mine"),
        "dissolve": _("Dissolve the group"),
        "edit_line": _("Edit the line"),
    }


def _dialogs() -> dict[str, str]:
    return {
        "paste_help": _(
            "Article number or name, quantity, discount: one row each, as copied from a "
            "spreadsheet."
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
            "Arrows move · type or F2 edits · Enter and Tab keep · Escape leaves · Shift selects "
            "· Ctrl C, V copy and paste · Ctrl D fills down · Alt ↑ ↓ move lines · Delete clears "
            "a discount, or removes lines when the item is selected · Ctrl Z, Y undo and redo · "
            "Space folds a group"
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
        "again": _("Try again"),
        "lost": _("The house cannot be reached. Your edits are kept here and sent again."),
    }
