"""Who does something: the actor that every action is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from handsel.ground.kernel.errors import Forbidden
from handsel.ground.kernel.said import said

ActorKind = Literal["user", "api_key", "buyer", "system", "job"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, key, buyer or part of the system acting now.

    `permissions` are codes such as ``quote.edit``; `seller_ids` are the legal entities whose
    records this actor can see. Built at the edge, passed down, never looked up below.
    """

    kind: ActorKind
    label: str
    user_id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    seller_ids: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def system(cls, label: str, *, seller_ids: Iterable[int] = ()) -> Actor:
        """The program itself, for seeds, jobs and listeners: holds every permission."""
        return cls("system", label, None, frozenset({"*"}), frozenset(seller_ids))

    @classmethod
    def buyer(cls, label: str, *, seller_id: int, permissions: Iterable[str]) -> Actor:
        """An outside person holding a link grant for records of one seller."""
        return cls("buyer", label, None, frozenset(permissions), frozenset({seller_id}))

    def may(self, permission: str) -> bool:
        """Whether this actor holds the permission."""
        return permission in self.permissions or "*" in self.permissions

    def require(self, permission: str) -> None:
        """Raise Forbidden unless the actor holds the permission."""
        if not self.may(permission):
            raise Forbidden(
                said(
                    "%(label)s lacks the permission %(permission)s",
                    label=self.label,
                    permission=repr(permission),
                ),
                code="permission_missing",
                permission=permission,
            )
