from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificate.domain.requirements import REQUIREMENT_NAMES, Requirement, Standing, list_unmet_requirements
from shared.contracts.words import Judgement

MOMENT = datetime(2026, 11, 21, 9, tzinfo=UTC)
MET = Standing(
    judgements={"R.91PRP03.030.1": Judgement.K},
    forms_signed_at=MOMENT,
    decided_at=MOMENT,
    file_hash="ab" * 32,
    agreed_at=MOMENT,
    name_printable=True,
    photo_prepared=True,
)


def test_with_everything_met_nothing_is_missing() -> None:
    assert list_unmet_requirements(MET) == []


@pytest.mark.parametrize(
    ("lacking", "requirement"),
    [
        (replace(MET, forms_signed_at=None), Requirement.FORMS_SIGNED),
        (replace(MET, decided_at=None), Requirement.DECISION_RECORDED),
        (replace(MET, file_hash=""), Requirement.DECISION_RECORDED),
        (replace(MET, judgements={}), Requirement.ALL_UNITS_COMPETENT),
        (replace(MET, agreed_at=None), Requirement.AGREEMENT_SIGNED),
        (replace(MET, photo_prepared=False), Requirement.PHOTO_PREPARED),
        (replace(MET, name_printable=False), Requirement.NAME_PRINTABLE),
    ],
)
def test_one_thing_lacking_is_named(lacking: Standing, requirement: Requirement) -> None:
    assert list_unmet_requirements(lacking) == [requirement]


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.sampled_from(Judgement), max_size=6))
def test_one_unit_not_yet_competent_is_enough_to_withhold(judgements: dict[str, Judgement]) -> None:
    missing = Requirement.ALL_UNITS_COMPETENT in list_unmet_requirements(replace(MET, judgements=judgements))
    assert missing is (not judgements or Judgement.BK in judgements.values())


def test_every_requirement_has_a_name() -> None:
    assert set(REQUIREMENT_NAMES) == set(Requirement)
