"""Meetings: called, opened, discussed, decided, closed (process 2.8, 2.9)."""

from uuid import UUID

from flask import Response
from pydantic import BaseModel

from services.decision import minutes as papers
from services.decision.access import MANAGERS, MEMBERS, READERS
from services.decision.api.blueprint import api
from services.decision.commands import agenda, deciding, opinions
from services.decision.commands import meetings as commands
from services.decision.commands.inputs import Input, Note, Reasons
from services.decision.queries import cases, meetings
from services.decision.queries.views import DecisionView, MeetingSummary, MeetingView, RecusalView
from shared.contracts.words import Judgement
from shared.errors import Refusal
from shared.web import (
    ById,
    Page,
    PageQuery,
    allow,
    current_actor,
    current_database,
    file_response,
    make_download,
    reading,
    unit_of_work,
)
from shared.web.problems import fields_of_refusal, message_of_refusal


class OnMeeting(BaseModel):
    """Path of one case of one meeting."""

    id: UUID
    case_id: UUID


class Cancel(Input):
    """Why a meeting is called off."""

    reason: Reasons


class DecideCase(Input):
    """`units` may be left out, or name only those decided otherwise than recommended."""

    units: dict[str, Judgement] = {}
    reason: Note = ""


class Refused(BaseModel):
    """Why one case of a bulk was not done."""

    case_id: UUID
    code: str
    message: str
    fields: dict[str, str] = {}


class Heard(BaseModel):
    """The cases an opinion was recorded for, and why it was not for the others."""

    recorded: list[UUID]
    refused: list[Refused]


class Decided(BaseModel):
    """What became of a bulk, and how far the meeting is: `decided_in_meeting` of `on_agenda`."""

    decided: list[DecisionView]
    refused: list[Refused]
    decided_in_meeting: int
    on_agenda: int


@api.get("/meetings", responses={200: Page[MeetingSummary]})
@allow(READERS)
def get_meetings(query: PageQuery) -> Page[MeetingSummary]:
    """Meetings, latest first; `status` filters by state."""
    with reading() as session:
        return meetings.list_meetings(session, query)


@api.get("/meetings/<uuid:id>", responses={200: MeetingView})
@allow(READERS)
def get_meeting(path: ById) -> MeetingView:
    """One meeting with its members and its agenda, case by case."""
    with reading() as session:
        return meetings.view_meeting(session, current_actor(), path.id)


@api.post("/meetings", responses={201: MeetingView})
@allow(MANAGERS)
def post_meeting(body: agenda.CallMeeting) -> tuple[MeetingView, int]:
    """Call the officers together, with date, place and agenda."""
    with unit_of_work() as session:
        row = agenda.call_meeting(session, current_actor(), body)
        return meetings.view_meeting(session, current_actor(), row.id), 201


@api.post("/meetings/<uuid:id>/agenda", responses={200: MeetingView})
@allow(MANAGERS)
def post_agenda(path: ById, body: agenda.AmendAgenda) -> MeetingView:
    """Add cases to the agenda or take them off, before the meeting is opened."""
    with unit_of_work() as session:
        agenda.amend_agenda(session, current_actor(), path.id, body)
        return meetings.view_meeting(session, current_actor(), path.id)


@api.post("/meetings/<uuid:id>/cancel", responses={200: MeetingView})
@allow(MANAGERS)
def post_meeting_cancellation(path: ById, body: Cancel) -> MeetingView:
    """Call the meeting off; its cases wait for another."""
    with unit_of_work() as session:
        agenda.cancel_meeting(session, current_actor(), path.id, body.reason)
        session.flush()
        return meetings.view_meeting(session, current_actor(), path.id)


@api.post("/meetings/<uuid:id>/open", responses={200: MeetingView})
@allow(MANAGERS)
def post_meeting_opening(path: ById, body: commands.OpenMeeting) -> MeetingView:
    """Open with attendance; every member is checked against every case (R1)."""
    with unit_of_work() as session:
        commands.open_meeting(session, current_actor(), path.id, body)
        session.flush()
        return meetings.view_meeting(session, current_actor(), path.id)


@api.post("/meetings/<uuid:id>/attendance", responses={200: MeetingView})
@allow(MANAGERS)
def post_attendance(path: ById, body: commands.Attendance) -> MeetingView:
    """Somebody came later, or left."""
    with unit_of_work() as session:
        commands.record_attendance(session, current_actor(), path.id, body)
        session.flush()
        return meetings.view_meeting(session, current_actor(), path.id)


@api.post("/meetings/<uuid:id>/cases/<uuid:case_id>/recusals", responses={201: RecusalView})
@allow(MEMBERS)
def post_recusal(path: OnMeeting, body: opinions.Recuse) -> tuple[RecusalView, int]:
    """A member declares a conflict and keeps out of the case (R1)."""
    with unit_of_work() as session:
        row = opinions.recuse_member(session, current_actor(), path.id, path.case_id, body)
        return cases.describe_recusal(row), 201


@api.post("/meetings/<uuid:id>/opinions", responses={200: Heard})
@allow(MEMBERS)
def post_opinions(path: ById, body: opinions.GiveOpinion) -> Heard:
    """The asking member's opinion on one case or the same on several."""
    with unit_of_work() as session:
        heard = opinions.give_opinion(session, current_actor(), path.id, body)
        return Heard(recorded=heard.recorded, refused=_refused(heard.refused))


@api.post("/meetings/<uuid:id>/decisions", responses={200: Decided})
@allow(MEMBERS)
def post_decisions(path: ById, body: deciding.Decide) -> Decided:
    """Decide many cases at once; a refused one stops none of the others."""
    with unit_of_work() as session:
        outcome = deciding.decide_cases(session, current_actor(), path.id, body)
        session.flush()
        done, total = meetings.count_decided(session, path.id)
        return Decided(
            decided=[cases.describe_decision(row) for row in outcome.decided],
            refused=_refused(outcome.refused),
            decided_in_meeting=done,
            on_agenda=total,
        )


@api.post("/meetings/<uuid:id>/cases/<uuid:case_id>/decision", responses={201: DecisionView})
@allow(MEMBERS)
def post_decision(path: OnMeeting, body: DecideCase) -> tuple[DecisionView, int]:
    """The chair (recused: the deputy named beforehand) decides one case (R13)."""
    command = deciding.CaseDecision(case_id=path.case_id, units=body.units, reason=body.reason)
    with unit_of_work() as session:
        row = deciding.decide_case(session, current_actor(), path.id, command)
        session.flush()
        return cases.describe_decision(row), 201


@api.post("/meetings/<uuid:id>/close", responses={200: MeetingView})
@allow(MANAGERS)
def post_meeting_closing(path: ById, body: commands.CloseMeeting) -> MeetingView:
    """Close; undecided cases wait for another meeting, the minutes are written."""
    with unit_of_work() as session:
        commands.close_meeting(session, current_actor(), path.id, body)
        session.flush()
        return meetings.view_meeting(session, current_actor(), path.id)


@api.get("/meetings/<uuid:id>/minutes", responses={200: file_response("application/pdf")})
@allow(READERS)
def get_minutes(path: ById) -> Response:
    """The minutes as PDF, once the meeting is closed and they are written."""
    name, data = papers.load_minutes(current_database(), current_actor(), path.id)
    return make_download(data, name, "application/pdf")


def _refused(found: dict[UUID, Refusal]) -> list[Refused]:
    return [
        Refused(
            case_id=case_id, code=refusal.code, message=message_of_refusal(refusal), fields=fields_of_refusal(refusal)
        )
        for case_id, refusal in found.items()
    ]
