import hashlib
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from services.certificate.body_settings import agreement_text
from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.models import Certificate
from shared import clock
from shared.access_log import AccessRow
from shared.audit import AuditRow
from shared.database.unit import Database
from shared.objectstore import object_store
from shared.security.roles import OFFICERS, Role
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, hear, numbered
from tests.unit.certificate.web import API, bearer, committed, person, said


def issue(database: Database, candidate: Candidate) -> Certificate:
    """Numbered, made, stored, announced."""
    certificate: Certificate = committed(database, lambda session: numbered(session, candidate))
    certificate_jobs.run_due(database)
    with database.reading() as session:
        return session.get_one(Certificate, certificate.id, options=[selectinload(Certificate.versions)])


def test_the_holder_signs_the_agreement(client: FlaskClient, database: Database, candidate: Candidate) -> None:
    committed(
        database, lambda session: hear(session, candidate.submitted(), candidate.photographed(), candidate.decided())
    )
    answer = client.post(
        f"{API}/orders/{candidate.application_id}/agreement",
        json={"agreed": True, "name": candidate.actor.name, "version": agreement_text().version},
        headers=bearer(candidate.actor),
    )
    assert answer.status_code == 200
    assert said(answer)["state"] == "cleared"
    assert said(answer)["missing"] == []


def test_what_is_missing_is_named_to_the_holder(client: FlaskClient, database: Database, candidate: Candidate) -> None:
    committed(database, lambda session: hear(session, candidate.decided()))
    (order,) = said(client.get(f"{API}/mine", headers=bearer(candidate.actor)))["orders"]
    assert order["missing"] == ["forms_signed", "agreement_signed", "photo_prepared"]


