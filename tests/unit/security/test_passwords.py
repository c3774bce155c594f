from collections.abc import Iterator
from threading import BoundedSemaphore
from types import SimpleNamespace

import pytest
from argon2 import extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.security import passwords
from shared.security.passwords import COMMON, HASHER, check_password, hash_password, needs_new_hash, password_fits

GOOD = "empat kata acak lucu"


@pytest.fixture(autouse=True)
def _full_cost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes cost here what they cost in earnest."""
    monkeypatch.setattr(passwords, "HASHER", HASHER)
    passwords._nobodys_hash.cache_clear()
    yield
    passwords._nobodys_hash.cache_clear()


def test_hashes_cost_what_guessers_must_pay() -> None:
    cost = extract_parameters(hash_password(GOOD))
    assert (cost.type.name, cost.memory_cost, cost.time_cost) == ("ID", 19_456, 2), "the least that OWASP accepts"


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


def test_strangers_wait_among_themselves_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means a storm of tries in front of everybody who signs in where they always do."""
    hashed = hash_password(GOOD)
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(passwords, "_strangers", BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "_places", BoundedSemaphore(2))
    with passwords._strangers:
        with pytest.raises(passwords.TooManyHashes, match="no turn of strangers"):
            password_fits(hashed, GOOD, stranger=True)
        assert password_fits(hashed, GOOD)
        with passwords._places, passwords._places, pytest.raises(passwords.TooManyHashes, match="wait already"):
            password_fits(hashed, GOOD, stranger=True)
    assert password_fits(hashed, GOOD, stranger=True), "nothing stays taken"


def test_strangers_never_have_all_turns_where_there_are_two() -> None:
    assert passwords.HASHES_AT_ONCE == 1 or passwords.STRANGERS_AT_ONCE < passwords.HASHES_AT_ONCE


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
        "BudiSantoso2026",
        "budi.santoso-123",
        "Kompeten-2026!",
        "santoso budi 88",
        "Ｑｗｅｒｔｙ１２３４５６",
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
