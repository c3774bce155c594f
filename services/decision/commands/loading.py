"""The rows an act is about: found by id or refused, locked where the act changes them.

`load_` reads a row as it is, `lock_` keeps it from everybody else until the transaction ends.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.domain.assembly import Sitting
from services.decision.domain.roster import Term
from services.decision.models import (
    AgendaItem,
    Appeal,
    Decision,
    DecisionCase,
    ItemState,
    Meeting,
    MeetingMember,
    OpinionRow,
    Recommendation,
    Recusal,
)
from services.decision.queries.sittings import (
    list_agenda,
    list_members,
    list_opinions,
    list_recommendations,
    list_recusals,
)
from shared.errors import N_, NotFound
from shared.security.actor import Actor

R = TypeVar("R", bound=Any)
ByCase = TypeVar("ByCase", Recusal, OpinionRow)

NO_CASE = N_("Berkas tidak ditemukan.")
NO_MEETING = N_("Rapat tidak ditemukan.")
NO_APPEAL = N_("Banding tidak ditemukan.")


def load_case(session: Session, case_id: UUID) -> DecisionCase:
    """The case, unlocked. Raises NotFound `case-unknown`."""
    return _known(session.get(DecisionCase, case_id), "case-unknown", NO_CASE)


def load_meeting(session: Session, meeting_id: UUID) -> Meeting:
    """The meeting, unlocked. Raises NotFound `meeting-unknown`."""
    return _known(session.get(Meeting, meeting_id), "meeting-unknown", NO_MEETING)


def load_appeal(session: Session, appeal_id: UUID) -> Appeal:
    """The appeal, unlocked. Raises NotFound `appeal-unknown`."""
    return _known(session.get(Appeal, appeal_id), "appeal-unknown", NO_APPEAL)


def load_standing_decision(session: Session, case: DecisionCase) -> Decision:
    """The decision of the latest attempt: the one an appeal is against. Only for a case that was decided."""
    statement = select(Decision).where(Decision.case_id == case.id).order_by(Decision.attempt.desc()).limit(1)
    return session.scalars(statement).one()


def lock_case(session: Session, case_id: UUID) -> DecisionCase:
    """The case, locked. Raises NotFound `case-unknown`."""
    return _known(_locked(session, DecisionCase, case_id), "case-unknown", NO_CASE)


def lock_own_case(session: Session, actor: Actor, case_id: UUID) -> DecisionCase:
    """The actor's own case as its candidate, locked. Anybody else's raises NotFound, as one that does not exist."""
    case = lock_case(session, case_id)
    if case.applicant_id != actor.id:
        raise NotFound("case-unknown", NO_CASE)
    return case


def lock_meeting(session: Session, meeting_id: UUID) -> Meeting:
    """The meeting, locked. Raises NotFound `meeting-unknown`."""
    return _known(_locked(session, Meeting, meeting_id), "meeting-unknown", NO_MEETING)


def hold_meeting(session: Session, meeting_id: UUID) -> Meeting:
    """The meeting as it is, kept from being closed or changed meanwhile; others may hold it at the same time.

    Raises NotFound `meeting-unknown`.
    """
    # A row that names the meeting takes this lock in any case; taken before the cases, it cannot meet a closing that
    # holds the meeting and waits for them.
    return _known(_locked(session, Meeting, meeting_id, shared=True), "meeting-unknown", NO_MEETING)


def lock_appeal(session: Session, appeal_id: UUID) -> Appeal:
    """The appeal, locked. Raises NotFound `appeal-unknown`."""
    return _known(_locked(session, Appeal, appeal_id), "appeal-unknown", NO_APPEAL)


def lock_cases(session: Session, case_ids: Collection[UUID]) -> dict[UUID, DecisionCase]:
    """Those of the cases that exist, by id, locked."""
    statement = (
        select(DecisionCase)
        .where(DecisionCase.id.in_(set(case_ids)))
        .order_by(DecisionCase.id)  # one order for everybody: two who lock several never wait for each other
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in session.scalars(statement)}


@dataclass(frozen=True)
class Hearing:
    """Cases before their meeting, with all that the rules ask about them and all that their files are frozen from.

    `cases` are locked. Everything that belongs to one case is found by the case's id.
    """

    meeting: Meeting
    terms: list[Term]
    members: list[MeetingMember]
    cases: Mapping[UUID, DecisionCase]
    items: Mapping[UUID, AgendaItem]
    recommended: Mapping[UUID, list[Recommendation]]
    recusals: Mapping[UUID, list[Recusal]]
    opinions: Mapping[UUID, list[OpinionRow]]

    def is_open(self, case_id: UUID) -> bool:
        """Whether the case stands on the agenda of this meeting and waits for its decision."""
        return case_id in self.items and self.items[case_id].state == ItemState.PENDING

    def list_present(self) -> frozenset[UUID]:
        """The members who are in the room."""
        return frozenset(member.account_id for member in self.members if member.present)

    def sitting(self, case_id: UUID) -> Sitting:
        """Who is there, who keeps out of this case, who has spoken on it."""
        return Sitting(
            present=self.list_present(),
            recused=frozenset(row.member_id for row in self.recusals.get(case_id, [])),
            spoken=frozenset(row.member_id for row in self.opinions.get(case_id, [])),
            quorum=self.meeting.quorum,
        )

    def recommendation(self, case: DecisionCase) -> Recommendation:
        """What the assessor recommended of the attempt that is now before the meeting."""
        return next(row for row in self.recommended[case.id] if row.attempt == case.attempt)

    def name_of(self, account_id: UUID) -> str:
        """The name under which a member sits in this meeting."""
        return next(member.name for member in self.members if member.account_id == account_id)


def load_hearing(session: Session, meeting: Meeting, terms: list[Term], cases: Mapping[UUID, DecisionCase]) -> Hearing:
    """The cases, which are locked, before the meeting; in a fixed number of queries however many there are.

    `terms` are all appointments on record.
    """
    return Hearing(
        meeting=meeting,
        terms=terms,
        members=list_members(session, meeting.id),
        cases=cases,
        items=list_agenda(session, meeting.id),
        recommended=list_recommendations(session, list(cases)),
        recusals=_by_case(list_recusals(session, meeting.id)),
        opinions=_by_case(list_opinions(session, meeting.id)),
    )


def _by_case(rows: Iterable[ByCase]) -> dict[UUID, list[ByCase]]:
    found: dict[UUID, list[ByCase]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _locked(session: Session, model: type[R], key: UUID, *, shared: bool = False) -> R | None:
    statement = select(model).where(model.id == key).with_for_update(read=shared, key_share=shared)
    # The session may hold the row as it was before the lock: read it again.
    found: R | None = session.scalar(statement.execution_options(populate_existing=True))
    return found


def _known(found: R | None, code: str, message: str) -> R:
    if found is None:
        raise NotFound(code, message)
    return found
