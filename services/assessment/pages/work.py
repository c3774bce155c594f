"""Each role's work list: what waits for me, and since when."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask.typing import ResponseReturnValue

from services.assessment.access import ASSESSORS, PLANNERS
from services.assessment.domain.workflow import State
from services.assessment.pages.blueprint import pages
from services.assessment.queries import work
from services.assessment.queries.views import CaseLine, SittingLine
from shared.web import current_actor, gettext, reading, render_page, signed_in


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a work list."""

    title: str
    url: str
    since: datetime | None
    until: datetime | None
    state: State | None
    note: str


@pages.get("/")
@signed_in
def show_assessment_work() -> ResponseReturnValue:
    """Candidates see their assessments, assessors and those who run the stage what waits for them."""
    who = current_actor()
    with reading() as session:
        waiting = work.view_assessment_work(session, who)
    return render_page(
        "assessment/index.html",
        runs=who.has(*PLANNERS),
        assesses=who.has(*ASSESSORS),
        to_assign=[make_case_item(each) for each in waiting.to_assign],
        to_schedule=[make_case_item(each) for each in waiting.to_schedule],
        stuck=[make_case_item(each) for each in waiting.stuck],
        to_assess=[make_case_item(each) for each in waiting.to_assess],
        own=[make_own_case_item(each) for each in waiting.own],
        reports_due=[make_report_item(each) for each in waiting.reports_due],
        sittings_today=waiting.sittings_today,
    )


def make_case_item(line: CaseLine) -> Item:
    """A case as a line of the work list of those who work on it."""
    note = line.scheme_title
    if line.attempt:
        note = gettext("{scheme}, asesmen ulang ke-{attempt}", scheme=note, attempt=line.attempt)
    return Item(
        line.applicant_name,
        url_for("pages.show_assessment_case", id=line.id),
        line.since,
        line.starts_at,
        line.state,
        note,
    )


def make_own_case_item(line: CaseLine) -> Item:
    """A case as a line of its own candidate's list."""
    return Item(
        line.scheme_title, url_for("pages.show_assessment_case", id=line.id), line.since, line.starts_at, line.state, ""
    )


def make_report_item(line: SittingLine) -> Item:
    """A sitting as a line of the list of reports that are due."""
    return Item(
        line.centre_name,
        url_for("pages.submit_sitting_report", id=line.id),
        line.ends_at,
        None,
        None,
        gettext("Laporan FR.AK.05"),
    )
