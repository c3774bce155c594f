import re

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from services.registration import printed_forms
from services.registration.commands import applications
from services.registration.commands.applications import StartApplication
from services.registration.printed_forms import PrintableForm
from shared.errors import Conflict, NotFound
from shared.security.roles import Role
from tests.unit.documents.conformance import failures
from tests.unit.registration.files import SCHEME, actor, filed, submitted
from tests.unit.registration.people import noted

ME = actor()


def text_of(data: bytes) -> str:
    from io import BytesIO

    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


def test_fr_apl_01_comes_filled_in_with_room_for_signatures(session: Session) -> None:
    application = filed(session, ME)
    data = printed_forms.read_data_to_print(session, ME, application.id, PrintableForm.APL_01)
    pdf = printed_forms.render_form(PrintableForm.APL_01, data)
    assert failures(pdf) == []
    text = text_of(pdf)
    for wanted in ("SARI CONTOH", "3175014505900001", "5 Mei 1990", "R.91PRP03.030.1", "Ditandatangani", "Sekretariat"):
        assert wanted in text
    assert "application:print" in [action for action, _, _ in noted(session)]


def test_fr_apl_02_shows_each_element_with_its_claim_and_evidence(session: Session) -> None:
    application = submitted(session, ME)
    data = printed_forms.read_data_to_print(session, ME, application.id, PrintableForm.APL_02)
    pdf = printed_forms.render_form(PrintableForm.APL_02, data)
    assert failures(pdf) == []
    text = text_of(pdf)
    assert "Melakukan Layanan Sirkulasi (contoh)" in text
    assert "Pasfoto 3x4 latar merah" in text
    assert "Ditinjau oleh asesor" in text


def test_an_empty_draft_prints_as_an_empty_form(session: Session) -> None:
    draft = applications.start_application(session, ME, StartApplication(scheme_id=SCHEME))
    data = printed_forms.read_data_to_print(session, ME, draft.id, PrintableForm.APL_01)
    assert "Belum ada." in text_of(printed_forms.render_form(PrintableForm.APL_01, data))


def test_what_a_person_writes_never_becomes_code(session: Session) -> None:
    application = filed(session, ME, personal={"address": '#panic("x") *tebal* \\ "kutip" {{ 1 }}'})
    data = printed_forms.read_data_to_print(session, ME, application.id, PrintableForm.APL_01)
    assert '#panic("x") *tebal*' in text_of(printed_forms.render_form(PrintableForm.APL_01, data))


def test_fr_apl_02_waits_for_admission(session: Session) -> None:
    application = filed(session, ME)
    with pytest.raises(Conflict):
        printed_forms.read_data_to_print(session, ME, application.id, PrintableForm.APL_02)


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.ASSESSOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_without_a_reason_prints_it(session: Session, role: Role) -> None:
    application = filed(session, ME)
    with pytest.raises(NotFound):
        printed_forms.read_data_to_print(session, actor(role), application.id, PrintableForm.APL_01)
