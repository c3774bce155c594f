import pytest
from sqlalchemy.orm import Session

from services.certificate.commands.voiding import renumber_order, void_certificate
from services.certificate.domain.states import State
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.making.commands.numbering import number_certificate
from shared.errors import Conflict
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, issued, numbered, told, types_told

STORED = Stored("certificates/x.pdf", "ef" * 32, 1000)


def test_an_issued_certificate_is_told_inside_and_outside(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    inside, outside = [envelope for envelope in told(session) if envelope.type.endswith("certificate_issued.v1")]
    assert certificate.state is State.VALID
    assert inside.data["sha256"] == STORED.sha256
    assert inside.data["certificate_id"] == str(certificate.id)
    assert outside.data["status"] == "valid"
    assert outside.data["check_url"] == certificate.current.check_url


def test_outsiders_learn_no_more_than_the_check_page_shows(session: Session, candidate: Candidate) -> None:
    issued(session, candidate)
    (outside,) = [envelope for envelope in told(session) if "public" in envelope.type]
    assert set(outside.data) == {
        "number", "holder_name", "scheme", "issuer", "status", "issued_on", "expires_on", "check_url", "units",
    }  # fmt: skip


def test_issued_again_changes_and_tells_nothing(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    before = types_told(session)
    confirm_version(session, certificate.current, Stored("other.pdf", "00" * 32, 1))
    session.flush()
    assert types_told(session) == before
    assert certificate.current.sha256 == STORED.sha256


def test_a_renewal_is_told_as_one(session: Session) -> None:
    renewing = Candidate(renews="91011 2622 4 000001 2023")
    certificate = issued(session, renewing)
    (outside,) = [envelope for envelope in told(session) if "public" in envelope.type]
    assert outside.type == "id.kompeten.public.certificate_renewed.v1"
    assert outside.data["renews"] == certificate.renews == "91011 2622 4 000001 2023"


def test_a_voided_number_is_never_issued(session: Session, candidate: Candidate) -> None:
    certificate = numbered(session, candidate)
    void_certificate(session, CHAIR, certificate.id, REASON)
    confirm_version(session, certificate.current, STORED)
    assert certificate.state is State.VOIDED


def test_an_issued_certificate_is_not_voided_but_withdrawn(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    with pytest.raises(Conflict):
        void_certificate(session, CHAIR, certificate.id, REASON)


def test_a_voided_number_stays_in_the_register_and_the_next_one_follows_it(
    session: Session, candidate: Candidate
) -> None:
    voided = numbered(session, candidate)
    with pytest.raises(Conflict):
        renumber_order(session, CHAIR, candidate.application_id)
    void_certificate(session, CHAIR, voided.id, REASON)
    session.flush()
    renumbered = number_certificate(session, renumber_order(session, CHAIR, candidate.application_id))
    assert (voided.serial, voided.state) == (1, State.VOIDED)
    assert (renumbered.serial, renumbered.state) == (2, State.NUMBERED)
    session.flush()
    with pytest.raises(Conflict):
        renumber_order(session, CHAIR, candidate.application_id)
