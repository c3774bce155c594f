"""Pages of cases: the list, one case, its assessor."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.assessment.access import ASSESSORS, PLANNERS, READERS, READERS_AND_PARTIES
from services.assessment.commands import assignment as commands
from services.assessment.commands.assignment import Assign, Declare
from services.assessment.commands.inputs import Reason
from services.assessment.commands.looking import open_case
from services.assessment.domain.impartiality import OBSTACLES
from services.assessment.domain.paperfile import PAPER_FILE
from services.assessment.domain.workflow import State
from services.assessment.pages.blueprint import go_to_case, pages, view_shown_case
from services.assessment.queries import cases as queries
from services.assessment.queries import registers
from services.assessment.queries.cases import CaseQuery
from shared.errors import N_
from shared.schemes import shipped_schemes
from shared.web import (
    Form,
    allow,
    current_actor,
    gettext,
    leave_notice,
    noting_look,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.get("/cases")
@allow(READERS)
def show_assessment_cases() -> ResponseReturnValue:
    """The list of all cases, filtered by state, scheme and words."""
    query: CaseQuery = read_query(CaseQuery)
    with reading() as session:
        found = queries.list_cases(session, query)
    known = [(scheme.id, str(scheme.title)) for scheme in shipped_schemes().current()]
    return render_page("assessment/cases.html", found=found, query=query, states=list(State), known=known)


@pages.get("/cases/<uuid:id>")
@allow(READERS_AND_PARTIES)
def show_assessment_case(id: UUID) -> ResponseReturnValue:
    """The case as its reader may see it, with what he or she can do now."""
    with noting_look() as session:
        found = open_case(session, current_actor(), id)
    acts = {act.value for act in found.acts}
    own = found.assessor_id != current_actor().id and not current_actor().has(*READERS)
    return render_page(
        "assessment/case.html",
        case=found,
        acts=acts,
        own=own,
        reads=current_actor().has(*READERS),
        paper_file=PAPER_FILE,
    )


@pages.get("/cases/<uuid:id>/history")
@allow(READERS)
def show_case_history(id: UUID) -> ResponseReturnValue:
    """Every act on a case, oldest first (R26)."""
    with noting_look() as session:
        found = open_case(session, current_actor(), id)
        lines = queries.list_case_history(session, current_actor(), id)
    return render_page("assessment/history.html", case=found, lines=lines)


@pages.route("/cases/<uuid:id>/assign", methods=["GET", "POST"])
@allow(PLANNERS)
def submit_assignment(id: UUID) -> ResponseReturnValue:
    """Choose the assessor: those who can be chosen, and of the others why they cannot."""
    form = Form(Assign)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.assign_assessor(session, current_actor(), id, form.value)
            return go_to_case(N_("Asesor ditugaskan. Asesor menyatakan ketidakberpihakan sebelum melihat berkas."), id)
    found = view_shown_case(id)
    with reading() as session:
        choices = registers.list_assessor_choices(session, current_actor(), id, form.at("planned_on") or None)
    free = [
        (str(one.id), gettext("{name} ({met}), {count} kasus", name=one.name, met=one.met_number, count=one.open_cases))
        for one in choices
        if not one.obstacles
    ]
    barred = [(one.name, [OBSTACLES[each] for each in one.obstacles]) for one in choices if one.obstacles]
    return render_page("assessment/assign.html", form=form, case=found, free=free, barred=barred)


@pages.route("/cases/<uuid:id>/release", methods=["GET", "POST"])
@allow(PLANNERS)
def submit_assessor_release(id: UUID) -> ResponseReturnValue:
    """Take the assessor off the case, with the reason."""
    form = Form(Reason)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.release_assessor(session, current_actor(), id, form.value)
            return go_to_case(N_("Penugasan dibatalkan. Tugaskan asesor lain."), id)
    return render_page(
        "assessment/reason.html",
        form=form,
        case=view_shown_case(id),
        heading=N_("Ganti asesor"),
        explanation=N_("Rencana dan jadwal asesor ini tidak berlaku lagi; asesor berikutnya memulai dari pra-asesmen."),
        button=N_("Batalkan penugasan"),
    )


@pages.route("/cases/<uuid:id>/declaration", methods=["GET", "POST"])
@allow(ASSESSORS)
def submit_impartiality_declaration(id: UUID) -> ResponseReturnValue:
    """The assessor's declaration, impartial or not, made before the file is seen (R4)."""
    form = Form(Declare)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                declared = commands.declare_impartiality(session, current_actor(), id, form.value)
                cleared = declared.assessor_id is not None
            if cleared:
                return go_to_case(N_("Pernyataan tercatat. Berkas asesi terbuka bagi Anda."), id)
            leave_notice(N_("Konflik kepentingan tercatat. Kasus ini ditugaskan kepada asesor lain."))
            return redirect_to("pages.show_assessment_work")
    return render_page("assessment/declaration.html", form=form, case=view_shown_case(id))
