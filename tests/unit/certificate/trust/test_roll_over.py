"""Keys come to their end before certificates do: what an old key signed stays as it is, and verifiable."""

import pytest
from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.making import jobs, readiness
from services.certificate.models import Certificate
from services.certificate.trust import queries as trust
from services.certificate.trust.domain import KeyKind
from services.certificate.trust.models import SigningKey
from shared.database.unit import Database
from shared.documents.signing import document_signer
from shared.messaging.jobs import Task
from shared.objectstore import object_store
from tests.unit.certificate.scene import Candidate, cleared, numbered
from tests.unit.certificate.trust.keys import Keys
from tests.unit.documents.signatures import status_of


def issue(database: Database, name: str) -> Certificate:
    """One certificate through the jobs, really made."""
    with database.unit_of_work() as session:
        order = cleared(session, Candidate(name)).id
    certificate_jobs.run_due(database)
    with database.reading() as session:
        found = select(Certificate).where(Certificate.application_id == order)
        return session.scalars(found.options(selectinload(Certificate.versions))).one()


def file_of(certificate: Certificate) -> bytes:
    return object_store().get(certificate.current.object_key)


def test_certificates_of_before_and_after_a_roll_over_both_verify_and_nothing_old_changes(
    database: Database, keys: Keys
) -> None:
    before, first = issue(database, "SITI CONTOH"), keys.roots[0]
    old = file_of(before)
    second = keys.install()
    after = issue(database, "BUDI CONTOH")
    assert file_of(before) == old
    assert before.current.signed_with != after.current.signed_with == document_signer().key_id
    assert status_of(old, first).bottom_line
    assert status_of(file_of(after), second).bottom_line
    assert not status_of(old, second).trusted
    with database.reading() as session:
        again = session.get_one(Certificate, before.id)
        assert (again.current.sha256, again.current.signed_with) == (before.current.sha256, before.current.signed_with)


def test_the_register_of_keys_keeps_what_an_old_signature_is_checked_with(database: Database, keys: Keys) -> None:
    before = issue(database, "SITI CONTOH")
    keys.install()
    issue(database, "BUDI CONTOH")
    with database.reading() as session:
        documents = [key for key in trust.list_signing_keys(session) if key.kind is KeyKind.DOCUMENT]
        assert [key.retired_at is None for key in documents] == [True, False]
        old = session.get_one(SigningKey, before.current.signed_with)
        chain = x509.load_pem_x509_certificates(old.public.encode())
        assert status_of(file_of(before), chain[-1]).bottom_line
        credentials = [key for key in trust.list_signing_keys(session) if key.kind is KeyKind.CREDENTIAL]
        assert [key.retired_at is None for key in credentials] == [True, False]
        assert all(key.public == key.id and key.id.startswith("z6Mk") for key in credentials)


def test_a_key_that_comes_back_is_in_use_again(database: Database, keys: Keys) -> None:
    files = {path: path.read_bytes() for path in keys.folder.iterdir()}
    readiness.require_readiness(database)
    first = document_signer().key_id
    keys.install()
    readiness.require_readiness(database)
    keys.install()
    for path, content in files.items():
        path.write_bytes(content)
    document_signer.cache_clear()
    readiness.require_readiness(database)
    with database.reading() as session:
        documents = select(SigningKey).where(SigningKey.kind == KeyKind.DOCUMENT, SigningKey.retired_at.is_(None))
        assert [key.id for key in session.scalars(documents)] == [first]


def test_what_was_numbered_before_a_roll_over_is_finished_after_it(database: Database, keys: Keys) -> None:
    """This failure mode means a key that ends while certificates wait for the store."""
    with database.unit_of_work() as session:
        certificate = numbered(session, Candidate())
        certificate.current.made_at = keys.roots[0].not_valid_before_utc
        application = certificate.application_id
    root = keys.install()
    jobs.issue_certificates(database, [Task({"application_id": str(application)})])
    with database.reading() as session:
        done = session.get_one(Certificate, certificate.id)
        assert status_of(file_of(done), root).bottom_line


@pytest.mark.usefixtures("keys")
def test_a_key_used_again_and_again_is_written_down_once(database: Database) -> None:
    for _ in range(3):
        readiness.require_readiness(database)
    with database.reading() as session:
        assert len(trust.list_signing_keys(session)) == 2
