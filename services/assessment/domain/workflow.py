"""The way of one case through the stage, as a table: what is not in it cannot be done."""

from enum import Enum, StrEnum

from shared.contracts.words import Involvement
from shared.errors import N_, Conflict


class State(StrEnum):
    """Where a case is on its way through this stage."""

    AWAITING_ASSESSOR = "awaiting_assessor"
    ASSIGNED = "assigned"
    CLEARED = "cleared"
    PRE_ASSESSMENT_SCHEDULED = "pre_assessment_scheduled"
    RETURNED = "returned"
    PLAN_PROPOSED = "plan_proposed"
    AGREED = "agreed"
    ASSESSMENT_SCHEDULED = "assessment_scheduled"
    READY = "ready"
    ASSESSED = "assessed"
    RECOMMENDED = "recommended"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class Act(StrEnum):
    """What can be done to a case; the value stands in the audit log."""

    ASSIGN = "assign"
    CLEAR = "clear"
    BLOCK = "block"
    RELEASE = "release"
    SCHEDULE_PRE_ASSESSMENT = "schedule_pre_assessment"
    DRAFT_PLAN = "draft_plan"
    RETURN = "return"
    RESUBMIT = "resubmit"
    PROPOSE_PLAN = "propose_plan"
    AGREE = "agree"
    DISAGREE = "disagree"
    SCHEDULE_ASSESSMENT = "schedule_assessment"
    POSTPONE = "postpone"
    CONFIRM = "confirm"
    BE_READY = "be_ready"
    RECORD = "record"
    COMPLETE_RECORD = "complete_record"
    RECOMMEND = "recommend"
    CANCEL = "cancel"


STATE_NAMES: dict[Enum, str] = {
    State.AWAITING_ASSESSOR: N_("menunggu asesor"),
    State.ASSIGNED: N_("menunggu pernyataan asesor"),
    State.CLEARED: N_("menunggu jadwal pra-asesmen"),
    State.PRE_ASSESSMENT_SCHEDULED: N_("pra-asesmen dijadwalkan"),
    State.RETURNED: N_("dikembalikan kepada asesi"),
    State.PLAN_PROPOSED: N_("menunggu persetujuan asesi"),
    State.AGREED: N_("menunggu jadwal asesmen"),
    State.ASSESSMENT_SCHEDULED: N_("asesmen dijadwalkan"),
    State.READY: N_("siap diases"),
    State.ASSESSED: N_("menunggu rekomendasi"),
    State.RECOMMENDED: N_("direkomendasikan"),
    State.CANCELLED: N_("dibatalkan"),
    State.REFUSED: N_("ditolak: perlu permohonan baru"),
}

FINAL = frozenset({State.RECOMMENDED, State.CANCELLED, State.REFUSED})
"""What nothing leads out of: a recommendation is never taken back here, and no state is a decision (R2)."""

BEFORE_THE_DAY = (
    State.ASSIGNED,
    State.CLEARED,
    State.PRE_ASSESSMENT_SCHEDULED,
    State.PLAN_PROPOSED,
    State.AGREED,
    State.ASSESSMENT_SCHEDULED,
)
"""While the assessor may still be changed."""

BOOKED = (State.ASSESSMENT_SCHEDULED, State.READY, State.ASSESSED)
"""While a session takes up the time of the assessor and the candidate."""

SEATED = (*BOOKED, State.RECOMMENDED)
"""Who sits, or sat, in the sitting of the case."""

