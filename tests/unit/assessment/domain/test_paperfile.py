"""The paper file of the day (3.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.domain.paperfile import BRING, PAPER_FILE, Tick, check_paper_file
from shared.errors import Invalid

ALL = {item.code: Tick.PRESENT for item in PAPER_FILE}


def test_a_complete_file_is_accepted() -> None:
    check_paper_file(ALL)


def test_only_the_functional_decree_may_not_apply() -> None:
    check_paper_file(ALL | {"functional_decree": Tick.NOT_APPLICABLE})
    with pytest.raises(Invalid) as refusal:
        check_paper_file(ALL | {"diploma": Tick.NOT_APPLICABLE})
    assert list(refusal.value.fields) == ["checklist.diploma"]


@given(st.dictionaries(st.sampled_from(sorted(ALL)), st.sampled_from(Tick)))
def test_what_is_absent_or_unchecked_is_named(ticks: dict[str, Tick]) -> None:
    unfit = {
        item.code
        for item in PAPER_FILE
        if ticks.get(item.code) in (None, Tick.ABSENT)
        or (ticks[item.code] is Tick.NOT_APPLICABLE and not item.conditional)
    }
    if not unfit:
        check_paper_file(ticks)
        return
    with pytest.raises(Invalid) as refusal:
        check_paper_file(ticks)
    assert refusal.value.code == "paper-file"
    assert set(refusal.value.fields) == {f"checklist.{code}" for code in unfit}


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(Invalid):
        check_paper_file(ALL | {"paspor": Tick.PRESENT})


def test_the_candidate_is_told_to_bring_the_whole_file_and_something_to_write() -> None:
    assert {item.title for item in PAPER_FILE} < set(BRING)
    assert "Alat tulis" in BRING
