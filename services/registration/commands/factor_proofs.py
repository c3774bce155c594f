"""Before somebody signed in changes the second factor, password and factor are shown again: once for each change.

Without that a browser left open, or a stolen token, would put a thief's phone or passkey beside the owner's.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.registration.models.accounts import BrowserSession
from shared.clock import real_now
from shared.database.changes import change_rows
from shared.errors import N_, Conflict

PROOF_LIFE = timedelta(minutes=10)
"""How long one may take from the proof to the change."""


def is_proved(browser: BrowserSession) -> bool:
    """Whether the owner has shown password and factor in this browser a moment ago, and changed nothing since."""
    return browser.proved_at is not None and real_now() < browser.proved_at + PROOF_LIFE


def require_proof(browser: BrowserSession) -> None:
    """Raise Conflict unless the owner is proved in this browser; the proof stays."""
    if not is_proved(browser):
        raise _make_refusal()


def note_proof(browser: BrowserSession) -> None:
    """Let the next change of the second factor pass in this browser. The caller has compared password and factor."""
    browser.proved_at = real_now()


def use_proof(session: Session, browser: BrowserSession) -> None:
    """Use the proof up: one change for each. Raises Conflict without one.

    What other browsers of the account have proved ends, too: it was proved by what counted before this change.
    """
    fresh = update(BrowserSession).where(
        BrowserSession.id == browser.id, BrowserSession.proved_at > real_now() - PROOF_LIFE
    )
    if not change_rows(session, fresh.values(proved_at=None)):
        raise _make_refusal()
    end_proofs(session, browser.account_id)


def end_proofs(session: Session, account_id: UUID) -> None:
    """Let no proof of the account count any longer: its second factor is another one now."""
    ending = update(BrowserSession).where(
        BrowserSession.account_id == account_id, BrowserSession.proved_at.is_not(None)
    )
    change_rows(session, ending.values(proved_at=None))


def _make_refusal() -> Conflict:
    return Conflict("proof-missing", N_("Buktikan dahulu bahwa ini Anda, lalu ulangi."))