TRANSITIONS: dict[tuple[State, Act], State] = {
    (State.AWAITING_ASSESSOR, Act.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Act.CLEAR): State.CLEARED,
    **{(state, Act.BLOCK): State.AWAITING_ASSESSOR for state in BEFORE_THE_DAY},
    **{(state, Act.RELEASE): State.AWAITING_ASSESSOR for state in BEFORE_THE_DAY},
    (State.CLEARED, Act.SCHEDULE_PRE_ASSESSMENT): State.PRE_ASSESSMENT_SCHEDULED,
    (State.PRE_ASSESSMENT_SCHEDULED, Act.SCHEDULE_PRE_ASSESSMENT): State.PRE_ASSESSMENT_SCHEDULED,
    (State.PRE_ASSESSMENT_SCHEDULED, Act.DRAFT_PLAN): State.PRE_ASSESSMENT_SCHEDULED,
    (State.PRE_ASSESSMENT_SCHEDULED, Act.RETURN): State.RETURNED,
    (State.RETURNED, Act.RESUBMIT): State.CLEARED,
    (State.PRE_ASSESSMENT_SCHEDULED, Act.PROPOSE_PLAN): State.PLAN_PROPOSED,
    (State.PLAN_PROPOSED, Act.PROPOSE_PLAN): State.PLAN_PROPOSED,
    (State.PLAN_PROPOSED, Act.AGREE): State.AGREED,
    (State.PLAN_PROPOSED, Act.DISAGREE): State.PRE_ASSESSMENT_SCHEDULED,
    (State.AGREED, Act.SCHEDULE_ASSESSMENT): State.ASSESSMENT_SCHEDULED,
    (State.ASSESSMENT_SCHEDULED, Act.SCHEDULE_ASSESSMENT): State.ASSESSMENT_SCHEDULED,
    (State.ASSESSMENT_SCHEDULED, Act.POSTPONE): State.AGREED,
    (State.READY, Act.POSTPONE): State.AGREED,
    (State.ASSESSED, Act.POSTPONE): State.AGREED,
    (State.ASSESSMENT_SCHEDULED, Act.CONFIRM): State.ASSESSMENT_SCHEDULED,
    (State.ASSESSMENT_SCHEDULED, Act.BE_READY): State.READY,
    (State.READY, Act.RECORD): State.READY,
    (State.READY, Act.COMPLETE_RECORD): State.ASSESSED,
    (State.ASSESSED, Act.RECORD): State.ASSESSED,
    (State.ASSESSED, Act.COMPLETE_RECORD): State.ASSESSED,
    (State.ASSESSED, Act.RECOMMEND): State.RECOMMENDED,
    **{(state, Act.CANCEL): State.CANCELLED for state in State if state not in FINAL},
}


PARTS_OF_ACTS: dict[Act, Involvement] = {
    **dict.fromkeys((Act.DRAFT_PLAN, Act.PROPOSE_PLAN, Act.RETURN), Involvement.PRE_ASSESSED),
    **dict.fromkeys((Act.RECORD, Act.COMPLETE_RECORD, Act.RECOMMEND), Involvement.ASSESSED),
}
"""The part that the assessor of the case has by an act, for ever, also once released."""


def apply_assessment_act(state: State, act: Act) -> State:
    """The state `act` leads to. Raises Conflict when the state does not allow it."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Conflict(
            "case-state",
            N_("Kasus ini berstatus {state}; tindakan ini tidak dapat dilakukan pada tahap itu."),
            details={"state": state.value, "act": act.value},
            state=state,
        ) from None


def check_assessment_act(state: State, act: Act) -> None:
    """Raises Conflict `case-state` when a case in `state` does not allow `act`."""
    apply_assessment_act(state, act)


def check_may_postpone(state: State, is_planner: bool) -> None:
    """A complete record is set aside by who plans alone, as when the MET ran out before the recommendation (R5).

    Raises Conflict `record-complete` for its assessor, who would otherwise judge again what was judged.
    """
    if state is State.ASSESSED and not is_planner:
        raise Conflict(
            "record-complete",
            N_("Catatan asesmen sudah lengkap. Bila asesmen harus diulang, minta sekretariat menundanya."),
        )


def list_assessment_acts(state: State) -> frozenset[Act]:
    """What can be done now."""
    return frozenset(act for at, act in TRANSITIONS if at == state)