def test_an_agreement_without_consent_names_the_field(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    committed(database, lambda session: hear(session, candidate.decided()))
    answer = client.post(
        f"{API}/orders/{candidate.application_id}/agreement",
        json={"agreed": False, "name": candidate.actor.name, "version": agreement_text().version},
        headers=bearer(candidate.actor),
    )
    assert answer.status_code == 422
    assert [error["field"] for error in said(answer)["errors"]] == ["agreed"]


def test_the_holder_downloads_the_file_that_was_issued_and_it_is_noted(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    certificate = issue(database, candidate)
    answer = client.get(f"{API}/certificates/{certificate.id}/pdf", headers=bearer(candidate.actor))
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() == certificate.current.sha256
    assert "attachment" in answer.headers["Content-Disposition"]
    assert certificate.number in PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    with database.reading() as session:
        (noted,) = session.scalars(select(AuditRow).where(AuditRow.action == "certificate:download"))
    assert noted.actor_id == candidate.actor.id


def test_a_file_altered_in_the_store_never_goes_out(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    certificate = issue(database, candidate)
    path = object_store().root / certificate.current.object_key  # type: ignore[attr-defined]
    path.write_bytes(path.read_bytes() + b"\n% altered")
    answer = client.get(f"{API}/certificates/{certificate.id}/pdf", headers=bearer(candidate.actor))
    assert answer.status_code == 409
    assert said(answer)["code"] == "certificate-file-altered"


def test_a_file_in_the_making_is_asked_for_later(client: FlaskClient, database: Database, candidate: Candidate) -> None:
    certificate = committed(database, lambda session: numbered(session, candidate))
    answer = client.get(f"{API}/certificates/{certificate.id}/pdf", headers=bearer(CHAIR))
    assert answer.status_code == 409


def test_the_register_is_searched_filtered_sorted_and_paged(client: FlaskClient, database: Database) -> None:
    for name in ("BUDI CONTOH", "ANI CONTOH", "CITRA CONTOH"):
        issue(database, Candidate(name))

    def ask(query: str) -> dict[str, Any]:
        return said(client.get(f"{API}/certificates?{query}", headers=bearer(CHAIR)))

    assert ask("sort=name")["items"][0]["holder_name"] == "ANI CONTOH"
    assert ask("q=citra")["total"] == 1
    assert ask("q=%25")["total"] == 0
    assert ask("status=suspended")["total"] == 0
    assert ask("status=valid&size=2")["total"] == 3
    assert len(ask("size=2&page=2")["items"]) == 1
    assert ask(f"expiring_before={clock.today() + timedelta(days=30)}")["total"] == 0
    assert ask("scheme=layanan-dasar")["total"] == 3


def test_the_register_comes_as_a_table(client: FlaskClient, database: Database, candidate: Candidate) -> None:
    certificate = issue(database, candidate)
    answer = client.get(f"{API}/certificates.csv", headers=bearer(CHAIR))
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Nomor sertifikat,")
    assert lines[1].startswith(certificate.number)
    assert "Berlaku" in lines[1]


def test_the_chair_suspends_reinstates_and_withdraws(
    client: FlaskClient, database: Database, candidate: Candidate
) -> None:
    certificate = issue(database, candidate)
    until = (clock.today() + timedelta(days=30)).isoformat()
    steps = [("suspend", {"until": until}, "suspended"), ("reinstate", {}, "valid"), ("withdraw", {}, "withdrawn")]
    for act, more, state in steps:
        answer = client.post(
            f"{API}/certificates/{certificate.id}/{act}", json={"reason": REASON.reason, **more}, headers=bearer(CHAIR)
        )
        assert (answer.status_code, said(answer)["state"]) == (200, state)
        assert said(client.get(f"{API}/check/{certificate.current.check_token}"))["standing"] == state
    again = client.post(
        f"{API}/certificates/{certificate.id}/withdraw", json={"reason": REASON.reason}, headers=bearer(CHAIR)
    )
    assert again.status_code == 409
    with database.reading() as session:
        looks = session.scalars(select(AccessRow.person_id).where(AccessRow.actor_id == CHAIR.id)).all()
    assert looks == [candidate.actor.id] * 3, "what answers with the certificate is a look at it"


def test_what_waits_for_the_officers_is_listed(
    client: FlaskClient, database: Database, on_day: Callable[[date], None]
) -> None:
    late, making, unsigned = Candidate("TERLAMBAT CONTOH"), Candidate("DIBUAT CONTOH"), Candidate("BELUM CONTOH")
    certificate = issue(database, late)
    client.post(
        f"{API}/certificates/{certificate.id}/suspend",
        json={"reason": REASON.reason, "until": (clock.today() + timedelta(days=5)).isoformat()},
        headers=bearer(CHAIR),
    )
    on_day(clock.today() + timedelta(days=6))
    committed(database, lambda session: numbered(session, making))
    committed(database, lambda session: hear(session, unsigned.decided()))
    assert said(client.get(f"{API}/work", headers=bearer(CHAIR)))["in_the_making"] == []
    on_day(clock.today() + timedelta(days=1))
    work = said(client.get(f"{API}/work", headers=bearer(CHAIR)))
    assert [row["holder_name"] for row in work["past_their_limit"]] == ["TERLAMBAT CONTOH"]
    assert [row["holder_name"] for row in work["in_the_making"]] == ["DIBUAT CONTOH"]
    waiting = said(client.get(f"{API}/orders", headers=bearer(CHAIR)))
    assert [row["holder_name"] for row in waiting["items"]] == ["BELUM CONTOH"]


def test_a_number_is_voided_and_given_anew(client: FlaskClient, database: Database, candidate: Candidate) -> None:
    certificate = committed(database, lambda session: numbered(session, candidate))
    voided = client.post(
        f"{API}/certificates/{certificate.id}/void", json={"reason": REASON.reason}, headers=bearer(CHAIR)
    )
    assert said(voided)["state"] == "voided"
    anew = client.post(f"{API}/orders/{candidate.application_id}/renumber", headers=bearer(CHAIR))
    assert (anew.status_code, said(anew)["state"]) == (202, "cleared")
    certificate_jobs.run_due(database)
    own = said(client.get(f"{API}/mine", headers=bearer(candidate.actor)))["certificates"]
    assert [line["number"] != certificate.number for line in own] == [True]


@pytest.mark.parametrize("role", [*OFFICERS, Role.SECRETARIAT, Role.AUDITOR])
def test_what_is_not_there_is_not_found(client: FlaskClient, role: Role) -> None:
    assert client.get(f"{API}/certificates/{uuid4()}", headers=bearer(person(role))).status_code == 404
