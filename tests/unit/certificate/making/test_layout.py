"""The sheet itself: conformant, complete, scannable, and never printed wrong."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from services.certificate.body_settings import find_stock_template, find_template
from services.certificate.making import production as making
from services.certificate.making.specimen import SPECIMEN
from services.certificate.models import Certificate
from shared.credentials import ATTACHMENT, compact, credential_key
from shared.documents import DocumentError, render_pdf
from shared.errors import Invalid
from tests.unit.certificate import scans
from tests.unit.certificate.scene import Candidate, numbered
from tests.unit.documents.conformance import failures

pytestmark = pytest.mark.usefixtures("store")
LONG = "RADEN AJENG SITI NURHALIZA WULANDARI KUSUMANINGTYAS PRAMUDYAWARDHANI CONTOH"
SCHEME = ["Pelaksanaan Evaluasi Pengembangan Koleksi " * 11, "Evaluation of Collection Development " * 12]
MILLIMETRE = 72 / 25.4


def sheet_of(certificate: Certificate, **changes: Any) -> making.Sheet:
    """With a photo; `changes` are of what is printed."""
    sheet = making.gather_sheet(certificate.current)
    return replace(sheet, photo=scans.photo(), printed={**sheet.printed, **changes})


@pytest.fixture
def sheet(session: Session, candidate: Candidate) -> Callable[..., making.Sheet]:
    certificate = numbered(session, candidate)
    return lambda **changes: sheet_of(certificate, **changes)


def units(count: int) -> list[list[str]]:
    return [
        [f"R.91PRP03.{n:03d}.1", f"Melakukan Kegiatan Nomor {n} Layanan (contoh)", f"Doing Thing {n} (sample)"]
        for n in range(1, count + 1)
    ]


def pages(pdf: bytes) -> list[str]:
    return [side.extract_text() for side in PdfReader(io.BytesIO(pdf)).pages]


def outside(pdf: bytes) -> list[tuple[float, float, str]]:
    """Text that begins left of the text block, right of it, or off the paper, in millimetres."""
    found = []

    def look(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        x = (tm[4] * cm[0] + cm[4]) / MILLIMETRE
        y = (tm[5] * cm[3] + cm[5]) / MILLIMETRE
        if text.strip() and not (22 <= x <= 188 and 12 <= y <= 285):
            found.append((x, y, text))

    for side in PdfReader(io.BytesIO(pdf)).pages:
        side.extract_text(visitor_text=look)
    return found


@pytest.mark.parametrize("layout", ["certificate-1", "certificate-2", "certificate-2-stock"])
@pytest.mark.parametrize(
    ("name", "count"), [("SITI CONTOH", 1), ("BUDI CONTOH", 12), ("NURḤAYĀTI CONTOH", 13), (LONG, 30)]
)
def test_every_sheet_is_archival_accessible_and_complete(
    sheet: Callable[..., making.Sheet], layout: str, name: str, count: int
) -> None:
    made = making.make_signed_file(replace(sheet(name=name, units=units(count)), template=layout))
    assert failures(made.pdf) == []
    front, back = pages(made.pdf)
    assert set(name.split()) <= set(front.split())
    assert all(code in back for code, _, _ in units(count))


def test_sixty_units_still_stand_on_one_back(sheet: Callable[..., making.Sheet]) -> None:
    pdf = making.make_signed_file(sheet(units=units(60))).pdf
    assert failures(pdf) == []
    _, back = pages(pdf)
    assert all(code in back for code, _, _ in units(60))


@pytest.mark.parametrize("layout", ["certificate-2", "certificate-2-stock"])
def test_what_is_as_long_as_it_may_be_leaves_no_column(sheet: Callable[..., making.Sheet], layout: str) -> None:
    fields = {"scheme": [text[:500].strip() for text in SCHEME], "field": ["X" * 200, "Y" * 200]}
    for name in ("W" * 100, (LONG + " ") * 2, "M" * 45 + " " + "W" * 45):
        pdf = making.make_signed_file(replace(sheet(name=name.strip(), version=2, **fields), template=layout)).pdf
        assert failures(pdf) == []
        assert len(pages(pdf)) == 2
        assert outside(pdf) == []


def test_the_qr_code_is_read_off_the_page_by_others(sheet: Callable[..., making.Sheet], tmp_path: Path) -> None:
    given = sheet()
    pdf, said = making.make_signed_file(given).pdf, compact.qr_text(given.claims, credential_key())
    assert said.startswith(given.claims.check_url + "#")
    assert scans.zbar(scans.picture(pdf, tmp_path, 100)) == said
    assert scans.zxing(scans.picture(pdf, tmp_path, 150)) == said


def test_so_is_that_of_the_longest_texts(sheet: Callable[..., making.Sheet], tmp_path: Path) -> None:
    given = sheet()
    claims = replace(
        given.claims,
        check_url="https://sertifikat.lsp-pustakawan.contoh.id/certificate/check/" + "a" * 26,
        holder_name=(LONG + " ") * 2,
        scheme=replace(given.claims.scheme, id=SCHEME[0][:200]),
    )
    pdf, said = making.make_signed_file(replace(given, claims=claims)).pdf, compact.qr_text(claims, credential_key())
    assert scans.zbar(scans.picture(pdf, tmp_path, 150)) == said
    assert scans.zxing(scans.picture(pdf, tmp_path, 200)) == said


def test_the_check_code_stands_beside_the_qr_code(sheet: Callable[..., making.Sheet]) -> None:
    front, back = pages(making.make_signed_file(sheet(check_code="abcde-fghij")).pdf)
    assert "abcde-fghij" in front
    assert "abcde-fghij" in back


def test_the_credential_is_attached_and_said_to_be_its_data(sheet: Callable[..., making.Sheet]) -> None:
    made = making.make_signed_file(sheet())
    reader = PdfReader(io.BytesIO(made.pdf))
    assert [content.decode() for content in reader.attachments[ATTACHMENT]] == [made.credential]
    (specification,) = (one.get_object() for one in reader.root_object["/AF"])  # type: ignore[attr-defined]
    assert specification["/AFRelationship"] == "/Data"
    assert specification["/EF"]["/F"]["/Subtype"] == "/application/vc"


def test_the_photo_is_carried_as_it_was_given(sheet: Callable[..., making.Sheet]) -> None:
    given = sheet()
    assert given.photo is not None
    assert given.photo in making.make_signed_file(given).pdf
    assert given.photo not in making.make_signed_file(replace(given, photo=None)).pdf


def test_made_twice_it_is_the_same_to_the_byte(sheet: Callable[..., making.Sheet]) -> None:
    assert making.make_signed_file(sheet()) == making.make_signed_file(sheet())


def test_a_further_version_says_which_one_it_replaces(sheet: Callable[..., making.Sheet]) -> None:
    front, back = pages(making.make_signed_file(sheet(version=3, version_date="3 Maret 2027")).pdf)
    assert "Versi 3, 3 Maret 2027, menggantikan versi 2" in front
    assert "Version 3, replaces version 2" in front
    assert "Versi / Version 3" in back
    assert "Versi" not in pages(making.make_signed_file(sheet(version=1)).pdf)[0]


def test_on_pre_printed_stock_the_top_80_mm_stay_free(sheet: Callable[..., making.Sheet]) -> None:
    pdf = making.render_certificate(sheet(), find_stock_template("certificate-2"), sheet_number="AB 123456")
    heights: list[float] = []

    def look(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            heights.append((tm[5] * cm[3] + cm[5]) / MILLIMETRE)

    front = PdfReader(io.BytesIO(pdf)).pages[0]
    assert "AB 123456" in front.extract_text(visitor_text=look)
    assert max(heights) < 297 - 80
    assert "SERTIFIKAT KOMPETENSI" in front.extract_text()


def test_on_pre_printed_stock_nothing_is_drawn_behind(sheet: Callable[..., making.Sheet]) -> None:
    def drawn(layout: Path) -> int:
        return making.render_certificate(sheet(), layout).count(b"/XObject/Subtype/Form")

    assert drawn(find_template("certificate-2")) == len(("rosette", "frame", "frame of the back"))
    assert drawn(find_stock_template("certificate-2")) == 0


def test_a_specimen_says_so_on_both_sides(sheet: Callable[..., making.Sheet]) -> None:
    for sample, said in ((True, True), (False, False)):
        sides = pages(making.make_signed_file(sheet(sample=sample)).pdf)
        assert ["CONTOH, bukan sertifikat resmi" in side for side in sides] == [said, said]


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x")',
        '"+sys.version+"',
        "{{ 7 * 7 }}",
        "{% for x in y %}",
        "= H\n== J",
        "\\u{41} $x$ <a>",
        '"), photo: read("/etc/passwd"), x: ("',
        "*tebal* _miring_ `kode` @rujukan // bukan komentar",
        "<b>tebal</b> &amp; %s {name} ${x}",
    ],
)
def test_a_hostile_name_is_printed_as_it_is(sheet: Callable[..., making.Sheet], hostile: str) -> None:
    front, back = pages(making.render_certificate(sheet(name=hostile), find_template("certificate-2")))
    for side in (front, back):
        assert "".join(hostile.split()) in "".join(side.split())


@pytest.mark.parametrize(
    "name",
    ["SITI\u202eHOTNOC", "張偉 CONTOH", "SITI\x00", "SITI\u200bCONTOH", "محمد", "A\u0301\u0302\u0303\u0308", "\ud800"],
)
def test_a_name_that_cannot_be_set_is_refused(sheet: Callable[..., making.Sheet], name: str) -> None:
    with pytest.raises(Invalid, match="tidak dapat dicetak"):
        making.render_certificate(sheet(name=name), find_template("certificate-2"))


def test_a_name_of_five_thousand_letters_is_not_set_at_all(sheet: Callable[..., making.Sheet]) -> None:
    """It is refused where it is entered; whatever way it came here, it is never cut off."""
    with pytest.raises(DocumentError, match="200 letters"):
        making.render_certificate(sheet(name="SITI CONTOH " * 400), find_template("certificate-2"))


@pytest.mark.parametrize("missing", sorted(set(SPECIMEN) - {"check_url", "sheet_number"}))
def test_a_sheet_lacking_a_value_is_not_made(sheet: Callable[..., making.Sheet], missing: str) -> None:
    given = sheet()
    printed = {name: value for name, value in given.printed.items() if name != missing}
    with pytest.raises(DocumentError, match=missing):
        making.make_signed_file(replace(given, printed=printed))


def test_an_old_layout_still_gives_its_sheet(sheet: Callable[..., making.Sheet]) -> None:
    assert render_pdf(find_template("certificate-1"), {**SPECIMEN, "qr": "<svg xmlns='http://www.w3.org/2000/svg'/>"})
