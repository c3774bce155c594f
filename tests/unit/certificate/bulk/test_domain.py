"""Batches and typed certificate numbers: rules alone."""

import pytest

from services.certificate.bulk.domain import BatchState, BatchStep, read_certificate_number, step_batch
from shared.errors import Conflict

NUMBER = "91011 2622 5 000001 2026"


@pytest.mark.parametrize(
    "typed", [NUMBER, "91011262250000012026", "91011-2622-5-000001/2026", " 91011.2622.5 000001  2026 "]
)
def test_a_number_is_read_however_it_is_spaced(typed: str) -> None:
    assert read_certificate_number(typed) == NUMBER


@pytest.mark.parametrize("digits", [6, 7, 8])
def test_serials_have_six_to_eight_digits(digits: int) -> None:
    number = f"91011 2622 5 {1:0{digits}} 2026"
    assert read_certificate_number(number.replace(" ", "")) == number


@pytest.mark.parametrize("typed", ["9101126225000012026", "91011262250000000012026", "sertifikat  saya", "٩" * 19])
def test_what_is_no_number_is_left_as_it_was_typed(typed: str) -> None:
    assert read_certificate_number(typed) == " ".join(typed.split())


def test_a_step_leads_on_from_some_states_and_is_refused_in_all_others() -> None:
    for step in BatchStep:
        refused = set()
        for state in BatchState:
            try:
                step_batch(state, step)
            except Conflict as conflict:
                refused.add((state, conflict.code))
        assert refused == {(state, f"batch-{state.value}") for state, _ in refused}
        assert 0 < len(refused) < len(BatchState)
