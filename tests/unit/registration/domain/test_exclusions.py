from itertools import combinations

import pytest

from services.registration.domain.exclusions import EXCLUSIONS, check_exclusions
from shared.errors import Invalid
from shared.security.roles import OFFICERS, Role


@pytest.mark.parametrize("other", sorted(set(Role) - {Role.AUDITOR, Role.APPLICANT}))
def test_an_auditor_does_none_of_the_work_that_is_audited(other: Role) -> None:
    """ISO/IEC 17024 10.2.6."""
    with pytest.raises(Invalid) as refusal:
        check_exclusions([Role.AUDITOR, other])
    assert set(refusal.value.fields) == {"roles"}


@pytest.mark.parametrize("officer", sorted(OFFICERS))
def test_who_proposes_officers_is_none(officer: Role) -> None:
    """Domain handbook 10: no single hand makes a chair."""
    with pytest.raises(Invalid):
        check_exclusions([Role.ADMINISTRATOR, Role.ASSESSOR, officer])


def test_what_is_asked_in_each_case_is_not_refused_beforehand() -> None:
    """R1, R7, R25: officers of a small body assess, and the case asks who had a part in it."""
    free = set(Role) - {Role.AUDITOR, Role.ADMINISTRATOR}
    for pair in combinations(free, 2):
        check_exclusions(pair)
    for role in Role:
        check_exclusions([role])
        check_exclusions([role, Role.APPLICANT])


def test_each_exclusion_names_its_source() -> None:
    assert all(one.source and one.message and one.role not in one.others for one in EXCLUSIONS)
