"""Names made to break the page: refused where they are entered, with what to do, or printed as they stand."""

import io
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.registration.domain.application import list_filing_problems
from services.registration.printed_forms import TEMPLATES
from shared.documents import find_unprintable, render_pdf
from shared.errors import Invalid
from shared.persons import check_person_name
from tests.unit.registration.forms import LIBRARY_PROOFS, form

TODAY = date(2026, 11, 21)
REFUSED = [
    "SITI\x00CONTOH",
    "SITI\x1b[2JCONTOH",
    "張偉",
    "محمد",
    "SITI \u0301CONTOH",
    "SI" + "\u0308" * 30 + "TI",
    '#panic("x")',
    "{{ 7 * 7 }}",
    "<script>alert(1)</script>",
    "SITI $x$",
    "SITI \\u{41}",
    "S" * 5000,
]


@pytest.mark.parametrize("name", REFUSED)
def test_the_form_refuses_the_name_and_says_where(name: str) -> None:
    if len(name) > 200:
        with pytest.raises(ValueError, match="200 characters"):
            form(personal={"name": name})
    else:
        assert "personal.name" in list_filing_problems(form(personal={"name": name}), LIBRARY_PROOFS, 0, TODAY)


@pytest.mark.parametrize("given", [{"name": "ß" * 150}, {"address": "\ufb2c" * 150}])
def test_a_line_is_measured_as_it_is_kept(given: dict[str, str]) -> None:
    """Composed, or in capitals, it is longer: the column was too short, and the draft could not be read again."""
    with pytest.raises(ValueError, match="string_too_long"):
        form(personal=given)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\ufeff"])
def test_marks_that_nobody_sees_are_taken_off(mark: str) -> None:
    """Pasted text is full of them; one that turns the direction of a line would let a name be read as another."""
    filled = form(personal={"name": f"{mark}SITI{mark} CONTOH", "address": f"Jl. {mark}Contoh"}).personal
    assert (filled.name, filled.address) == ("SITI CONTOH", "Jl. Contoh")


@pytest.mark.parametrize("name", [name for name in REFUSED if not find_unprintable(name)])
def test_an_account_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(Invalid):
        check_person_name(name)


@pytest.mark.parametrize("field", ["address", "birth_place", "nationality"])
@pytest.mark.parametrize("text", ["\u0301Jakarta", "北京"])
def test_so_is_other_text_that_no_font_here_can_set(field: str, text: str) -> None:
    assert f"personal.{field}" in list_filing_problems(form(personal={field: text}), LIBRARY_PROOFS, 0, TODAY)


@pytest.mark.parametrize("code", ['#panic("x")', "{{ 7 * 7 }}", "{% for x in y %}", "*a* _b_ $c$ @d <e>", "\\u{41}"])
def test_code_in_other_fields_is_printed_as_it_stands(code: str, tmp_path: Path) -> None:
    filled = form(personal={"address": code})
    assert "personal.address" not in list_filing_problems(filled, LIBRARY_PROOFS, 0, TODAY)
    data = {
        "body": "LSP contoh", "reference": "1", "name": "SARI CONTOH", "scheme": "Skema", "scheme_version": "1",
        "standard": "SKKNI", "units": [], "nik": "", "personal": [("Alamat", filled.personal.address)], "education": [],
        "trainings": [], "work": [], "job": [], "purpose": "", "renews": "", "adjustment": "", "documents": [],
        "signature": "", "signed_on": "",
    }  # fmt: skip
    pages = PdfReader(io.BytesIO(render_pdf(TEMPLATES / "fr-apl-01.typ", data))).pages
    assert "".join(code.split()) in "".join("".join(page.extract_text() for page in pages).split())
