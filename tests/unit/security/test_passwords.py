from types import SimpleNamespace

import pytest
from argon2 import extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.security.passwords import COMMON, HASHER, check_password, hash_password, needs_new_hash, password_fits

GOOD = "empat kata acak lucu"


def check(password: str) -> None:
    check_password(password, email="budi.santoso@contoh.test", name="Budi Santoso")


def test_the_password_that_was_hashed_fits_and_no_other() -> None:
    hashed = hash_password(GOOD)
    assert hashed.startswith("$argon2id$")
    assert GOOD not in hashed
    assert password_fits(hashed, GOOD)
    assert not password_fits(hashed, GOOD + "!")
    assert not needs_new_hash(hashed)


def test_without_a_hash_no_password_fits() -> None:
    assert not password_fits(None, "a password that nobody has")


def test_a_damaged_hash_fits_nothing() -> None:
    assert not password_fits("$argon2id$rubbish", GOOD)


def test_an_unknown_address_takes_as_long_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a stranger could time who has an account."""
    compared = []

    def verify(hashed: str, password: str) -> bool:
        compared.append(extract_parameters(hashed))
        return HASHER.verify(hashed, password)

    monkeypatch.setattr("shared.security.passwords.HASHER", SimpleNamespace(verify=verify, hash=HASHER.hash))
    for stored in (hash_password(GOOD), None):
        assert not password_fits(stored, "wrong password")
    known, unknown = compared
    assert known == unknown, "the same work, by Argon2's own parameters"


def test_one_password_typed_in_two_unicode_forms_is_one_password() -> None:
    assert password_fits(hash_password("kafe\u0301 di sudut jalan"), "kaf\u00e9 di sudut jalan")


@pytest.mark.parametrize("good", [GOOD, "Tr0mbon-Ungu-88", "perpustakaan desa kami"])
def test_a_good_password_is_accepted(good: str) -> None:
    check(good)


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "pendek",
        "123456789",
        "budi.santoso@contoh.test",
        "Budi.Santoso",
        "Budi Santoso",
        "budisantoso",
        "aaaaaaaaaaaa",
        "abababababab",
        "Password123",
        "1234567890",
        "pustakawan123",
        "x" * 201,
    ],
)
def test_a_password_others_would_guess_is_refused_and_the_field_named(weak: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check(weak)
    assert set(refusal.value.fields) == {"password"}


@given(st.sampled_from(sorted(COMMON)), st.booleans())
@settings(max_examples=30)
def test_no_common_password_is_accepted_in_any_case(common: str, upper: bool) -> None:
    with pytest.raises(Invalid):
        check(common.upper() if upper else common)


@given(st.text(max_size=9))
def test_no_short_password_is_accepted(short: str) -> None:
    with pytest.raises(Invalid):
        check(short)
