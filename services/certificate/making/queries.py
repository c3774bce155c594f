"""Why something still waits: the last error of its job, and in words what an officer can do about it."""

import re
from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.errors import N_
from shared.messaging.models import JobRow, JobState

KEY = 36
"""A job's key begins with the id of what it is about."""

STORE = N_(
    "Penyimpanan berkas tidak dapat dihubungi atau penuh. Minta operator memeriksanya; sesudah itu berjalan sendiri."
)
SIGNING = N_(
    "Kunci tanda tangan tidak dapat dipakai. Minta operator memasang kunci yang berlaku; sesudah itu berjalan sendiri."
)
CREDENTIAL = N_(
    "Kunci kredensial digital tidak dapat dipakai. Minta operator memasangnya; sesudah itu berjalan sendiri."
)
CLOCK = N_("Jam sistem tidak benar. Minta operator membetulkan jam server; sesudah itu berjalan sendiri.")
LAYOUT = N_("Tata letak sertifikat atau isinya tidak dapat dicetak. Minta operator memeriksanya, lalu tekan Coba lagi.")
SCHEME = N_("Skema atau versinya tidak dikenal sistem. Minta operator memasang berkas skema itu, lalu tekan Coba lagi.")
NUMBERS = N_("Nomor sertifikat habis untuk bentuk nomor ini. Hubungi BNSP dan operator sistem.")
OTHER = N_("Terjadi kesalahan tak terduga. Sampaikan keterangan di bawah ini kepada operator, lalu tekan Coba lagi.")

ADVICE = (
    (re.compile(r"\bstore:|StoreUnavailable"), STORE),
    (re.compile(r"\bsigning-key:|SigningKeyUnfit"), SIGNING),
    (re.compile(r"\bcredential-key:|CredentialKeyUnfit"), CREDENTIAL),
    (re.compile(r"\bclock:"), CLOCK),
    (re.compile(r"\btemplate:|DocumentError|ClaimError"), LAYOUT),
    (re.compile(r"^NotFound: "), SCHEME),
    (re.compile(r"NumbersUsedUp"), NUMBERS),
)


class Trouble(BaseModel):
    """`advice`: msgids of what to do; `error` as the operator needs it; `stopped`: it is not tried again by itself."""

    advice: list[str]
    error: str
    tries: int
    next_try_at: datetime
    stopped: bool


def find_troubles(session: Session, kind: str, ids: Iterable[str]) -> dict[str, Trouble]:
    """By id: those of the jobs of `kind` about these that have failed and wait, or were given up."""
    wanted = list(ids)
    about = func.substr(JobRow.key, 1, KEY)
    failing = select(JobRow).where(
        JobRow.kind == kind, JobRow.state != JobState.DONE, JobRow.error.is_not(None), about.in_(wanted)
    )
    return {row.key[:KEY]: _trouble(row) for row in session.scalars(failing.order_by(JobRow.id))} if wanted else {}


def find_advice(error: str) -> list[str]:
    return [words for pattern, words in ADVICE if pattern.search(error)] or [OTHER]


def _trouble(row: JobRow) -> Trouble:
    error = row.error or ""
    return Trouble(
        advice=find_advice(error),
        error=error,
        tries=row.tries,
        next_try_at=row.next_try_at,
        stopped=row.state == JobState.DEAD,
    )
