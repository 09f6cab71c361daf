"""Where sessions left the kernel, by their decisions: the last ones, up to so many bytes."""

from __future__ import annotations

import ctypes
from array import array
from collections import OrderedDict

KEPT_BYTES = 16 << 20

Given = tuple[int, ...]


class Moments:
    """Lets sessions take turns on one kernel; hold the kernel's lock while using it.

    When a session takes the kernel from another, what was found for that one is kept, and what was
    found for this one, up to the longest beginning of its decisions, is put back.
    """

    def __init__(self, library: ctypes.CDLL, bytes_kept: int = KEPT_BYTES) -> None:
        self._keep, self._recall = library.handsel_keep, library.handsel_recall
        self._drop = library.handsel_drop
        self._bytes_kept, self._bytes = bytes_kept, 0
        self._kept: OrderedDict[Given, tuple[int, int]] = OrderedDict()
        self._at: Given = ()

    def turn_to(self, kernel: int, decisions: Given) -> None:
        """Make ready for a session's decisions, which are to be taken next."""
        at = self._at
        self._at = decisions
        if decisions[: len(at)] == at or at[: len(decisions)] == decisions:
            return
        self._leave(kernel, at)
        shared = next(n for n, one in enumerate(at) if one != decisions[n])
        for length in range(len(decisions), shared, -1) if self._kept else ():
            found = self._kept.get(decisions[:length])
            if found is not None:
                self._kept.move_to_end(decisions[:length])
                self._recall(kernel, found[0])
                return

    def _leave(self, kernel: int, decisions: Given) -> None:
        if decisions in self._kept:
            self._kept.move_to_end(decisions)
            return
        given, size = array("i", decisions), ctypes.c_uint32()
        moment = self._keep(kernel, given.buffer_info()[0], len(given), ctypes.byref(size))
        if moment is None:
            return
        self._kept[decisions] = (moment, size.value)
        self._bytes += size.value
        while self._bytes > self._bytes_kept:
            self._forget(self._kept.popitem(last=False)[1])

    def _forget(self, kept: tuple[int, int]) -> None:
        self._drop(kept[0])
        self._bytes -= kept[1]

    def clear(self) -> None:
        """Give the memory back."""
        while self._kept:
            self._forget(self._kept.popitem()[1])
