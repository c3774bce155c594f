import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.security.breached import BYTES, _load_marks, fold_password, is_breached, pack_passwords
from shared.security.passwords import check_password


def test_the_list_is_there_sorted_and_large() -> None:
    marks = _load_marks()
    entries = [marks[start : start + BYTES] for start in range(0, len(marks), BYTES)]
    assert len(entries) == 111_062
    assert entries == sorted(set(entries))


@pytest.mark.parametrize("stolen", ["qwertyuiop12", "QwertyUIOP12", " q w e r t y u i o p 1 2", "1qaz2wsx3edc4rfv"])
def test_a_breached_password_is_refused_however_it_is_written_and_the_field_says_why(stolen: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_password(stolen, email="budi@contoh.test", name="Budi Santoso", field="new")
    assert "bocor" in refusal.value.fields["new"]


@pytest.mark.parametrize("good", ["empat kata acak lucu", "Tr0mbon-Ungu-88", ""])
def test_others_are_not_on_it(good: str) -> None:
    assert not is_breached(fold_password(good))


@given(st.lists(st.text(min_size=12, max_size=20), max_size=20))
def test_what_is_packed_is_found(passwords: list[str]) -> None:
    packed = pack_passwords(passwords)
    kept = {one for one in map(fold_password, passwords) if len(one) >= 10 and len(set(one)) >= 4}
    assert len(packed) == BYTES * len(kept)
