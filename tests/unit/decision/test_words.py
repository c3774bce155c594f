"""Every state and choice has a name."""

import pytest

from services.decision.domain.roster import OFFICES
from services.decision.words import LABELS, OFFICE_NAMES


@pytest.mark.parametrize("names", LABELS, ids=lambda names: type(next(iter(names))).__name__)
def test_every_member_of_a_kind_has_a_name(names: dict[object, str]) -> None:
    kind = type(next(iter(names)))
    assert set(names) == set(kind)  # type: ignore[call-overload]


def test_every_office_has_a_name() -> None:
    assert list(OFFICE_NAMES) == list(OFFICES)
