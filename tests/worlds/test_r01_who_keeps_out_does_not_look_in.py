"""R1: an officer who keeps out of a case does not learn what is said on it before it is decided."""

import pytest

from tests.worlds.conftest import Grown

pytestmark = pytest.mark.timeout(900)


def test_an_officer_who_keeps_out_sees_neither_recommendation_nor_opinions(grown: Grown) -> None:
    """Towards K or towards BK, the meeting still open: no page, list, count or refusal differs."""
    assert grown.differences("umum", "recused, towards K", "recused, towards BK") == []
