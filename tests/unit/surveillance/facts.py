"""Facts other stages tell, and what surveillance told: for the tests."""

import json
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select

from services.surveillance.reactions import reactions
from shared.contracts import Event, Fact
from shared.contracts.certificate import CertificateIssued
from shared.database.unit import Database
from shared.messaging.models import OutboxRow
from shared.security.actor import Actor
from shared.security.roles import Role

F = TypeVar("F", bound=Fact)

HOLDER = Actor(UUID(int=1), "Siti Contoh", "siti@contoh.test", frozenset({Role.APPLICANT}))
STRANGER = Actor(UUID(int=2), "Tono Contoh", "tono@contoh.test", frozenset({Role.APPLICANT}))
HEAD = Actor(UUID(int=3), "Ketua Bidang Contoh", "ks@contoh.test", frozenset({Role.HEAD_OF_CERTIFICATION}))
SCHEME = "pengatalogan-deskriptif"
UNITS = ["R.91PRP02.021.1"]


def event(fact: F, sequence: int = 1, subject: str = "certificate/x") -> Event[F]:
    return Event(
        id=uuid4(),
        type=fact.type,
        source=f"/{fact.service}",
        subject=subject,
        time=datetime(2026, 11, 21, tzinfo=UTC),
        sequence=sequence,
        correlation_id="contoh",
        causation_id=None,
        fact=fact,
    )


def hear(database: Database, fact: Fact, sequence: int = 1) -> None:
    """As the inbox does it: preloaded, without autoflush, in one unit of work."""
    happened = event(fact, sequence)
    with database.unit_of_work() as session:
        reactions.preload(session, [happened])
        with session.no_autoflush:
            reactions.react(session, happened)


def issued(**changes: Any) -> CertificateIssued:
    values: dict[str, Any] = {
        "certificate_id": UUID(int=100),
        "number": "91011 2622 5 000001 2026",
        "holder_id": HOLDER.id,
        "scheme_title": "Pelaksanaan Pengatalogan Deskriptif (contoh)",
        "registration_number": "PRP 0000 00001 2026",
        "application_id": UUID(int=200),
        "holder_name": "SITI CONTOH",
        "scheme_id": SCHEME,
        "scheme_version": "2026.1",
        "units": UNITS,
        "issued_on": date(2026, 11, 21),
        "expires_on": date(2029, 11, 21),
        "check_url": "http://127.0.0.1:8000/certificate/check/x",
        "sha256": "0" * 64,
        "renews": None,
    }
    return CertificateIssued(**(values | changes))


def told(database: Database, kind: type[F]) -> list[F]:
    """What surveillance told of this kind, in order."""
    with database.reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.type == kind.type).order_by(OutboxRow.position))
        return [kind.model_validate(json.loads(row.envelope)["data"]) for row in rows]


def report(**changes: Any) -> dict[str, Any]:
    """A complete report, as the API takes it."""
    return {
        "employed": True,
        "employer": "Perpustakaan Contoh",
        "work_unit": "Pengolahan",
        "position": "Pustakawan",
        "since": "2020-01-02",
        "decree_number": "12/contoh/2020",
        "fit": "fully",
        "units": [{"unit": unit, "frequency": "weekly", "last_used": "2027-10-01"} for unit in UNITS],
        "evidence": [{"title": "Daftar tajuk (contoh)", "reference": "https://perpustakaan.contoh.test/tajuk"}],
        "sanctioned": False,
        "superior_name": "Budi Contoh",
        "superior_position": "Kepala Perpustakaan (contoh)",
        "superior_statement": "Bekerja sesuai sertifikat (contoh).",
        "declared": True,
        "signed_name": "Siti Contoh",
    } | changes
