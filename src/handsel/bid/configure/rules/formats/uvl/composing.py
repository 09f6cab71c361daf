"""A feature model with the models it imports put in their places.

`imports a.b as c` names the file `a/b.uvl`, looked for from the folder of the file that says so.
Where the tree names `c.Root`, the tree of that file stands; its features are called `c.Name`, and
its constraints hold among them. What is imported and stands nowhere says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from handsel.bid.configure.rules.formats.files import read_text
from handsel.bid.configure.rules.formats.uvl.instances import AGGREGATES, all_features
from handsel.bid.configure.rules.formats.uvl.reading import parse_feature_model
from handsel.bid.configure.rules.formats.uvl.tree import (
    Applied,
    Constraint,
    Feature,
    FeatureModel,
    Import,
    Reference,
    Term,
)
from handsel.bid.configure.rules.formats.uvl.writing import term_text
from handsel.bid.configure.rules.language.problems import (
    LanguageFault,
    Place,
    Problem,
    did_you_mean,
    fault,
)
from handsel.ground.kernel.said import said

# The text of a file by its path from the main file's folder; LookupError when there is none.
Library: TypeAlias = Callable[[str], str]

DEEPEST = 20
MOST_FEATURES = 100_000


def no_library(path: str) -> str:
    """Where only one file is given."""
    raise LookupError(path)


def library_of(files: Mapping[str, str]) -> Library:
    """Files by their paths from the folder of the main one."""
    return files.__getitem__


def folder_library(main: Path) -> Library:
    """The files beside the main one or below its folder, gzipped or not."""
    folder = main.parent.resolve()

    def library(path: str) -> str:
        for name in (path, f"{path}.gz"):
            wanted = (folder / name).resolve()
            if not wanted.is_relative_to(folder):
                raise LookupError(path)
            if wanted.is_file():
                return read_text(wanted)
        raise LookupError(path)

    return library


def read_composed(text: str, name: str, library: Library) -> FeatureModel:
    """The model of a text with all it imports; LanguageFault names every problem of its files."""
    return _Composing(library).composed(text, name, name)


class _Composing:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._read: dict[str, FeatureModel] = {}
        self._open: list[tuple[str, Import]] = []
        self._count = 0

    def composed(self, text: str, path: str, shown: str) -> FeatureModel:
        """The model of one file; `shown` is how its places call it."""
        tree = parse_feature_model(text, shown)
        if not tree.imports:
            return tree
        problems: list[Problem] = []
        models: dict[tuple[str, ...], FeatureModel] = {}
        for one in tree.imports:
            try:
                models[one.alias] = self._imported(one, path, shown)
            except LanguageFault as found:
                problems.extend(found.problems)
        if not problems:
            try:
                return self._joined(tree, models)
            except LanguageFault as found:
                problems.extend(found.problems)
        raise LanguageFault(list(dict.fromkeys(problems)))

    def _imported(self, one: Import, path: str, shown: str) -> FeatureModel:
        wanted = str(PurePosixPath(path).parent.joinpath(*one.path)) + ".uvl"
        place = Place(shown, one.line, one.column)
        self._open.append((shown, one))
        try:
            self._check_circle(wanted, path, place)
            if wanted not in self._read:
                try:
                    text = self._library(wanted)
                except LookupError:
                    message = said("The file “%(path)s” is missing.", path=wanted)
                    expected = "it in its place beside this one, as a folder or in a ZIP file"
                    raise fault(place, message, expected) from None
                self._read[wanted] = self.composed(text, wanted, wanted)
        finally:
            self._open.pop()
        return self._read[wanted]

    def _check_circle(self, wanted: str, path: str, place: Place) -> None:
        opened = [PurePosixPath(shown).as_posix() for shown, _ in self._open]
        if wanted in opened:
            way = self._open[opened.index(wanted) :]
            steps = " → ".join(f"{shown}:{one.line}" for shown, one in way)
            message = said("These files import each other: %(way)s.", way=f"{steps} → {wanted}")
            raise fault(place, message, "no circle")
        if len(self._open) > DEEPEST:
            most = said("at most %(most)s, one in the other", most=DEEPEST)
            raise fault(place, "Too many files import each other.", most)

    # -- one tree of several

    def _joined(
        self, tree: FeatureModel, models: Mapping[tuple[str, ...], FeatureModel]
    ) -> FeatureModel:
        constraints = list(tree.constraints)
        root = self._placed(tree.root, models, constraints)
        return replace(tree, root=root, constraints=tuple(constraints), imports=())

    def _placed(
        self,
        feature: Feature,
        models: Mapping[tuple[str, ...], FeatureModel],
        constraints: list[Constraint],
    ) -> Feature:
        groups = tuple(
            replace(
                group,
                features=tuple(self._placed(one, models, constraints) for one in group.features),
            )
            for group in feature.groups
        )
        if not feature.via:
            return replace(feature, groups=groups)
        model = models[feature.via]
        self._count += sum(1 for _ in all_features(model.root))
        place = Place(feature.file, feature.line, 1)
        if self._count > MOST_FEATURES:
            most = said("at most %(most)s in all", most=f"{MOST_FEATURES:,}")
            raise fault(place, "The imported models have too many features.", most)
        found = _renamed(model.root, feature.via)
        if found.name != feature.name:
            alias = ".".join(feature.via)
            own = feature.name.removeprefix(f"{alias}.")
            near = did_you_mean(own, [model.root.name])
            message = said(
                "“%(name)s” is not the root of “%(alias)s”.%(near)s",
                name=own,
                alias=alias,
                near=near,
            )
            raise fault(place, message, said("“%(name)s”", name=found.name))
        constraints.extend(_moved(one, feature.via, model.root.name) for one in model.constraints)
        return replace(
            found,
            type=feature.type if feature.type != "Boolean" else found.type,
            attributes=tuple({**dict(feature.attributes), **dict(found.attributes)}.items()),
            groups=(*groups, *found.groups),
            line=feature.line,
            file=feature.file,
            cardinality=feature.cardinality or found.cardinality,
            via=(),
        )


def _renamed(feature: Feature, via: tuple[str, ...]) -> Feature:
    groups = tuple(
        replace(group, features=tuple(_renamed(one, via) for one in group.features))
        for group in feature.groups
    )
    return replace(feature, name=".".join((*via, feature.name)), groups=groups)


def _moved(constraint: Constraint, via: tuple[str, ...], root: str) -> Constraint:
    term = _prefixed(constraint.term, via, root)
    return replace(constraint, term=term, text=term_text(term))


def _prefixed(term: Term, via: tuple[str, ...], root: str) -> Term:
    """An imported constraint speaks of its own file's features, also where it gathers them all."""
    if isinstance(term, Reference):
        return replace(term, path=(*via, *term.path))
    if not isinstance(term, Applied):
        return term
    last = term.parts[-1]
    if term.operator in AGGREGATES and isinstance(last, Reference):
        tops = tuple(_prefixed(one, via, root) for one in term.parts[:-1])
        if not tops and len(last.path) == 1:
            tops = (Reference((*via, root), last.spot),)
        if tops:
            return replace(term, parts=(*tops, last))
    return replace(term, parts=tuple(_prefixed(part, via, root) for part in term.parts))
