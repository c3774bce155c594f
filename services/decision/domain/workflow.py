"""What may follow what: the states of a case, a meeting and an appeal, and the acts that lead from one to the next."""

from enum import StrEnum

from shared.errors import N_, Conflict


class CaseState(StrEnum):
    """Where a case is on its way through this stage."""

    AWAITING_MEETING = "awaiting_meeting"
    ON_AGENDA = "on_agenda"
    DISCUSSED = "discussed"
    DECIDED_K = "decided_k"
    DECIDED_BK = "decided_bk"
    APPEALED = "appealed"
    REASSESSMENT_ORDERED = "reassessment_ordered"
    CLOSED = "closed"


class CaseAct(StrEnum):
    """What moves a case on."""

    PUT_ON_AGENDA = "put_on_agenda"
    DEFER = "defer"
    DISCUSS = "discuss"
    REOPEN_DISCUSSION = "reopen_discussion"
    DECIDE_K = "decide_k"
    DECIDE_BK = "decide_bk"
    APPEAL = "appeal"
    DISMISS = "dismiss"
    ORDER_REASSESSMENT = "order_reassessment"
    REQUEST_REASSESSMENT = "request_reassessment"
    GIVE_UP = "give_up"
    RECOMMEND_AGAIN = "recommend_again"
    LET_LAPSE = "let_lapse"
    WITHDRAW = "withdraw"


_CASE: dict[CaseAct, tuple[frozenset[CaseState], CaseState]] = {
    CaseAct.PUT_ON_AGENDA: (frozenset({CaseState.AWAITING_MEETING}), CaseState.ON_AGENDA),
    CaseAct.DEFER: (frozenset({CaseState.ON_AGENDA, CaseState.DISCUSSED}), CaseState.AWAITING_MEETING),
    CaseAct.DISCUSS: (frozenset({CaseState.ON_AGENDA}), CaseState.DISCUSSED),
    CaseAct.REOPEN_DISCUSSION: (frozenset({CaseState.DISCUSSED}), CaseState.ON_AGENDA),
    CaseAct.DECIDE_K: (frozenset({CaseState.DISCUSSED}), CaseState.DECIDED_K),
    CaseAct.DECIDE_BK: (frozenset({CaseState.DISCUSSED}), CaseState.DECIDED_BK),
    CaseAct.APPEAL: (frozenset({CaseState.DECIDED_BK}), CaseState.APPEALED),
    CaseAct.DISMISS: (frozenset({CaseState.APPEALED}), CaseState.DECIDED_BK),
    CaseAct.ORDER_REASSESSMENT: (frozenset({CaseState.APPEALED}), CaseState.REASSESSMENT_ORDERED),
    CaseAct.REQUEST_REASSESSMENT: (frozenset({CaseState.DECIDED_BK}), CaseState.REASSESSMENT_ORDERED),
    CaseAct.GIVE_UP: (frozenset({CaseState.DECIDED_BK}), CaseState.CLOSED),
    CaseAct.RECOMMEND_AGAIN: (frozenset({CaseState.REASSESSMENT_ORDERED}), CaseState.AWAITING_MEETING),
    CaseAct.LET_LAPSE: (frozenset({CaseState.DECIDED_BK}), CaseState.CLOSED),
    CaseAct.WITHDRAW: (
        frozenset(
            {
                CaseState.AWAITING_MEETING,
                CaseState.ON_AGENDA,
                CaseState.DISCUSSED,
                CaseState.REASSESSMENT_ORDERED,
            }
        ),
        CaseState.CLOSED,
    ),
}

_REFUSALS = {
    CaseAct.PUT_ON_AGENDA: N_("Berkas ini tidak sedang menunggu rapat; muat ulang daftar lalu pilih lagi."),
    CaseAct.DECIDE_K: N_("Berkas ini belum selesai dibahas atau sudah diputuskan; muat ulang halaman rapat."),
    CaseAct.DECIDE_BK: N_("Berkas ini belum selesai dibahas atau sudah diputuskan; muat ulang halaman rapat."),
    CaseAct.APPEAL: N_("Banding hanya dapat diajukan terhadap putusan Belum Kompeten yang berlaku."),
    CaseAct.REQUEST_REASSESSMENT: N_(
        "Asesmen ulang diminta setelah putusan Belum Kompeten, selama banding atau asesmen ulang tidak sedang berjalan."
    ),
    CaseAct.GIVE_UP: N_(
        "Perkara ditutup setelah putusan Belum Kompeten, selama banding atau asesmen ulang tidak sedang berjalan."
    ),
}
_REFUSAL = N_("Status berkas tidak mengizinkan tindakan ini; muat ulang halaman untuk melihat status terbaru.")


def is_act_allowed(state: CaseState, act: CaseAct) -> bool:
    """Whether a case in `state` allows `act`."""
    return state in _CASE[act][0]


def apply_decision_act(state: CaseState, act: CaseAct) -> CaseState:
    """The state after `act` (process 2.8 to 2.10). Raises Conflict `case-state` when `state` does not allow it."""
    before, after = _CASE[act]
    if state not in before:
        raise Conflict("case-state", _REFUSALS.get(act, _REFUSAL), details={"state": state.value})
    return after


class MeetingState(StrEnum):
    """Where a meeting is: called, open, closed, or called off."""

    CALLED = "called"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


def require_meeting_state(state: MeetingState, *wanted: MeetingState) -> None:
    """Refuse an act on a meeting that is in none of the `wanted` states.

    Raises Conflict `meeting-state` with what to do.
    """
    if state in wanted:
        return
    message = {
        MeetingState.CALLED: N_("Rapat belum dibuka; catat kehadiran dan buka rapat dahulu."),
        MeetingState.OPEN: N_("Rapat sudah dibuka; tindakan ini hanya dapat dilakukan sebelum rapat dibuka."),
        MeetingState.CLOSED: N_("Rapat sudah ditutup; panggil rapat baru untuk berkas yang belum diputuskan."),
        MeetingState.CANCELLED: N_("Rapat sudah dibatalkan; panggil rapat baru."),
    }[state]
    raise Conflict("meeting-state", message, details={"state": state.value})


class AppealState(StrEnum):
    """`RECEIVED` waits for a panel, `IN_REVIEW` for its votes; the other two are the formal end (R9)."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    UPHELD = "upheld"
    DISMISSED = "dismissed"

    @property
    def ended(self) -> bool:
        """Whether the panel has concluded the appeal."""
        return self in (AppealState.UPHELD, AppealState.DISMISSED)
