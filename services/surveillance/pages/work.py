"""Each role's work list: what waits for me, since when, until when; and the reviewer's answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from services.surveillance import commands, queries
from services.surveillance.access import HOLDERS, LOST_FILE_READERS, READERS, REVIEWERS
from services.surveillance.commands import looking
from services.surveillance.domain.workflow import State
from services.surveillance.kept_files import REGISTERS
from services.surveillance.pages.blueprint import pages
from services.surveillance.words import OUTCOMES
from shared.errors import N_
from shared.kept_files import count_lost_files
from shared.web import (
    Form,
    Page,
    PageQuery,
    allow,
    current_actor,
    gettext,
    leave_notice,
    noting_look,
    read_query,
    reading,
    redirect_to,
    render_page,
    signed_in,
    unit_of_work,
)

WAITING_STATES = (State.REPORTED, State.OVERDUE, State.CLARIFICATION_NEEDED)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a work list."""

    title: str
    url: str
    since: datetime | None
    until: date | None
    state: State
    note: str


@pages.get("/")
@signed_in
def show_surveillance_work() -> ResponseReturnValue:
    """Holders see their certificates, officers what waits for them; who has neither is told so."""
    who, query = current_actor(), read_query(PageQuery)
    waiting: Page[queries.SurveillanceSummary] | None = None
    proposed: Page[queries.SurveillanceSummary] | None = None
    with reading() as session:
        holdings = queries.list_holdings(session, who.id) if who.has(*HOLDERS) else []
        lost = count_lost_files(session, REGISTERS) if who.has(*LOST_FILE_READERS) else 0
        if who.has(*READERS):
            waiting = queries.list_waiting_reviews(session, query)
            proposed = queries.list_proposals(session, PageQuery.model_validate({"size": 100}))
    mine = [year for held in holdings for year in held.surveillances if year.can_report]
    return render_page(
        "surveillance/index.html",
        holdings=holdings,
        mine=[work_item_of(year) for year in mine],
        waiting=waiting,
        waiting_items=[work_item_of(year) for year in waiting.items] if waiting else [],
        proposed_items=[work_item_of(year) for year in proposed.items] if proposed else [],
        query=query,
        lost=lost,
        states=WAITING_STATES,
        is_holder=who.has(*HOLDERS),
        is_reader=who.has(*READERS),
    )


@pages.route("/reports/<uuid:report_id>/review", methods=["GET", "POST"])
@allow(REVIEWERS)
def submit_review(report_id: UUID) -> ResponseReturnValue:
    """The report with the form for the review beside it; what a review can come to now is all that is offered."""
    form = Form(commands.ReviewReport)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.review_report(session, current_actor(), report_id, form.value)
            leave_notice(N_("Hasil tinjauan disimpan dan diberitahukan kepada pemegang sertifikat."))
            return redirect_to("pages.show_surveillance_work")
    with noting_look() as session:
        found, held = looking.open_report(session, current_actor(), report_id)
    outcomes = [(outcome, gettext(name)) for outcome, name in OUTCOMES if outcome in found.outcomes]
    return render_page("surveillance/review.html", form=form, report=found, holding=held, outcomes=outcomes)


def work_item_of(year: queries.SurveillanceSummary) -> Item:
    """The line that a work list shows of one year's surveillance, linked to its report."""
    return Item(
        title=gettext(N_("{number}, tahun ke-{year}"), number=year.certificate_number, year=year.year),
        url=url_for("pages.submit_report", report_id=year.surveillance_id),
        since=year.waiting_since,
        until=year.until,
        state=year.state,
        note=f"{year.holder_name} · {year.scheme_title}",
    )
