"""Values the rules of the decision stage are tried with."""

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import strategies as st

from shared.contracts.words import Judgement

codes = st.integers(1, 40).map(lambda number: f"R.91PRP02.{number:03d}.1")
judgements = st.sampled_from(Judgement)
units = st.dictionaries(codes, judgements, min_size=1, max_size=12)
people = st.uuids(version=4)
groups = st.frozensets(people, max_size=6)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2024, 1, 1), date(2034, 12, 31))


def person(number: int) -> UUID:
    """The same person for the same number."""
    return UUID(int=number)
