"""How much a request may send: bytes, values and fields are counted before anything walks them.

Every view has a limit by its kind: 16 KiB where nothing is asked for, 256 KiB of JSON, 512 KiB of a form; files are
taken by views that say so. One that needs more says how much with `limit_body`. Larger bodies are refused by their
Content-Length before they are read, and those without one while they are read (413).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import IO, Any

import flask
from pydantic import BaseModel
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from shared.errors import N_, Invalid
from shared.settings import settings
from shared.web.marks import View, find_mark, mark_view
from shared.web.parts import Files, Form, read_parts

KIB = 1024
MIB = 1024 * KIB
FIELDS = 3_000
"""Fields of one form, and parts of one multipart body: the longest form has a few hundred."""
PARAMETERS = 200
"""Parameters of one query string."""
VALUES = 10_000
"""Values of one JSON body; each brings a comma or a pair of brackets."""
DEPTH = 32
"""Lists and objects of JSON inside one another."""
FILE_TEXT = 512 * KIB
"""What a body with a file may hold besides it."""

TOO_MANY_FIELDS = N_("Formulir memuat terlalu banyak isian. Kurangi isian lalu kirim lagi.")
TOO_MANY_VALUES = N_("Data memuat terlalu banyak nilai. Bagi menjadi beberapa kiriman.")
TOO_DEEP = N_("Data bersarang terlalu dalam. Sederhanakan bentuknya lalu kirim lagi.")
TOO_MANY_PARAMETERS = N_("Alamat memuat terlalu banyak parameter. Kurangi parameter lalu coba lagi.")

_TEXTS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A JSON text with its quotes; one that never ends is taken to the end, so that no byte is looked at twice."""
_NO_SHAPE = bytes(set(range(256)) - set(b"[]{},"))

_BODY = "__kompeten_body__"


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """The most that one request's body may hold: bytes, bytes that are text of a form, values that are JSON."""

    bytes: int
    text: int
    values: int = VALUES


NOTHING = BodyLimit(16 * KIB, 16 * KIB)
"""For a view that reads nothing, or a form's secret alone."""
JSON = BodyLimit(256 * KIB, 16 * KIB)
FORM = BodyLimit(512 * KIB, 512 * KIB)


def upload_limit() -> BodyLimit:
    """For a form with a file. More than `KOMPETEN_UPLOAD_MB` is read, so that the form itself can say what is wrong."""
    return BodyLimit(largest_body(), FILE_TEXT)


def limit_body(limit: BodyLimit) -> Callable[[View], View]:
    """The view takes bodies up to `limit`, in place of what is usual for its kind."""
    return mark_view(_BODY, limit)


def take_upload(view: View) -> View:
    """The page takes a form with a file. An API view says so by the model of its form."""
    return mark_view(_BODY, upload_limit)(view)


def pass_body_on(view: View) -> View:
    """The page reads no body and has the browser send it elsewhere (307), a form with a file among others."""
    return mark_view(_BODY, _limit_of_largest)(view)


def _limit_of_largest() -> BodyLimit:
    return BodyLimit(largest_body(), FILE_TEXT)


def mark_inputs(view: View, *, form: type[BaseModel] | None, body: type[BaseModel] | None) -> View:
    """Mark an API view with the limit that follows from the models it asks for, unless it says one of its own."""
    if find_mark(view, _BODY) is not None:
        return view
    if body is not None:
        return limit_body(JSON)(view)
    if form is None:
        return limit_body(NOTHING)(view)
    return take_upload(view) if _takes_file(form) else limit_body(FORM)(view)


def find_body_limit(view: Callable[..., Any] | None, method: str) -> BodyLimit:
    """The most that a request with `method` may send to `view`; a page that says nothing is one with a form."""
    if view is None or method in ("GET", "HEAD", "OPTIONS", "DELETE"):
        return NOTHING
    said: BodyLimit | Callable[[], BodyLimit] = find_mark(view, _BODY) or FORM
    return said if isinstance(said, BodyLimit) else said()


def takes_files(view: Callable[..., Any]) -> bool:
    """Whether the view says that it takes a file."""
    return find_mark(view, _BODY) is upload_limit


def largest_body() -> int:
    """Bytes of the largest body that any view takes: more than that no server here need read."""
    return settings().request_mb * MIB


def refuse_large_body(request: flask.Request, view: Callable[..., Any] | None) -> BodyLimit:
    """Let no more of the body be read than `view` takes, and refuse what is known to be larger or too much to walk.

    Returns the limit. Raises RequestEntityTooLarge, and Invalid for a query of too many parameters.
    """
    if request.query_string.count(b"&") >= PARAMETERS:
        raise _too_much(TOO_MANY_PARAMETERS)
    limit = find_body_limit(view, request.method)
    request.max_content_length = limit.bytes
    request.max_form_memory_size = limit.text
    request.max_form_parts = FIELDS
    if (request.content_length or 0) > limit.bytes:
        raise RequestEntityTooLarge
    return limit


class CountingFormParser(FormDataParser):
    """Werkzeug's reader of forms, with fields counted before they are taken apart, and another reader of parts."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """The form. Raises RequestEntityTooLarge, and Invalid when it has too many fields or is broken."""
        if mimetype == "application/x-www-form-urlencoded":
            sent = stream.read()
            refuse_cut_body(sent, content_length, self.max_content_length)
            if self.max_form_memory_size is not None and len(sent) > self.max_form_memory_size:
                raise RequestEntityTooLarge
            if self.max_form_parts is not None and sent.count(b"&") >= self.max_form_parts:
                raise _too_much(TOO_MANY_FIELDS)
            stream = BytesIO(sent)
        if mimetype == "multipart/form-data":
            return stream, *self._read_parts(stream, (options or {}).get("boundary", ""), content_length)
        return super().parse(stream, mimetype, content_length, options)

    def _read_parts(self, stream: IO[bytes], boundary: str, content_length: int | None) -> tuple[Form, Files]:
        return read_parts(
            stream,
            boundary,
            most_parts=self.max_form_parts or FIELDS,
            most_text=self.max_form_memory_size or FILE_TEXT,
            open_file=partial(self.stream_factory, content_length, None, None),
        )


def refuse_cut_body(read: bytes, length: int | None, most: int | None) -> None:
    """Raise RequestEntityTooLarge where a body that told no `length` was read up to `most` bytes.

    Werkzeug ends there without a word, and half a body is none.
    """
    if length is None and most is not None and len(read) >= most:
        raise RequestEntityTooLarge


def refuse_heavy_json(text: bytes, most: int) -> None:
    """Raise Invalid where JSON holds more than `most` values or nests deeper than DEPTH, before it is decoded.

    What stands in quotes is taken away first; of the rest only brackets and commas count, which bound the values.
    """
    shape = _TEXTS.sub(b"", text).translate(None, _NO_SHAPE)
    if len(shape) > 2 * most:
        raise _too_much(TOO_MANY_VALUES)
    deep = 0
    for sign in shape:
        if sign in b"[{":
            deep += 1
            if deep > DEPTH:
                raise _too_much(TOO_DEEP)
        elif sign in b"]}":
            deep -= 1


def _takes_file(form: type[BaseModel]) -> bool:
    kinds = [field.annotation for field in form.model_fields.values()]
    return any(isinstance(kind, type) and issubclass(kind, FileStorage) for kind in kinds)


def _too_much(message: str) -> Invalid:
    return Invalid("too-much", message, fields={"body": message})
