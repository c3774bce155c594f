"""Where everybody lands: what waits for them; a candidate's cases; what became of an assessor's recommendations."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask.typing import ResponseReturnValue

from services.decision.access import ASSESSORS, CANDIDATES
from services.decision.pages.blueprint import pages
from services.decision.queries import cases
from services.decision.queries.work import Kind, Work, list_decision_work
from services.decision.words import OFFICE_NAMES
from shared.errors import N_
from shared.web import current_actor, gettext, reading, render_page, signed_in

TITLES = {
    Kind.FILL_OFFICE: N_("Jabatan kosong: {title}"),
    Kind.ANSWER_PROPOSAL: N_("Jawab usulan tentang jabatan {title}"),
    Kind.CALL_MEETING: N_("Panggil rapat: {count} berkas menunggu"),
    Kind.OPEN_MEETING: N_("Buka rapat di {title}"),
    Kind.CLOSE_MEETING: N_("Tutup rapat di {title}"),
    Kind.GIVE_OPINION: N_("Beri pendapat atas {count} berkas, rapat di {title}"),
    Kind.DECIDE: N_("Putuskan {count} berkas, rapat di {title}"),
    Kind.NAME_PANEL: N_("Tunjuk panel banding: {title}"),
    Kind.VOTE: N_("Beri suara dalam banding: {title}"),
    Kind.CONCLUDE: N_("Sampaikan putusan banding: {title}"),
    Kind.MAY_APPEAL: N_("Anda dapat mengajukan banding: {title}"),
    Kind.MAY_REASSESS: N_("Anda dapat meminta asesmen ulang: {title}"),
}

PLACES = {
    Kind.FILL_OFFICE: "pages.show_officers",
    Kind.ANSWER_PROPOSAL: "pages.show_officers",
    Kind.CALL_MEETING: "pages.submit_new_meeting",
    Kind.MAY_APPEAL: "pages.show_own_decision_case",
    Kind.MAY_REASSESS: "pages.show_own_decision_case",
    Kind.NAME_PANEL: "pages.show_appeal",
    Kind.VOTE: "pages.show_appeal",
    Kind.CONCLUDE: "pages.show_appeal",
}
"""Where each is done; the others on the page of the meeting."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the work list."""

    title: str
    url: str
    since: datetime | None
    until: datetime | None
    state: str = ""
    note: str = ""


@pages.get("/")
@signed_in
def show_decision_work() -> ResponseReturnValue:
    """What waits for the asker, the asker's own cases, and what became of the asker's recommendations."""
    me = current_actor()
    with reading() as session:
        work = list_decision_work(session, me)
        own = cases.list_own_decision_cases(session, me) if me.has(*CANDIDATES) else []
        outcomes = cases.list_recommendation_outcomes(session, me) if me.has(*ASSESSORS) else []
    return render_page(
        "decision/index.html",
        work=[_line(one) for one in work],
        own=own,
        outcomes=outcomes,
        only_applicant=me.roles == set(CANDIDATES),
    )


def _line(work: Work) -> Line:
    title = gettext(OFFICE_NAMES[work.office]) if work.office else work.title
    endpoint = PLACES.get(work.kind, "pages.show_meeting")
    url = url_for(endpoint, id=work.record) if work.record else url_for(endpoint)
    return Line(gettext(TITLES[work.kind], title=title, count=work.count), url, work.since, work.until)
