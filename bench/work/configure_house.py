"""Models and configurations as a house has them, for measuring decisions over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random

from django.test import Client

from bench.work.configure import CONVEYOR, DATA, read_model, read_sessions
from bench.work.yardstick import NOW
from handsel.bid.configure import actions
from handsel.bid.configure.models import ConfigurationModel, ModelVersion
from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.decisions import Decision, numbers
from handsel.bid.configure.rules.engine import OPEN, open_engine
from handsel.bid.configure.rules.language import load_model
from handsel.bid.configure.rules.texts import kept_form
from handsel.ground.identity import actions as identity
from handsel.ground.party import actions as party
from handsel.site.roles import ROLES
from tests.support.halden_prices import make_conveyors
from tests.support.world import World, make_world

RICHMOND = "pc-richmond.dimacs"
# One decision: variable, operator, value.
Step = list[str]
Walk = list[Step]


@lru_cache(maxsize=1)
def world() -> World:
    """The people and the seller."""
    return make_world(now=NOW)


def session_key() -> str:
    """The session of somebody who may decide."""
    user = identity.create_user(
        actor=world().system,
        now=NOW,
        email="chooser@halden.example",
        name="Chooser",
        password=None,
        roles=list(ROLES),
    )
    party.add_seller_member(
        actor=world().system, now=NOW, seller_id=world().seller.pk, user_id=user.pk
    )
    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


def richmond() -> tuple[list[int], list[Walk]]:
    """A configuration for each stored session of the shop's model, and its decisions."""
    compiled = read_model(DATA / f"{RICHMOND}.gz")
    stored = read_sessions(DATA / "sessions" / f"{RICHMOND}.json")
    walks = [
        [[f"o{abs(one)}", "=", "true" if one > 0 else "false"] for one in session.decisions]
        for session in stored.sessions
    ]
    model = _published("pc-richmond", "PC Richmond", "\n".join(_as_text(compiled)))
    return [_begun(model) for _walk in walks], walks


@lru_cache(maxsize=1)
def conveyor() -> ConfigurationModel:
    """The conveyor's model in use, with its prices by element: every decision is priced."""
    return make_conveyors(world().system, NOW).model


def conveyors(count: int, steps: int, first: int = 0) -> tuple[list[int], list[Walk]]:
    """That many configurations of the conveyor, each with a person's own decisions."""
    walks = list(_drawn(CONVEYOR, range(first, first + count), steps))
    return [_begun(conveyor()) for _walk in walks], walks


def _drawn(path: Path, seeds: range, steps: int) -> Iterator[Walk]:
    model = load_model(path)
    compiled = read_model(path)
    variables = {variable.key: variable for variable in model.variables}
    engine = open_engine(compiled)
    for seed in seeds:
        random, taken, walk, mine = Random(seed), list[int](), list[Step](), set[str]()
        for _step in range(steps):
            states = engine.domains(taken) or b""
            options = [
                compiled.options[at]
                for at, state in enumerate(states)
                if state == OPEN and compiled.options[at].variable not in mine
            ]
            if not options:
                break
            option = random.choice(options)
            decision = Decision(option.variable, option.value)
            mine.add(option.variable)
            taken += numbers(compiled, decision)
            walk.append(kept_form(variables, decision))
        yield walk
    engine.close()


def _begun(model: ConfigurationModel) -> int:
    begun = actions.begin_configuration(actor=world().system, now=NOW, model_id=model.pk)
    return int(begun.pk)


def _published(key: str, title: str, source: str) -> ConfigurationModel:
    """In use at once: an examination is not what is measured here."""
    draft = actions.draft_model(actor=world().system, now=NOW, key=key, title=title, source=source)
    ModelVersion.objects.filter(pk=draft.pk).update(
        state="published", fingerprint=key, published_at=NOW
    )
    return draft.model


def _as_text(compiled: Compiled) -> Iterator[str]:
    """A model of Booleans in the language: an option a line, a clause a law."""
    yield 'model pc_richmond "PC Richmond"'
    yield 'group all "All"'
    for number, option in enumerate(compiled.options, 1):
        yield f'  boolean o{number} "{option.variable.replace(chr(34), "")}"'
    for number, clause in enumerate(compiled.clauses(), 1):
        said = " or ".join(f"o{one}" if one > 0 else f"not o{-one}" for one in clause)
        yield f"law C{number}: {said}"
