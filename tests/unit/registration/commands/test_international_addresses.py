"""An address under an international domain registers, signs in and is written to, in whichever form it is typed."""

import pytest
from sqlalchemy.orm import Session

from services.registration.commands.passwords import RequestReset
from services.registration.commands.registering import Register
from services.registration.commands.sessions import Credentials
from services.registration.commands.tries import Visitor
from tests.unit.registration.commands.test_registering import answered
from tests.unit.registration.people import PASSWORD, applicant, request_password_reset, sign_in_account, told

ASCII = "a@xn--bcher-kva.example"
FORMS = [ASCII, "a@b\u00fccher.example", "A@B\u00dcCHER.example", "\u200ba@bu\u0308cher.example "]


@pytest.mark.parametrize("typed", FORMS)
def test_it_is_kept_by_its_ascii_form_and_told_so(session: Session, typed: str) -> None:
    assert applicant(session, typed).email == ASCII
    assert [fact["email"] for fact in told(session, "account_opened")] == [ASCII]


@pytest.mark.parametrize("typed", FORMS)
def test_it_signs_in_and_gets_its_letters_however_it_is_typed(session: Session, typed: str) -> None:
    account = applicant(session, ASCII)
    given = Credentials(email=typed, password=PASSWORD)
    assert sign_in_account(session, given, Visitor("network")) == account
    request_password_reset(session, RequestReset(email=typed))
    assert [fact["email"] for fact in told(session, "password_reset_requested")] == [ASCII]


@pytest.mark.parametrize("typed", FORMS)
def test_its_owner_alone_learns_that_it_has_an_account(session: Session, typed: str) -> None:
    applicant(session, ASCII)
    answered(session, Register(name="Siti (contoh)", email=typed))
    assert len(told(session, "registration_repeated")) == 1
    assert told(session, "registration_requested") == []
