"""The life of an order and of a certificate: which act is possible when (ISO/IEC 17024 9.5)."""

from collections.abc import Mapping
from enum import Enum, StrEnum

from shared.errors import N_, Conflict


class OrderState(StrEnum):
    """Of what is on its way to a certificate; one per application. `cleared`: nothing is missing but the number."""

    CANDIDATE = "candidate"
    ORDERED = "ordered"
    CLEARED = "cleared"
    FULFILLED = "fulfilled"


class State(StrEnum):
    """Of a certificate. `numbered` has its number and is being made; nobody outside hears of it before `valid`.

    `reduced` holds like `valid`, for fewer units than it was issued for (R16).
    """

    NUMBERED = "numbered"
    VALID = "valid"
    REDUCED = "reduced"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOIDED = "voided"


class Act(StrEnum):
    """What can be done to a certificate (ISO/IEC 17024 9.5)."""

    ISSUE = "issue"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    REISSUE = "reissue"
    REDUCE = "reduce"
    VOID = "void"


MOVES: dict[tuple[State, Act], State] = {
    (State.NUMBERED, Act.ISSUE): State.VALID,
    (State.NUMBERED, Act.VOID): State.VOIDED,
    (State.VALID, Act.SUSPEND): State.SUSPENDED,
    (State.VALID, Act.REISSUE): State.VALID,
    (State.VALID, Act.REDUCE): State.REDUCED,
    (State.VALID, Act.WITHDRAW): State.WITHDRAWN,
    (State.VALID, Act.EXPIRE): State.EXPIRED,
    (State.REDUCED, Act.SUSPEND): State.SUSPENDED,
    (State.REDUCED, Act.REISSUE): State.REDUCED,
    (State.REDUCED, Act.REDUCE): State.REDUCED,
    (State.REDUCED, Act.WITHDRAW): State.WITHDRAWN,
    (State.REDUCED, Act.EXPIRE): State.EXPIRED,
    (State.SUSPENDED, Act.REINSTATE): State.VALID,
    (State.SUSPENDED, Act.REDUCE): State.REDUCED,
    (State.SUSPENDED, Act.WITHDRAW): State.WITHDRAWN,
    (State.SUSPENDED, Act.EXPIRE): State.EXPIRED,
}

PUBLIC = (State.VALID, State.REDUCED, State.SUSPENDED, State.WITHDRAWN, State.EXPIRED)
"""The states the check page knows: those of a certificate that was handed out."""
LIVING = (State.VALID, State.REDUCED, State.SUSPENDED)
STATES_IN_FORCE = (State.VALID, State.REDUCED)
"""The states in which a certificate may be relied upon."""

STATE_NAMES: Mapping[Enum, str] = {
    OrderState.CANDIDATE: N_("Menunggu keputusan"),
    OrderState.ORDERED: N_("Menunggu persyaratan"),
    OrderState.CLEARED: N_("Menunggu nomor"),
    OrderState.FULFILLED: N_("Bernomor"),
    State.NUMBERED: N_("Sedang diterbitkan"),
    State.VALID: N_("Berlaku"),
    State.REDUCED: N_("Berlaku, lingkup dikurangi"),
    State.SUSPENDED: N_("Ditangguhkan"),
    State.WITHDRAWN: N_("Dicabut"),
    State.EXPIRED: N_("Kedaluwarsa"),
    State.VOIDED: N_("Nomor dibatalkan"),
}

_REFUSALS: dict[Act, str] = {
    Act.ISSUE: N_("Sertifikat ini sudah diterbitkan atau nomornya dibatalkan."),
    Act.SUSPEND: N_("Hanya sertifikat yang berlaku yang dapat ditangguhkan."),
    Act.REINSTATE: N_("Hanya sertifikat yang ditangguhkan yang dapat diberlakukan kembali."),
    Act.WITHDRAW: N_("Hanya sertifikat yang berlaku atau ditangguhkan yang dapat dicabut."),
    Act.EXPIRE: N_("Sertifikat ini tidak sedang berlaku."),
    Act.REISSUE: N_("Hanya sertifikat yang berlaku yang dapat diperbaiki datanya."),
    Act.REDUCE: N_("Hanya sertifikat yang berlaku atau ditangguhkan yang lingkupnya dapat dikurangi."),
    Act.VOID: N_("Hanya nomor yang sertifikatnya belum terbit yang dapat dibatalkan."),
}


def apply_certificate_act(state: State, act: Act, *, reduced: bool = False) -> State:
    """The state after `act`; a certificate whose scope was `reduced` stays so when it is reinstated.

    Raises Conflict when the act is not possible in `state`.
    """
    found = MOVES.get((state, act))
    if found is None:
        raise Conflict(f"certificate-{state.value}", _REFUSALS[act], details={"state": state.value})
    return State.REDUCED if reduced and found is State.VALID else found
