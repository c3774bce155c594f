"""A certification body with its officers, and cases on their way through it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.commands import (
    agenda,
    appeals,
    deciding,
    declaring,
    meetings,
    officers,
    opinions,
    panels,
    reassessments,
    terms,
)
from services.decision.domain.appeals import Vote
from services.decision.domain.judging import Opinion
from services.decision.domain.workflow import CaseState
from services.decision.models import Appeal, Decision, DecisionCase
from services.decision.queries.officers import list_appointments
from services.decision.queries.sittings import list_agenda
from services.decision.reactions import reactions
from shared import clock
from shared.contracts import Envelope, Event, Fact
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.registration import AccountOpened, ApplicationFiled
from shared.contracts.words import Judgement, UnitJudgement
from shared.database.unit import Database
from shared.errors import Forbidden
from shared.messaging.inbox import take_in_batch
from shared.messaging.models import OutboxRow
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role

F = TypeVar("F", bound=Fact)
UNITS = ("R.91PRP02.021.1", "R.91PRP02.022.1", "R.91PRP02.023.1")
K, BK = Judgement.K, Judgement.BK
PEOPLE = UUID("7e0f5a50-4c8e-4f0c-9f43-0d8a4b7f1c11")


def person(name: str, *roles: Role) -> Actor:
    """The same account for the same name."""
    return Actor(uuid5(PEOPLE, name), f"{name} (contoh)", f"{name.lower()}@contoh.test", frozenset(roles))


FIVE = {office: person(office.value, office) for office in OFFICERS}
CHAIR = FIVE[Role.CHAIR]
DEPUTY = FIVE[Role.HEAD_OF_CERTIFICATION]
QUALITY = FIVE[Role.HEAD_OF_QUALITY_CONTROL]
OTHERS = [actor for actor in FIVE.values() if actor is not CHAIR]
SECRETARY = person("Sekretaris", Role.SECRETARIAT)
VERIFIER = person("Verifikator", Role.SECRETARIAT)
ADMIN = person("Administrator", Role.ADMINISTRATOR)
ASSESSOR = person("Asesor", Role.ASSESSOR)
SECOND_ASSESSOR = person("Asesor Kedua", Role.ASSESSOR)
THIRD_ASSESSOR = person("Asesor Ketiga", Role.ASSESSOR)
COMPLAINTS = person("Petugas Pengaduan", Role.COMPLAINTS_OFFICER)
CANDIDATE = person("Asesi", Role.APPLICANT)
STRANGER = person("Orang Lain", Role.APPLICANT)
AUDITOR = person("Auditor", Role.AUDITOR)
PANEL = [SECOND_ASSESSOR, THIRD_ASSESSOR, COMPLAINTS]
EVERYBODY = [
    *FIVE.values(),
    SECRETARY,
    VERIFIER,
    ADMIN,
    ASSESSOR,
    *PANEL,
    CANDIDATE,
    STRANGER,
    AUDITOR,
]


def hear(database: Database, *facts: Fact, sequence: int = 1) -> int:
    """Take in facts as they come from the broker. Returns how many had their effect."""
    bodies = [
        Envelope.around(
            Event(uuid4(), fact.type, f"/{fact.service}", f"record/{uuid4()}", clock.now(), sequence, "c", None, fact)
        ).model_dump_json()
        for fact in facts
    ]
    return take_in_batch(database, reactions, bodies)


def told(database: Database, kind: type[F]) -> list[F]:
    """The facts of one kind that were announced, in order."""
    with database.reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.type == kind.type).order_by(OutboxRow.position))
        return [kind.model_validate(Envelope.model_validate_json(row.envelope).data) for row in rows]


def opened(actor: Actor) -> AccountOpened:
    return AccountOpened(
        account_id=actor.id,
        name=actor.name,
        email=actor.email,
        language="id",
        roles=sorted(actor.roles),
        active=True,
    )


def filed(application_id: UUID, applicant: Actor, at: datetime | None = None) -> ApplicationFiled:
    return ApplicationFiled(
        application_id=application_id,
        applicant_id=applicant.id,
        scheme_id="pengatalogan-deskriptif",
        scheme_version="2026.1",
        scheme_title="Pelaksanaan Pengatalogan Deskriptif",
        round=1,
        filed_at=at or clock.now() - timedelta(days=60),
        period_id=None,
        renews=None,
    )


def recommended(
    application_id: UUID, units: Mapping[str, Judgement], *, attempt: int = 0, **changes: Any
) -> AssessmentRecommended:
    known: dict[str, Any] = {
        "case_id": uuid4(),
        "application_id": application_id,
        "applicant_id": CANDIDATE.id,
        "attempt": attempt,
        "applicant_name": CANDIDATE.name,
        "scheme_id": "pengatalogan-deskriptif",
        "scheme_version": "2026.1",
        "scheme_title": "Pelaksanaan Pengatalogan Deskriptif",
        "units": [UnitJudgement(unit=code, judgement=found) for code, found in units.items()],
        "assessor_id": ASSESSOR.id,
        "assessor_name": ASSESSOR.name,
        "verifier_id": VERIFIER.id,
        "assessed_on": date(2026, 3, 2),
        "place": "TUK Perpustakaan Daerah (contoh)",
        "note": "Bukti mencukupi (contoh)",
        "file_hash": "a" * 64,
        "record_hash": "b" * 64,
        "renews": None,
    }
    return AssessmentRecommended(**{**known, **changes})


class Scene:
    """Acts on the body, each in its own unit of work, as the service does them."""

    def __init__(self, database: Database, *, known: bool = False) -> None:
        self.database = database
        if not known:
            hear(database, *[opened(actor) for actor in EVERYBODY])

    def appoint(self, *, deputy: Actor | None = DEPUTY) -> None:
        """The five officers, and the deputy, from a year ago until next year."""
        since, until = clock.today() - timedelta(days=365), clock.today() + timedelta(days=1500)
        named = [(office.value, actor) for office, actor in FIVE.items()]
        if deputy is not None:
            named.append(("deputy", deputy))
        first = [terms.FirstHolder(office=office, account_id=actor.id) for office, actor in named]
        with self.database.unit_of_work() as session:
            terms.install_officers(session, terms.InstallOfficers(holders=first, since=since, until=until))

    def propose(self, office: str, actor: Actor, *, since: date | None = None, days: int = 100) -> UUID:
        """The administrator proposes an officer; the id of the proposal."""
        since = since or clock.today()
        command = officers.ProposeOfficer(
            office=office, account_id=actor.id, since=since, until=since + timedelta(days=days)
        )
        with self.database.unit_of_work() as session:
            return officers.propose_officer(session, ADMIN, command).id

    def find_term(self, office: str) -> UUID:
        """The id of the latest appointment to an office."""
        with self.database.reading() as session:
            return next(row.id for row in list_appointments(session) if row.office == office)

    def propose_end(self, office: str, until: date | None = None) -> UUID:
        """The administrator proposes that the term in this office ends; the id of the proposal."""
        command = officers.ProposeEnd(until=until or clock.today())
        with self.database.unit_of_work() as session:
            return officers.propose_end(session, ADMIN, self.find_term(office), command).id

    def confirm(self, proposal_id: UUID, by: Actor | None = None) -> None:
        """An officer in office confirms, the head of quality control where nobody is named."""
        with self.database.unit_of_work() as session:
            officers.confirm_proposal(session, by or QUALITY, proposal_id)

    def case(self, units: Mapping[str, Judgement] | None = None, **changes: Any) -> UUID:
        """A recommendation came in; the id of its case."""
        application_id: UUID = changes.pop("application_id", None) or uuid4()
        applicant = changes.pop("applicant", CANDIDATE)
        filed_at = changes.pop("filed_at", None)
        units = units or dict.fromkeys(UNITS, K)
        changes = {"applicant_id": applicant.id, "applicant_name": applicant.name, **changes}
        hear(self.database, filed(application_id, applicant, filed_at))
        assert hear(self.database, recommended(application_id, units, **changes)) == 1
        return application_id

    def call(self, *case_ids: UUID, by: Actor = SECRETARY, at: datetime | None = None) -> UUID:
        with self.database.unit_of_work() as session:
            command = agenda.CallMeeting(
                at=at or clock.now() + timedelta(hours=1), place="Ruang rapat (contoh)", case_ids=list(case_ids)
            )
            return agenda.call_meeting(session, by, command).id

    def open(
        self,
        meeting_id: UUID,
        present: Collection[Actor] = tuple(FIVE.values()),
        by: Actor = SECRETARY,
        *,
        declared: bool = True,
    ) -> None:
        """Open the meeting; `declared`: whoever came declares to be free of conflicts in every case of the agenda."""
        with self.database.unit_of_work() as session:
            command = meetings.OpenMeeting(present=[actor.id for actor in present])
            meetings.open_meeting(session, by, meeting_id, command)
        if declared:
            with self.database.reading() as session:
                on_agenda = list(list_agenda(session, meeting_id))
            for actor in present:
                self.declare(on_agenda, actor)

    def declare(self, case_ids: Iterable[UUID], *people: Actor) -> None:
        """These people declare to have no conflict, in those of the cases where they have a seat and none is known."""
        for actor in people:
            for case_id in case_ids:
                with suppress(Forbidden), self.database.unit_of_work() as session:
                    declaring.declare_no_conflict(session, actor, case_id, declaring.Declare(no_conflict=True))

    def opine(self, meeting_id: UUID, case_ids: Sequence[UUID], members: Iterable[Actor] = tuple(OTHERS)) -> None:
        for member in members:
            with self.database.unit_of_work() as session:
                command = opinions.GiveOpinion(case_ids=list(case_ids), opinion=Opinion.AGREES)
                opinions.give_opinion(session, member, meeting_id, command)

    def discussed(self, *case_ids: UUID) -> UUID:
        """A meeting in which everybody but the chair has spoken on these cases."""
        meeting_id = self.call(*case_ids)
        self.open(meeting_id)
        self.opine(meeting_id, case_ids)
        return meeting_id

    def decide(
        self,
        meeting_id: UUID,
        case_id: UUID,
        units: Mapping[str, Judgement] | None = None,
        reason: str = "Sesuai pembahasan (contoh)",
        by: Actor = CHAIR,
    ) -> UUID:
        with self.database.unit_of_work() as session:
            command = deciding.CaseDecision(case_id=case_id, units=dict(units or {}), reason=reason)
            return deciding.decide_case(session, by, meeting_id, command).id

    def decided(self, units: Mapping[str, Judgement], **changes: Any) -> UUID:
        """A case decided as recommended."""
        case_id = self.case(units, **changes)
        self.decide(self.discussed(case_id), case_id)
        return case_id

    def appeal(self, case_id: UUID, units: Sequence[str], by: Actor = CANDIDATE) -> UUID:
        with self.database.unit_of_work() as session:
            command = appeals.FileAppeal(units=list(units), reasons="Bukti saya belum dilihat (contoh)")
            return appeals.file_appeal(session, by, case_id, command).id

    def ask_again(self, case_id: UUID, units: Sequence[str], by: Actor = CANDIDATE, *, accepts: bool = True) -> None:
        """The candidate accepts the decision and asks for a re-assessment."""
        with self.database.unit_of_work() as session:
            command = reassessments.RequestReassessment(units=list(units), accepts=accepts)
            reassessments.request_reassessment(session, by, case_id, command)

    def panel(
        self,
        appeal_id: UUID,
        members: Sequence[Actor] = tuple(PANEL),
        by: Actor = CHAIR,
        *,
        declared: bool = True,
    ) -> None:
        with self.database.unit_of_work() as session:
            case_id = panels.name_panel(
                session, by, appeal_id, panels.NamePanel(panel=[actor.id for actor in members])
            ).case_id
        if declared:
            self.declare([case_id], *members)

    def vote(self, appeal_id: UUID, member: Actor, vote: Vote = Vote.UPHOLD) -> None:
        with self.database.unit_of_work() as session:
            panels.cast_vote(session, member, appeal_id, panels.CastVote(vote=vote, reasons="Alasan suara (contoh)"))

    def conclude(self, appeal_id: UUID, by: Actor = COMPLAINTS) -> None:
        with self.database.unit_of_work() as session:
            panels.conclude_appeal(session, by, appeal_id, panels.Conclude(reasons="Alasan putusan banding (contoh)"))

    def heard(self, appeal_id: UUID, *, upheld: bool) -> None:
        """The appeal from panel to outcome."""
        self.panel(appeal_id)
        for member in PANEL:
            self.vote(appeal_id, member, Vote.UPHOLD if upheld else Vote.DISMISS)
        self.conclude(appeal_id)

    def reassessed(self, case_id: UUID, units: Mapping[str, Judgement], attempt: int, **changes: Any) -> None:
        """The re-assessment's recommendation came in, by another assessor."""
        known = {"assessor_id": uuid4(), "assessor_name": "Asesor lain (contoh)", **changes}
        assert hear(self.database, recommended(case_id, units, attempt=attempt, **known)) == 1

    def state(self, case_id: UUID) -> CaseState:
        with self.database.reading() as session:
            return CaseState(session.get_one(DecisionCase, case_id).state)

    def decision(self, case_id: UUID) -> Decision:
        """The latest decision on the case."""
        with self.database.reading() as session:
            return _latest(session, case_id)

    def appeal_row(self, appeal_id: UUID) -> Appeal:
        with self.database.reading() as session:
            return session.get_one(Appeal, appeal_id)


def _latest(session: Session, case_id: UUID) -> Decision:
    statement = select(Decision).where(Decision.case_id == case_id).order_by(Decision.attempt.desc())
    return session.scalars(statement).first() or _none(case_id)


def _none(case_id: UUID) -> Decision:
    raise AssertionError(f"{case_id} was not decided")


def moment(day: date) -> datetime:
    """Noon of a day in Jakarta."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
