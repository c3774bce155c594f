"""Nothing typed is lost: a form that did not arrive where it belongs is kept, and shown again on its page.

Kept is a form whose sender was signed out meanwhile, one that was refused, one whose page is left or shown in the other
language; a form that arrives is forgotten. What is kept is encrypted with a secret of the browser and bound to the
account that typed it: on another account's page it is not found, and without the browser nobody can read it. Files and
what is secret (passwords, codes) are never kept.
"""

import hmac
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import g, request
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from shared.clock import real_now
from shared.database.kept_forms import KeptForm
from shared.database.unit import DatabaseAway
from shared.database.upsert import insert_into
from shared.security.allowances import Allowance, Spent, find_allowances
from shared.web.cookies import read_cookie
from shared.web.form_state import (
    COOKIE,
    OWN,
    FormState,
    derive_key,
    find_owner,
    find_page,
    read_form_state,
)
from shared.web.limits import current_network
from shared.web.navigation import RENEW
from shared.web.work import current_database

KEPT_FOR = timedelta(hours=12)
KEPT_FOR_NOBODY = timedelta(minutes=10)
"""Of somebody without an account: until the page is there again, and no longer, as others may sit down there."""
TYPED = "/typed"
"""Below a service: where what is typed so far is sent."""
NONCE = 12
LONGEST_TYPED = 256 * 1024
"""Bytes of one form; what is longer is not kept."""
NEW_FORMS = "200/hour"
"""How many forms more are kept of one account."""
NEW_FORMS_OF_STRANGERS = "120/hour"
"""Of one network, where nobody is signed in or another account than the form's.

Whoever makes up the secret of a browser can sign any number of forms, in any name, until the database is full.
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form as they were typed, the refusals that stand beside them, and what it was begun with."""

    fields: MultiDict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)


def keep_typed(errors: dict[str, str] | None = None) -> FormState | None:
    """Keep the form that this request sends; returns what it says of itself, None where there is nothing to keep.

    Safe to repeat: of one form on one page the latest is kept.
    """
    state = read_form_state()
    if state is None:
        return None
    fields = list_typed()
    if not any(value.strip() for _, value in fields):
        return None
    packed = json.dumps([fields, errors or {}, state.begun]).encode()
    if len(packed) > LONGEST_TYPED:
        return None
    g.typed_kept = True
    row_id = _name_form(state.owner, state.page, state.target)
    values = {
        "id": row_id,
        "page_id": _name_page(state.owner, state.page),
        "until": real_now() + (KEPT_FOR if state.owner else KEPT_FOR_NOBODY),
        "typed": _encrypt(packed, row_id),
    }
    try:
        with current_database().reading() as session:
            is_new = session.scalar(select(KeptForm.id).where(KeptForm.id == row_id)) is None
        if is_new:
            _count_new_form(state)
        with current_database().unit_of_work() as session:
            new = insert_into(session, KeptForm.__table__).values(**values)
            session.execute(new.on_conflict_do_update(index_elements=["id"], set_=values))
    except DatabaseAway:
        g.typed_kept = False
        return None
    except Spent:
        return None
    return state


def _count_new_form(state: FormState) -> None:
    """Raise Spent when so many were kept of late that this one is not."""
    if state.owner == find_owner() != "":
        allowance = Allowance("kept forms", NEW_FORMS, (state.owner,))
    else:
        allowance = Allowance("kept forms of strangers", NEW_FORMS_OF_STRANGERS, (current_network(),))
    find_allowances().take(allowance)


def list_typed() -> list[tuple[str, str]]:
    """The fields that this request sends as they were typed: what is secret and what pages say of themselves aside."""
    state = read_form_state()
    if state is None:
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if _is_typed(name, state)]


def find_typed(target: str) -> Typed | None:
    """What was typed on this page into the form that is sent to `target` and did not arrive."""
    if request.method != "GET" or not read_cookie(COOKIE):
        return None
    found = _find_on_page()
    row_id = _name_form(find_owner(), find_page(), target)
    if row_id not in found:
        return None
    try:
        fields, errors, begun = json.loads(_decrypt(found[row_id], row_id))
    except (InvalidTag, ValueError):
        return None
    if not find_owner():
        _forget(row_id)
    return Typed(MultiDict(fields), errors, begun)


def settle_typed(response: Response) -> Response:
    """Forget the form that has arrived; keep one that was refused, whatever refused it."""
    passed_on = request.path == RENEW
    state = None if passed_on or g.get("typed_kept") or not request.endpoint else read_form_state()
    if state is None:
        return response
    if response.status_code < 400 and not request.form.keys() & {"_add", "_remove"}:
        _forget(_name_form(state.owner, state.page, state.target))
    elif state.owner:
        keep_typed()
    return response


def forget_typed() -> FormState | None:
    """Forget what is kept of the form that this request sends."""
    state = read_form_state()
    if state is not None:
        _forget(_name_form(state.owner, state.page, state.target))
        g.typed_kept = True
    return state


def address_in_language(page: str, language: str) -> str:
    """The address of a page in another language."""
    parts = urlsplit(page)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "lang"]
    return f"{parts.path}?{urlencode([*query, ('lang', language)])}"


def _is_typed(name: str, state: FormState) -> bool:
    return name not in OWN and not name.startswith("_") and name not in state.secrets


def _find_on_page() -> dict[str, bytes]:
    """Everything kept for this page, read once in a request; nothing while the database is away."""
    if "typed_on_page" not in g:
        g.typed_on_page = {}
        wanted = select(KeptForm.id, KeptForm.typed).where(
            KeptForm.page_id == _name_page(find_owner(), find_page()), KeptForm.until > real_now()
        )
        with suppress(DatabaseAway), current_database().reading() as session:
            g.typed_on_page = {row.id: row.typed for row in session.execute(wanted)}
    found: dict[str, bytes] = g.typed_on_page
    return found


def _forget(row_id: str) -> None:
    with suppress(DatabaseAway), current_database().unit_of_work() as session:
        session.execute(delete(KeptForm).where(KeptForm.id == row_id))


def _name_page(owner: str, page: str) -> str:
    return _name("page", owner, page)


def _name_form(owner: str, page: str, target: str) -> str:
    return _name("form", owner, page, target)


def _name(*parts: str) -> str:
    return hmac.new(derive_key("names of kept forms"), json.dumps(parts).encode(), "sha256").hexdigest()


def _encrypt(data: bytes, row_id: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(derive_key("kept forms")).encrypt(nonce, data, row_id.encode())


def _decrypt(blob: bytes, row_id: str) -> bytes:
    return AESGCM(derive_key("kept forms")).decrypt(blob[:NONCE], blob[NONCE:], row_id.encode())
