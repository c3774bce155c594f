"""The states of one year's surveillance, and who brings it from one to the next (process 2.11).

Each `apply_...` returns the state that follows, and raises Conflict where the act is not possible in `state`.
"""

from datetime import date
from enum import Enum, StrEnum

from shared.errors import N_, Conflict


class State(StrEnum):
    """How far one year's surveillance has come."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    OVERDUE = "overdue"
    REPORTED = "reported"
    CLARIFICATION_NEEDED = "clarification_needed"
    MAINTAINED = "maintained"
    SUSPENSION_PROPOSED = "suspension_proposed"
    WITHDRAWAL_PROPOSED = "withdrawal_proposed"
    LAPSED = "lapsed"


class Outcome(StrEnum):
    """What a review may come to. The officers decide on proposals, never the reviewer (domain handbook 7)."""

    MAINTAINED = "maintained"
    CLARIFICATION_NEEDED = "clarification_needed"
    SUSPENSION_PROPOSED = "suspension_proposed"
    WITHDRAWAL_PROPOSED = "withdrawal_proposed"


STATE_NAMES: dict[Enum, str] = {
    State.SCHEDULED: N_("Terjadwal"),
    State.OPEN: N_("Menunggu laporan"),
    State.OVERDUE: N_("Terlambat"),
    State.REPORTED: N_("Menunggu tinjauan"),
    State.CLARIFICATION_NEEDED: N_("Perlu klarifikasi"),
    State.MAINTAINED: N_("Dipertahankan"),
    State.SUSPENSION_PROPOSED: N_("Diusulkan ditangguhkan"),
    State.WITHDRAWAL_PROPOSED: N_("Diusulkan dicabut"),
    State.LAPSED: N_("Gugur"),
}

REPORTABLE = frozenset({State.OPEN, State.OVERDUE, State.CLARIFICATION_NEEDED, State.SUSPENSION_PROPOSED})
"""The holder may still mend: before a review, when asked, and while a suspension is only proposed."""

PROPOSED = frozenset({State.SUSPENSION_PROPOSED, State.WITHDRAWAL_PROPOSED})
"""What the officers have to decide on."""

UNFINISHED = frozenset({State.SCHEDULED, State.OPEN, State.OVERDUE, State.REPORTED, State.CLARIFICATION_NEEDED})
"""What the end of the certificate, or the one that follows it, makes pointless."""

_REVIEWABLE: dict[Outcome, frozenset[State]] = {
    Outcome.MAINTAINED: frozenset({State.REPORTED}),
    Outcome.CLARIFICATION_NEEDED: frozenset({State.REPORTED}),
    Outcome.SUSPENSION_PROPOSED: frozenset({State.REPORTED, State.OVERDUE, State.CLARIFICATION_NEEDED}),
    Outcome.WITHDRAWAL_PROPOSED: frozenset(
        {State.REPORTED, State.OVERDUE, State.CLARIFICATION_NEEDED, State.SUSPENSION_PROPOSED}
    ),
}


def apply_opening(state: State) -> State:
    """The window for the report opens, 60 days before the anniversary unless set otherwise (domain handbook 7)."""
    if state is not State.SCHEDULED:
        raise _wrong("surveillance-not-scheduled", state)
    return State.OPEN


def apply_overdue(state: State) -> State:
    """The anniversary has passed without a report; it can still be handed in."""
    if state is not State.OPEN:
        raise _wrong("surveillance-not-open", state)
    return State.OVERDUE


def apply_report(state: State) -> State:
    """The holder hands the report in, for the first time or in answer to a clarification."""
    if state is State.SCHEDULED:
        raise Conflict(
            "surveillance-not-open",
            N_("Laporan tahun ini belum dibuka. Anda akan diberi tahu lewat surel ketika waktunya tiba."),
        )
    if state not in REPORTABLE:
        raise _wrong("surveillance-not-reportable", state)
    return State.REPORTED


def apply_review(state: State, outcome: Outcome, *, answer_by: date | None, today: date) -> State:
    """The reviewer says what the report comes to.

    A silent holder can be proposed for suspension without a report, but one who was asked for clarification has the
    whole time given for it (`answer_by`, still in time on that day).
    """
    if state not in _REVIEWABLE[outcome]:
        raise _wrong("surveillance-not-reviewable", state)
    if state is State.CLARIFICATION_NEEDED and answer_by is not None and today <= answer_by:
        raise Conflict(
            "clarification-still-open",
            N_("Pemegang sertifikat masih dapat menjawab sampai {until}. Tunggu jawabannya atau tanggal itu lewat."),
            until=answer_by,
        )
    return State(outcome.value)


def list_possible_outcomes(state: State, *, answer_by: date | None, today: date) -> list[Outcome]:
    """The outcomes that a review can come to in `state`, in the order they are offered; none when it is over."""
    found: list[Outcome] = []
    for outcome in Outcome:
        try:
            apply_review(state, outcome, answer_by=answer_by, today=today)
        except Conflict:
            continue
        found.append(outcome)
    return found


def apply_lapse(state: State) -> State:
    """The certificate has ended or another follows it: nothing is left to report."""
    if state not in UNFINISHED:
        raise _wrong("surveillance-finished", state)
    return State.LAPSED


def _wrong(code: str, state: State) -> Conflict:
    return Conflict(
        code, N_("Surveilan ini berstatus {state}; langkah itu tidak dapat dilakukan sekarang."), state=state
    )
