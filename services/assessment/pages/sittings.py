"""Pages of sittings: the calendar, one sitting, seating, attendance sheet, report."""

from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.assessment.access import ASSESSORS, ASSESSORS_AND_PLANNERS, PLANNERS, SITTING_READERS
from services.assessment.commands import sittings as commands
from services.assessment.commands import theday
from services.assessment.commands.inputs import Input, Reason
from services.assessment.commands.sittings import PlanSitting, Seat
from services.assessment.commands.theday import Report
from services.assessment.pages.blueprint import go_to_case, pages, view_shown_case
from services.assessment.queries import registers, work
from services.assessment.queries import sittings as queries
from services.assessment.queries.sittings import SittingQuery
from services.assessment.queries.views import SittingLine, SittingView
from shared.clock import JAKARTA
from shared.errors import N_
from shared.web import (
    Form,
    allow,
    current_actor,
    gettext,
    leave_notice,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)
from shared.web.formats import format_moment


class ChooseSitting(Input):
    """The sitting one case is put into."""

    sitting_id: UUID


@pages.get("/sittings")
@allow(SITTING_READERS)
def show_sittings() -> ResponseReturnValue:
    """The calendar: sittings day by day."""
    query: SittingQuery = read_query(SittingQuery)
    with reading() as session:
        found = queries.list_sittings(session, current_actor(), query)
    days = [(day, list(lines)) for day, lines in groupby(found.items, lambda each: _local(each.starts_at).date())]
    return render_page(
        "assessment/sittings.html", found=found, days=days, query=query, runs=current_actor().has(*PLANNERS)
    )


@pages.route("/sittings/new", methods=["GET", "POST"])
@allow(PLANNERS)
def submit_new_sitting() -> ResponseReturnValue:
    """Plan a sitting: which TUK, from when until when."""
    form = Form(PlanSitting)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                sitting_id = commands.plan_sitting(session, current_actor(), form.value).id
            leave_notice(N_("Sesi direncanakan. Pilih asesi untuk sesi ini."))
            return redirect_to("pages.submit_seats", id=sitting_id)
    return render_page("assessment/sitting_form.html", form=form, centres=_centres(), sitting=None)


@pages.get("/sittings/<uuid:id>")
@allow(SITTING_READERS)
def show_sitting(id: UUID) -> ResponseReturnValue:
    """One sitting with its candidates and reports."""
    return render_page("assessment/sitting.html", sitting=_seen(id), runs=current_actor().has(*PLANNERS))


@pages.get("/sittings/<uuid:id>/attendance")
@allow(SITTING_READERS)
def show_attendance_sheet(id: UUID) -> ResponseReturnValue:
    """The attendance sheet, to print and sign."""
    return render_page("assessment/attendance.html", sitting=_seen(id))


@pages.route("/sittings/<uuid:id>/move", methods=["GET", "POST"])
@allow(PLANNERS)
def submit_sitting_move(id: UUID) -> ResponseReturnValue:
    """Give a sitting another time or place."""
    found = _seen(id)
    form = Form(PlanSitting, values=_as_form(found))
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.move_sitting(session, current_actor(), id, form.value)
            leave_notice(N_("Sesi dipindahkan dan diberitahukan kepada semua asesi."))
            return redirect_to("pages.show_sitting", id=id)
    return render_page("assessment/sitting_form.html", form=form, centres=_centres(), sitting=found)


@pages.route("/sittings/<uuid:id>/cancellation", methods=["GET", "POST"])
@allow(PLANNERS)
def submit_sitting_cancellation(id: UUID) -> ResponseReturnValue:
    """Call a sitting off, with the reason."""
    found = _seen(id)
    form = Form(Reason)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.cancel_sitting(session, current_actor(), id, form.value)
            leave_notice(N_("Sesi dibatalkan; asesinya menunggu jadwal baru."))
            return redirect_to("pages.show_sitting", id=id)
    return render_page(
        "assessment/reason.html",
        form=form,
        case=None,
        sitting=found,
        heading=N_("Batalkan sesi"),
        explanation=N_("Semua asesi pada sesi ini diberi tahu dan menunggu jadwal baru."),
        button=N_("Batalkan sesi"),
    )


