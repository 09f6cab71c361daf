"""Constraints of UVL: `A & !B => C | D`, `A.price + B.price <= 10`, `sum(price) < 100`.

From the loosest: `<=>`, `=>`, `|`, `&`, `!`, comparison, `+ -`, `* /`. Functions: sum, avg, len,
floor, ceil. A chain of one operator is one Applied of all its parts.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from handsel.bid.configure.rules.formats.uvl.parts import name_path
from handsel.bid.configure.rules.formats.uvl.tree import Applied, Reference, Term, Written
from handsel.bid.configure.rules.formats.uvl.words import PieceReader
from handsel.bid.configure.rules.language.problems import fault
from handsel.ground.kernel.said import said

FUNCTIONS = ("sum", "avg", "len", "floor", "ceil")
_RELATIONS = ("==", "!=", "<=", ">=", "<", ">")
DEEPEST = 40


class ConstraintParser:
    """Reads constraints off a line."""

    def __init__(self, reader: PieceReader) -> None:
        self._reader = reader
        self._depth = 0

    def constraint(self) -> Term:
        """The whole line."""
        found = self.term()
        self._reader.need_end()
        return found

    def term(self) -> Term:
        """One condition or number, as far as it goes."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise fault(
                self._reader.place(),
                "The constraint is nested too deeply.",
                said("at most %(most)s", most=DEEPEST),
            )
        found = self._chain(("<=>",), self._implied)
        self._depth -= 1
        return found

    def _implied(self) -> Term:
        return self._chain(("=>",), lambda: self._chain(("|",), self._both))

    def _both(self) -> Term:
        return self._chain(("&",), self._denied)

    def _chain(self, signs: tuple[str, ...], read: Callable[[], Term]) -> Term:
        found = read()
        spot = self._reader.here.spot
        while sign := self._reader.take_sign(*signs):
            parts = [found, read()]
            while sign in ("&", "|", "+", "*") and self._reader.take_sign(sign):
                parts.append(read())
            found = Applied(sign, tuple(parts), spot)
        return found

    def _denied(self) -> Term:
        spot = self._reader.here.spot
        count = 0
        while self._reader.take_sign("!"):
            count += 1
        found = self._related()
        for _ in range(count):
            found = Applied("!", (found,), spot)
        return found

    def _related(self) -> Term:
        left = self._sum()
        spot = self._reader.here.spot
        sign = self._reader.take_sign(*_RELATIONS)
        return Applied(sign, (left, self._sum()), spot) if sign else left

    def _sum(self) -> Term:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._atom))

    def _atom(self) -> Term:
        reader = self._reader
        piece = reader.here
        if reader.take_sign("-"):
            return Applied("-", (self._atom(),), piece.spot)
        if reader.take_sign("("):
            found = self.term()
            reader.need_sign(")")
            return found
        if piece.kind == "number":
            return Written(Decimal(reader.take().text))
        if piece.kind == "text":
            return Written(reader.take().text)
        if piece.kind == "word" and piece.text in ("true", "false"):
            return Written(reader.take().text == "true")
        if piece.kind == "word" and piece.text in FUNCTIONS and reader.ahead.text == "(":
            return self._function()
        if reader.is_name():
            return self._reference()
        raise reader.unexpected("a feature, a number or “(”")

    def _function(self) -> Term:
        name = self._reader.take()
        self._reader.need_sign("(")
        parts = [self.term()]
        while self._reader.take_sign(","):
            parts.append(self.term())
        self._reader.need_sign(")")
        if name.text in ("sum", "avg") and len(parts) > 2:
            message = said("“%(operator)s” is called wrongly.", operator=name.text)
            raise fault(self._reader.place(), message, "a feature and an attribute, or that alone")
        return Applied(name.text, tuple(parts), name.spot)

    def _reference(self) -> Reference:
        spot = self._reader.here.spot
        return Reference(name_path(self._reader), spot)
