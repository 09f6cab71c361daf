"""What a draft's prices depend on beyond the list: rules in the written form, and mass changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price import queries
from handsel.bid.price.actions.books import lock_draft, revised, set_entries
from handsel.bid.price.errors import BadBook
from handsel.bid.price.models import BookTerm, PriceBook
from handsel.bid.price.rules.mass_change import PriceChange
from handsel.bid.price.rules.stored import NewTerm, kept, read_terms, written
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor


@transaction.atomic
def add_terms(
    *, actor: Actor, now: datetime, book_id: int, terms: Sequence[NewTerm]
) -> list[BookTerm]:
    """Add rules of any kind to a draft, each in the written form of docs/reference/price-case.md.

    Raises CaseFault with the path of what cannot be read, and BookNotEditable.
    """
    lock_draft(actor, book_id)
    facts_of({term.product_id for term in terms if term.product_id is not None})
    read_terms([written(term, place) for place, term in enumerate(terms)])
    _check_combination(book_id, terms)
    last = BookTerm.objects.filter(book_id=book_id).aggregate(last=Max("position"))["last"] or 0
    made = BookTerm.objects.bulk_create(
        BookTerm(
            book_id=book_id,
            kind=term.kind,
            product_id=term.product_id,
            product_group=term.product_group,
            position=last + place,
            definition=kept(term.definition),
        )
        for place, term in enumerate(terms, 1)
    )
    PriceBook.objects.filter(pk=book_id).update(has_terms=True)
    revised(actor, now, book_id, rules=len(made))
    return made


def _check_combination(book_id: int, terms: Sequence[NewTerm]) -> None:
    """Of two ways in which promotions combine, the first would hold for nothing."""
    added = sum(1 for term in terms if term.kind == "combination")
    if not added:
        return
    there = BookTerm.objects.filter(book_id=book_id, kind="combination").exists()
    if added + there > 1:
        message = said("The book says already how promotions combine; change that rule.")
        raise BadBook(message, fields={"policy": message})


@transaction.atomic
def change_term(
    *, actor: Actor, now: datetime, book_id: int, term_id: int, term: NewTerm
) -> BookTerm:
    """Put another rule of the same kind in the place of one of a draft. Raises CaseFault."""
    lock_draft(actor, book_id)
    found = queries.get_term(book_id, term_id)
    if term.product_id is not None:
        facts_of([term.product_id])
    read_terms([written(replace(term, kind=found.kind), 0)])
    found.product_id, found.product_group = term.product_id, term.product_group
    found.definition = kept(term.definition)
    found.save(update_fields=["product", "product_group", "definition"])
    revised(actor, now, book_id, rules=1)
    return found


@transaction.atomic
def remove_term(*, actor: Actor, now: datetime, book_id: int, term_id: int) -> None:
    """Take a rule out of a draft."""
    lock_draft(actor, book_id)
    BookTerm.objects.filter(book_id=book_id, pk=term_id).delete()
    left = BookTerm.objects.filter(book_id=book_id).exists()
    PriceBook.objects.filter(pk=book_id).update(has_terms=left)
    revised(actor, now, book_id, rules=1)


@transaction.atomic
def change_prices(
    *, actor: Actor, now: datetime, book_id: int, change: PriceChange
) -> dict[int, tuple[Decimal, Decimal]]:
    """Change many list prices of a draft at once; what each was and is, by product.

    `queries.changed_prices` gives the same without changing anything.
    """
    lock_draft(actor, book_id)
    changed = queries.changed_prices(book_id, change)
    if changed:
        prices = {product_id: after for product_id, (_before, after) in changed.items()}
        set_entries(actor=actor, now=now, book_id=book_id, prices=prices)
    return changed
