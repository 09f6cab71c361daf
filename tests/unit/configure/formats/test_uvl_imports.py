"""UVL models of several files: where imports are looked for, what they bring, what is refused."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from handsel.bid.configure.actions.importing import text_of_files
from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.formats.bundles import unpacked
from handsel.bid.configure.rules.formats.uvl import (
    library_of,
    parse_feature_model,
    parse_uvl,
    read_uvl,
    write_feature_model,
)
from handsel.bid.configure.rules.language import LanguageFault
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.session import Configurator

MAIN = """imports
    Topping as top
    Dough
    parts.Size as Size
features
    Pizza
        mandatory
            top.Topping
            Size.Size {cm 4}
            Dough.Dough
        optional
            Crust
constraints
    Crust => Size.Big
    top.Ham.price + Size.Big.price < 9
"""
FILES = {
    "Topping.uvl": "features\n Topping\n  or\n   Ham {price 4}\n   Corn {price 1}\n"
    "constraints\n Ham => Corn\n sum(price) < 9\n",
    "Dough.uvl": "features\n Dough\n",
    "parts/Size.uvl": "imports\n more.Sizes as m\nfeatures\n Size {cm 9}\n  alternative\n"
    "   Big {price 6}\n   m.Small\n",
    "parts/more/Sizes.uvl": "features\n Small\n",
}


def products(model: ProductModel) -> int:
    return count_variants(Configurator.of(encode(model), model), ()).count


def composed(**files: str) -> ProductModel:
    return parse_uvl(files.pop("main"), "main.uvl", library_of(files))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"main.uvl": MAIN, **FILES}.items():
        path = tmp_path / "models" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "models"


def test_imported_models_stand_in_their_places(folder: Path) -> None:
    model = read_uvl(folder / "main.uvl")
    assert [one.key for one in model.variables] == [
        "Pizza", "top.Topping", "top.Ham", "top.Corn", "Size.Size", "Size.Big", "Size.m.Small",
        "Dough.Dough", "Crust",
    ]  # fmt: skip
    # Ham asks for corn, and is too dear with the big one: corn big twice, small with either.
    assert products(model) == 2 + 2
    told = {law.key: law.sentences.get("en") for law in model.laws}
    assert told["constraint 3"] == "top.Ham => top.Corn"
    assert told["constraint 4"] == "sum(top.Topping, price) < 9"


def test_files_may_be_packed(folder: Path) -> None:
    plain = folder / "Dough.uvl"
    (folder / "Dough.uvl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert products(read_uvl(folder / "main.uvl")) == 4


def test_one_file_may_stand_in_two_places_and_repeat() -> None:
    main = "imports\n w as left\n w as right\nfeatures\n Car\n  mandatory\n   left.Wheel\n"
    model = composed(
        main=f"{main}   right.Wheel cardinality [1..2]\nconstraints\n left.Hub => right.Hub\n",
        **{"w.uvl": "features\n Wheel\n  optional\n   Hub\n"},
    )
    assert "right.Wheel[2].right.Hub" in {one.key for one in model.variables}
    assert products(model) == (2 + 4) + (1 + 1)


def test_what_is_imported_and_stands_nowhere_says_nothing() -> None:
    model = composed(
        main="imports\n w\nfeatures\n A\n", **{"w.uvl": "features\n W\nconstraints\n !W\n"}
    )
    assert [one.key for one in model.variables] == ["A"]
    assert products(model) == 1


def test_a_main_file_is_written_with_its_imports() -> None:
    tree = parse_feature_model(MAIN)
    again = write_feature_model(tree)
    assert again.startswith("imports\n\tTopping as top\n\tDough\n\tparts.Size as Size\n")
    assert "\n\t\t\tSize.Size {cm 4}\n" in again
    assert parse_feature_model(again) == tree


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"main": "imports\n w\nfeatures\n A"}, "main.uvl:2:2: The file “w.uvl” is missing."),
        ({"main": "imports\n a.b.w as x\nfeatures\n A"}, "The file “a/b/w.uvl” is missing."),
        (
            {"main": "imports\n w\nfeatures\n A\n  optional\n   w.X", "w.uvl": "features\n  W\n"},
            "main.uvl:6:1: “X” is not the root of “w”. Expected “w.W”.",
        ),
        (
            {"main": "imports\n wheel\nfeatures\n A\n  optional\n   weel.W", "wheel.uvl": ""},
            "main.uvl:6:4: “weel” is not imported. Did you mean “wheel”?",
        ),
        (
            {"main": "imports\n w\nfeatures\n A", "w.uvl": "features\n  W\n    optionl\n      X\n"},
            "w.uvl:3:5: “optionl” is no group.",
        ),
        (
            {"main": "imports\n w\nfeatures\n A\n  optional\n   w.W",
             "w.uvl": "features\n  W\nconstraints\n  W =>\n   Q"},
            "w.uvl:4:",
        ),
        (
            {"main": "imports\n w\nfeatures\n A\n  optional\n   w.W",
             "w.uvl": "features\n  W\nconstraints\n  W => Q"},
            "w.uvl:4:8: There is no feature “w.Q”.",
        ),
        (
            {"main": "imports\n a\nfeatures\n A", "a.uvl": "imports\n b.c as b\nfeatures\n A",
             "b/c.uvl": "imports\n d\nfeatures\n A", "b/d.uvl": "imports\n c\nfeatures\n A"},
            "b/d.uvl:2:2: These files import each other: b/c.uvl:2 → b/d.uvl:2 → b/c.uvl.",
        ),
        (
            {"main": "imports\n main\nfeatures\n A"},
            "main.uvl:2:2: These files import each other: main.uvl:2 → main.uvl.",
        ),
        ({"main": "imports\n w\n x as w\nfeatures\n A"}, "main.uvl:3:2: “w” is there twice."),
        ({"main": "imports\n w as\nfeatures\n A"}, "main.uvl:2:6: the end of the line cannot"),
        ({"main": "imports\n w, x\nfeatures\n A"}, "main.uvl:2:3: “,” cannot stand here."),
        ({"main": 'imports\n "/etc/x" as y\nfeatures\n A'}, "main.uvl:2:2: “/etc/x” is no name of"),
        ({"main": "imports\n ..w as y\nfeatures\n A"}, "main.uvl:2:2: “..” cannot stand here."),
        ({"main": 'imports\n "..\\x" as y\nfeatures\n A'}, "is no name of a file or folder here."),
        ({"main": 'imports\n ".." as y\nfeatures\n A'}, "is no name of a file or folder here."),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_said(files: dict[str, str], said: str) -> None:
    with pytest.raises(LanguageFault) as found:
        composed(**files)
    assert said in str(found.value), str(found.value)


def test_too_long_a_row_of_imports_is_refused() -> None:
    files = {f"f{n}.uvl": f"imports\n f{n + 1}\nfeatures\n A\n" for n in range(30)}
    with pytest.raises(LanguageFault, match=r"f19\.uvl:2:2: Too many files import each other"):
        composed(main=files["f0.uvl"].replace("f1", "f0"), **files)


def test_a_few_small_files_cannot_grow_without_end() -> None:
    tree = "".join(f"   {side}.A\n" for side in "lr")
    files = {
        f"f{n}.uvl": f"imports\n f{n + 1} as l\n f{n + 1} as r\nfeatures\n A\n  optional\n{tree}"
        for n in range(18)
    } | {"f18.uvl": "features\n A\n"}
    with pytest.raises(LanguageFault, match="The imported models have too many features"):
        composed(main=files["f0.uvl"], **files)


def test_a_link_out_of_the_folder_is_not_followed(folder: Path) -> None:
    (folder / "Dough.uvl").unlink()
    outside = folder.parent / "outside.uvl"
    outside.write_text("features\n Dough\n")
    (folder / "Dough.uvl").symlink_to(outside)
    with pytest.raises(LanguageFault, match=r"main\.uvl:3:5: The file “Dough\.uvl” is missing"):
        read_uvl(folder / "main.uvl")


# -- several files at once


def packed(**files: str) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in files.items():
            written.writestr(name, text)
    return into.getvalue()


def test_the_model_of_several_files_is_the_one_that_no_other_imports() -> None:
    given = {"pizza/main.uvl": MAIN, **{f"pizza/{name}": text for name, text in FILES.items()}}
    side_by_side = text_of_files([(name, text.encode()) for name, text in given.items()])
    idle = {"__MACOSX/pizza/main.uvl": "x", "pizza/.DS_Store": "x", "pizza/LIESMICH.txt": "x"}
    assert text_of_files([("pizza.zip", packed(**given, **idle))]) == side_by_side
    assert "boolean `top.Ham`" in side_by_side


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("main.uvl", MAIN.encode())], "main.uvl:2:5: The file “Topping.uvl” is missing."),
        ([("a.uvl", b"features\n A"), ("b.uvl", b"features\n B")], "Which of these is the model"),
        ([("a.uvl", b"features\n A"), ("b.cnf", b"p cnf 0 0")], "Which of these is the model"),
        ([("a.uvl", b"imports\n b\nfeatures\n A"), ("b.uvl", b"imports\n a\nfeatures\n A")],
         "a.uvl:2 → b.uvl:2 → a.uvl"),
        ([("m.zip", packed(**{"../up.uvl": "features\n A"}))], "“../up.uvl”, which leaves it."),
        ([("m.zip", packed(**{"/etc/up.uvl": "features\n A"}))], "“/etc/up.uvl”, which leaves it."),
        ([("m.zip", packed(**{"read.me": "features\n A", "b": ""}))], "No file here is a model."),
        ([("m.zip", b"PK\x03\x04 no zip")], "m.zip:1:1: The ZIP file cannot be opened."),
        ([("m.zip", packed(**{f"{n}.uvl": "" for n in range(201)}))], "These are too many files"),
        ([("a.uvl", b""), ("a.uvl", b"")], "a.uvl:1:1: The file “a.uvl” is given twice."),
    ],
)  # fmt: skip
def test_files_that_make_no_model_are_said(files: list[tuple[str, bytes]], said: str) -> None:
    with pytest.raises(LanguageFault) as found:
        text_of_files(files)
    assert said in str(found.value), str(found.value)


def test_a_zip_is_not_unpacked_beyond_its_limit() -> None:
    bomb = packed(**{f"{n}.uvl": " " * 40_000_000 for n in range(2)})
    assert len(bomb) < 200_000
    with pytest.raises(LanguageFault, match="too many files, or too large"):
        unpacked([("bomb.zip", bomb)])
