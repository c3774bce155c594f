"""One case of a meeting: the recommendation, keeping out of it, the opinion, the decision (R1, R13)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.decision.access import MEMBERS, READERS
from services.decision.commands import deciding, loading, looking, opinions
from services.decision.commands.inputs import Input, Note, Reasons
from services.decision.domain.impartiality import DECLARABLE, Ground
from services.decision.domain.judging import Opinion
from services.decision.domain.workflow import CaseState, MeetingState
from services.decision.models import ItemState
from services.decision.pages.blueprint import pages, prepare_forms
from services.decision.queries import meetings as queries
from services.decision.queries.declarations import list_declared
from services.decision.queries.views import ItemView
from shared.contracts.words import Judgement
from shared.errors import N_, NotFound
from shared.web import Form, allow, current_actor, leave_notice, redirect_to, render_page, unit_of_work


class Judged(Input):
    """One row of the decision form."""

    unit: str
    judgement: Judgement


class DecideForm(Input):
    """The judgement of every unit of the attempt, and the reason for deviations."""

    units: list[Judged]
    reason: Note = ""


class RecuseForm(Input):
    """Why the member keeps out; a name of its own, since the page also asks for the reason of a decision."""

    ground: Ground
    explanation: Reasons


class Opine(Input):
    """The member's opinion on this case."""

    opinion: Opinion
    note: Note = ""


@pages.get("/meetings/<uuid:id>/cases/<uuid:case_id>")
@allow(READERS)
def show_meeting_case(id: UUID, case_id: UUID) -> ResponseReturnValue:
    """One case of a meeting: what was recommended, who keeps out, who said what."""
    return _case_page(id, case_id)


@pages.post("/meetings/<uuid:id>/cases/<uuid:case_id>/recusals")
@allow(MEMBERS)
def submit_recusal(id: UUID, case_id: UUID) -> ResponseReturnValue:
    """The asking member keeps out of the case (R1)."""
    form = Form(RecuseForm)

    def act(session: Session) -> object:
        declared = opinions.Recuse(ground=form.value.ground, reason=form.value.explanation)
        return opinions.recuse_member(session, current_actor(), id, case_id, declared)

    return _do(form, act, N_("Pengunduran diri dicatat; Anda tidak ikut membahas berkas ini."), id, case_id)


@pages.post("/meetings/<uuid:id>/cases/<uuid:case_id>/opinion")
@allow(MEMBERS)
def submit_opinion(id: UUID, case_id: UUID) -> ResponseReturnValue:
    """The asking member's opinion on the case."""
    form = Form(Opine)

    def act(session: Session) -> object:
        given = opinions.GiveOpinion(case_ids=[case_id], opinion=form.value.opinion, note=form.value.note)
        return opinions.give_opinion(session, current_actor(), id, given)

    return _do(form, act, N_("Pendapat dicatat."), id, case_id)


@pages.post("/meetings/<uuid:id>/cases/<uuid:case_id>/decision")
@allow(MEMBERS)
def submit_decision(id: UUID, case_id: UUID) -> ResponseReturnValue:
    """The chair's decision on the case; its file is frozen with it (R12, R13)."""
    form = Form(DecideForm)

    def act(session: Session) -> object:
        units = {row.unit: row.judgement for row in form.value.units}
        command = deciding.CaseDecision(case_id=case_id, units=units, reason=form.value.reason)
        return deciding.decide_case(session, current_actor(), id, command)

    return _do(form, act, N_("Putusan dicatat dan berkas dibekukan."), id, case_id)


def _do(form: Form[Any], act: Callable[[Session], object], done: str, id: UUID, case_id: UUID) -> ResponseReturnValue:
    """Do it and show the case again; refused, show it with the form as it was sent."""
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                act(session)
            leave_notice(done)
            return redirect_to("pages.show_meeting_case", id=id, case_id=case_id)
    return _case_page(id, case_id, form)


def _case_page(id: UUID, case_id: UUID, form: Form[Any] | None = None) -> ResponseReturnValue:
    me = current_actor()
    with unit_of_work() as session:
        meeting, item = queries.view_meeting_case(session, me, id, case_id)
        if item is None:
            raise NotFound("case-unknown", loading.NO_CASE)
        looking.note_case_look(session, me, case_id)
        declared = bool(list_declared(session, me.id, [case_id]))
    member = next((one for one in meeting.members if one.account_id == me.id), None)
    recused = any(one.member_id == me.id for one in item.recusals)
    pending = item.state is ItemState.PENDING and meeting.state in (MeetingState.CALLED, MeetingState.OPEN)
    sits = member is not None and member.present and meeting.state is MeetingState.OPEN
    return render_page(
        "decision/meeting_case.html",
        form=form,
        forms=prepare_forms(form, RecuseForm, Opine),
        decide_form=_decide_form(form, item),
        meeting=meeting,
        item=item,
        may_recuse=pending and member is not None,
        sits_on_case=member is not None,
        must_declare=pending and sits and not declared,
        may_speak=pending and sits and not recused and declared,
        may_decide=pending and declared and item.case.state is CaseState.DISCUSSED and item.decider == me.id,
        recused=recused,
        assessed=[unit for unit in item.units if unit.recommended is not None],
        opinions=list(Opinion),
        grounds=list(DECLARABLE),
        judgements=list(Judgement),
        mine=next((one for one in item.opinions if one.member_id == me.id), None),
        names={one.account_id: one.name for one in meeting.members},
    )


def _decide_form(form: Form[Any] | None, item: ItemView) -> Form[Any]:
    """The form as it was sent, or filled with what the assessor recommends."""
    if form is not None and form.model is DecideForm:
        return form
    rows = [{"unit": unit.unit, "judgement": unit.recommended} for unit in item.units if unit.recommended is not None]
    return Form(DecideForm, values={"units": rows})
