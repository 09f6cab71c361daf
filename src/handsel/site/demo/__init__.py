"""The demo company: Halden's year 2026, lived through by the same actions as users take.

`seed` fills an empty, migrated database; `sign_ins` says who can look at it. Nothing here depends
on the day it runs: keys, numbers, dates and amounts are the same every time. Only link tokens and
password hashes differ.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Progress(Protocol):
    """Hears how far the seed is."""

    def __call__(self, done: int, total: int, /) -> object:
        """`done` of `total` acts."""


class SignIn(NamedTuple):
    """What one signs in with; `name` is whose it is."""

    role: str
    email: str
    password: str

    @property
    def name(self) -> str:
        """The employee behind the address."""
        from handsel.site.demo.house import EMPLOYEES

        login = self.email.partition("@")[0]
        return next((one.name for one in EMPLOYEES if one.login == login), "")


def seed(progress: Progress) -> None:
    """Fill the database with the demo company; takes some 20 seconds.

    Raises Refused where the demo, or anything else, is already.
    """
    from handsel.site.demo.year import live_through

    live_through(progress)


def sign_ins() -> list[SignIn]:
    """One sign-in per employee, in the order of the roles."""
    from handsel.site.demo.house import EMPLOYEES, PASSWORD
    from handsel.site.roles import ROLES

    return [SignIn(ROLES[one.role], f"{one.login}@halden.example", PASSWORD) for one in EMPLOYEES]
