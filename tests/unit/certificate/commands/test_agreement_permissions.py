import pytest
from sqlalchemy.orm import Session

from services.certificate.commands.agreement import sign_agreement
from shared.errors import NotFound
from tests.unit.certificate.scene import CHAIR, Candidate, hear


def test_nobody_signs_for_another(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.recommended())
    for stranger in (Candidate().actor, CHAIR):
        with pytest.raises(NotFound):
            sign_agreement(session, stranger, candidate.application_id, candidate.signature())


def test_an_application_nobody_told_of_cannot_be_signed_for(session: Session, candidate: Candidate) -> None:
    with pytest.raises(NotFound):
        candidate.sign(session)
