"""The JSON API's common ground: closed request types, money on the wire, problem documents.

A room's `rest.py` makes one `RoomRouter` named `router`; `site/rest.py` mounts them in stream
order. An operation without a permission cannot be written: the argument is mandatory.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from django.http import JsonResponse
from ninja import Header, Router
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from handsel.ground.kernel.money import Money
from handsel.ground.kernel.names import named
from handsel.ground.platform import idempotency, store
from handsel.ground.platform.models import StoredFile

F = TypeVar("F", bound=Callable[..., Any])

# What comes in as text is read by the kernel's strict grammar, never by float.
DecimalText = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$", examples=["12.50"])]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]


def _room_of(module: str) -> str:
    """`handsel.bid.price.rest` is of `Price`; what stands in no room has no prefix."""
    steps = module.split(".")
    return steps[2].capitalize() if len(steps) > 3 and steps[2] != "platform" else ""


class AnswerSchema(BaseModel):
    """What an operation answers with, or a part of it; named after its room in the document."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put the room before the name, so that two rooms' `LineOut` stay two in the document."""
        room = _room_of(cls.__module__)
        if room and not cls.__name__.startswith(room):
            cls.__name__ = cls.__qualname__ = f"{room}{cls.__name__}"
        super().__init_subclass__(**kwargs)


def _name(value: str | dict[str, str]) -> str:
    return value if isinstance(value, str) else named(value)


if TYPE_CHECKING:
    NameText = str
else:
    NameText = Annotated[
        Annotated[str, Field(max_length=200)]
        | Annotated[
            dict[
                Annotated[str, Field(pattern="^[a-z]{2}$")],
                Annotated[str, Field(min_length=1, max_length=200)],
            ],
            Field(min_length=1),
        ],
        AfterValidator(_name),
        Field(examples=["Freight", {"en": "Freight", "de": "Fracht"}]),
    ]
    """A name: a text, or an object of texts by language."""


class ClosedSchema(AnswerSchema):
    """A request body: an unknown field is refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", str_max_length=10_000)


class MoneyOut(BaseModel):
    """An amount on the wire: exact text and its currency."""

    amount: str = Field(examples=["1190.00"])
    currency: str = Field(examples=["EUR"])

    @classmethod
    def of(cls, amount_minor: int, currency: str) -> MoneyOut:
        """From minor units."""
        return cls(amount=Money(amount_minor, currency).text(), currency=currency)


def decimal_text(value: Decimal) -> str:
    """A decimal on the wire: plain digits, no trailing zeros, no exponent."""
    return f"{value.normalize():f}"


class FileOut(BaseModel):
    """A kept file, byte for byte, with its hash."""

    name: str
    media_type: str
    size: int
    sha256: str
    content_base64: str

    @classmethod
    def of(cls, kept: StoredFile) -> FileOut:
        """A stored file with its bytes, checked against their hash."""
        return cls(
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
            content_base64=base64.b64encode(store.read(kept.pk)).decode("ascii"),
        )


class Problem(BaseModel):
    """A refusal, as RFC 9457 says it."""

    type: str = Field(examples=["/problems/quote_expired"])
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] = Field(default_factory=dict)


PROBLEM_STATUSES = (400, 401, 403, 404, 409, 413, 415, 422)


class RoomRouter:
    """The operations of one room, each with its permission."""

    def __init__(self, room: str) -> None:
        self.room = room
        self.router = Router(tags=[room])
        self.permissions: dict[tuple[str, str], str] = {}

    def get(self, path: str, *, permission: str, response: Any, summary: str) -> Callable[[F], F]:
        """Declare a read."""
        return self._operation("GET", path, permission, response, summary, command=False)

    def post(
        self,
        path: str,
        *,
        permission: str,
        response: Any,
        summary: str,
        command: bool = True,
        status: int = 200,
    ) -> Callable[[F], F]:
        """Declare a command; with `command`, an Idempotency-Key header is mandatory."""
        return self._operation("POST", path, permission, response, summary, command, status)

    def _operation(
        self,
        method: str,
        path: str,
        permission: str,
        response: Any,
        summary: str,
        command: bool,
        status: int = 200,
    ) -> Callable[[F], F]:
        def declare(view: F) -> F:
            guarded = _guarded(view, permission, f"{self.room}{path}", status, command)
            self.router.api_operation(
                [method],
                path,
                response={status: response},
                summary=summary,
                operation_id=f"{self.room}_{view.__name__}",
                openapi_extra={"x-permission": permission},
            )(guarded)
            self.permissions[(method, path)] = permission
            return view

        return declare


def _guarded(
    view: Callable[..., Any], permission: str, route: str, status: int, command: bool
) -> Callable[..., Any]:
    if not command:

        @functools.wraps(view)
        def read(request: Any, *args: Any, **kwargs: Any) -> Any:
            request.actor.require(permission)
            answer = view(request, *args, **kwargs)
            return answer if status == 200 else (status, answer)

        _evaluate_signature(read, view)
        return read

    @functools.wraps(view)
    def commanded(request: Any, *args: Any, **kwargs: Any) -> Any:
        request.actor.require(permission)
        key = kwargs.pop("idempotency_key")
        answer = idempotency.once(
            actor=request.actor,
            route=f"{request.method} {route}",
            key=key,
            request={name: _jsonable(value) for name, value in kwargs.items()},
            now=request.now,
            effect=lambda: _jsonable(view(request, *args, **kwargs)),
        )
        # Made of the declared type once already; the API library would check and dump it again.
        return JsonResponse(answer, status=status, safe=False)

    _add_key_parameter(commanded, view)
    return commanded


def _jsonable(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _evaluate_signature(wrapper: Callable[..., Any], view: Callable[..., Any]) -> None:
    """Resolve annotations where the view stands; the API library would look for them here."""
    import inspect

    wrapper.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    del wrapper.__wrapped__  # type: ignore[attr-defined]


def _add_key_parameter(wrapper: Callable[..., Any], view: Callable[..., Any]) -> None:
    """Give the wrapper the view's signature plus the header, which the API library reads."""
    import inspect

    signature = inspect.signature(view, eval_str=True)
    key = inspect.Parameter(
        "idempotency_key",
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[str, Field(min_length=8, max_length=200)],
        default=Header(..., alias="Idempotency-Key"),  # type: ignore[type-arg]  # untyped there
    )
    parameters = [*signature.parameters.values(), key]
    wrapper.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    del wrapper.__wrapped__  # type: ignore[attr-defined]