@pages.route("/sittings/<uuid:id>/seating", methods=["GET", "POST"])
@allow(PLANNERS)
def submit_seats(id: UUID) -> ResponseReturnValue:
    """Put many cases into one sitting at once."""
    found = _seen(id)
    form = Form(Seat)
    if form.submitted(lambda data: {"case_ids": [], **data}):
        with form.refusing():
            with unit_of_work() as session:
                commands.seat_cases(session, current_actor(), id, form.value)
            leave_notice(N_("Asesmen dijadwalkan dan diberitahukan kepada asesi."))
            return redirect_to("pages.show_sitting", id=id)
    with reading() as session:
        lines = work.list_cases_to_schedule(session)
    waiting = [
        (
            str(each.id),
            gettext(
                "{name}, {scheme}, asesor {assessor}",
                name=each.applicant_name,
                scheme=each.scheme_title,
                assessor=each.assessor_name,
            ),
        )
        for each in lines
    ]
    return render_page("assessment/seating.html", form=form, sitting=found, waiting=waiting)


@pages.route("/cases/<uuid:id>/schedule", methods=["GET", "POST"])
@allow(PLANNERS)
def submit_case_schedule(id: UUID) -> ResponseReturnValue:
    """Put one case into a sitting, or from one sitting into another."""
    found = view_shown_case(id)
    form = Form(ChooseSitting)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.seat_cases(session, current_actor(), form.value.sitting_id, Seat(case_ids=[id]))
            return go_to_case(N_("Asesmen dijadwalkan dan diberitahukan kepada asesi."), id)
    with reading() as session:
        open_sittings = queries.list_upcoming_sittings(session)
    options = [(str(each.id), _words(each)) for each in open_sittings]
    return render_page("assessment/schedule.html", form=form, case=found, options=options)


@pages.route("/cases/<uuid:id>/postponement", methods=["GET", "POST"])
@allow(ASSESSORS_AND_PLANNERS)
def submit_postponement(id: UUID) -> ResponseReturnValue:
    """Take one candidate out of a sitting, with the reason."""
    form = Form(Reason)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.postpone_case(session, current_actor(), id, form.value)
            return go_to_case(N_("Asesmen ditunda; asesi menunggu jadwal baru."), id)
    return render_page(
        "assessment/reason.html",
        form=form,
        case=view_shown_case(id),
        heading=N_("Tunda asesmen"),
        explanation=N_("Asesi diberi tahu alasannya dan menunggu jadwal baru."),
        button=N_("Tunda asesmen"),
    )


@pages.route("/sittings/<uuid:id>/report", methods=["GET", "POST"])
@allow(ASSESSORS)
def submit_sitting_report(id: UUID) -> ResponseReturnValue:
    """The asking assessor's own report of a sitting (FR.AK.05)."""
    found = _seen(id)
    own = next((each for each in found.reports if each.assessor_id == current_actor().id), None)
    form = Form(Report, values=own.model_dump(include={"summary", "aspects", "suggestions"}) if own else None)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                theday.report_sitting(session, current_actor(), id, form.value)
            leave_notice(N_("Laporan asesor disimpan."))
            return redirect_to("pages.show_sitting", id=id)
    return render_page("assessment/report.html", form=form, sitting=found)


def _seen(sitting_id: UUID) -> SittingView:
    with reading() as session:
        return queries.view_sitting(session, current_actor(), sitting_id)


def _centres() -> list[tuple[str, str]]:
    with reading() as session:
        return [(str(centre.id), centre.name) for centre in registers.list_usable_centres(session)]


def _local(moment: datetime) -> datetime:
    return moment.astimezone(JAKARTA).replace(tzinfo=None)


def _as_form(sitting: SittingView) -> dict[str, Any]:
    """As a browser's field for date and time holds it: the wall clock in Jakarta."""
    return {
        "centre_id": str(sitting.centre_id),
        "starts_at": _local(sitting.starts_at),
        "ends_at": _local(sitting.ends_at),
        "note": sitting.note,
    }


def _words(line: SittingLine) -> str:
    return gettext(
        "{at}, {centre} ({seated} dari {capacity} kursi)",
        at=format_moment(line.starts_at),
        centre=line.centre_name,
        seated=line.seated,
        capacity=line.capacity,
    )
