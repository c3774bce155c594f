"""Days as people ask for them: whole days of Jakarta, both ends counted."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from shared.clock import JAKARTA


def _day(given: Any) -> Any:
    """Only a day as it is written: pydantic alone would take any number for seconds since 1970."""
    if isinstance(given, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise PydanticCustomError("date_parsing", "not a day")
    return given


Day = Annotated[date | None, BeforeValidator(_day)]
EARLIEST, LATEST = date(1970, 1, 2), date(2999, 12, 31)


def narrow_to_days(
    statement: Select[Any], column: InstrumentedAttribute[datetime], since: date | None, until: date | None
) -> Select[Any]:
    """Only rows of these days, as far as each end is given."""
    if since:
        statement = statement.where(column >= _beginning(since))
    if until:
        statement = statement.where(column < _beginning(until) + timedelta(days=1))
    return statement


def _beginning(day: date) -> datetime:
    """The first moment of `day` in Jakarta; years that no database or time zone can count are moved to the nearest."""
    return datetime.combine(min(max(day, EARLIEST), LATEST), time.min, JAKARTA)
