"""The frozen file, its number and its time limit (R12)."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decision.domain.freezing import compute_appeal_end, format_decree_number, hash_text, write_canonical_json
from tests.unit.decision.domain.strategies import moments

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
files = st.dictionaries(st.text(min_size=1), values, max_size=6)


@given(files)
def test_a_frozen_file_reads_back_as_it_was(file: dict[str, object]) -> None:
    assert json.loads(write_canonical_json(file)) == file


@given(files)
def test_the_order_of_fields_does_not_change_the_hash(file: dict[str, object]) -> None:
    turned = dict(reversed(file.items()))
    assert hash_text(write_canonical_json(turned)) == hash_text(write_canonical_json(file))


@given(files, files)
def test_different_files_have_different_hashes(one: dict[str, object], other: dict[str, object]) -> None:
    assert (hash_text(write_canonical_json(one)) == hash_text(write_canonical_json(other))) == (
        write_canonical_json(one) == write_canonical_json(other)
    )


def test_what_json_cannot_hold_is_not_frozen() -> None:
    with pytest.raises(TypeError):
        write_canonical_json({"at": datetime(2026, 1, 1, tzinfo=UTC)})
    with pytest.raises(ValueError, match="JSON"):
        write_canonical_json({"value": float("nan")})


def test_a_decree_has_its_number_within_the_year() -> None:
    assert format_decree_number("{serial:04d}/SK/LSP/{year}", 2026, 7) == "0007/SK/LSP/2026"


@given(moments, st.integers(1, 90))
def test_the_time_limit_is_the_end_of_a_day_in_jakarta(decided_at: datetime, days: int) -> None:
    until = compute_appeal_end(decided_at, days)
    local = until.astimezone(ZoneInfo("Asia/Jakarta"))
    assert (local.hour, local.minute, local.second) == (23, 59, 59)
    assert timedelta(days=days) <= until - decided_at + timedelta(seconds=1) <= timedelta(days=days + 1)
    assert until.utcoffset() == timedelta(0)
