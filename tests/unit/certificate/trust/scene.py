"""Certificates with real files in the store, as the tests of keys, time stamps and store checks need them."""

import hashlib

from sqlalchemy.orm import Session

from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.making.production import gather_sheet
from services.certificate.models import Certificate
from shared.database.unit import Database
from shared.objectstore import object_store
from tests.unit.certificate.scene import Candidate, numbered

PDF = "application/pdf"


def stored(session: Session, name: str = "SITI CONTOH", content: bytes = b"") -> Certificate:
    """One certificate in force, its file in the store; the content stands for a PDF."""
    certificate = numbered(session, Candidate(name))
    data = content or f"berkas {certificate.number}".encode()
    key = gather_sheet(certificate.current).key
    object_store().put(key, data, PDF)
    digest = hashlib.sha256(data).hexdigest()
    confirm_version(session, certificate.current, Stored(key, digest, len(data)))
    session.flush()
    return certificate


def issue_many(database: Database, count: int) -> list[Certificate]:
    with database.unit_of_work() as session:
        return [stored(session, f"CALON {number} CONTOH") for number in range(count)]
