"""Models and configurations for tests, made by actions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from handsel.bid.configure import actions
from handsel.bid.configure.models import ConfigurationModel
from handsel.ground.platform.actor import Actor

CONVEYOR = Path(__file__).parents[2] / "src/handsel/site/demo/models/halden-conveyor.model"

LAMP = """model lamp "Lamp"

group body "Body"
  enum colour "Colour"
    - red "Red"
    - green "Green"
    - blue "Blue"
    default green
  integer power 10..100 step 10 W "Power" question
  boolean dimmer "Dimmer"

law HOT: colour == red -> power >= 50
  "A red lamp needs 50 W or more."
law DIM: dimmer -> power <= 60
  "The dimmer stands 60 W at most."

golden "Red and dimmed"
  colour = red, dimmer = yes
  refuse power = 70
"""


def publish_model(
    actor: Actor, now: datetime, source: str = LAMP, *, key: str = "lamp", title: str = "Lamp"
) -> ConfigurationModel:
    """A model with its first version in use."""
    draft = actions.draft_model(actor=actor, now=now, key=key, title=title, source=source)
    outcome = actions.test_version(
        actor=actor, now=now, model_id=draft.model_id, version_no=draft.version_no
    )
    assert outcome.examined.may_be_published, outcome.examined.report
    actions.publish_version(
        actor=actor, now=now, model_id=draft.model_id, version_no=draft.version_no
    )
    return draft.model
