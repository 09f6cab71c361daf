"""Where lines of a draft belong: their groups and sets of alternatives, read and kept apart from
their prices, since a change of either changes no other column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from uuid import UUID

from django.db import connection
from django.db.models import Q

from handsel.bid.price.queries.times import price_months_in
from handsel.bid.quote.actions.edit import Draft, book_of
from handsel.bid.quote.actions.pricing import WorkLine
from handsel.bid.quote.models import QuoteGroup, QuoteLine
from handsel.bid.quote.rules.sheet.fields import Sheet
from handsel.bid.quote.rules.sheet.tree import Group

_UPDATE = """
    UPDATE quote_quoteline AS line
    SET group_key = c.group_key, alternative_set = c.alternative_set
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS c (line_key, group_key, alternative_set)
    WHERE line.version_id = %s AND line.line_key = c.line_key
"""


def open_sheet(draft: Draft) -> Sheet[WorkLine]:
    """The draft's lines with its groups and alternatives: two queries."""
    version_id = draft.version.pk
    sheet = Sheet(list(draft.lines), groups_of(version_id), own_months=_own_months(draft))
    placed = QuoteLine.objects.filter(version_id=version_id).filter(
        Q(group_key__isnull=False) | ~Q(alternative_set="")
    )
    for key, group_key, name in placed.values_list("line_key", "group_key", "alternative_set"):
        if group_key is not None:
            sheet.group_of[key] = group_key
        if name:
            sheet.set_of[key] = name
    return sheet


def _own_months(draft: Draft) -> Callable[[WorkLine], int]:
    """For how many months the book's price of a line is; read once, when somebody asks."""
    known: dict[int, int] = {}

    def of(line: WorkLine) -> int:
        if line.product_id not in known:
            products = [one.product for one in (*draft.lines, line)]
            book = book_of(draft.version, draft.quote)
            known.update(price_months_in(book, products, on=draft.version.priced_on))
        return known[line.product_id]

    return of


def groups_of(version_id: int) -> dict[UUID, Group]:
    """The groups of a version by key, siblings in their order."""
    rows = QuoteGroup.objects.filter(version_id=version_id).order_by("position", "pk")
    found = rows.values_list("group_key", "title", "parent_key")
    return {key: Group(key, title, parent_key) for key, title, parent_key in found}


class Before:
    """How a sheet was, to be compared with how it is after the edits."""

    def __init__(self, sheet: Sheet[WorkLine]) -> None:
        self.group_of = dict(sheet.group_of)
        self.set_of = dict(sheet.set_of)
        self.groups = {
            key: (place, replace(group)) for place, (key, group) in enumerate(sheet.groups.items())
        }

    def keep(self, version_id: int, sheet: Sheet[WorkLine]) -> None:
        """Write what differs: one statement for lines, one row for each group that changed."""
        keys = self._moved(sheet)
        if keys:
            groups = [sheet.group_of.get(key) for key in keys]
            sets = [sheet.set_of.get(key, "") for key in keys]
            with connection.cursor() as cursor:
                cursor.execute(_UPDATE, [keys, groups, sets, version_id])
        self._keep_groups(version_id, sheet.groups)

    def _moved(self, sheet: Sheet[WorkLine]) -> list[UUID]:
        present: Collection[UUID] = {line.key for line in sheet.lines}
        moved = _differing(self.group_of, sheet.group_of)
        moved |= _differing(self.set_of, sheet.set_of)
        return sorted(moved & set(present))

    def _keep_groups(self, version_id: int, groups: Mapping[UUID, Group]) -> None:
        stored = QuoteGroup.objects.filter(version_id=version_id)
        gone = self.groups.keys() - groups.keys()
        if gone:
            stored.filter(group_key__in=gone).delete()
        fresh: list[QuoteGroup] = []
        for place, (key, group) in enumerate(groups.items()):
            if self.groups.get(key) == (place, group):
                continue
            values = {"title": group.title, "parent_key": group.parent_key, "position": place}
            if key in self.groups:
                stored.filter(group_key=key).update(**values)
            else:
                fresh.append(QuoteGroup(version_id=version_id, group_key=key, **values))
        QuoteGroup.objects.bulk_create(fresh)


def _differing(before: Mapping[UUID, object], after: Mapping[UUID, object]) -> set[UUID]:
    keys = before.keys() | after.keys()
    return {key for key in keys if before.get(key) != after.get(key)}
