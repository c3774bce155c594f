"""At most three re-assessments of a unit (R28)."""

from hypothesis import given
from hypothesis import strategies as st

from services.assessment.domain.reassessment import MOST, grant_reassessment

UNITS = ["U1", "U2", "U3"]
some_units = st.lists(st.sampled_from(UNITS), unique=True)


@given(some_units, st.lists(some_units, max_size=6))
def test_a_unit_is_granted_until_it_was_re_assessed_three_times(ordered: list[str], earlier: list[list[str]]) -> None:
    granted = grant_reassessment(ordered, earlier)
    for unit in ordered:
        times = sum(unit in units for units in earlier)
        assert (unit in granted.units) == (times < MOST)
        assert (unit in granted.refused) == (times >= MOST)


@given(st.lists(some_units, max_size=12))
def test_no_run_of_orders_re_assesses_a_unit_more_than_three_times(orders: list[list[str]]) -> None:
    done: list[list[str]] = []
    for ordered in orders:
        done.append(grant_reassessment(ordered, done).units)
    for unit in UNITS:
        assert sum(unit in units for units in done) <= MOST


def test_the_fourth_is_refused_for_that_unit_alone() -> None:
    granted = grant_reassessment(["U1", "U2"], [["U1"], ["U1"], ["U1", "U2"]])
    assert (granted.units, granted.refused) == (["U2"], ["U1"])
