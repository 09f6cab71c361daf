"""How many products a configuration leaves: counted when asked for, never while one decides.

Counting may take a second or two where a model reckons much. One count runs at a time in a
process; whoever comes meanwhile is told to ask again, so that decisions go on as fast as ever.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handsel.bid.configure.queries.states import Seen
from handsel.bid.configure.rules.count import Variants, count_variants, two_digits
from handsel.bid.configure.rules.decisions import Decision

MOST_KEPT = 2_000
WRITTEN_OUT = 10**9

_Key = tuple[int, int, frozenset[Decision]]
_kept: OrderedDict[_Key, Variants] = OrderedDict()
_lock = threading.Lock()
_counting = threading.Lock()


def variants(one: Seen) -> dict[str, Any]:
    """The number of products left: `count` in digits, whether it is exact (else there are at
    least so many, and no more than `at_most` where that is known), and the same in words.
    `is_busy` means that it has to be asked for again.
    """
    found = _counted(one)
    if found is None:
        return {"count": "", "is_exact": False, "at_most": "", "text": "", "is_busy": True}
    return {
        "count": str(found.count),
        "is_exact": found.is_exact,
        "at_most": "" if found.most is None else str(found.most),
        "text": told(found, one.language),
        "is_busy": False,
    }


def told(found: Variants, language: str) -> str:
    """ "160,579,584 variants", "at least 9.7 × 10¹³ variants", "between … and … variants"."""
    number = _shown(found.count, language)
    if found.is_exact:
        return ngettext("%(number)s variant", "%(number)s variants", found.count) % {
            "number": number
        }
    if found.most is not None:
        most = _shown(found.most, language, up=True)
        return _("between %(least)s and %(most)s variants") % {"least": number, "most": most}
    return _("at least %(number)s variants") % {"number": number}


def _counted(one: Seen) -> Variants | None:
    version = one.configuration.version
    key = (version.pk, version.lock_no, frozenset(one.decisions))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    if not _counting.acquire(blocking=False):
        return None
    try:
        found = count_variants(one.ready.configurator, one.decisions)
    finally:
        _counting.release()
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _shown(count: int, language: str, *, up: bool = False) -> str:
    if count < WRITTEN_OUT:
        whole: str = format_decimal(count, format="#,##0", locale=language)
        return whole
    # Cut, not rounded: there are at least so many; `up` where there are at most so many.
    lead, power = two_digits(count, up=up)
    shown = format_decimal(Decimal(lead).scaleb(-1), format="0.0", locale=language)
    return f"{shown} × 10{str(power).translate(_RAISED)}"


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
