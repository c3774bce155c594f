"""Certificates made on real servers: PostgreSQL and an S3 server that checks signatures."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from services.certificate.domain.states import State
from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.models import Certificate
from shared.database.unit import Database
from shared.objectstore import object_store
from tests.unit.certificate.scene import Candidate, cleared, types_told


def test_a_batch_is_made_stored_and_announced(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        for number in range(30):
            cleared(session, Candidate(f"CALON {number} CONTOH"))
    while certificate_jobs.run_due(real_database):
        pass
    with real_database.reading() as session:
        every = select(Certificate).order_by(Certificate.serial).options(selectinload(Certificate.versions))
        certificates = session.scalars(every).all()
        told = types_told(session)
    assert {certificate.state for certificate in certificates} == {State.VALID}
    assert told.count("certificate.certificate_issued") == told.count("public.certificate_issued") == 30
    assert sorted(object_store().keys("certificates/")) == sorted(row.current.object_key for row in certificates)
    one = certificates[17].current
    assert hashlib.sha256(object_store().get(one.object_key)).hexdigest() == one.sha256
