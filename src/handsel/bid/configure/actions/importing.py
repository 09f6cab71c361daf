"""Models that come as files of other programs: read, and kept as text of our own language."""

from __future__ import annotations

from datetime import datetime

from handsel.bid.configure.actions.modelling import revise_source
from handsel.bid.configure.errors import BadModel
from handsel.bid.configure.models import ModelVersion
from handsel.bid.configure.rules.formats.dimacs import parse_dimacs
from handsel.bid.configure.rules.formats.files import text_of
from handsel.bid.configure.rules.formats.table_json import parse_table_json
from handsel.bid.configure.rules.formats.uvl import parse_uvl
from handsel.bid.configure.rules.language import print_model
from handsel.bid.configure.rules.language.printer import word_text
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor

ENDINGS = (".model", ".laws", ".uvl", ".json", ".dimacs", ".cnf")


def import_file(
    *,
    actor: Actor,
    now: datetime,
    model_id: int,
    version_no: int,
    name: str,
    content: bytes,
    lock_no: int | None = None,
) -> ModelVersion:
    """Put a model's file in the place of a draft's text; its kind is told by its name.

    Raises LanguageFault or NotDimacs naming file, line and column, BadModel for a name that tells
    no kind. Nothing is kept then.
    """
    return revise_source(
        actor=actor,
        now=now,
        model_id=model_id,
        version_no=version_no,
        source=text_of_file(name, content),
        lock_no=lock_no,
    )


def text_of_file(name: str, content: bytes) -> str:
    """A model's file, gzipped or not, as text of the model language."""
    plain = name.lower().removesuffix(".gz")
    text = text_of(content, name, strictly=not plain.endswith((".dimacs", ".cnf")))
    if plain.endswith(".uvl"):
        return print_model(parse_uvl(text, name))
    if plain.endswith(".json"):
        return print_model(parse_table_json(text, name))
    if plain.endswith((".dimacs", ".cnf")):
        return _of_clauses(text, name)
    if plain.endswith((".model", ".laws")):
        return text.replace("\r\n", "\n")
    raise BadModel(
        said("%(name)s tells no format by its name.", name=name),
        fields={"file": said("one of %(values)s", values=", ".join(ENDINGS))},
    )


def _of_clauses(text: str, name: str) -> str:
    """Each variable of a DIMACS file as a boolean, each clause as a law."""
    compiled = parse_dimacs(text, name)
    words = {
        literal: word_text(option.variable)
        for literal, option in zip(compiled.option_literals, compiled.options, strict=True)
    }
    lines = ["model imported", "", *(f"boolean {word}" for word in words.values()), ""]
    for number, clause in enumerate(compiled.clauses(), 1):
        parts = [words[one] if one > 0 else f"not {words[-one]}" for one in clause]
        lines.append(f"law c{number}: {' or '.join(parts)}")
    return "\n".join(lines) + "\n"
