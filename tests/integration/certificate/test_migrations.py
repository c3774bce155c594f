"""Certificates of before there were versions: each becomes the first version of itself, its link as good as ever."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, Table, insert, select

from kompeten.schema import migrate_database
from services.certificate.checking.queries import checks as checking
from services.certificate.domain.versions import VersionState
from services.certificate.models import Counter, Version
from shared.database.unit import Database
from tests.servers.fixtures import FreshDatabase

MOMENT = datetime(2026, 11, 21, 9, tzinfo=UTC)
STATES = ("valid", "numbered", "voided")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, postgres_url: FreshDatabase, tmp_path: Path) -> Iterator[Database]:
    make: dict[str, Callable[[], str]] = {
        "sqlite": lambda: f"sqlite:///{tmp_path}/certificate.sqlite3",
        "postgresql": postgres_url,
    }
    database = Database("certificate", make[request.param]())
    yield database
    database.close()


def earlier(database: Database) -> None:
    """Three certificates as the first schema kept them."""
    tables = MetaData()
    order = Table("certificate_order", tables, autoload_with=database.engine)
    certificate = Table("certificate", tables, autoload_with=database.engine)
    with database.engine.begin() as connection:
        for serial, state in enumerate(STATES, start=1):
            application, kept = uuid4(), {"version": 1, "sequence": 0, "created_at": MOMENT, "updated_at": MOMENT}
            given: dict[str, Any] = {
                **kept, "id": application, "state": "fulfilled", "holder_id": uuid4(), "holder_name": "SITI CONTOH",
                "scheme_id": "layanan-dasar", "scheme_version": "2026.1", "scheme_title": "Layanan",
                "recommended": True,
                "agreed_version": "1", "decided_by_name": "KETUA CONTOH", "acting_for_chair": False,
                "decree_number": "1", "file_hash": "ab", "judgements": {},
            }  # fmt: skip
            connection.execute(insert(order).values(_kept(database, given)))
            issued = {
                **kept, "id": uuid4(), "application_id": application, "holder_id": given["holder_id"],
                "holder_name": "SITI CONTOH", "serial": serial, "number": f"91011 2622 4 {serial:06d} 2026",
                "registration_number": f"PRP 0000 {serial:05d} 2026", "scheme_id": "layanan-dasar",
                "scheme_version": "2026.1", "scheme_title": "Layanan", "units": ["A", "B"], "issuer": "LSP (contoh)",
                "issued_on": date(2026, 11, 21), "expires_on": date(2029, 11, 21), "check_token": chr(96 + serial) * 26,
                "check_url": "http://contoh.test/certificate/check/x", "template": "certificate-1",
                "printed": {"name": "SITI CONTOH"}, "state": state, "state_since": MOMENT, "numbered_at": MOMENT,
                "object_key": f"certificates/2026/{serial}.pdf", "sha256": "ef" * 32, "size": 1000,
            }  # fmt: skip
            connection.execute(insert(certificate).values(_kept(database, issued)))


def _kept(database: Database, row: dict[str, Any]) -> dict[str, Any]:
    """SQLite reflects no types of ours: ids as it keeps them."""
    if database.engine.dialect.name != "sqlite":
        return row
    return {name: value.hex if hasattr(value, "hex") and name.endswith("id") else value for name, value in row.items()}


def test_each_certificate_becomes_the_first_version_of_itself(database: Database) -> None:
    migrate_database(database, to="0001")
    earlier(database)
    migrate_database(database)
    with database.reading() as session:
        versions = session.scalars(select(Version).order_by(Version.status_index)).all()
        counter = session.get_one(Counter, "status")
        assert [version.state for version in versions] == [
            VersionState.CURRENT, VersionState.MAKING, VersionState.VOIDED,
        ]  # fmt: skip
        assert [(version.version, version.holder_name, version.units) for version in versions] == [
            (1, "SITI CONTOH", ["A", "B"])
        ] * 3
        assert counter.value == 3
        assert versions[0].certificate.current.template == "certificate-1"
        assert versions[0].made_at == MOMENT
        shown = checking.check_by_token(session, "a" * 26).certificate
        assert shown is not None
        assert shown.number == "91011 2622 4 000001 2026"
