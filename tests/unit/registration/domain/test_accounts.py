import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.accounts import (
    check_language,
    check_other_administrators,
    check_roles,
)
from shared.errors import Conflict, Invalid
from shared.persons import normalise_email
from shared.security.roles import Role

words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)


@given(words, words)
def test_one_address_has_one_form(mailbox: str, host: str) -> None:
    email = f"{mailbox}@{host}.contoh.test"
    assert normalise_email(f"  {email.upper()} ") == normalise_email(email) == email


@given(st.text(max_size=40))
def test_whatever_is_typed_as_an_address_is_taken_or_refused_with_the_field_named(typed: str) -> None:
    try:
        fields = {"contact.email"} if "@" in normalise_email(typed, "contact.email") else set()
    except Invalid as refusal:
        fields = set(refusal.fields)
    assert fields == {"contact.email"}


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "siti",
        "@contoh.test",
        "siti@",
        "siti@contoh",
        "a b@contoh.test",
        "a@b@contoh.test",
        "sitî@contoh.test",
        "a@x.test\nb",
    ],
)
def test_what_no_mail_server_delivers_to_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid) as refusal:
        normalise_email(wrong)
    assert refusal.value.code == "email-invalid"


@given(st.sets(st.sampled_from(Role), min_size=1))
def test_any_combination_of_roles_is_accepted_because_conflicts_are_per_case(roles: set[Role]) -> None:
    assert check_roles([role.value for role in roles]) == roles


def test_a_language_is_one_of_the_two() -> None:
    assert check_language("en") == "en"
    with pytest.raises(Invalid) as refusal:
        check_language("fr", "contact.language")
    assert refusal.value.code == "language-unknown"
    assert set(refusal.value.fields) == {"contact.language"}


def test_the_last_administrator_cannot_be_lost() -> None:
    check_other_administrators(1)
    with pytest.raises(Conflict):
        check_other_administrators(0)
