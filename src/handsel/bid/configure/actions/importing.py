"""Models that come as files of other programs: read, and kept as text of our own language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handsel.bid.configure.actions.modelling import revise_source
from handsel.bid.configure.errors import BadModel
from handsel.bid.configure.models import ModelVersion
from handsel.bid.configure.rules.formats.bundles import GivenFile, main_file, unpacked
from handsel.bid.configure.rules.formats.dimacs import parse_dimacs
from handsel.bid.configure.rules.formats.files import text_of
from handsel.bid.configure.rules.formats.table_json import parse_table_json
from handsel.bid.configure.rules.formats.uvl import Library, parse_uvl
from handsel.bid.configure.rules.language import print_model
from handsel.bid.configure.rules.language.printer import word_text
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor

ENDINGS = (".model", ".laws", ".uvl", ".json", ".dimacs", ".cnf")


def import_files(
    *,
    actor: Actor,
    now: datetime,
    model_id: int,
    version_no: int,
    files: Sequence[GivenFile],
    lock_no: int | None = None,
) -> ModelVersion:
    """Put a model's file in the place of a draft's text; its kind is told by its name.

    With a UVL file come those that it imports, side by side or in a ZIP. Raises LanguageFault or
    NotDimacs naming file, line and column, BadModel for a name that tells no kind. Nothing is kept
    then.
    """
    return revise_source(
        actor=actor,
        now=now,
        model_id=model_id,
        version_no=version_no,
        source=text_of_files(files),
        lock_no=lock_no,
    )


def text_of_files(files: Sequence[GivenFile]) -> str:
    """The same without keeping it: files, gzipped or not, as text of the model language."""
    found = unpacked(files)
    if not found:
        raise BadModel("There is no file.", fields={"file": "Choose a file."})
    name = main_file(found, ENDINGS)
    return _text_of_file(name, found[name], found)


def _text_of_file(name: str, content: bytes, others: Mapping[str, bytes]) -> str:
    plain = name.lower().removesuffix(".gz")
    text = text_of(content, name, strictly=not plain.endswith((".dimacs", ".cnf")))
    if plain.endswith(".uvl"):
        return print_model(parse_uvl(text, name, _library(others)))
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


def _library(files: Mapping[str, bytes]) -> Library:
    def library(path: str) -> str:
        content = files.get(path, files.get(f"{path}.gz"))
        if content is None:
            raise LookupError(path)
        return text_of(content, path)

    return library


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
