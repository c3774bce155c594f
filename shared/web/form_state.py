"""What every form says of itself in a hidden field: whose it is, on which page it stands, what it was filled with.

Signed with a secret that only this browser has, in a cookie that no script and no other site can read: what comes back
with a good signature was shown in this browser to that account. It lasts longer than a session, and so does what is
kept of a form that was sent when the session had ended (`kept_forms.py`).
"""

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from shared.errors import Invalid
from shared.web.authentication import current_actor_or_none, is_from_other_site
from shared.web.cookies import read_cookie, set_safe_cookie

COOKIE = "kompeten_kept"
FIELD = "form_state"
OWN = frozenset({"csrf_token", "idempotency_key", FIELD, "_add", "_remove"})
"""Fields of the form machinery, not of a form's model; so are all whose names begin with `_`."""
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
SECONDS = 30 * 24 * 3600
"""How long a browser keeps its secret: longer than a session, and than anything is kept with it."""
SHORTEST = 40
LONGEST = 64 * 1024
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class FormState:
    """`owner` is the account it was shown to (empty: nobody signed in), `page` the address it stands on, `target` where
    it is sent; `secrets` are fields never kept, `begun` digests of what fields held when the form was shown.
    """

    owner: str
    page: str
    target: str
    secrets: tuple[str, ...] = ()
    begun: dict[str, str] = field(default_factory=dict)


def seal_form_state(state: FormState) -> str:
    """The hidden field's value."""
    packed = json.dumps([state.owner, state.page, state.target, state.secrets, state.begun], separators=(",", ":"))
    body = base64.urlsafe_b64encode(packed.encode()).decode()
    return f"{body}.{_sign(body)}"


def read_form_state() -> FormState | None:
    """What the form in this request says of itself; None for none, and for what this browser was never shown."""
    if "form_state" not in g:
        g.form_state = _read_form_state()
    found: FormState | None = g.form_state
    return found


def _read_form_state() -> FormState | None:
    is_form = request.method == "POST" and request.mimetype in FORM_TYPES
    if not is_form or not read_cookie(COOKIE) or is_from_other_site():
        return None
    try:
        body, _, signature = request.form.get(FIELD, "").partition(".")
    except (HTTPException, Invalid):  # too large, or no form: whoever answers the request says so
        return None
    if not body or len(body) > LONGEST or not hmac.compare_digest(signature.encode(), _sign(body).encode()):
        return None
    try:
        return _unpack_form_state(json.loads(base64.urlsafe_b64decode(body)))
    except (ValueError, binascii.Error, RecursionError):
        return None


def _unpack_form_state(packed: Any) -> FormState | None:
    """None for what has another shape: whoever makes up the secret of a browser can sign anything with it."""
    match packed:
        case [str(owner), str(page), str(target), [*hidden], {**begun}]:
            is_ours = page.startswith("/") and not page.startswith(("//", "/\\"))
            digests = {str(path): str(digest) for path, digest in begun.items()}
            return FormState(owner, page, target, tuple(map(str, hidden)), digests) if is_ours else None
    return None


def is_shown_form(*, anonymous: bool) -> bool:
    """Whether the form in this request was shown in this browser to who sends it now, in whichever session.

    A view for everybody (`anonymous`) takes one from before or after signing in, too.
    """
    state = read_form_state()
    return state is not None and (anonymous or (state.owner == find_owner() != ""))


def note_secret(path: str) -> None:
    """Remember that no form of the page in hand keeps the field, also one that stands around fields of another's."""
    g.setdefault("secret_fields", []).append(path)


def list_secrets() -> tuple[str, ...]:
    """The fields of the page in hand, as far as it is drawn, that are never kept."""
    return tuple(dict.fromkeys(g.get("secret_fields", [])))


def find_owner() -> str:
    """Whose the forms of this request are: the account's id; empty for nobody signed in."""
    actor = current_actor_or_none()
    return str(actor.id) if actor else ""


def find_page() -> str:
    """The address of the page in hand, without its language: of a refused form the one on which it was filled in."""
    state = read_form_state()
    if state is not None:
        return state.page
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.path}?{urlencode(query)}" if query else request.path


def find_browser_secret() -> str:
    """The secret of this browser; a new one is set with the answer."""
    value: str = g.get("browser_secret") or read_cookie(COOKIE)
    if len(value) < SHORTEST:
        value = g.browser_secret = secrets.token_urlsafe(32)
    return value


def carry_browser_secret(response: Response) -> Response:
    """The answer with the cookie that a form on it needs."""
    made = g.get("browser_secret")
    if made:
        set_safe_cookie(response, COOKIE, made, max_age=SECONDS)
    return response


def digest_value(path: str, value: str) -> str:
    """A few letters that change with what a field holds."""
    key = find_browser_secret().encode()
    return base64.urlsafe_b64encode(hmac.digest(key, f"{path}\0{value}".encode(), "sha256")).decode()[:_DIGITS]


def derive_key(purpose: str) -> bytes:
    """A key of this browser for one purpose (32 bytes)."""
    return hmac.digest(find_browser_secret().encode(), f"kompeten {purpose}".encode(), sha256)


def _sign(body: str) -> str:
    return hmac.new(derive_key("form state"), body.encode(), sha256).hexdigest()
