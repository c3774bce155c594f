"""From when to when a certificate holds, and what it is on a given day."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from services.certificate.domain.states import LIVING, State
from shared.clock import JAKARTA
from shared.errors import N_, Invalid

YEAR_WORDS = {1: "satu", 2: "dua", 3: "tiga", 4: "empat", 5: "lima", 6: "enam", 7: "tujuh", 8: "delapan", 9: "sembilan",
              10: "sepuluh"}  # fmt: skip
YEAR_WORDS_EN = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine",
                 10: "ten"}  # fmt: skip


def compute_last_day(issued_on: date, years: int) -> date:
    """The last day of validity: the same date `years` later, 28 February where the 29th is missing."""
    year = issued_on.year + years
    return issued_on.replace(year=year, day=min(issued_on.day, monthrange(year, issued_on.month)[1]))


def compute_retention_end(last_day: date, years: int) -> datetime:
    """Until when the file must be kept: `years` beyond the last day of validity (R23; ISO/IEC 17024 7.1)."""
    return datetime.combine(compute_last_day(last_day, years) + timedelta(days=1), time(), tzinfo=JAKARTA).astimezone(
        UTC
    )


def judge_state_on(state: State, last_day: date, today: date) -> State:
    """Return the state of the certificate on a day, also when the timer that writes it down has not come round yet."""
    return State.EXPIRED if state in LIVING and today > last_day else state


def check_suspension_limit(until: date, today: date, last_day: date) -> None:
    """A suspension has a limit, in the time the certificate would be valid anyway (R15). Raises Invalid."""
    if until <= today:
        raise Invalid(
            "suspension-limit",
            N_("Batas penangguhan tidak tepat."),
            fields={"until": N_("Pilih tanggal setelah hari ini.")},
        )
    if until > last_day:
        raise Invalid(
            "suspension-limit",
            N_("Batas penangguhan tidak tepat."),
            fields={"until": N_("Pilih tanggal sebelum masa berlaku sertifikat berakhir.")},
        )
