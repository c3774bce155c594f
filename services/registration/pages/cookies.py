"""The two cookies of a signed-in browser, and where it goes next.

`kompeten_session` is opaque, goes to registration alone and lasts; `kompeten_token` is the short-lived token that every
service reads. When the token has expired, `/registration/session/renew` makes a new one for the session.
"""

from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from services.registration.access import ACCOUNT_KEEPERS, APPLICANTS, AUDIT_READERS, VERIFIERS
from services.registration.models import BrowserSession
from shared.clock import real_now
from shared.security.roles import Role
from shared.security.tokens import Token, issue_token
from shared.web import TOKEN_COOKIE, delete_safe_cookie, find_landing, read_cookie, set_safe_cookie
from shared.web.navigation import ACCOUNT, SIGN_IN

SESSION_COOKIE = "kompeten_session"
SESSION_PATH = "/registration"
WORK_LISTS = (
    (VERIFIERS, "/registration/verification"),
    (APPLICANTS, "/registration/applications"),
    (AUDIT_READERS, "/registration/audit"),
    (ACCOUNT_KEEPERS, "/registration/accounts"),
)
"""Where the work of each group begins in this service: whoever is in several starts at the first."""


def set_sign_in_cookies(response: Response, session: BrowserSession, secret: str) -> Token:
    """Set the cookies of the session and of a new token, and return the token.

    The token's cookie lasts as long as the session, unless it is used, and outlives the token: a service that finds an
    expired one knows to have it renewed.
    """
    account = session.account
    token = issue_token(account.actor, account.language, session.csrf, generation=account.generation)
    life = max(1, int((session.expires_at - real_now()).total_seconds()))
    set_safe_cookie(response, TOKEN_COOKIE, token.value, max_age=life)
    set_safe_cookie(response, SESSION_COOKIE, secret, max_age=life, path=SESSION_PATH)
    return token


def set_unfinished_cookie(response: Response, session: BrowserSession, secret: str) -> None:
    """Set the cookie of a session that still misses the second factor; a token it does not get."""
    life = max(1, int((session.expires_at - real_now()).total_seconds()))
    set_safe_cookie(response, SESSION_COOKIE, secret, max_age=life, path=SESSION_PATH)


def delete_sign_in_cookies(response: Response) -> None:
    """Delete both cookies; the browser stays a known one."""
    delete_safe_cookie(response, TOKEN_COOKIE)
    delete_safe_cookie(response, SESSION_COOKIE, path=SESSION_PATH)


def read_session_secret() -> str:
    """Return the secret in the session's cookie; empty without one."""
    return read_cookie(SESSION_COOKIE)


def check_local_path(given: str | None) -> str | None:
    """Return `given` if it is an address of this site, else None: no link sends anybody elsewhere after signing in.

    Neither is it the way in itself: who has arrived would be sent round in circles.
    """
    if not given or not given.startswith("/") or given.startswith(("//", "/\\")):
        return None
    if any(character < " " or character in "\\\x7f" for character in given):
        return None
    parts = urlsplit(given)
    if parts.scheme or parts.netloc or f"{parts.path}/".startswith(f"{SIGN_IN}/"):
        return None
    return given


def find_work_list(roles: frozenset[Role]) -> str:
    """Return the address of the page on which somebody with these roles starts."""
    elsewhere = find_landing(roles)
    if elsewhere != "/registration/":
        return elsewhere
    return next((path for group, path in WORK_LISTS if roles.intersection(group)), ACCOUNT)
