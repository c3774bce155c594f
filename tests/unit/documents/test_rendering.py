import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import page
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from shared.documents import DocumentError, find_unprintable, render_pdf
from shared.documents.glyphs import covered_characters
from shared.errors import Invalid

Template = Callable[[str], Path]


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_value_stands_in_the_document(template: Template) -> None:
    pdf = render_pdf(template("Kepada #{{ name }}"), {"name": "Siti Nurḥayāti"})
    assert "Siti Nurḥayāti" in text_of(pdf)


def test_the_same_input_gives_the_same_bytes(template: Template) -> None:
    sheet = template("= Judul\n#{{ name }}")
    at = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    assert render_pdf(sheet, {"name": "Budi"}, at=at) == render_pdf(sheet, {"name": "Budi"}, at=at)


def test_the_document_claims_archival_and_accessible_conformance(template: Template) -> None:
    metadata = PdfReader(io.BytesIO(render_pdf(template("= Judul"), {}))).xmp_metadata
    assert metadata is not None
    xml = metadata.stream.get_data()
    assert b"<pdfaid:part>3<" in xml
    assert b"<pdfaid:conformance>A<" in xml
    assert b"<pdfuaid:part>1<" in xml


@pytest.mark.parametrize(
    "hostile",
    ['"; #panic("x") //', '#import "@preview/x:1.0.0"', "\\u{41}", "{{ 7 * 7 }}", "$x$ *b* _i_ `c` <l> @r", "a\nb\tc"],
)
def test_markup_in_a_value_is_printed_not_run(template: Template, hostile: str) -> None:
    printed = text_of(render_pdf(template("#text({{ name }})"), {"name": hostile}))
    assert "".join(printed.split()) == "".join(hostile.split())


@given(
    st.text(st.sampled_from(sorted(covered_characters())), min_size=1, max_size=40).filter(
        lambda text: not find_unprintable(text)
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_fonts_cover_can_be_set(template: Template, text: str) -> None:
    assert render_pdf(template("#text({{ value }})"), {"value": text}).startswith(b"%PDF")


@given(st.text(max_size=60))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_set_or_refused_and_nothing_else(template: Template, text: str) -> None:
    sheet = template("#text({{ value }})")
    if find_unprintable(text, also="\n\t"):
        with pytest.raises(Invalid):
            render_pdf(sheet, {"value": text})
    else:
        assert render_pdf(sheet, {"value": text}).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["張偉", "محمد", "Siti\u202eitiS", "Budi\x00", "A\u200bB"])
def test_text_that_cannot_be_set_is_refused_with_its_characters(template: Template, name: str) -> None:
    with pytest.raises(Invalid, match="huruf Latin") as refusal:
        render_pdf(template("#{{ name }}"), {"name": name})
    assert "U+" in refusal.value.params["characters"]


def test_a_value_the_template_wants_and_nobody_gave_is_an_error(template: Template) -> None:
    with pytest.raises(DocumentError, match="name"):
        render_pdf(template("#{{ name }}"), {})


@pytest.mark.parametrize("broken", ["{% if %}", "{{ name", "{% include 'nowhere.typ' %}"])
def test_a_template_that_cannot_be_filled_says_so(template: Template, broken: str) -> None:
    with pytest.raises(DocumentError):
        render_pdf(template(broken), {"name": "Siti"})


def test_files_lie_beside_the_template_for_this_document_alone(template: Template) -> None:
    sheet = template('{% if "words.txt" in files %}#read("words.txt"){% else %}tanpa berkas{% endif %}')
    assert "isi berkas" in text_of(render_pdf(sheet, {}, files={"words.txt": b"isi berkas"}))
    assert "tanpa berkas" in text_of(render_pdf(sheet, {}))


def test_what_is_in_a_file_is_no_code(template: Template) -> None:
    pdf = render_pdf(template('#read("words.txt")'), {}, files={"words.txt": b'#panic("x") {{ name }}'})
    assert '#panic("x")' in text_of(pdf)


def test_an_attached_file_comes_out_as_it_went_in(template: Template) -> None:
    sheet = template(
        '= Lembar\n#pdf.attach("data.json", relationship: "data", mime-type: "application/json", description: "Data")'
    )
    pdf = render_pdf(sheet, {}, files={"data.json": b'{"nama": "Siti"}'})
    assert PdfReader(io.BytesIO(pdf)).attachments["data.json"] == [b'{"nama": "Siti"}']
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        assert page.validate_pdf_bytes(pdf, profile=profile).is_compliant


def test_a_broken_template_says_what_typst_says(template: Template) -> None:
    with pytest.raises(DocumentError, match="unknown variable"):
        render_pdf(template("#nonsense()"), {})


def test_a_broken_template_harms_no_later_document(template: Template) -> None:
    with pytest.raises(DocumentError):
        render_pdf(template("#nonsense()"), {})
    assert render_pdf(template("Baik"), {}).startswith(b"%PDF")


def test_threads_render_side_by_side(template: Template) -> None:
    sheet = template("#{{ name }}")
    made: dict[int, bytes] = {}

    def work(number: int) -> None:
        made[number] = render_pdf(sheet, {"name": f"Nomor {number}"})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: text_of(pdf) for number, pdf in made.items()} == {n: f"Nomor {n}" for n in range(8)}


def test_no_font_of_the_machine_is_used(template: Template) -> None:
    fonts = set()
    for side in PdfReader(io.BytesIO(render_pdf(template("Isi *tebal* _miring_"), {}))).pages:
        fonts |= {font.get_object()["/BaseFont"] for font in side["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert fonts
    assert all("Noto" in font for font in fonts)
