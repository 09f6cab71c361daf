"""What a sentence says of other people's text can always be seen."""

from __future__ import annotations

from handsel.ground.kernel.said import said, worded
from handsel.ground.kernel.said_kept import as_said, kept


def test_characters_nobody_sees_are_named() -> None:
    told = said("“%(text)s” means nothing here.", text="a\x00b\u202e")
    assert told == "“aU+0000bU+202E” means nothing here."
    assert worded(as_said(kept(told)), lambda text: text) == told


def test_what_can_be_seen_stays_as_it_is() -> None:
    text = "Größe\tüber 5\n€ 👩‍🔧 שלום"
    assert said("%(text)s", text=text) == text
    inner = said("%(name)s ends", name="x\x1b")
    assert said("%(inner)s.", inner=inner) == "xU+001B ends."
