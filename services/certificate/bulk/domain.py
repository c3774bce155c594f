"""Acts on many certificates at once: what is planned first, then done line by line, and how far it has come."""

from collections.abc import Mapping
from enum import Enum, StrEnum

from services.certificate.domain.numbers import space_number
from services.certificate.domain.states import Act
from shared.errors import N_, Conflict


class BatchKind(StrEnum):
    """What is done to each line: the certificates of one meeting issued, or those of a list acted on."""

    ISSUE = "issue"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"


ACTS: Mapping[BatchKind, Act] = {
    BatchKind.SUSPEND: Act.SUSPEND,
    BatchKind.REINSTATE: Act.REINSTATE,
    BatchKind.WITHDRAW: Act.WITHDRAW,
}
"""The kinds that go by a list of numbers."""


class BatchState(StrEnum):
    """`prepared`: a dry run, nothing is changed. Only the chair starts it; it can be stopped and gone on with.

    `discarded`: what is left of it will not be done.
    """

    PREPARED = "prepared"
    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"
    DISCARDED = "discarded"


OPEN = (BatchState.PREPARED, BatchState.RUNNING, BatchState.STOPPED)
"""Somebody has to do something about it, or wait for it."""


class Plan(StrEnum):
    """What the dry run foresees for one line."""

    ACT = "act"
    ISSUE = "issue"
    REMIND = "remind"
    NOTHING = "nothing"


class ItemState(StrEnum):
    """`left_out` by the dry run; `refused` when it was judged again and is not possible any more."""

    PLANNED = "planned"
    LEFT_OUT = "left_out"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class BatchStep(StrEnum):
    """What is done to a batch as a whole."""

    START = "start"
    STOP = "stop"
    FINISH = "finish"
    DISCARD = "discard"


_STEPS: dict[tuple[BatchState, BatchStep], BatchState] = {
    (BatchState.PREPARED, BatchStep.START): BatchState.RUNNING,
    (BatchState.STOPPED, BatchStep.START): BatchState.RUNNING,
    (BatchState.RUNNING, BatchStep.STOP): BatchState.STOPPED,
    (BatchState.RUNNING, BatchStep.FINISH): BatchState.FINISHED,
    (BatchState.PREPARED, BatchStep.DISCARD): BatchState.DISCARDED,
    (BatchState.STOPPED, BatchStep.DISCARD): BatchState.DISCARDED,
}

_REFUSALS: dict[BatchStep, str] = {
    BatchStep.START: N_("Tindakan massal ini sedang berjalan atau sudah selesai."),
    BatchStep.STOP: N_("Hanya tindakan massal yang sedang berjalan yang dapat dihentikan."),
    BatchStep.FINISH: N_("Tindakan massal ini tidak sedang berjalan."),
    BatchStep.DISCARD: N_("Hanya uji coba atau tindakan massal yang dihentikan yang dapat dibuang."),
}

BATCH_NAMES: tuple[Mapping[Enum, str], ...] = (
    {
        BatchKind.ISSUE: N_("Penerbitan satu rapat"),
        BatchKind.SUSPEND: N_("Penangguhan menurut daftar"),
        BatchKind.REINSTATE: N_("Pemberlakuan kembali menurut daftar"),
        BatchKind.WITHDRAW: N_("Pencabutan menurut daftar"),
    },
    {
        BatchState.PREPARED: N_("Uji coba, belum dijalankan"),
        BatchState.RUNNING: N_("Sedang berjalan"),
        BatchState.STOPPED: N_("Dihentikan"),
        BatchState.FINISHED: N_("Selesai"),
        BatchState.DISCARDED: N_("Dibuang"),
    },
    {
        Plan.ACT: N_("Dijalankan"),
        Plan.ISSUE: N_("Diterbitkan"),
        Plan.REMIND: N_("Pemegang diingatkan menandatangani perjanjian"),
        Plan.NOTHING: N_("Dilewati"),
    },
    {
        ItemState.PLANNED: N_("Belum dijalankan"),
        ItemState.LEFT_OUT: N_("Dilewati"),
        ItemState.DONE: N_("Sudah dijalankan"),
        ItemState.REFUSED: N_("Tidak dapat dijalankan"),
        ItemState.FAILED: N_("Gagal"),
    },
)
"""Mappings of their own: members of two StrEnums with the same code are one key of a mapping."""


def step_batch(state: BatchState, step: BatchStep) -> BatchState:
    """The state after `step`. Raises Conflict when it is not possible in `state`."""
    found = _STEPS.get((state, step))
    if found is None:
        raise Conflict(f"batch-{state.value}", _REFUSALS[step], details={"state": state.value})
    return found


def read_certificate_number(text: str) -> str:
    """The certificate number that somebody typed, spaced as it is kept; what has not the form of one, as it stands."""
    return space_number(text) or " ".join(text.split())
