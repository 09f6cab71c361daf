"""The JSON API: authentication, strict bodies, problem documents, the rooms in stream order."""

from __future__ import annotations

import importlib
import logging
import uuid
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer, SessionAuth
from ninja.types import DictStrAny

from handsel import __version__, stream
from handsel.ground.kernel import strict_json
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.api import PROBLEM_STATUSES, Problem, RoomRouter
from handsel.site.actors import actor_of_key

log = logging.getLogger("handsel.site")


class StrictParser(Parser):
    """Reads bodies with the strict JSON reader: no duplicate keys, NaN or endless depth."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as JSON values; raises Invalid with the reason."""
        body: DictStrAny = strict_json.loads(request.body)
        return body


class KeyAuth(HttpBearer):
    """`Authorization: Bearer hsl_…`."""

    def authenticate(self, request: Any, token: str) -> Any:
        """Set the actor of the key; None means 401."""
        request.actor = actor_of_key(token, now=request.now)
        return _permitted(request)


class SignedIn(SessionAuth):
    """The browser's session, with the CSRF check for commands."""

    def __call__(self, request: HttpRequest) -> Any:
        """Who sends a key means the key: a wrong one is 401, whatever session there is."""
        return None if "Authorization" in request.headers else super().__call__(request)

    def authenticate(self, request: Any, key: str | None) -> Any:
        """The session's actor, if there is one."""
        return _permitted(request)


def _permitted(request: Any) -> Any:
    """The actor, refused before the body is read when he lacks the operation's permission."""
    actor: Actor | None = request.actor
    route = request.resolver_match.route
    permission = _permissions.get((request.method, route))
    if actor is not None and permission is not None:
        actor.require(permission)
    _readable(request)
    return actor


def _readable(request: Any) -> None:
    """Refuse a body of another kind (415) or past the limit (413) before it is parsed."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
        raise HttpError(413, f"a body may have {limit} MB")
    if int(length) and request.content_type != "application/json":
        raise HttpError(415, f"expected application/json, not {request.content_type[:60]}")


api = NinjaAPI(
    title="Handsel",
    version=__version__,
    description="One program that carries a deal from the first contact to the final payment.",
    auth=[KeyAuth(), SignedIn()],
    parser=StrictParser(),
    urls_namespace="api",
    docs_url=None,
)
routers: list[RoomRouter] = []
# (method, address pattern) to permission.
_permissions: dict[tuple[str, str], str] = {}


def problem(status: int, code: str, detail: str, fields: dict[str, str]) -> HttpResponse:
    """A problem document (RFC 9457)."""
    body = {
        "type": f"/problems/{code}",
        "title": code.replace("_", " "),
        "status": status,
        "detail": detail,
        "code": code,
        "fields": fields,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(HandselError)
def _refused(request: HttpRequest, failure: HandselError) -> HttpResponse:
    fields = failure.fields if isinstance(failure, Invalid) else {}
    return problem(failure.http_status, failure.code, str(failure), fields)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, failure: ValidationError) -> HttpResponse:
    fields = {_place(error["loc"]): str(error["msg"]) for error in failure.errors}
    names = ", ".join(fields) or "the body"
    return problem(422, "invalid", f"cannot be accepted: {names}", fields)


def _place(location: Any) -> str:
    return ".".join(str(step) for step in location[1:]) or str(location[0])


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, failure: AuthenticationError) -> HttpResponse:
    return problem(401, "not_signed_in", "sign in or send a valid API key", {})


@api.exception_handler(HttpError)
def _http(request: HttpRequest, failure: HttpError) -> HttpResponse:
    code = {400: "unreadable", 413: "too_large", 415: "media_type"}.get(
        failure.status_code, "refused"
    )
    return problem(failure.status_code, code, str(failure), {})


@api.exception_handler(Exception)
def _unexpected(request: HttpRequest, failure: Exception) -> HttpResponse:
    if settings.DEBUG:
        raise failure
    incident = uuid.uuid4().hex[:12]
    log.error("incident %s at %s", incident, request.path, exc_info=failure)
    return problem(500, "unexpected", f"something failed here; incident {incident}", {})


def mount_rooms() -> None:
    """Mount each room's router under its name, in stream order."""
    for room in stream.ROOMS:
        if "rest" in room.without:
            continue
        router: RoomRouter = importlib.import_module(f"{room.module}.rest").router
        routers.append(router)
        api.add_router(f"/{room.name}", router.router)
        for (method, path), permission in router.permissions.items():
            pattern = path.replace("{", "<").replace("}", ">")
            _permissions[(method, f"api/{room.name}{pattern}")] = permission


def openapi() -> OpenAPISchema:
    """The OpenAPI document, with the refusals every operation may answer.

    They are added here and not declared with each operation: the API library would make a model
    of its own for each of them, 2,000 of one kind, at every start.
    """
    document = api.get_openapi_schema()
    document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    shown = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals = {
        status: {"description": HTTPStatus(status).phrase, "content": shown}
        for status in PROBLEM_STATUSES
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] = {**operation["responses"], **refusals}
    return document


mount_rooms()
