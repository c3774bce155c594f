"""Who is asking: a bearer token for programs, a cookie for browsers; and that a browser's form is one of ours.

Registration gives out the tokens. Its browser session outlives them: a page request with an expired token goes to
`RENEW` and comes back with a new one. A form sent with an expired token goes there and back by 307, which keeps
method and body, so nothing typed is lost; `RENEW` therefore answers 303 to GET and 307 to POST, and keeps the session's
`csrf` value in the new token.
"""

import hmac
import secrets
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from flask import current_app, g, redirect, request
from werkzeug.wrappers import Response

from shared.database.unit import DatabaseAway
from shared.errors import N_, Forbidden, NotSignedIn, Refusal, demand_sign_in
from shared.security.actor import Actor
from shared.security.tokens import Claims, verify_token
from shared.web.cookies import read_cookie
from shared.web.navigation import RENEW, SIGN_IN

TOKEN_COOKIE = "kompeten_token"  # noqa: S105 - a name, not a secret
ANONYMOUS_COOKIE = "kompeten_form"
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
GENERATIONS = "kompeten.generations"
"""Key of the application's extension that knows which tokens count no longer (`superseded.Generations`)."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def current_claims() -> Claims:
    """What the request's token says. Raises NotSignedIn when there is none or it is no longer valid.

    Raises DatabaseAway when something is to be changed and nobody can say whether the token still counts.
    """
    if "claims" not in g:
        g.claims, g.claims_refusal = _read_claims()
    if g.claims is None:
        raise g.claims_refusal
    found: Claims = g.claims
    return found


def current_claims_or_none() -> Claims | None:
    """What the request's token says; None without a valid one."""
    try:
        return current_claims()
    except (NotSignedIn, DatabaseAway):
        return None


def current_actor() -> Actor:
    """Who is asking. Raises NotSignedIn on a public view that nobody signed in for."""
    return current_claims().actor


def current_actor_or_none() -> Actor | None:
    """Who is asking; None for somebody who is not signed in."""
    found = current_claims_or_none()
    return found.actor if found else None


def bears_token() -> bool:
    """Whether the request authenticates by header: then no other site can have made a browser send it."""
    return "Authorization" in request.headers


def csrf_token() -> str:
    """The value every form must repeat: the token's, or for anonymous visitors that of a cookie of their own."""
    found = current_claims_or_none()
    if found is not None:
        return found.csrf
    value: str | None = g.get("anonymous_csrf") or read_cookie(ANONYMOUS_COOKIE)
    if not value or len(value) < 20:
        value = secrets.token_urlsafe(24)
    g.anonymous_csrf = value
    return value


def refuse_other_sites(*, json_api: bool, shown_here: Callable[[], bool] = lambda: False) -> None:
    """Refuse an unsafe request that another site had the browser send.

    Bearer tokens need no secret (browsers never add them by themselves), nor do anonymous API calls, which act on
    nobody's behalf; everything else repeats `csrf_token` or X-CSRF-Token, or is a form that was `shown_here`: to this
    account in this browser, though in an earlier session.
    """
    if request.method in SAFE or bears_token():
        return
    if is_from_other_site():
        raise Forbidden(
            "cross-site", N_("Permintaan dari situs lain ditolak. Buka halaman ini langsung lalu coba lagi.")
        )
    found = current_claims_or_none()
    if json_api and found is None:
        return
    expected = found.csrf if found else read_cookie(ANONYMOUS_COOKIE)
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if (not expected or not hmac.compare_digest(expected.encode(), given.encode())) and not shown_here():
        raise Forbidden(
            "csrf", N_("Formulir ini sudah tidak berlaku. Muat ulang halaman, periksa isian, lalu kirim lagi.")
        )


def is_from_other_site() -> bool:
    """Whether the browser says that a page of another site sent the request."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin != "null" and _host_of(origin) != request.host
    return foreign or request.headers.get("Sec-Fetch-Site") == "cross-site"


def _host_of(origin: str) -> str | None:
    """The host and port of an Origin header; None for what is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def redirect_to_sign_in(page: str = "") -> Response:
    """Send a browser to where it gets a token, or a new one for one that has expired, and from there back.

    `page` is where the form stands that was sent.
    """
    expired = bool(read_cookie(TOKEN_COOKIE))
    is_read = request.method in SAFE
    query = request.query_string.decode("latin-1") if is_read else ""
    back = quote(request.path) + (f"?{query}" if query else "")
    back = back if expired or not page else page
    target = f"{RENEW if expired else SIGN_IN}?next={quote(back, safe='')}"
    # 307 keeps the method and what was typed: an expired token costs nobody a filled-in form.
    return redirect(target, code=307 if expired and not is_read else 303)


def _read_claims() -> tuple[Claims | None, Refusal | DatabaseAway | None]:
    try:
        claims = verify_token(_given_token())
        current_app.extensions[GENERATIONS].refuse_superseded(claims, changes=request.method not in SAFE)
    except (NotSignedIn, DatabaseAway) as refusal:
        return None, refusal
    return claims, None


def read_bearer_token() -> str | None:
    """The token in the request's Authorization header; None without one. Raises NotSignedIn for another scheme."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    raise NotSignedIn("token-invalid", N_("Header Authorization harus berbentuk Bearer dan tanda masuk."))


def _given_token() -> str:
    given = read_bearer_token()
    if given is not None:
        return given
    value = read_cookie(TOKEN_COOKIE)
    if not value:
        raise demand_sign_in()
    return value
