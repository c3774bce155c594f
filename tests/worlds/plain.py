"""What an answer says, as text that can be compared: contents of files, and identifiers by the order they come in.

Nothing is put aside but identifiers, and what libraries reckon by the machine's own clock: the second at which a cookie
ends beside its age, the seconds to wait. All other times are equal, because both systems do the same step at the same
time, and so are nonces and keys, because both draw the same numbers (`world.py`).
"""

import re
from hashlib import sha256
from io import BytesIO

import openpyxl
from pypdf import PdfReader
from werkzeug.test import TestResponse

UUID_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")

COOKIE_END = re.compile(r"(?<=; )Expires=\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT; (?=Max-Age=)")
"""The second at which a browser forgets a cookie, reckoned by the machine's clock; its `Max-Age` stays."""

CLOCKS = ("Date", "Retry-After")
"""Headers that tell the machine's time, or how long to wait by it."""


class Names:
    """Symbols for identifiers, given in the order of their first appearance before one visitor."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def hide_ids(self, text: str) -> str:
        """The text with a symbol for each identifier: the same for the same, another for another."""
        return UUID_FORM.sub(lambda found: self._symbol(found.group().replace("-", "")), text)

    def _symbol(self, identifier: str) -> str:
        return self._known.setdefault(identifier, f"<id {len(self._known)}>")


def read_answer(answer: TestResponse) -> str:
    """Status, headers and content of an answer."""
    told = (f"{name}: {value}" for name, value in answer.headers.items() if name not in CLOCKS)
    head = [answer.status, *sorted(COOKIE_END.sub("", line) for line in told)]
    return "\n".join([*head, "", read_content(answer.get_data(), answer.content_type or "")])


def read_content(data: bytes, content_type: str) -> str:
    """PDF and xlsx as what a reader sees, text as it is, pictures and other bytes by their digest."""
    if data.startswith(b"%PDF"):
        return _read_pdf(data)
    if "spreadsheetml" in content_type:
        return _read_workbook(data)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return sha256(data).hexdigest()


def _read_pdf(data: bytes) -> str:
    document = PdfReader(BytesIO(data))
    told = [f"{key}: {value}" for key, value in sorted((document.metadata or {}).items())]
    return "\n".join([*told, *(page.extract_text() for page in document.pages)])


def _read_workbook(data: bytes) -> str:
    book = openpyxl.load_workbook(BytesIO(data))
    told = [f"{name}: {value}" for name, value in sorted(vars(book.properties).items())]
    return "\n".join([*told, *(f"{sheet.title}: {row}" for sheet in book for row in sheet.values)])
