"""A correction's name, made to break the sheet: refused with its characters, or printed as it stands."""

import io
from dataclasses import replace

import pytest
from pydantic import ValidationError
from pypdf import PdfReader
from sqlalchemy.orm import Session

from services.certificate.commands.revising import Reissue, reissue_certificate
from services.certificate.making import production as making
from shared.errors import Invalid
from tests.unit.certificate.scene import CHAIR, Candidate, issued

pytestmark = pytest.mark.usefixtures("store")


def correction(name: str) -> Reissue:
    return Reissue(reason="Nama tidak sama dengan ijazah.", holder_name=name)


@pytest.mark.parametrize("name", ["張偉", "محمد", "\u0301SITI"])
def test_what_cannot_be_set_is_refused_with_its_characters(session: Session, candidate: Candidate, name: str) -> None:
    certificate = issued(session, candidate)
    with pytest.raises(Invalid) as refusal:
        reissue_certificate(session, CHAIR, certificate.id, correction(name))
    assert "holder_name" in refusal.value.fields
    assert "U+" in refusal.value.params["characters"]
    assert len(certificate.versions) == 1


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("SITI\u202eHOTNOC", "SITIHOTNOC"),
        ("SITI\u2066X\u2069", "SITIX"),
        ("SITI\u200bCONTOH", "SITICONTOH"),
        ("SITI\nBARU", "SITI BARU"),
    ],
)
def test_marks_nobody_sees_are_taken_off(session: Session, candidate: Candidate, pasted: str, kept: str) -> None:
    certificate = issued(session, candidate)
    version = reissue_certificate(session, CHAIR, certificate.id, correction(pasted))
    assert version.printed.name == kept


CODE = ['#PANIC("X")', "{{ 7 * 7 }}", "{% RAW %}", "= H", '"), X: READ("/ETC/PASSWD")', "<B>A</B> &AMP;"]


@pytest.mark.parametrize("name", ["SITI\x00", *CODE])
def test_what_no_name_holds_is_refused(session: Session, candidate: Candidate, name: str) -> None:
    certificate = issued(session, candidate)
    with pytest.raises(Invalid) as refusal:
        reissue_certificate(session, CHAIR, certificate.id, correction(name))
    assert "holder_name" in refusal.value.fields
    assert len(certificate.versions) == 1


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most"):
        correction("SITI " * 1000)


@pytest.mark.parametrize("name", CODE)
def test_code_is_printed_as_it_stands(session: Session, candidate: Candidate, name: str) -> None:
    """However it came into the register: what is printed is never run."""
    version = reissue_certificate(session, CHAIR, issued(session, candidate).id, correction("SITI CONTOH BARU"))
    version.printed = version.printed.model_copy(update={"name": name})
    session.flush()
    made = making.make_signed_file(replace(making.gather_sheet(version), photo=None))
    front, back = (side.extract_text() for side in PdfReader(io.BytesIO(made.pdf)).pages)
    for side in (front, back):
        assert "".join(name.split()) in "".join(side.split())
