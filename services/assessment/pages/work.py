"""Each role's work list: what waits for me, and since when."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask.typing import ResponseReturnValue

from services.assessment.domain.duties import ASSIGNS
from services.assessment.domain.states import State
from services.assessment.pages.blueprint import pages
from services.assessment.queries import work
from services.assessment.queries.views import CaseLine, SittingLine
from shared.security.roles import Role
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
def index() -> ResponseReturnValue:
    """Candidates see their assessments, assessors and those who run the stage what waits for them."""
    who = current_actor()
    with reading() as session:
        waiting = work.work(session, who)
    return render_page(
        "assessment/index.html",
        runs=who.has(*ASSIGNS),
        assesses=who.has(Role.ASSESSOR),
        to_assign=[item_of(each) for each in waiting.to_assign],
        to_schedule=[item_of(each) for each in waiting.to_schedule],
        stuck=[item_of(each) for each in waiting.stuck],
        to_assess=[item_of(each) for each in waiting.to_assess],
        own=[own_item(each) for each in waiting.own],
        reports_due=[sitting_item(each) for each in waiting.reports_due],
        sittings_today=waiting.sittings_today,
    )


def item_of(line: CaseLine) -> Item:
    note = line.scheme_title
    if line.attempt:
        note = gettext("{scheme}, asesmen ulang ke-{attempt}", scheme=note, attempt=line.attempt)
    return Item(line.applicant_name, url_for("pages.case", id=line.id), line.since, line.starts_at, line.state, note)


def own_item(line: CaseLine) -> Item:
    return Item(line.scheme_title, url_for("pages.case", id=line.id), line.since, line.starts_at, line.state, "")


def sitting_item(line: SittingLine) -> Item:
    return Item(
        line.centre_name, url_for("pages.report", id=line.id), line.ends_at, None, None, gettext("Laporan FR.AK.05")
    )
