"""Trial systems only: moving the clock everybody works by, so that a year can be shown in a minute."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared import clock
from shared.audit import record_act
from shared.contracts.registration import ClockMoved
from shared.database.trial_clock import move_clock
from shared.errors import N_, Invalid
from shared.messaging.models import OutboxRow
from shared.messaging.outbox import announce
from shared.security.actor import Actor

SUBJECT = "clock/trial"
FURTHEST = 20 * 366 * 86400


@dataclass(slots=True)
class TrialClockTold:
    """The clock as what a fact is about.

    Its sequence is never below the second in which it is told: the outbox, from which the last one is read, is swept.
    """

    sequence: int

    @property
    def subject(self) -> str:
        """What the fact is about, as every aggregate says it."""
        return SUBJECT


def move_trial_clock(session: Session, actor: Actor, ahead_seconds: int) -> int:
    """Set the body's time `ahead_seconds` seconds ahead of the real one and return them; every service follows.

    Raises Invalid outside of 0 to 20 years, and Forbidden unless this is a trial system.
    """
    if not 0 <= ahead_seconds <= FURTHEST:
        message = N_("Jam dapat dimajukan 0 sampai 20 tahun.")
        raise Invalid("clock-out-of-range", message, fields={"offset_seconds": message})
    before = clock.seconds_ahead()
    move_clock(session, ahead_seconds)
    told = session.scalar(select(func.max(OutboxRow.sequence)).where(OutboxRow.subject == SUBJECT)) or 0
    about = TrialClockTold(max(told, int(clock.real_now().timestamp())))
    announce(session, about, ClockMoved(offset_seconds=ahead_seconds))
    record_act(session, actor, "trial:move-clock", SUBJECT, {"ahead": before}, {"ahead": ahead_seconds})
    return ahead_seconds
