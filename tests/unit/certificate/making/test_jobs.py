import hashlib
import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from services.certificate.domain.states import State
from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.making import jobs, readiness
from services.certificate.making.production import gather_sheet, make_signed_file
from services.certificate.making.readiness import NotReady
from services.certificate.models import Certificate
from shared.credentials import credential_key
from shared.database.unit import Database
from shared.documents.signing import document_signer
from shared.errors import Conflict
from shared.messaging.jobs import Task
from shared.messaging.models import JobRow, JobState
from shared.objectstore import object_store
from tests.unit.certificate.scene import Candidate, numbered, types_told

pytestmark = pytest.mark.usefixtures("store")


def prepare(database: Database, *candidates: Candidate) -> list[Certificate]:
    with database.unit_of_work() as session:
        return [numbered(session, candidate) for candidate in candidates]


def tasks_for(certificates: list[Certificate]) -> list[Task]:
    return [Task({"application_id": str(certificate.application_id)}) for certificate in certificates]


def reread(database: Database) -> list[Certificate]:
    with database.reading() as session:
        every = select(Certificate).order_by(Certificate.serial).options(selectinload(Certificate.versions))
        return list(session.scalars(every))


def test_a_numbered_certificate_is_made_stored_and_announced(database: Database, candidate: Candidate) -> None:
    prepare(database, candidate)
    assert certificate_jobs.run_due(database) == 1
    (certificate,) = reread(database)
    pdf = object_store().get(certificate.current.object_key)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert certificate.state is State.VALID
    assert certificate.current.sha256 == hashlib.sha256(pdf).hexdigest()
    assert certificate.current.size == len(pdf)
    assert certificate.number in text
    assert candidate.actor.name in text
    with database.reading() as session:
        assert types_told(session)[-2:] == ["certificate.certificate_issued", "public.certificate_issued"]


def test_made_twice_it_is_the_same_file_and_told_once(database: Database, candidate: Candidate) -> None:
    (certificate,) = prepare(database, candidate)
    sheet = gather_sheet(certificate.current)
    assert make_signed_file(sheet) == make_signed_file(sheet)
    for _ in range(2):
        jobs.issue_certificates(database, tasks_for([certificate]))
    with database.reading() as session:
        assert types_told(session).count("certificate.certificate_issued") == 1


def test_killed_after_storing_it_goes_on_with_what_is_stored(database: Database, candidate: Candidate) -> None:
    """This failure mode means a file in the store that the register does not know of yet."""
    (certificate,) = prepare(database, candidate)
    sheet = gather_sheet(certificate.current)
    object_store().put(sheet.key, make_signed_file(sheet).pdf, jobs.PDF)
    jobs.issue_certificates(database, tasks_for([certificate]))
    (issued,) = reread(database)
    assert issued.state is State.VALID


def test_a_file_stored_by_an_earlier_try_with_another_key_stays_the_certificate(
    database: Database, candidate: Candidate, data_dir: Path
) -> None:
    """This failure mode means a kill between store and register, and a roll-over of the key before the next start."""
    (certificate,) = prepare(database, candidate)
    readiness.require_readiness(database)
    sheet = gather_sheet(certificate.current)
    earlier = make_signed_file(sheet)
    object_store().put(sheet.key, earlier.pdf, jobs.PDF)
    for file in (data_dir / "signing").iterdir():
        file.unlink()
    document_signer.cache_clear()
    credential_key.cache_clear()
    jobs.issue_certificates(database, tasks_for([certificate]))
    (issued,) = reread(database)
    kept = issued.current
    assert (kept.sha256, kept.credential, kept.signed_with) == (
        earlier.sha256,
        earlier.credential,
        earlier.signed_with,
    )
    assert document_signer().key_id != earlier.signed_with


def test_a_file_of_somebody_else_in_the_certificates_place_is_not_taken_for_it(
    database: Database, candidate: Candidate
) -> None:
    (certificate,) = prepare(database, candidate)
    object_store().put(gather_sheet(certificate.current).key, b"%PDF earlier", jobs.PDF)
    with pytest.raises(Conflict, match="berkas lain"):
        jobs.issue_certificates(database, tasks_for([certificate]))
    (waiting,) = reread(database)
    assert waiting.state is State.NUMBERED


def test_while_the_store_is_away_nothing_is_announced_and_later_all_are_issued(database: Database, store: Path) -> None:
    prepare(database, *(Candidate(f"CALON {n} CONTOH") for n in range(3)))
    store.write_text("a file where the folder should be")
    certificate_jobs.run_due(database)
    assert {certificate.state for certificate in reread(database)} == {State.NUMBERED}
    with database.reading() as session:
        assert "certificate.certificate_issued" not in types_told(session)
        assert {job.state for job in session.scalars(select(JobRow))} == {JobState.WAITING}
    store.unlink()
    jobs.issue_certificates(database, tasks_for(reread(database)))
    assert {certificate.state for certificate in reread(database)} == {State.VALID}


def test_one_that_cannot_be_made_holds_up_none_of_the_others(database: Database) -> None:
    _, broken, _ = prepare(database, *(Candidate(f"CALON {n} CONTOH") for n in range(3)))
    with database.unit_of_work() as session:
        session.get_one(Certificate, broken.id).current.template = "certificate-99"
    certificate_jobs.run_due(database)
    assert [certificate.state for certificate in reread(database)] == [State.VALID, State.NUMBERED, State.VALID]


def test_a_batch_is_announced_in_the_order_of_its_numbers(database: Database) -> None:
    prepare(database, *(Candidate(f"CALON {n} CONTOH") for n in range(6)))
    certificate_jobs.run_due(database)
    assert [certificate.state for certificate in reread(database)] == [State.VALID] * 6


def test_an_unknown_store_address_fails_loudly(database: Database, candidate: Candidate, store: Path) -> None:
    (certificate,) = prepare(database, candidate)
    store.parent.mkdir(exist_ok=True)
    store.write_text("")
    with pytest.raises(NotReady, match="store"):
        jobs.issue_certificates(database, tasks_for([certificate]))
