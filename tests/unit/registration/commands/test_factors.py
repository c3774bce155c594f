"""The second factor at the commands: enrolled, shown, used up, reset."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.registration.commands.factors import (
    begin_enrolment,
    confirm_enrolment,
    derive_secret,
    pass_second_factor,
    reset_second_factor,
)
from services.registration.commands.recovery_codes import count_recovery_codes, renew_recovery_codes
from services.registration.commands.sessions import open_browser_session, renew_browser_session
from services.registration.commands.steps import UNFINISHED, Step, find_missing_step, has_second_factor
from services.registration.commands.unfinished import finish_browser_session, load_unfinished_session
from services.registration.domain.factors import FREE_TRIES, LONGEST_PAUSE, find_pause, make_secret
from services.registration.models import Account
from shared.clock import real_now
from shared.errors import Conflict, Forbidden, Invalid, NotSignedIn, TooMany
from shared.security.roles import Role
from shared.settings import Settings, settings
from tests.clock import stopped_at
from tests.unit.registration.people import applicant, staff, told

SECRET = make_secret(b"twenty bytes of a seed")
NOON = real_now().replace(microsecond=0)


@pytest.fixture
def _required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_SECOND_FACTOR", "required")
    settings.cache_clear()


def code(minutes: float = 0) -> str:
    return pyotp.TOTP(SECRET).at(NOON + timedelta(minutes=minutes))


def enrolled(session: Session, *roles: Role, email: str = "ketua@contoh.test") -> tuple[Account, list[str]]:
    account = staff(session, *(roles or (Role.CHAIR,)), email=email)
    with stopped_at(NOON):
        return account, confirm_enrolment(session, account, SECRET, code())


def passes(session: Session, account: Account, given: str, minutes: float = 0) -> bool:
    with stopped_at(NOON + timedelta(minutes=minutes)):
        return pass_second_factor(session, account, given)


def test_a_factor_counts_once_a_first_code_was_right(session: Session) -> None:
    account = staff(session, Role.CHAIR)
    assert "otpauth://totp/" in begin_enrolment(session, account, SECRET).address
    with stopped_at(NOON), pytest.raises(Invalid):
        confirm_enrolment(session, account, SECRET, "000000" if code() != "000000" else "111111")
    assert not has_second_factor(session, account.id)
    with stopped_at(NOON):
        assert len(set(confirm_enrolment(session, account, SECRET, code()))) == 10
    assert has_second_factor(session, account.id)
    assert told(session, "second_factor_changed")[0]["change"] == "enrolled"
    assert account.generation == 1, "tokens given out without it have ended"


def test_who_has_the_password_alone_puts_no_other_in_its_place(session: Session) -> None:
    account, _ = enrolled(session)
    with pytest.raises(Conflict):
        begin_enrolment(session, account, make_secret(b"another twenty bytes of one"))
    with stopped_at(NOON), pytest.raises(Conflict):
        confirm_enrolment(session, account, SECRET, code())


@pytest.mark.parametrize("secret", ["", "A", "a" * 32, "A" * 33, "A" * 31 + "1"])
def test_a_secret_that_is_none_is_refused(session: Session, secret: str) -> None:
    with pytest.raises(Invalid):
        confirm_enrolment(session, staff(session, Role.CHAIR), secret, code())


@pytest.mark.usefixtures("data_dir")
def test_each_session_offers_a_secret_of_its_own() -> None:
    """This failure mode means: a thief who was there first knows the secret that the owner then enrols."""
    assert derive_secret("one") == derive_secret("one") != derive_secret("two")


def test_secret_and_recovery_codes_stand_nowhere_in_clear(session: Session) -> None:
    _, codes = enrolled(session)
    for table in ("second_factors", "recovery_codes", "outbox", "audit_log"):
        rows = str(session.execute(text(f"select * from {table}")).all())
        assert SECRET not in rows
        assert not any(each in rows or each.replace("-", "") in rows for each in codes)


def test_a_code_is_used_once_and_only_near_its_time(session: Session) -> None:
    account, _ = enrolled(session)
    assert not passes(session, account, code(), 0), "used at the enrolment"
    assert passes(session, account, code(5), 5)
    assert not passes(session, account, code(5), 5)
    assert not passes(session, account, code(8), 10)
    assert passes(session, account, f" {code(20)[:3]} {code(20)[3:]} ", 20.4)


def test_a_recovery_code_works_once_and_its_owner_is_told(session: Session) -> None:
    account, codes = enrolled(session)
    assert passes(session, account, codes[3].upper(), 5)
    assert not passes(session, account, codes[3], 5)
    assert count_recovery_codes(session, account.id) == 9
    assert told(session, "second_factor_changed")[-1]["change"] == "recovery_used"


def test_new_recovery_codes_end_the_old_ones(session: Session) -> None:
    account, old = enrolled(session)
    new = renew_recovery_codes(session, account)
    assert not passes(session, account, old[0], 5)
    assert passes(session, account, new[0], 5)


def test_somebody_elses_recovery_code_is_none(session: Session) -> None:
    account, _ = enrolled(session)
    _, others = enrolled(session, email="lain@contoh.test")
    assert not passes(session, account, others[0], 5)


def test_wrong_codes_make_one_wait_longer_and_longer(session: Session) -> None:
    account, codes = enrolled(session)
    for _ in range(FREE_TRIES):
        assert not passes(session, account, "wrong", 5)
    with pytest.raises(TooMany):
        passes(session, account, codes[0], 5.5)
    assert passes(session, account, codes[0], 6)
    assert not passes(session, account, "wrong", 6), "and the count begins anew"


def test_the_owner_and_the_alarm_hear_of_wrong_codes_after_the_right_password(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    """Only who knows the password comes as far: a stolen one is found out here or nowhere."""
    account, _ = enrolled(session)
    for _ in range(FREE_TRIES):
        passes(session, account, "wrong", 5)
    heard = [record.__dict__["security"] for record in caplog.records if record.name == "kompeten.security"]
    assert [line["event"] for line in heard] == ["second-factor-failed"] * FREE_TRIES + ["second-factor-paused"]
    assert {line["account"] for line in heard} == {str(account.id)}
    assert [fact["change"] for fact in told(session, "account_security_changed")] == ["codes_wrong"]


def test_the_longest_pause_leaves_few_guesses() -> None:
    assert [find_pause(failures) for failures in (0, FREE_TRIES - 1)] == [timedelta(0)] * 2
    pauses = [find_pause(failures) for failures in range(FREE_TRIES, 60)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


@pytest.mark.usefixtures("_required")
def test_staff_without_a_factor_get_no_further_than_its_enrolment(session: Session) -> None:
    account = staff(session, Role.CHAIR)
    assert find_missing_step(session, account) is Step.ENROL
    opened = open_browser_session(session, account)
    assert renew_browser_session(session, opened.secret) is None
    with stopped_at(NOON):
        unfinished = load_unfinished_session(session, opened.secret)
        confirm_enrolment(session, account, SECRET, code())
        finished = finish_browser_session(session, unfinished)
    assert finished.secret != opened.secret
    assert renew_browser_session(session, finished.secret) is not None
    with pytest.raises(NotSignedIn):
        load_unfinished_session(session, opened.secret)


@pytest.mark.usefixtures("_required")
def test_applicants_need_none_and_may_have_one(session: Session) -> None:
    account = applicant(session)
    assert find_missing_step(session, account) is None
    with stopped_at(NOON):
        confirm_enrolment(session, account, SECRET, code())
    assert find_missing_step(session, account) is Step.CODE


@pytest.mark.usefixtures("_required")
def test_an_applicant_who_becomes_staff_does_not_go_on_without_one(session: Session) -> None:
    account = applicant(session)
    opened = open_browser_session(session, account)
    account.roles = frozenset({Role.ASSESSOR})
    assert renew_browser_session(session, opened.secret) is None


def test_an_unfinished_sign_in_ends_soon(session: Session) -> None:
    account, _ = enrolled(session)
    begun = real_now()
    with stopped_at(begun):
        opened = open_browser_session(session, account)
    with stopped_at(begun + UNFINISHED), pytest.raises(NotSignedIn):
        load_unfinished_session(session, opened.secret)


def test_a_finished_session_is_no_unfinished_one(session: Session) -> None:
    account, _ = enrolled(session)
    opened = open_browser_session(session, account, factor_shown=True)
    with pytest.raises(NotSignedIn):
        load_unfinished_session(session, opened.secret)


def test_a_colleague_resets_a_lost_factor_and_every_sign_in_ends(session: Session) -> None:
    account, codes = enrolled(session)
    admin = staff(session, Role.ADMINISTRATOR, email="admin@contoh.test")
    opened = open_browser_session(session, account, factor_shown=True)
    before = account.generation
    reset_second_factor(session, admin.actor, account.id)
    session.expire_all()
    assert not has_second_factor(session, account.id)
    assert not passes(session, account, codes[0], 5)
    assert renew_browser_session(session, opened.secret) is None
    assert account.generation == before + 1
    assert told(session, "second_factor_changed")[-1]["change"] == "reset"
    with pytest.raises(Conflict):
        reset_second_factor(session, admin.actor, account.id)


def test_nobody_resets_their_own(session: Session) -> None:
    account, _ = enrolled(session, Role.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        reset_second_factor(session, account.actor, account.id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_an_administrator_resets_one(session: Session, role: Role) -> None:
    account, _ = enrolled(session)
    other = staff(session, role, email="lain@contoh.test")
    with pytest.raises(Forbidden):
        reset_second_factor(session, other.actor, account.id)


@pytest.mark.parametrize(
    ("given", "required"),
    [
        ({"broker_url": "amqp://broker"}, True),
        ({"broker_url": "amqp://broker", "trial": True}, False),
        ({}, False),
        ({"second_factor": "required"}, True),
        ({"broker_url": "amqp://broker", "second_factor": "offered"}, False),
    ],
)
def test_a_deployment_requires_it_unless_told_otherwise(given: dict[str, object], required: bool) -> None:
    assert Settings.model_validate(given).second_factor_required is required
