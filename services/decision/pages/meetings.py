"""Meetings: called, opened, bulk opinions and decisions, closed (process 2.8, 2.9)."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy.orm import Session

from services.decision import minutes as papers
from services.decision.access import MANAGERS, MEMBERS, READERS, is_manager_today
from services.decision.commands import agenda, deciding, meetings, opinions
from services.decision.commands.inputs import Input, Note, Reasons
from services.decision.domain.judging import Opinion
from services.decision.domain.workflow import CaseState, MeetingState
from services.decision.pages.blueprint import pages, prepare_forms
from services.decision.queries import cases as case_queries
from services.decision.queries import meetings as queries
from services.decision.queries.declarations import list_declared
from services.decision.queries.views import MeetingView
from services.decision.words import OFFICE_NAMES
from shared.errors import N_, Invalid
from shared.security.actor import Actor
from shared.web import (
    Form,
    PageQuery,
    allow,
    current_actor,
    current_database,
    leave_notice,
    make_download,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)

LONGEST_AGENDA = 100


class Cancel(Input):
    """Why a meeting is called off."""

    reason: Reasons


class Amend(Input):
    """A list of its own for the page, where boxes are ticked."""

    add: list[UUID] = []
    remove: list[UUID] = []


class Ticked(Input):
    """The cases ticked in the agenda: for the same opinion on each, or to be decided as recommended.

    A deviation from the recommendation is decided on the case's own page.
    """

    case_ids: list[UUID] = Field(min_length=1, max_length=500)
    opinion: Opinion | None = None
    note: Note = ""
    reason: Note = ""


class CloseForm(Input):
    """A remark for the minutes; a name of its own, since the page also asks for notes of opinions."""

    remark: Note = ""


@pages.get("/meetings")
@allow(READERS)
def show_meetings() -> ResponseReturnValue:
    """The list of meetings, filtered by state."""
    query = read_query(PageQuery)
    with reading() as session:
        found = queries.list_meetings(session, query)
        manages = is_manager_today(session, current_actor())
    return render_page(
        "decision/meetings.html", meetings=found, query=query, states=list(MeetingState), may_manage=manages
    )


@pages.route("/meetings/new", methods=["GET", "POST"])
@allow(MANAGERS)
def submit_new_meeting() -> ResponseReturnValue:
    """Call a meeting, with its first agenda."""
    form = Form(agenda.CallMeeting)
    if form.submitted(read_jakarta_time):
        with form.refusing():
            with unit_of_work() as session:
                row = agenda.call_meeting(session, current_actor(), form.value)
            leave_notice(N_("Rapat dipanggil; anggota diberi tahu lewat surel."))
            return redirect_to("pages.show_meeting", id=row.id)
    with reading() as session:
        waiting = list_waiting_cases(session)
    return render_page("decision/new_meeting.html", form=form, waiting=waiting)


@pages.get("/meetings/<uuid:id>")
@allow(READERS)
def show_meeting(id: UUID) -> ResponseReturnValue:
    """One meeting: members, agenda, and what the asker can do in it now."""
    return render_meeting(id)


@pages.post("/meetings/<uuid:id>/agenda")
@allow(MANAGERS)
def submit_agenda(id: UUID) -> ResponseReturnValue:
    """Put cases on the agenda or take them off."""
    form = Form(Amend)
    if form.submitted():
        with form.refusing():
            command = agenda.AmendAgenda(add=form.value.add, remove=form.value.remove)
            with unit_of_work() as session:
                agenda.amend_agenda(session, current_actor(), id, command)
            leave_notice(N_("Agenda diperbarui."))
            return redirect_to("pages.show_meeting", id=id)
    return render_meeting(id, form)


@pages.post("/meetings/<uuid:id>/cancel")
@allow(MANAGERS)
def submit_meeting_cancellation(id: UUID) -> ResponseReturnValue:
    """Call the meeting off, with the reason."""
    form = Form(Cancel)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                agenda.cancel_meeting(session, current_actor(), id, form.value.reason)
            leave_notice(N_("Rapat dibatalkan; berkasnya menunggu rapat lain."))
            return redirect_to("pages.show_meeting", id=id)
    return render_meeting(id, form)


@pages.post("/meetings/<uuid:id>/open")
@allow(MANAGERS)
def submit_meeting_opening(id: UUID) -> ResponseReturnValue:
    """Open the meeting with those who came."""
    form = Form(meetings.OpenMeeting)
    if form.submitted(lambda data: {"present": [], **data}):
        with form.refusing():
            with unit_of_work() as session:
                meetings.open_meeting(session, current_actor(), id, form.value)
            leave_notice(N_("Rapat dibuka."))
            return redirect_to("pages.show_meeting", id=id)
    return render_meeting(id, form)


@pages.post("/meetings/<uuid:id>/attendance")
@allow(MANAGERS)
def submit_attendance(id: UUID) -> ResponseReturnValue:
    """A member came later, or left."""
    form = Form(meetings.Attendance)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                meetings.record_attendance(session, current_actor(), id, form.value)
            leave_notice(N_("Kehadiran dicatat."))
            return redirect_to("pages.show_meeting", id=id)
    return render_meeting(id, form)


@pages.post("/meetings/<uuid:id>/opinions")
@allow(MEMBERS)
def submit_opinions(id: UUID) -> ResponseReturnValue:
    """The same opinion on every case that was ticked."""
    form = Form(Ticked)
    if form.submitted():
        with form.refusing():
            given = _opinion(form.value)
            with unit_of_work() as session:
                heard = opinions.give_opinion(session, current_actor(), id, given)
            leave_notice(N_("Pendapat dicatat untuk {count} berkas."), count=len(heard.recorded))
            if heard.refused:
                leave_notice(
                    N_("{count} berkas dilewati: Anda tidak ikut membahasnya atau belum menyatakan bebas benturan."),
                    "warning",
                    count=len(heard.refused),
                )
            return redirect_to("pages.show_meeting", id=id)
    return render_meeting(id, form)


@pages.post("/meetings/<uuid:id>/decisions")
@allow(MEMBERS)
def submit_decisions(id: UUID) -> ResponseReturnValue:
    """Decide every case that was ticked as it was recommended."""
    form = Form(Ticked)
    if form.submitted():
        with form.refusing():
            wanted = [deciding.CaseDecision(case_id=one, reason=form.value.reason) for one in form.value.case_ids]
            with unit_of_work() as session:
                outcome = deciding.decide_cases(session, current_actor(), id, deciding.Decide(decisions=wanted))
            if not outcome.decided:
                raise next(iter(outcome.refused.values()))
            leave_notice(N_("{count} berkas diputuskan."), count=len(outcome.decided))
            if outcome.refused:
                leave_notice(
                    N_("{count} berkas belum dapat diputuskan; lihat keterangannya di agenda."),
                    "warning",
                    count=len(outcome.refused),
                )
            return redirect_to("pages.show_meeting", id=id)
    return render_meeting(id, form)


@pages.post("/meetings/<uuid:id>/close")
@allow(MANAGERS)
def submit_meeting_closing(id: UUID) -> ResponseReturnValue:
    """Close the meeting; the minutes are written then."""
    form = Form(CloseForm)
    if form.submitted():
        with form.refusing():
            command = meetings.CloseMeeting(note=form.value.remark)
            with unit_of_work() as session:
                meetings.close_meeting(session, current_actor(), id, command)
            leave_notice(N_("Rapat ditutup; notula sedang disiapkan."))
            return redirect_to("pages.show_meeting", id=id)
    return render_meeting(id, form)


@pages.get("/meetings/<uuid:id>/minutes")
@allow(READERS)
def show_minutes(id: UUID) -> ResponseReturnValue:
    """The minutes as PDF, for download."""
    name, data = papers.load_minutes(current_database(), current_actor(), id)
    return make_download(data, name, "application/pdf")


def render_meeting(id: UUID, form: Form[Any] | None = None) -> ResponseReturnValue:
    """The page of a meeting, with the form that was refused where there is one."""
    me = current_actor()
    with reading() as session:
        found = queries.view_meeting(session, me, id)
        manages = is_manager_today(session, me)
        waiting = list_waiting_cases(session) if manages and found.state is MeetingState.CALLED else []
        declared = list_declared(session, me.id, [item.case.id for item in found.items])
    return render_page(
        "decision/meeting.html",
        form=form,
        forms=prepare_forms(form, Amend, Cancel, meetings.OpenMeeting, Ticked, CloseForm),
        meeting=found,
        me=me,
        may_manage=manages,
        waiting=waiting,
        opinions=list(Opinion),
        offices=OFFICE_NAMES,
        speaks=_speaks(found, me) & declared,
        undeclared=_speaks(found, me) - declared,
        decides=_decides(found, me) & declared,
        names={member.account_id: member.name for member in found.members},
    )


def _opinion(ticked: Ticked) -> opinions.GiveOpinion:
    if ticked.opinion is None:
        raise Invalid(
            "opinion-missing", N_("Pilih pendapat Anda."), fields={"opinion": N_("Pilih salah satu pendapat.")}
        )
    return opinions.GiveOpinion(case_ids=ticked.case_ids, opinion=ticked.opinion, note=ticked.note)


def list_waiting_cases(session: Session) -> list[tuple[str, str]]:
    """The cases that wait for a meeting as (id, what is shown of it), for the boxes of an agenda; the longest wait
    first."""
    query = PageQuery(status=CaseState.AWAITING_MEETING, size=LONGEST_AGENDA)
    found = case_queries.list_decision_cases(session, query)
    return [(str(case.id), f"{case.applicant_name}, {case.scheme_title}") for case in found.items]


def read_jakarta_time(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data with the meeting's time as Jakarta's: a browser's field has no time zone."""
    at = data.get("at")
    if isinstance(at, str) and at and "+" not in at and not at.endswith("Z"):
        return {**data, "at": f"{at}+07:00"}
    return data


def _speaks(meeting: MeetingView, me: Actor) -> set[UUID]:
    """The cases the asker may give an opinion on."""
    if meeting.state is not MeetingState.OPEN:
        return set()
    if not any(member.account_id == me.id and member.present for member in meeting.members):
        return set()
    return {
        item.case.id
        for item in meeting.items
        if item.state == "pending" and all(one.member_id != me.id for one in item.recusals)
    }


def _decides(meeting: MeetingView, me: Actor) -> set[UUID]:
    """The cases the asker can decide now."""
    return {item.case.id for item in meeting.items if item.case.state is CaseState.DISCUSSED and item.decider == me.id}
