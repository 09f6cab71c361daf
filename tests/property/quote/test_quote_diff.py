"""The comparison of versions: nothing differs from itself, everything that differs is named."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.rules.diff import LINE_FIELDS, VersionFacts, diff

values = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b"]), st.booleans())


@st.composite
def versions(draw: st.DrawFn) -> VersionFacts:
    keys = draw(st.lists(st.integers(1, 8), unique=True, max_size=8))
    lines: list[dict[str, Any]] = [
        {"key": UUID(int=key), **{field: draw(values) for field in LINE_FIELDS}} for key in keys
    ]
    return VersionFacts(lines, {"terms": draw(values)}, {"net": draw(values)})


@given(versions())
def test_a_version_does_not_differ_from_itself(version: VersionFacts) -> None:
    found = diff(version, version)
    assert found.is_empty
    assert [line.key for line in found.lines] == [line["key"] for line in version.lines]


@given(versions(), versions())
def test_every_line_of_both_is_told_once(before: VersionFacts, after: VersionFacts) -> None:
    found = diff(before, after)
    keys = [line.key for line in found.lines]
    assert len(keys) == len(set(keys))
    old = {line["key"] for line in before.lines}
    new = {line["key"] for line in after.lines}
    assert set(keys) == old | new
    for line in found.lines:
        expected = {(True, False): "removed", (False, True): "added"}
        told = expected.get((line.key in old, line.key in new))
        assert line.verdict == told if told else line.verdict in ("same", "changed")


@given(versions(), versions())
def test_lines_come_in_the_order_of_the_later_version(
    before: VersionFacts, after: VersionFacts
) -> None:
    kept = [line.key for line in diff(before, after).lines if line.after is not None]
    assert kept == [line["key"] for line in after.lines]


@given(versions(), versions())
def test_changes_are_mirrored(before: VersionFacts, after: VersionFacts) -> None:
    forth, back = diff(before, after), diff(after, before)
    mirrored = {
        (line.key, change.field): (change.after, change.before)
        for line in back.lines
        for change in line.changes
    }
    told = {
        (line.key, change.field): (change.before, change.after)
        for line in forth.lines
        for change in line.changes
    }
    assert told == mirrored
    assert forth.is_reordered == back.is_reordered
