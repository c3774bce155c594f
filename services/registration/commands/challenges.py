"""What a passkey is to sign: random, for one browser's session, good for one answer within minutes."""

import secrets

from sqlalchemy import update
from sqlalchemy.orm import Session
from webauthn import base64url_to_bytes

from services.registration.domain.passkey_options import CHALLENGE_BYTES, CHALLENGE_LIFE
from services.registration.domain.passkeys import encode_base64url
from services.registration.models.accounts import BrowserSession
from shared.clock import real_now
from shared.database.changes import change_rows
from shared.errors import N_, Conflict


def make_challenge(browser: BrowserSession) -> bytes:
    """A new challenge for this browser's session; an earlier one counts no longer."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    browser.challenge, browser.challenged_at = encode_base64url(challenge), real_now()
    return challenge


def use_challenge(session: Session, browser: BrowserSession) -> bytes:
    """Use up the challenge of this browser's session and return it.

    Commit before anything is compared with it, so that a wrong answer has used it up, too. Raises Conflict when there
    is none, it is too old, or another answer was faster.
    """
    asked, since = browser.challenge, browser.challenged_at
    using = update(BrowserSession).where(BrowserSession.id == browser.id, BrowserSession.challenge == asked)
    used = asked is not None and change_rows(session, using.values(challenge=None, challenged_at=None))
    if asked is None or since is None or not used or real_now() >= since + CHALLENGE_LIFE:
        raise Conflict("passkey-late", N_("Waktu untuk kunci sandi sudah habis. Tekan tombolnya sekali lagi."))
    return base64url_to_bytes(asked)
