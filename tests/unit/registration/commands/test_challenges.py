"""What a passkey is to sign is good for one answer, and a proof for one change, however many come at once."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from services.registration.commands.challenges import make_challenge, use_challenge
from services.registration.commands.factor_proofs import PROOF_LIFE, end_proofs, is_proved, note_proof, use_proof
from services.registration.commands.sessions import open_browser_session
from services.registration.domain.passkey_options import CHALLENGE_LIFE
from services.registration.models import BrowserSession
from shared.clock import real_now
from shared.errors import Conflict
from tests.clock import stopped_at
from tests.unit.registration.people import applicant


@pytest.fixture
def browser(session: Session) -> BrowserSession:
    return open_browser_session(session, applicant(session)).session


def test_a_challenge_is_used_once_though_two_requests_have_read_it(session: Session, browser: BrowserSession) -> None:
    """The row as the second request has read it still holds the challenge that the first has used."""
    challenge = make_challenge(browser)
    assert use_challenge(session, browser) == challenge
    assert browser.challenge is not None
    with pytest.raises(Conflict):
        use_challenge(session, browser)


def test_a_new_challenge_ends_the_one_before(session: Session, browser: BrowserSession) -> None:
    first, second = make_challenge(browser), make_challenge(browser)
    session.flush()
    assert use_challenge(session, browser) == second != first


def test_a_challenge_lives_for_minutes(session: Session, browser: BrowserSession) -> None:
    begun = real_now()
    for life, good in ((CHALLENGE_LIFE - timedelta(seconds=1), True), (CHALLENGE_LIFE, False)):
        with stopped_at(begun):
            make_challenge(browser)
        session.flush()
        with stopped_at(begun + life):
            if good:
                assert use_challenge(session, browser)
            else:
                with pytest.raises(Conflict):
                    use_challenge(session, browser)


def test_without_a_challenge_nothing_is_used(session: Session, browser: BrowserSession) -> None:
    with pytest.raises(Conflict):
        use_challenge(session, browser)


def test_a_proof_is_good_for_one_change_within_minutes(session: Session, browser: BrowserSession) -> None:
    with pytest.raises(Conflict):
        use_proof(session, browser)
    begun = real_now()
    with stopped_at(begun):
        note_proof(browser)
        session.flush()
    with stopped_at(begun + PROOF_LIFE):
        assert not is_proved(browser)
        with pytest.raises(Conflict):
            use_proof(session, browser)
    use_proof(session, browser)
    with pytest.raises(Conflict):
        use_proof(session, browser)


def test_a_change_ends_what_other_browsers_have_proved(session: Session, browser: BrowserSession) -> None:
    other = open_browser_session(session, browser.account).session
    note_proof(other)
    session.flush()
    end_proofs(session, browser.account_id)
    with pytest.raises(Conflict):
        use_proof(session, other)
