"""The typesetter: literal text, the same bytes for the same input, PDF/A-3b, no way outside."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handsel.ground.document import typesetting
from handsel.ground.document.documents import typeset_document
from handsel.ground.document.errors import TypesettingFailed
from handsel.ground.document.letter import Letter
from handsel.ground.document.present import present
from tests.unit.document import samples
from tests.unit.document.pdf import plain, reader, text_of

MARKUP = (
    '#read("/etc/passwd") *bold* _slanted_ $x^2$ `code` <label> @reference = Heading '
    "// comment /* gone */ \\ #{1 + 1} #sys.inputs #import \"@preview/x:1.0.0\" 'a' -- ---"
)


def with_first_name(name: str) -> Letter:
    first = dataclasses.replace(samples.ONE_TIME[0], name=name)
    return samples.quote(lines=(first, *samples.ONE_TIME[1:], *samples.MONTHLY))


def test_text_that_looks_like_markup_comes_out_as_it_is() -> None:
    document = dataclasses.replace(
        with_first_name(MARKUP),
        subject=MARKUP,
        intro=MARKUP,
        recipient=dataclasses.replace(samples.BUYER_DE, recipient=(MARKUP,)),
    )

    text = "".join(text_of(typeset_document(document)).split())

    assert text.count("".join(MARKUP.split())) == 4
    assert "root:" not in text


def test_a_number_that_looks_like_a_placeholder_is_not_filled_in() -> None:
    note = dataclasses.replace(
        samples.credit_note(),
        corrects=samples.c.Corrected(number="{date} {number}", issued_on=samples.date(2026, 5, 18)),
    )

    assert "Korrektur zur Rechnung {date} {number} vom 18.05.2026" in text_of(
        typeset_document(note)
    )


@pytest.mark.parametrize("name", samples.ALL)
def test_the_same_document_gives_the_same_bytes(name: str) -> None:
    assert typeset_document(samples.ALL[name]()) == typeset_document(samples.ALL[name]())


def test_the_moment_of_production_is_the_only_clock() -> None:
    early = typeset_document(samples.quote())
    late = typeset_document(samples.quote(produced_at=datetime(2027, 1, 1, tzinfo=UTC)))

    assert early != late
    assert reader(early).metadata.creation_date == samples.PRODUCED_AT


@pytest.mark.parametrize("name", samples.ALL)
def test_every_document_is_pdf_a_3b(name: str) -> None:
    pdf = reader(typeset_document(samples.ALL[name]()))
    packet = pdf.trailer["/Root"]["/Metadata"].get_data().decode()

    assert re.search(r"<pdfaid:part>3</pdfaid:part>", packet)
    assert re.search(r"<pdfaid:conformance>B</pdfaid:conformance>", packet)
    assert pdf.trailer["/Root"]["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert not pdf.is_encrypted
    assert all(_is_embedded(font) for page in pdf.pages for font in _fonts(page))


def _fonts(page: Any) -> list[Any]:
    fonts = page["/Resources"].get("/Font", {})
    return [entry.get_object() for entry in fonts.values()]


def _is_embedded(font: Any) -> bool:
    descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
    return any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))


def test_title_language_and_author_are_in_the_file() -> None:
    pdf = reader(typeset_document(samples.accepted_quote_en()))

    assert pdf.metadata.title == "Quote Q-2026-0107"
    assert pdf.metadata.author == "Halden Fördertechnik GmbH"
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"


def test_european_letters_are_drawn_as_they_are() -> None:
    letters = "Größe ÄÖÜß € Łódź Żółć Ελληνικά Привет čšž Țșă İğ"
    assert letters in text_of(typeset_document(with_first_name(letters)))


@pytest.mark.parametrize(
    "name", ["קבוצת מסוע", "شركة الحزام الناقل", "कन्वेयर लिमिटेड", "บริษัท สายพาน"]
)
def test_names_in_other_scripts_are_drawn(name: str) -> None:
    assert typesetting.unprintable(name) == ""
    assert typesetting.SUBSTITUTE not in text_of(typeset_document(with_first_name(name)))


def test_letters_in_two_parts_are_joined() -> None:
    assert "für Ångström" in text_of(
        typeset_document(with_first_name("fu\u0308r A\u030angstro\u0308m"))
    )


def test_what_no_font_can_draw_becomes_a_square_and_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert typesetting.unprintable("東京 GmbH 🚀 東") == "東京🚀"

    text = text_of(typeset_document(with_first_name("東京 GmbH")))

    assert "□□ GmbH" in text
    assert "U+6771 U+4EAC" in caplog.text or "U+4EAC U+6771" in caplog.text


def test_direction_marks_and_control_characters_are_left_out() -> None:
    text = text_of(typeset_document(with_first_name("Konto \u202e0012\u202c \x07\x00ok\u2066!")))
    assert "Konto 0012 ok!" in text


def test_only_the_fonts_of_our_packages_are_known() -> None:
    body, *others = typesetting.families()
    assert body == "Source Sans 3"
    assert others == [
        "Assistant",
        "Noto Sans Arabic",
        "Noto Sans Devanagari",
        "Noto Sans Thai",
    ]


@pytest.mark.parametrize("name", ["../labels", "invoice.typ", "nothing", "/etc/passwd", ""])
def test_a_template_is_a_name_not_a_path(name: str) -> None:
    with pytest.raises(TypesettingFailed, match="no template"):
        typesetting.typeset(name, {}, produced_at=samples.PRODUCED_AT)


def test_data_a_template_does_not_understand_is_our_mistake() -> None:
    with pytest.raises(TypesettingFailed, match="invoice"):
        typesetting.typeset("invoice", {"language": "de"}, produced_at=samples.PRODUCED_AT)


def test_templates_ask_for_no_package_and_no_file_but_each_other() -> None:
    for path in typesetting.TEMPLATES.glob("*.typ"):
        source = path.read_text("utf-8")
        assert "@preview" not in source
        for imported in re.findall(r'(?:import|include|read|json|image)\(?\s*"([^"]+)"', source):
            assert (typesetting.TEMPLATES / imported).is_file(), f"{path.name}: {imported}"


def test_both_languages_have_the_same_labels() -> None:
    source = (typesetting.TEMPLATES / "labels.typ").read_text("utf-8")
    english, german = source.split("\n  de: (")

    assert _keys(english.split("\n  en: (")[1]) == _keys(german)
    assert _holes(english) == _holes(german)


def _keys(source: str) -> list[str]:
    return re.findall(r"(?<=[\s(])([a-z_]+): ", re.sub(r'"[^"]*"', '""', source))


def _holes(source: str) -> list[str]:
    return sorted(re.findall(r"\{[a-z]+\}", source))


def test_three_hundred_lines_repeat_the_header_on_every_page() -> None:
    pdf = reader(typeset_document(samples.long_quote(300)))
    pages = [plain(page.extract_text()) for page in pdf.pages]
    count = len(pages)

    with_lines = [page for page in pages if "Ersatzteil Nummer" in page]
    assert len(with_lines) > 5
    assert all("Einzelpreis" in page for page in with_lines)
    assert [f"Seite {at} von {count}" in page for at, page in enumerate(pages, 1)] == [True] * count
    assert all(re.search(rf"Ersatzteil Nummer {at}\b", "".join(pages)) for at in range(1, 301))


@pytest.mark.parametrize("count", range(14, 40, 2))
def test_total_and_bank_account_stand_on_one_page(count: int) -> None:
    lines = tuple(samples.line(str(at), f"Teil {at}", "1", "10.00") for at in range(count))
    sums = samples.taxed(lines)
    invoice = samples.invoice(
        lines=lines,
        net=sums.net,
        taxes=sums.taxes,
        gross=sums.gross,
        due=sums.gross,
        payment=samples.payment(sums.gross),
    )
    pages = [page.extract_text() for page in reader(typeset_document(invoice)).pages]

    holding = [at for at, page in enumerate(pages) if "Verwendungszweck" in page]
    assert len(holding) == 1
    assert "zzgl. 19" in pages[holding[0]]
    assert "DE89 3704 0044 0532 0130 00" in pages[holding[0]]


def test_an_over_long_word_breaks_inside_its_column() -> None:
    word = "X9" * 60
    page = reader(typeset_document(with_first_name(word))).pages[0].extract_text()
    assert word in re.sub(r"[\s\u200b]", "", page)
    assert word not in page


def test_us_letter_paper_is_eight_and_a_half_by_eleven() -> None:
    box = reader(typeset_document(samples.quote(paper="us-letter"))).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (612, 792)


def test_a_naive_instant_is_refused() -> None:
    naive = datetime(2026, 3, 2)
    with pytest.raises(ValueError, match="zone"):
        typesetting.typeset("quote", present(samples.quote()), produced_at=naive)


def test_templates_lie_in_the_package() -> None:
    assert Path(typesetting.__file__).parent / "typst" == typesetting.TEMPLATES


def test_what_json_hides_behind_a_stroke_is_replaced_as_well() -> None:
    assert typesetting._is_drawable(typesetting._written({"a": 'a 19" rack\nC:\\tools ©'}))
    for hidden in ("a\tb", "a\x07b", "東", "C:\\\\\x0b"):
        assert not typesetting._is_drawable(typesetting._written({"a": hidden}))
