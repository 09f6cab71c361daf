"""The shell without a database: its own few addresses, an actor, and the built front end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.template import Template, engines
from django.test import Client, RequestFactory, override_settings

from handsel.ground.platform.actor import Actor
from handsel.site.shell import built, context, navigation

HERE = Path(__file__).parent
NOT_BUILT = "the front end is not built: run `npm ci && npm run build` in frontend/"
EVERYTHING = Actor("user", "Ines Halvorsen", 1, frozenset({"*"}), frozenset({1}))
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def known_person(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware: somebody who may do everything, at a fixed instant, under the strict policy."""

    def middleware(request: Any) -> HttpResponse:
        request.actor = EVERYTHING
        request.now = datetime(2026, 5, 20, 9, tzinfo=UTC)
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return middleware


def only_the_shell() -> Any:
    """Settings with the shell's own addresses and nothing that asks the database."""
    return override_settings(
        ROOT_URLCONF="tests.unit.shell.addresses",
        MIDDLEWARE=[
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "tests.unit.shell.conftest.known_person",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "handsel.site.shell.context.frame",
                    ]
                },
            }
        ],
        ALLOWED_HOSTS=["*"],
    )


@pytest.fixture(scope="session")
def front_end() -> Path:
    """The folder of built files; skips with a plain word where they are not built."""
    if not (built.BUILT / "manifest.json").exists():
        pytest.skip(NOT_BUILT)
    return built.BUILT


def forget_addresses() -> None:
    """Drop addresses and drawn frames kept from other settings."""
    navigation._landing.cache_clear()
    context._address.cache_clear()
    context._drawn.clear()


@pytest.fixture
def shell(front_end: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shell alone, with an empty registry."""
    monkeypatch.setattr(navigation, "_searches", {})
    monkeypatch.setattr(navigation, "_commands", {})
    forget_addresses()
    with only_the_shell():
        yield
    forget_addresses()


@pytest.fixture
def client(shell: None) -> Client:
    """A browser without script."""
    return Client()


@pytest.fixture
def draw(shell: None) -> Callable[..., str]:
    """Render a template's text for a request."""

    def render(text: str, address: str = "/quote/", **context: Any) -> str:
        template: Template = engines["django"].from_string("{% load i18n shell %}" + text)
        request: Any = RequestFactory().get(address)
        request.actor = EVERYTHING
        return template.render(context, request)

    return render


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Say nothing: the tests speak."""


@pytest.fixture(scope="module")
def address(front_end: Path) -> Iterator[str]:
    """The shell served to a real browser, with its built files and an empty registry."""
    forget_addresses()
    with only_the_shell(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(navigation, "_searches", {})
        patched.setattr(navigation, "_commands", {})
        server = _Server(("127.0.0.1", 0), _Quiet)
        server.set_app(StaticFilesHandler(WSGIHandler()))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
    forget_addresses()
