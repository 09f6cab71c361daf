"""UVL, the Universal Variability Language: Boolean, arithmetic and type level.

Read: feature trees with mandatory, optional, or, alternative and [n..m] groups, attributes, typed
features, constraints with `! & | => <=>`, comparisons and arithmetic, sum, avg, len, floor, ceil.
Every Boolean feature becomes a variable of its name, in the order of the text. A typed feature
needs bounds (attributes `min`, `max`, `step` or `values`, or a constraint that gives them).
What is not selected counts 0 in arithmetic. Features that repeat are told apart by their
instances; imported models stand in their places. README.md says how each is read.
"""

from __future__ import annotations

from pathlib import Path

from handsel.bid.configure.rules.formats.files import read_text
from handsel.bid.configure.rules.formats.uvl.composing import (
    Library,
    folder_library,
    library_of,
    no_library,
    read_composed,
)
from handsel.bid.configure.rules.formats.uvl.exporting import export_uvl
from handsel.bid.configure.rules.formats.uvl.features import lower_features
from handsel.bid.configure.rules.formats.uvl.reading import parse_feature_model
from handsel.bid.configure.rules.formats.uvl.tree import FeatureModel
from handsel.bid.configure.rules.formats.uvl.writing import write_feature_model
from handsel.bid.configure.rules.model import ProductModel

__all__ = [
    "FeatureModel",
    "Library",
    "export_uvl",
    "library_of",
    "lower_features",
    "parse_feature_model",
    "parse_uvl",
    "read_composed",
    "read_uvl",
    "write_feature_model",
]


def read_uvl(path: Path) -> ProductModel:
    """Read a .uvl file, gzipped or not, with what it imports from its folder or below it.

    LanguageFault names file, line and column.
    """
    return parse_uvl(read_text(path), path.name, folder_library(path))


def parse_uvl(text: str, name: str = "model", library: Library = no_library) -> ProductModel:
    """A product model from UVL text; `name` stands in errors. Raises LanguageFault.

    Imported files are asked of the library by their paths from this file's folder.
    """
    return lower_features(read_composed(text, name, library), name)
