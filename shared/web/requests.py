"""Requests read strictly: what no table can hold is refused here, with the field's name, before any code sees it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

import flask
import pydantic_core
from flask.json.provider import JSONProvider
from werkzeug.exceptions import BadRequest

from shared.errors import N_, Invalid
from shared.web.bodies import DEPTH, TOO_DEEP, VALUES, BodyLimit, CountingFormParser, refuse_cut_body, refuse_heavy_json

INTEGER_LIMIT = 2**53
"""Beyond it JSON numbers are not exact in every client, and near it database integers end."""
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

NOT_TEXT = N_("Teks memuat karakter yang tidak dapat disimpan. Hapus karakter itu lalu kirim lagi.")
TOO_LARGE = N_("Angka terlalu besar. Isi dengan angka yang lebih kecil.")


class StrictJson(JSONProvider):
    """JSON as Flask reads and writes it here.

    Refuses NaN, lone surrogates, NUL and boundless numbers; writes dates as ISO 8601, and models.
    """

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        refuse_heavy_json(s.encode() if isinstance(s, str) else s, _most_values())
        value = pydantic_core.from_json(s, allow_inf_nan=False)
        refuse_unstorable(value)
        return value

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return pydantic_core.to_json(obj).decode()


class Request(flask.Request):
    """A request with an id that joins all that follows from it, and the limit of its body once its view is known."""

    body_limit: BodyLimit | None = None
    form_data_parser_class = CountingFormParser

    @property
    def request_id(self) -> str:
        """The caller's X-Request-ID where it is a sane one, else a new id; the same for the whole request."""
        known = self.environ.get("kompeten.request_id")
        if known is None:
            given = self.headers.get("X-Request-ID", "")
            known = given if REQUEST_ID.fullmatch(given) else uuid4().hex
            self.environ["kompeten.request_id"] = known
        return str(known)

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        """The body. Raises RequestEntityTooLarge where there is more of it than the view takes."""
        read = super().get_data(*args, **kwargs)
        refuse_cut_body(read, self.content_length, self.max_content_length)
        return read

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Refuse a body that is no JSON with a sentence for people. Raises BadRequest."""
        if e is None:
            return super().on_json_loading_failed(e)
        raise BadRequest(N_("Isi permintaan bukan JSON yang sah. Perbaiki bentuk JSON lalu kirim lagi.")) from e


def _most_values() -> int:
    """How many values the body of the request in hand may hold."""
    limit = flask.request.body_limit if flask.has_request_context() else None  # type: ignore[attr-defined]
    return limit.values if limit else VALUES


def refuse_unstorable_parameters(request: flask.Request) -> None:
    """Raise Invalid for a NUL in the path or the query string."""
    _refuse_texts((("", request.path), *request.args.items(multi=True)))


def refuse_unstorable_fields(request: flask.Request) -> None:
    """Raise Invalid where form fields or file names hold what cannot be kept; reading them may raise 413."""
    _refuse_texts(request.form.items(multi=True))
    _refuse_texts((name, file.filename or "") for name, file in request.files.items(multi=True))


def refuse_unstorable(value: Any) -> None:
    """Raise Invalid where a decoded JSON value holds what cannot be kept."""
    for path, message in _unstorable(value, (), 0):
        raise Invalid("unstorable-value", message, fields={".".join(path) or "body": message})


def _refuse_texts(pairs: Iterable[tuple[str, str]]) -> None:
    for name, text in pairs:
        if not _is_text(name) or not _is_text(text):
            field = name if _is_text(name) else ""
            raise Invalid("unstorable-value", NOT_TEXT, fields={field or "request": NOT_TEXT})


def _is_text(text: str) -> bool:
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unstorable(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], str]]:
    if depth > DEPTH:
        yield path, TOO_DEEP
    elif isinstance(value, str):
        if not _is_text(value):
            yield path, NOT_TEXT
    elif isinstance(value, float):
        if abs(value) > INTEGER_LIMIT:
            yield path, TOO_LARGE
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        if abs(value) > INTEGER_LIMIT:
            yield path, TOO_LARGE
    elif isinstance(value, dict):
        for key, item in value.items():
            if not _is_text(key):
                yield path, NOT_TEXT
            else:
                yield from _unstorable(item, (*path, key), depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unstorable(item, (*path, str(index)), depth + 1)
