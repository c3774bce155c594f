"""The list for BNSP over HTTP: who stands on it, who may take it, and that taking it is noted."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.registration.domain.request_list import COLUMNS
from services.registration.models import NO_PERIOD, Application, Period
from shared import clock
from shared.audit import AuditRow
from shared.contracts import assessment, decision
from shared.contracts.words import Judgement
from shared.database.unit import Database
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.registration.api.walk import Person
from tests.unit.registration.files import SCHEME, actor, submitted
from tests.unit.registration.hearing import hear

TODAY = clock.today()
MEETING = uuid4()


@pytest.fixture
def head(client: FlaskClient) -> Person:
    return Person(client, actor(Role.HEAD_OF_CERTIFICATION, name="Kepala Bidang Contoh"))


def about(application: Application, attempt: int) -> dict[str, Any]:
    return {
        "case_id": uuid4(),
        "application_id": application.id,
        "applicant_id": application.applicant_id,
        "attempt": attempt,
        "applicant_name": application.applicant_name,
        "scheme_id": SCHEME,
        "scheme_version": application.scheme_version,
        "scheme_title": "Layanan Dasar",
        "units": [],
        "file_hash": "ab" * 32,
        "renews": None,
    }


def recommended(case: dict[str, Any], day: date) -> assessment.AssessmentRecommended:
    return assessment.AssessmentRecommended(
        **case, assessor_id=uuid4(), assessor_name="Asesor Contoh", verifier_id=uuid4(), assessed_on=day, place="TUK",
        note="", record_hash="cd" * 32, assessor_registration="MET.000.000001 contoh",
    )  # fmt: skip


def decided(case: dict[str, Any], judgement: Judgement, meeting: UUID) -> decision.CertificationDecided:
    """As the decision stage tells it: its case is named after the application."""
    told = {**case, "case_id": case["application_id"], "judgement": judgement, "meeting_id": meeting}
    return decision.CertificationDecided(
        **told, decision_id=uuid4(), decree_number="1/SK", decided_by=uuid4(), decided_by_name="Ketua Contoh",
        acting_for_chair=False, decided_at=clock.now(), appeal_until=clock.now(),
    )  # fmt: skip


def assessed(
    database: Database, who: Actor, judgement: Judgement = Judgement.K, *, day: date = TODAY, meeting: UUID = MEETING,
    attempt: int = 0, decision_first: bool = False, nik: str = "3175014505900001",
) -> Application:  # fmt: skip
    """An application with its assessment told, whichever of the two facts comes first."""
    with database.unit_of_work() as session:
        application = submitted(session, who, personal={"nik": nik})
        case = about(application, attempt)
        facts = [recommended(case, day), decided(case, judgement, meeting)]
        for fact in reversed(facts) if decision_first else facts:
            hear(session, fact)
    return application


def taken(person: Person, query: str = "") -> list[tuple[Any, ...]]:
    data = person.ask("GET", f"/requests.xlsx{query}", 200).data
    return list(openpyxl.load_workbook(BytesIO(data)).active.values)


@pytest.mark.parametrize("decision_first", [False, True])
def test_who_was_assessed_and_decided_stands_on_the_list(
    database: Database, desk: Person, decision_first: bool
) -> None:
    assessed(database, actor(), decision_first=decision_first)
    (line,) = desk.get("/requests")["items"]
    assert (line["nik"], line["judgement"]) == ("3175********0001", "K")
    assert line["missing"] == ["KODE JADWAL"]
    heading, cells = taken(desk)
    assert heading == COLUMNS
    assert cells[0] == 1
    assert cells[2] == "3175014505900001"
    assert cells[COLUMNS.index("NOMOR REGISTRASI ASESOR")] == "MET.000.000001 contoh"
    assert cells[-1] == "K"


def test_who_was_not_decided_yet_does_not(database: Database, desk: Person) -> None:
    with database.unit_of_work() as session:
        application = submitted(session, actor())
        hear(session, recommended(about(application, 0), TODAY))
    assert desk.get("/requests")["total"] == 0


def test_a_re_assessment_is_a_line_of_its_own(database: Database, desk: Person) -> None:
    application = assessed(database, actor(), Judgement.BK, day=TODAY - timedelta(days=9))
    with database.unit_of_work() as session:
        case = about(application, 1)
        hear(session, recommended(case, TODAY))
        hear(session, decided(case, Judgement.K, uuid4()))
    assert [(cells[0], cells[-1]) for cells in taken(desk)[1:]] == [(1, "BK"), (2, "K")]


def test_a_list_is_of_a_period_a_meeting_some_days_or_one_outcome(database: Database, desk: Person) -> None:
    assessed(database, actor(), day=TODAY - timedelta(days=5), meeting=uuid4())
    assessed(database, actor(name="Budi Contoh"), Judgement.BK, nik="3175014505900002")
    with database.reading() as session:
        periods = session.scalars(select(Period.id)).all()
    counted = {
        "": 2,
        f"?meeting={MEETING}": 1,
        f"?since={TODAY}": 1,
        f"?until={TODAY - timedelta(days=1)}": 1,
        f"?since={TODAY - timedelta(days=5)}&until={TODAY}": 2,
        "?status=BK": 1,
        f"?period={NO_PERIOD}": 0,
        f"?period={uuid4()}": 0,
    }
    assert {query: desk.get(f"/requests{query}")["total"] for query in counted} == counted
    assert sum(desk.get(f"/requests?period={period}")["total"] for period in periods) == 2
    assert sorted(one["decisions"] for one in desk.get("/requests/meetings")) == [1, 1]


def test_codes_of_a_period_stand_in_its_lines(database: Database, head: Person) -> None:
    application = assessed(database, actor())
    path = f"/requests/codes/{application.period_id}"
    assert head.get(path)["schedule"] == ""
    codes = {"schedule": "J-2026-1", "occupation": "33", "budget": "44", "ministry": "55"}
    assert head.put(path, codes)["title"] == "Periode contoh"
    assert head.get("/requests")["items"][0]["missing"] == []
    cells = dict(zip(COLUMNS, taken(head)[1], strict=True))
    assert cells["KODE JADWAL"] == "J-2026-1"
    assert (cells["KODE SUMBER ANGGARAN"], cells["KODE KEMENTERIAN"]) == ("44", "55")


def test_codes_are_for_a_period_that_exists_or_for_none(head: Person) -> None:
    head.put(f"/requests/codes/{uuid4()}", {}, 404)
    head.put(f"/requests/codes/{NO_PERIOD}", {"budget": "2"})
    head.put(f"/requests/codes/{NO_PERIOD}", {"budget": "=1+1"}, 422)


def test_who_takes_the_list_is_noted_for_each_person_on_it(database: Database, desk: Person) -> None:
    application = assessed(database, actor())
    taken(desk, "?status=K")
    with database.reading() as session:
        rows = {row.action: row for row in session.scalars(select(AuditRow)) if "list" in row.action}
    assert rows["request-list:take"].after == {"status": "K", "lines": 1}
    assert rows["application:list-for-bnsp"].subject == f"application/{application.id}"
    assert rows["application:list-for-bnsp"].actor_name == "Sekretariat Contoh"
    assert "3175" not in str(rows["request-list:take"].after)


def test_a_list_longer_than_anybody_could_check_is_refused(
    database: Database, desk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.registration.queries.requests.MOST", 1)
    assessed(database, actor())
    assessed(database, actor(), nik="3175014505900002")
    desk.ask("GET", "/requests.xlsx", 422)
