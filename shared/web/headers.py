"""Headers that keep a browser from being used against the person in front of it."""

from typing import cast

from flask import Flask, g, request
from werkzeug.wrappers import Response

from shared.settings import settings
from shared.web.authentication import ANONYMOUS_COOKIE
from shared.web.cookies import read_cookie, set_safe_cookie
from shared.web.requests import Request
from shared.web.translation import COOKIE, LANGUAGES

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
YEAR = 365 * 24 * 3600


def install_headers(app: Flask) -> None:
    """Let every answer of `app` carry the security headers."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    if settings().cookies_are_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    static = request.endpoint == "static"
    # Pages hold personal data: after signing out nobody finds them in the browser's cache.
    response.headers.setdefault("Cache-Control", "public, max-age=3600" if static else "no-store")
    response.headers["X-Request-ID"] = cast(Request, request).request_id
    if static:
        return response
    response.headers.add("Vary", "Accept-Language, Cookie")
    # A form was made for a visitor: what it repeats must come back in this cookie.
    anonymous = g.get("anonymous_csrf")
    if anonymous and read_cookie(ANONYMOUS_COOKIE) != anonymous:
        set_safe_cookie(response, ANONYMOUS_COOKIE, anonymous)
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        set_safe_cookie(response, COOKIE, asked, max_age=YEAR)
    return response
