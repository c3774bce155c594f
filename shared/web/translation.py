"""Indonesian as it stands in the code, English as a switch: .po files read into memory, none compiled."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import current_app, g, has_request_context, request

from shared.web.authentication import current_claims_or_none
from shared.web.cookies import read_cookie

INDONESIAN = "id"
ENGLISH = "en"
LANGUAGES = (INDONESIAN, ENGLISH)
COOKIE = "lang"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_AS_IT_STANDS = NullTranslations()

CATALOGUES = "kompeten.catalogues"
"""Key in the application's extensions: the English .po files it was made with."""
SHARED_CATALOGUES = tuple(sorted(Path(__file__).parents[1].glob("*/translations/en.po")))
""".po files of `shared`, which every application has."""


def current_language() -> str:
    """The language of this request: `?lang=`, the cookie, the account, the browser; else Indonesian."""
    if not has_request_context():
        return INDONESIAN
    known: str | None = g.get("language")
    if known is None:
        known = g.language = _chosen()
    return known


def current_locale() -> Locale:
    """The language of this request as babel knows it, for dates and numbers."""
    return Locale(current_language())


def gettext(message: str, **params: Any) -> str:
    """`message` in the language of the request, its {placeholders} filled."""
    text: str = _current_catalog().gettext(message) if message else ""
    return _filled(text, params)


def ngettext(singular: str, plural: str, number: int, **params: Any) -> str:
    """The form of the message for `number`, which also fills {number}. Indonesian has one form."""
    indonesian = current_language() == INDONESIAN
    text = singular if indonesian else _current_catalog().ngettext(singular, plural, number)
    return _filled(text, {"number": number, **params})


@cache
def load_english(files: tuple[Path, ...]) -> Translations:
    """The messages of these .po files. A message in two of them must be translated alike in both."""
    merged = Translations()
    for file in files:
        with file.open("rb") as source:
            messages = read_po(source, locale=ENGLISH, abort_invalid=True)
        binary = BytesIO()
        write_mo(binary, messages)
        binary.seek(0)
        merged.merge(Translations(binary))
    return merged


def _current_catalog() -> NullTranslations:
    """The messages of the application that answers, in the language of the request."""
    if current_language() == INDONESIAN:
        return _AS_IT_STANDS
    return load_english(current_app.extensions[CATALOGUES])


def _filled(text: str, params: dict[str, Any]) -> str:
    """Placeholders without a value stay as they are: a sentence with a brace in it is better than none."""
    if not params:
        return text
    return _PLACEHOLDER.sub(lambda found: str(params.get(found[1], found[0])), text)


def _chosen() -> str:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    kept = read_cookie(COOKIE)
    if kept in LANGUAGES:
        return kept
    claims = current_claims_or_none()
    if claims is not None and claims.language in LANGUAGES:
        return claims.language
    return request.accept_languages.best_match(LANGUAGES, default=INDONESIAN) or INDONESIAN
