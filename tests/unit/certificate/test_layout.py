"""The sheet itself: conformant, complete, and never printed wrong."""

import io
from typing import Any

import page
import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from services.certificate import making
from services.certificate.models import Certificate
from services.certificate.practice import template
from shared.documents import render
from tests.unit.certificate.scene import Candidate, numbered

pytestmark = pytest.mark.usefixtures("store")
PROFILES = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
LONG = "RADEN AJENG SITI NURHALIZA WULANDARI KUSUMANINGTYAS PRAMUDYAWARDHANI CONTOH"


def sheet_of(certificate: Certificate, **changes: Any) -> making.Sheet:
    certificate.current.printed = {**certificate.current.printed, **changes}
    return making.sheet_of(certificate.current)


def units(count: int) -> list[list[str]]:
    return [
        [f"R.91PRP03.{n:03d}.1", f"Melakukan Kegiatan Nomor {n} (contoh)", f"Doing Thing {n} (sample)"]
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("name", "count"), [("SITI CONTOH", 1), ("SITI CONTOH", 12), ("NURḤAYĀTI CONTOH", 13), (LONG, 40)]
)
def test_every_sheet_is_archival_accessible_and_complete(session: Session, name: str, count: int) -> None:
    pdf = making.made(sheet_of(numbered(session, Candidate(name)), units=units(count))).pdf
    for profile in PROFILES:
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert report.is_compliant, [failure.message for failure in report.failures]
    front, back = PdfReader(io.BytesIO(pdf)).pages
    assert set(name.split()) <= set(front.extract_text().split())
    assert all(code in back.extract_text() for code, _, _ in units(count))


def test_a_specimen_says_so_on_both_sides(session: Session, candidate: Candidate) -> None:
    certificate = numbered(session, candidate)
    for sample, said in ((True, True), (False, False)):
        pages = PdfReader(io.BytesIO(making.made(sheet_of(certificate, sample=sample)).pdf)).pages
        assert ["CONTOH, bukan sertifikat resmi" in side.extract_text() for side in pages] == [said, said]


@pytest.mark.parametrize("hostile", ['#panic("x")', '"+sys.version+"', "{{ 7 * 7 }}", "= H\n== J", "\\u{41} $x$ <a>"])
def test_a_hostile_name_is_printed_as_it_is(session: Session, hostile: str) -> None:
    certificate = numbered(session, Candidate("SITI CONTOH"))
    front = PdfReader(io.BytesIO(making.made(sheet_of(certificate, name=hostile)).pdf)).pages[0].extract_text()
    assert "".join(hostile.split()) in "".join(front.split())


def test_a_sheet_lacking_a_value_is_not_made(session: Session, candidate: Candidate) -> None:
    printed = dict(numbered(session, candidate).current.printed)
    del printed["number"]
    with pytest.raises(Exception, match="number"):
        render(template("certificate-1"), {**printed, "qr": "<svg/>"})
