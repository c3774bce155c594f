"""A small certification body to assess in, and the plain way through a case."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.commands import assignment, preassessment, registers, sittings, theday
from services.assessment.domain.paperfile import PAPER_FILE, Tick
from services.assessment.domain.preassessment import Briefing, Explanation
from services.assessment.domain.venue import CentreKind
from services.assessment.models import Assessor, Case, Centre, Sitting, derive_case_id
from services.assessment.reactions import reactions
from shared import clock
from shared.audit import AuditRow
from shared.contracts import Envelope, Event, Fact
from shared.contracts.registration import AccountOpened, ElementClaim, EvidenceDocument, SelfAssessmentSubmitted
from shared.contracts.words import Judgement
from shared.messaging.models import OutboxRow
from shared.schemes import shipped_schemes
from shared.security.actor import Actor
from shared.security.roles import Role

SCHEME = "layanan-dasar"
CLEAR = assignment.Declare(family=False, superior_or_subordinate=False, same_work_unit=False, trainer=False)


def person(name: str, *roles: Role) -> Actor:
    return Actor(uuid4(), name, f"{name.split()[0].lower()}@contoh.test", frozenset(roles))


def event(fact: Fact, sequence: int = 1) -> Event[Any]:
    return Event(uuid4(), fact.type, f"/{fact.service}", "x/1", clock.now(), sequence, "c", None, fact)


class Scene:
    """People are actors; `submit` and the steps below act on `case`."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.secretary = person("Sekretaris Contoh", Role.SECRETARIAT)
        self.head = person("Kepala Contoh", Role.HEAD_OF_CERTIFICATION)
        self.verifier = person("Verifikator Contoh", Role.SECRETARIAT, Role.ASSESSOR)
        self.assessor = person("Asesor Contoh", Role.ASSESSOR)
        self.other = person("Pengganti Contoh", Role.ASSESSOR)
        self.candidate = person("Asesi Contoh", Role.APPLICANT)
        self.scheme = shipped_schemes().get(SCHEME)
        self.units = self.scheme.codes
        for actor in (self.secretary, self.head, self.verifier, self.assessor, self.other, self.candidate):
            self.hear(account(actor))
        self.register(self.assessor, "MET.000.000001 2020 contoh")
        self.register(self.other, "MET.000.000002 2020 contoh")
        self.register(self.verifier, "MET.000.000003 2020 contoh")
        self.centre = self.add_centre("TUK Contoh")
        self.application_id = uuid4()
        self.documents = [uuid4(), uuid4()]
        self.hear(self.submitted())
        self.case_id = derive_case_id(self.application_id, 0)

    def hear(self, fact: Fact, sequence: int = 1) -> None:
        """As the inbox does it: react without autoflush, then flush."""
        heard = event(fact, sequence)
        reactions.preload(self.session, [heard])
        with self.session.no_autoflush:
            reactions.react(self.session, heard)
        self.session.flush()
        self.session.info.clear()

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """What was announced so far: (fact, data); who became involved is told apart (`told_parts`)."""
        return [(fact, data) for fact, data in self._announced() if fact != "people_involved"]

    def told_parts(self) -> list[tuple[str, str]]:
        """Who was told to be involved so far: (part, account id)."""
        announced = [data for fact, data in self._announced() if fact == "people_involved"]
        return [(data["part"], person) for data in announced for person in data["people"]]

    def _announced(self) -> list[tuple[str, dict[str, Any]]]:
        self.session.flush()
        rows = self.session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position))
        opened = [Envelope.model_validate_json(row) for row in rows]
        return [(envelope.type.split(".")[3], envelope.data) for envelope in opened]

    def audited(self) -> list[str]:
        self.session.flush()
        return list(self.session.scalars(select(AuditRow.action).order_by(AuditRow.position)))

    def register(self, actor: Actor, met: str, **other: Any) -> Assessor:
        values = {"met_number": met, "valid_until": clock.today() + timedelta(400), "schemes": [SCHEME]} | other
        return registers.register_assessor(
            self.session, self.head, registers.RegisterAssessor(account_id=actor.id, **values)
        )

    def add_centre(self, name: str, **other: Any) -> Centre:
        values: dict[str, Any] = {
            "name": name,
            "kind": CentreKind.SEWAKTU,
            "address": "Jalan Contoh 1",
            "verified_until": clock.today() + timedelta(400),
            "schemes": [SCHEME],
            "capacity": 2,
        }
        details = registers.CentreDetails(**(values | other))
        return registers.add_centre(self.session, self.secretary, details)

    def submitted(self, **other: Any) -> SelfAssessmentSubmitted:
        values: dict[str, Any] = {
            "application_id": self.application_id,
            "applicant_id": self.candidate.id,
            "scheme_id": SCHEME,
            "scheme_version": self.scheme.version,
            "scheme_title": str(self.scheme.title),
            "applicant_name": self.candidate.name,
            "round": 1,
            "verifier_id": self.verifier.id,
            "units": self.units,
            "claims": [
                ElementClaim(unit=unit, element="1", claim=Judgement.K, evidence=self.documents, note="")
                for unit in self.units
            ],
            "documents": [
                EvidenceDocument(document_id=each, kind="diploma", title="Ijazah", sha256="0" * 64, path=f"/d/{each}")
                for each in self.documents
            ],
            "adjustment_needed": False,
            "adjustment_note": "",
            "submitted_at": clock.now(),
            "file_hash": "a" * 64,
            "renews": None,
        }
        return SelfAssessmentSubmitted(**(values | other))

    @property
    def case(self) -> Case:
        return self.session.get_one(Case, self.case_id)

    def assign(self, assessor: Actor | None = None, planned_on: date | None = None) -> Case:
        wanted = assignment.Assign(assessor_id=(assessor or self.assessor).id, planned_on=planned_on)
        return assignment.assign_assessor(self.session, self.secretary, self.case_id, wanted)

    def clear(self) -> Case:
        return assignment.declare_impartiality(self.session, self.assessor, self.case_id, CLEAR)

    def appoint(self) -> Case:
        when = preassessment.Appointment(at=clock.now() + timedelta(minutes=5), place="Ruang contoh")
        return preassessment.schedule_pre_assessment(self.session, self.assessor, self.case_id, when)

    def findings(self, **other: Any) -> preassessment.Findings:
        values: dict[str, Any] = {
            "checks": [
                preassessment.Check(document_id=each, valid=True, authentic=True, current=True, sufficient=True)
                for each in self.documents
            ],
            "explanations": list(Explanation),
            "briefings": list(Briefing),
            "plan": [
                preassessment.PlannedUnit(
                    unit=unit, approach="uji di tempat", methods=["observation", "written"], tools=["FR.IA.01 contoh"]
                )
                for unit in self.case.units
            ],
            "adjustments": "",
        }
        return preassessment.Findings(**(values | other))

    def propose(self) -> Case:
        return preassessment.propose_plan(self.session, self.assessor, self.case_id, self.findings())

    def agree(self) -> Case:
        return preassessment.agree_to_plan(self.session, self.candidate, self.case_id)

    def sitting(self, start: datetime | None = None, centre: Centre | None = None, hours: float = 2) -> Sitting:
        begins = start or clock.now()
        wanted = sittings.PlanSitting(
            centre_id=(centre or self.centre).id, starts_at=begins, ends_at=begins + timedelta(hours=hours)
        )
        return sittings.plan_sitting(self.session, self.secretary, wanted)

    def seat(self, sitting: Sitting, *case_ids: UUID) -> Sitting:
        wanted = sittings.Seat(case_ids=list(case_ids) or [self.case_id])
        return sittings.seat_cases(self.session, self.secretary, sitting.id, wanted)

    def confirm(self, **ticks: Tick) -> Case:
        checklist = {item.code: Tick.PRESENT for item in PAPER_FILE} | ticks
        return theday.confirm_readiness(self.session, self.assessor, self.case_id, theday.Confirm(checklist=checklist))

    def be_ready(self) -> Case:
        return theday.declare_readiness(self.session, self.candidate, self.case_id)

    def judge(self, judgement: Judgement = Judgement.K, **units: Judgement) -> Case:
        consultation = self.case.consultation
        assert consultation is not None
        judged = [
            theday.Judged(unit=unit, method=method, judgement=units.get(unit, judgement))
            for unit, methods in consultation.methods.items()
            for method in methods
        ]
        return theday.write_day_record(self.session, self.assessor, self.case_id, theday.Record(judgements=judged))

    def recommend(self, judgement: Judgement = Judgement.K, **units: Judgement) -> Case:
        wanted = [theday.RecommendedUnit(unit=unit, judgement=units.get(unit, judgement)) for unit in self.case.units]
        return theday.recommend_judgements(
            self.session, self.assessor, self.case_id, theday.Recommend(units=wanted, note="catatan contoh")
        )

    def to_agreement(self) -> Case:
        """Up to an agreed plan."""
        for step in (self.assign, self.clear, self.appoint, self.propose):
            step()
        return self.agree()

    def to_ready(self) -> Case:
        """Up to both being ready, in a sitting that has begun."""
        self.to_agreement()
        self.seat(self.sitting())
        self.confirm()
        return self.be_ready()


def account(actor: Actor, **other: Any) -> AccountOpened:
    values: dict[str, Any] = {
        "account_id": actor.id,
        "name": actor.name,
        "email": actor.email,
        "language": "id",
        "roles": sorted(actor.roles),
        "active": True,
    }
    return AccountOpened(**(values | other))
