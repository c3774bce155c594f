"""The appeals for officers and panels (process 2.10; R7, R9, R10)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.decision.access import APPEAL_OVERSEERS, APPEAL_READERS, HEARERS, NAMERS, is_panel_namer_today
from services.decision.commands import looking
from services.decision.commands import panels as commands
from services.decision.commands.inputs import Input, Reasons
from services.decision.domain.appeals import Vote
from services.decision.domain.workflow import AppealState
from services.decision.pages.blueprint import pages, prepare_forms
from services.decision.queries import appeals as queries
from services.decision.queries.declarations import list_declared
from services.decision.queries.panels import list_panel_candidates
from services.decision.queries.views import AppealView
from shared.errors import N_
from shared.web import (
    Form,
    PageQuery,
    allow,
    current_actor,
    leave_notice,
    noting_look,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


class ConcludeForm(Input):
    """The outcome's reasons; a name of its own, since the page also asks for the reasons of a vote."""

    outcome_reasons: Reasons


@pages.get("/appeals")
@allow(APPEAL_OVERSEERS)
def show_appeals() -> ResponseReturnValue:
    """The list of appeals, filtered by state."""
    query = read_query(PageQuery)
    with reading() as session:
        found = queries.list_appeals(session, query)
    return render_page("decision/appeals.html", appeals=found, query=query, states=list(AppealState))


@pages.get("/appeals/<uuid:id>")
@allow(APPEAL_READERS)
def show_appeal(id: UUID) -> ResponseReturnValue:
    """One appeal with its file, its panel and earlier similar outcomes (R10)."""
    return _appeal_page(id)


@pages.post("/appeals/<uuid:id>/panel")
@allow(NAMERS)
def submit_panel(id: UUID) -> ResponseReturnValue:
    """Name the three who hear the appeal (R7)."""
    form = Form(commands.NamePanel)

    def act(session: Session) -> object:
        return commands.name_panel(session, current_actor(), id, form.value)

    return _do(id, form, act, N_("Panel ditunjuk; pemohon banding diberi tahu."))


@pages.post("/appeals/<uuid:id>/votes")
@allow(HEARERS)
def submit_vote(id: UUID) -> ResponseReturnValue:
    """The asking panel member's vote."""
    form = Form(commands.CastVote)

    def act(session: Session) -> object:
        return commands.cast_vote(session, current_actor(), id, form.value)

    return _do(id, form, act, N_("Suara Anda dicatat."))


@pages.post("/appeals/<uuid:id>/step-down")
@allow(HEARERS)
def submit_step_down(id: UUID) -> ResponseReturnValue:
    """The asking panel member keeps out because of a conflict (R7)."""
    form = Form(commands.StepDown)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.step_down_from_panel(session, current_actor(), id, form.value)
            leave_notice(N_("Pengunduran diri dari panel dicatat."))
            return redirect_to("pages.show_decision_work")
    return _appeal_page(id, form)


@pages.post("/appeals/<uuid:id>/outcome")
@allow(HEARERS)
def submit_appeal_outcome(id: UUID) -> ResponseReturnValue:
    """State the outcome the votes came to (R9)."""
    form = Form(ConcludeForm)

    def act(session: Session) -> object:
        return commands.conclude_appeal(
            session, current_actor(), id, commands.Conclude(reasons=form.value.outcome_reasons)
        )

    return _do(id, form, act, N_("Putusan banding disampaikan."))


def _do(id: UUID, form: Form[Any], act: Callable[[Session], object], done: str) -> ResponseReturnValue:
    given = (lambda data: {"panel": [], **data}) if form.model is commands.NamePanel else None
    if form.submitted(given):
        with form.refusing():
            with unit_of_work() as session:
                act(session)
            leave_notice(done)
            return redirect_to("pages.show_appeal", id=id)
    return _appeal_page(id, form)


def _appeal_page(id: UUID, form: Form[Any] | None = None) -> ResponseReturnValue:
    me = current_actor()
    with noting_look() as session:
        found = looking.open_appeal(session, me, id)
        names = is_panel_namer_today(session, me) and _needs_panel(found)
        declared = bool(list_declared(session, me.id, [found.case_id]))
        people = list_panel_candidates(session, queries.find_visible_appeal(session, me, id)) if names else []
    seat = next((one for one in found.panel if one.account_id == me.id and one.declined_at is None), None)
    running = found.state is AppealState.IN_REVIEW
    return render_page(
        "decision/appeal.html",
        form=form,
        forms=prepare_forms(form, commands.CastVote, commands.StepDown, ConcludeForm),
        panel_form=_panel_form(form, found),
        appeal=found,
        people=[(str(row.id), row.name) for row in people],
        names_panel=names,
        declared=declared,
        seat=seat if running else None,
        may_conclude=running and seat is not None and _all_voted(found),
        votes=list(Vote),
    )


def _panel_form(form: Form[Any] | None, appeal: AppealView) -> Form[Any]:
    if form is not None and form.model is commands.NamePanel:
        return form
    return Form(commands.NamePanel, values={"panel": [str(one.account_id) for one in _seated(appeal)]})


def _seated(appeal: AppealView) -> list[Any]:
    return [one for one in appeal.panel if one.declined_at is None]


def _needs_panel(appeal: AppealView) -> bool:
    return not appeal.state.ended and len(_seated(appeal)) < 3


def _all_voted(appeal: AppealView) -> bool:
    return len(_seated(appeal)) == 3 and all(one.vote for one in _seated(appeal))
