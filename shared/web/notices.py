"""A sentence for the top of the next page, carried by a cookie of its own.

The cookie is not signed: only this browser can set it, and what it says is shown as text to nobody else.
"""

import base64
import binascii
import json

from flask import g, request
from werkzeug.wrappers import Response

from shared.errors import N_
from shared.web.cookies import delete_safe_cookie, read_cookie, set_safe_cookie
from shared.web.navigation import SIGN_OUT
from shared.web.translation import gettext

COOKIE = "kompeten_notice"
KINDS = ("done", "warning", "error")
LENGTH = 600
MOST = 4
NOT_SAVED = N_("Anda perlu masuk lagi, jadi yang baru Anda kirim tidak tersimpan. Masuk, lalu isi sekali lagi.")
TYPED_KEPT = N_("Anda perlu masuk lagi. Yang Anda ketik disimpan dan tampil kembali setelah Anda masuk.")
TYPED_KEPT_WITHOUT_FILES = N_(
    "Anda perlu masuk lagi. Yang Anda ketik disimpan dan tampil kembali setelah Anda masuk; berkas perlu dipilih lagi."
)


def keep_notice(kind: str, text: str) -> None:
    """Keep `text` for the next page that is shown. `kind` is one of KINDS."""
    g.setdefault("notices", []).append((kind, text[:LENGTH]))


def tell_not_saved(path: str, *, kept: bool) -> None:
    """Say beside the form that signs in what became of what this request was sending to `path`: kept, or lost.

    A reader is told nothing.
    """
    if request.method == "POST" and path != SIGN_OUT:
        held = TYPED_KEPT_WITHOUT_FILES if request.mimetype == "multipart/form-data" else TYPED_KEPT
        keep_notice("warning", gettext(held if kept else NOT_SAVED))


def take_notices() -> list[tuple[str, str]]:
    """The sentences kept by the request before and by this one, as (kind, text); each is shown once."""
    g.notices_taken = True
    here: list[tuple[str, str]] = g.pop("notices", [])
    return [*_carried(), *here]


def carry_notices(response: Response) -> Response:
    """The answer with the cookie that carries what was kept, or without it once it was shown."""
    left = g.get("notices", [])
    if left:
        packed = base64.urlsafe_b64encode(json.dumps([*_carried(), *left][-MOST:]).encode()).decode()
        set_safe_cookie(response, COOKIE, packed, max_age=300)
    elif g.get("notices_taken") and read_cookie(COOKIE):
        delete_safe_cookie(response, COOKIE)
    return response


def _carried() -> list[tuple[str, str]]:
    try:
        found = json.loads(base64.urlsafe_b64decode(read_cookie(COOKIE).encode()) or b"[]")
        pairs = [(str(kind), str(text)[:LENGTH]) for kind, text in found]
    except (ValueError, TypeError, RecursionError, binascii.Error):
        return []
    return [pair for pair in pairs if pair[0] in KINDS][:MOST]
