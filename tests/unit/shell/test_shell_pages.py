"""Whole pages: the gallery, errors, forms, menu, palette."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.test import Client

from handsel.ground.platform.actor import Actor
from handsel.site.shell import fields, navigation, problems
from handsel.site.shell.navigation import Command, Hit

Draw = Callable[..., str]
PAGES = ["/ui/", "/ui/record/", "/ui/public/", "/ui/error/409/", "/ui/dialog/", "/ui/search/?q=x"]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_pages_hold_nothing_the_policy_refuses(client: Client, address: str, language: str) -> None:
    answer = client.get(address, headers={"accept-language": language})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"<[a-z][^>]*\sstyle=", text)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("address", PAGES)
def test_ids_are_unique_and_labels_point_somewhere(client: Client, address: str) -> None:
    text = client.get(address).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))
    pointed = re.findall(
        r'(?:\sfor|aria-labelledby|aria-describedby|aria-controls)="([^"]+)"', text
    )
    assert {one for value in pointed for one in value.split()} <= set(ids)


def test_every_form_that_posts_carries_token_and_key(client: Client) -> None:
    text = client.get("/ui/").content.decode()
    posting = re.findall(r'<form method="post".*?</form>', text, re.S)
    ours = [form for form in posting if 'id="language-form"' not in form]
    assert len(ours) > 3
    assert all("csrfmiddlewaretoken" in form and "idempotency_key" in form for form in ours)


def test_each_form_has_a_key_of_its_own(client: Client) -> None:
    text = client.get("/ui/").content.decode()
    keys = re.findall(r'name="idempotency_key" value="([^"]+)"', text)
    assert len(keys) == len(set(keys)) > 3


@pytest.mark.parametrize("status", sorted(problems.STATUSES))
def test_error_pages_say_what_happened_was_kept_and_to_do(client: Client, status: int) -> None:
    text = client.get(f"/ui/error/{status}/").content.decode()
    for words in ("What happened", "What was kept", "What to do"):
        assert words in text


def test_an_error_page_needs_no_request_context(shell: None) -> None:
    from django.template.loader import render_to_string

    text = render_to_string("shell/error.html", {"status": 500, "incident": "abc123"})
    assert "abc123" in text


def action(label: str, **more: Any) -> dict[str, Any]:
    return {"label": label, "url": "/x/", **more}


def test_the_main_action_is_the_first_primary_that_is_allowed() -> None:
    off = action("Present", kind="primary", ok=False, why_not="No line yet.")
    on = action("Add line", kind="primary")
    arranged = fields.arrange_actions([off, on, action("Print"), action("Copy"), action("Mail")])
    assert arranged["main"] == on
    assert [one["label"] for one in arranged["beside"]] == ["Print", "Copy"]
    assert arranged["menu"] == [off, action("Mail")]


def test_what_is_off_says_why_and_what_is_dangerous_hides_in_the_menu(draw: Draw) -> None:
    actions = [
        action("Present", kind="primary", ok=False, why_not="No line yet."),
        action("Delete", kind="danger", method="post", confirm="Delete it?"),
    ]
    header = {"title": "Quote", "actions": actions}
    shown = draw('{% include "shell/page_header.html" %}', header=header)
    assert "Present is off: No line yet." in shown
    assert re.search(r'class="menu-list">.*data-confirm="Delete it\?"', shown, re.S)


class Payment(forms.Form):
    amount = forms.DecimalField(label="Amount", help_text="Open amount.")
    channel = forms.ChoiceField(choices=[("mail", "Mail"), ("", "None")], required=False)
    note = forms.CharField(required=False)
    seen = forms.BooleanField(required=False)


def test_a_form_field_brings_label_help_error_and_value(draw: Draw) -> None:
    form = Payment({"amount": "x<y", "channel": "mail", "seen": "on"})
    assert not form.is_valid()
    shown = draw("{% for one in form %}{% field one %}{% endfor %}", form=form)
    assert 'value="x&lt;y"' in shown
    assert 'aria-describedby="id_amount-error id_amount-help"' in shown
    assert "Enter a number." in shown
    assert '<option value="mail" selected>' in shown
    assert 'id="id_seen" checked' in shown
    # A choice always has a value; that it need not be made says nothing.
    assert shown.count('class="optional"') == 1


def test_the_menu_follows_the_stream_and_the_rights(shell: None) -> None:
    rep = Actor("user", "Rep", 1, frozenset({"quote.view"}), frozenset({1}))
    menu = navigation.menu(rep, path="/quote/7/")
    assert [(stage.letter, [room.key for room in stage.rooms]) for stage in menu] == [
        ("A", ["lead"]),
        ("B", ["quote"]),
    ]
    assert [stage.current for stage in menu] == [False, True]
    stranger = Actor("user", "New", 2, frozenset(), frozenset())
    assert [room.key for stage in navigation.menu(stranger) for room in stage.rooms] == ["lead"]


def test_two_people_never_share_a_frame(client: Client) -> None:
    first = client.get("/ui/").content.decode()
    client.cookies["theme"] = "dark"
    second = client.get("/ui/").content.decode()
    assert 'data-theme="dark"' in second
    assert 'data-theme="dark"' not in first
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/ui/").content.decode()


def test_the_palette_finds_records_actions_and_pages(client: Client) -> None:
    asked: list[tuple[str, int]] = []

    def search(*, actor: Actor, text: str, limit: int) -> list[Hit]:
        asked.append((text, limit))
        return [Hit("Q-1 <Acme>", "/quote/1/", "draft")]

    navigation.add_search("quote", "Quotes", search, permission="quote.view")
    navigation.add_command("new", Command("New quote", "quote:list", "quote.edit", words="offer"))
    found = client.get("/ui/palette/", {"q": "offer"}).content.decode()
    assert asked == [("offer", 6)]
    assert "Q-1 &lt;Acme&gt;" in found
    assert "New quote" in found
    everything = client.get("/ui/palette/").content.decode()
    assert "Leads" in everything
    assert asked == [("offer", 6)]  # nothing typed, nothing searched
    assert "Q-1" in client.get("/ui/search/", {"q": "offer", "all": "1"}).content.decode()


def test_what_is_typed_comes_back_escaped(client: Client) -> None:
    page = client.get("/ui/palette/", {"q": "<img src=x>"}).content.decode()
    assert "<img" not in page
