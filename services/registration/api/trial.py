"""Trial systems only: the clock."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from services.registration.access import CLOCK_MOVERS
from services.registration.api.blueprint import api
from services.registration.commands import trial
from shared import clock
from shared.errors import N_
from shared.web import allow, current_actor, unit_of_work

DAY = 86400


class MoveClock(BaseModel):
    """How far ahead of the real time the body's time is to be: in seconds or in days, one of the two."""

    offset_seconds: Annotated[int, Field(ge=0, le=trial.FURTHEST)] | None = None
    days: Annotated[int, Field(ge=0, le=trial.FURTHEST // DAY)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.offset_seconds is None) == (self.days is None):
            raise ValueError(N_("Isi offset_seconds atau days, salah satu saja."))
        return self

    def seconds(self) -> int:
        """How far ahead, in seconds, whichever way it was given."""
        return self.offset_seconds if self.offset_seconds is not None else (self.days or 0) * DAY


class ClockView(BaseModel):
    """The body's time, as every service takes it from now on."""

    offset_seconds: int
    now: str
    today: str


@api.post("/trial/clock", responses={200: ClockView})
@allow(CLOCK_MOVERS)
def post_trial_clock(body: MoveClock) -> ClockView:
    """Let the body's time be so far ahead of the real one; every service follows. Refused unless this is a trial."""
    with unit_of_work() as session:
        ahead = trial.move_trial_clock(session, current_actor(), body.seconds())
    return ClockView(offset_seconds=ahead, now=clock.now().isoformat(), today=clock.today().isoformat())
