"""A signature as an incremental update of a PDF: appended bytes that change nothing of what was there.

Written for what `render_pdf` makes (one cross-reference table, plain objects): any other structure is refused, never
guessed at. What is appended keeps PDF/A-3a and PDF/UA-1: no new metadata, a widget that is printed yet outside the
page, a line end before the first new object (ISO 32000-1 7.5.6 and 12.8; ETSI EN 319 142-1).
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
TABLE = re.compile(rb"xref\r?\n0 (\d+)\r?\n")
ROOT, SIZE, INFO = re.compile(rb"/Root (\d+) 0 R"), re.compile(rb"/Size (\d+)"), re.compile(rb"/Info (\d+) 0 R")
FIRST_ID = re.compile(rb"/ID\s*\[\s*(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>)")
PAGES, FIRST_KID = re.compile(rb"/Pages (\d+) 0 R"), re.compile(rb"/Kids\s*\[\s*(\d+) 0 R")
ANNOTATIONS = re.compile(rb"/Annots\s*\[")
ENTRY = 20
"""Bytes of one line of a cross-reference table."""
RANGE = b"[0 %d %d %d]"
RANGE_WIDTH = 40
PRINTED, LOCKED = 4, 128
PLAIN = re.compile(r"[ -~]*")

WIDGET = (
    b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/TU(Tanda tangan elektronik)/F %d"
    b"/Rect[-9999 -9999 -9999 -9999]/P %%d 0 R/V %%d 0 R>>" % (PRINTED | LOCKED)
)
SIGNATURE = (
    b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:%b)/Reason%b"
    b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 1>>>>]/ByteRange"
)
"""P 1: no changes to the document are permitted (ISO 32000-1 12.8.2.2)."""


class NotOurPdf(ValueError):
    """A file that `render_pdf` didn't make, or one that is signed already."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file with room for a signature. `digest` is the SHA-256 of all but that room."""

    before: bytes
    after: bytes
    room: int
    digest: bytes

    def filled(self, cms: bytes) -> bytes:
        """The signed file. Raises ValueError when `cms` is larger than its room."""
        if len(cms) > self.room:
            raise ValueError(f"a signature of {len(cms)} bytes does not fit into {self.room}")
        return b"".join((self.before, b"<", cms.hex().encode().ljust(2 * self.room, b"0"), b">", self.after))


def prepare_signature(pdf: bytes, *, room: int, at: datetime, reason: str) -> Prepared:
    """`pdf` with an empty certifying signature of `room` bytes, signed at `at` for `reason`; raises NotOurPdf."""
    old = _Old(pdf)
    form, widget, signature = old.size, old.size + 1, old.size + 2
    page = old.first_page
    objects = {
        page: _with_annotation(old.dictionary(page), widget),
        old.root: _extended(old.dictionary(old.root), b"/AcroForm %d 0 R/Perms<</DocMDP %d 0 R>>" % (form, signature)),
        form: b"<</Fields[%d 0 R]/SigFlags 3>>" % widget,
        widget: WIDGET % (page, signature),
    }
    begin = b"" if pdf.endswith(b"\n") else b"\n"
    update, offsets = bytearray(begin), {}
    for number, content in objects.items():
        offsets[number] = len(pdf) + len(update)
        update += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    offsets[signature] = len(pdf) + len(update)
    time = at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode()
    update += SIGNATURE % (signature, time, _text(reason))
    # The byte range has a fixed width: the places it names lie behind it and must not move with its digits.
    gap = len(pdf) + len(update) + RANGE_WIDTH + len(b"/Contents")
    resume = gap + 2 * room + 2
    closing = b">>\nendobj\n"
    so_far = hashlib.sha256(pdf)
    after = closing + _table(offsets, old, resume + len(closing), so_far.digest()[:16])
    update += (RANGE % (gap, resume, len(after))).ljust(RANGE_WIDTH) + b"/Contents"
    so_far.update(update)
    so_far.update(after)
    return Prepared(pdf + bytes(update), after, room, so_far.digest())


class _Old:
    """The file before the update: where its objects are, and what its trailer says."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        self.table = int(_found(END, pdf, max(0, len(pdf) - 64), search=True)[1])
        heading = _found(TABLE, pdf, self.table)
        self._entries = heading.end()
        self.size = int(heading[1])
        self._trailer = pdf[self._entries + ENTRY * self.size :]
        once = self._trailer.startswith(b"trailer") and self._trailer.count(b"%%EOF") == 1
        if not once or b"/Prev" in self._trailer or b"/Encrypt" in self._trailer:
            raise NotOurPdf("Only a file written once, with one cross-reference table and in clear, can be signed.")
        self.root, size, self.info = (int(_found(rule, self._trailer, search=True)[1]) for rule in (ROOT, SIZE, INFO))
        if size != self.size:
            raise NotOurPdf("The file's cross-reference table is not complete.")
        self.first_id = _found(FIRST_ID, self._trailer, search=True)[1]

    @property
    def first_page(self) -> int:
        """The object number of the first page; the tree of pages may have any depth."""
        node = int(_found(PAGES, self.dictionary(self.root), search=True)[1])
        while b"/Kids" in (content := self.dictionary(node)):
            node = int(_found(FIRST_KID, content, search=True)[1])
        return node

    def dictionary(self, number: int) -> bytes:
        """The dictionary that is object `number`, as it stands in the file."""
        if not 0 < number < self.size:
            raise NotOurPdf("The file names an object that it does not have.")
        start = self._offsets[number]
        end = min((offset for offset in self._offsets if offset > start), default=self.table)
        content = self._pdf[start : min(end, self.table)].strip()
        mark = b"%d 0 obj" % number
        if not content.startswith(mark) or not content.endswith(b"endobj"):
            raise NotOurPdf("The file's cross-reference table leads to the wrong places.")
        content = content[len(mark) : -len(b"endobj")].strip()
        if not content.startswith(b"<<") or not content.endswith(b">>"):
            raise NotOurPdf("The file's catalogue or page is no plain dictionary.")
        return content

    @cached_property
    def _offsets(self) -> list[int]:
        lines = self._pdf[self._entries : self._entries + ENTRY * self.size]
        try:
            return [int(lines[start : start + 10]) for start in range(0, len(lines), ENTRY)]
        except ValueError as error:
            raise NotOurPdf("The file's cross-reference table cannot be read.") from error


def _found(rule: re.Pattern[bytes], content: bytes, start: int = 0, *, search: bool = False) -> re.Match[bytes]:
    found = rule.search(content, start) if search else rule.match(content, start)
    if found is None:
        raise NotOurPdf("Only files that this system has rendered can be signed.")
    return found


def _extended(dictionary: bytes, entries: bytes) -> bytes:
    if b"/AcroForm" in dictionary or b"/Perms" in dictionary:
        raise NotOurPdf("The file has a form or a signature already.")
    return dictionary[:-2] + entries + b">>"


def _with_annotation(page: bytes, number: int) -> bytes:
    reference = b"%d 0 R" % number
    if b"/Annots" not in page:
        return page[:-2] + b"/Annots[" + reference + b"]>>"
    place = _found(ANNOTATIONS, page, search=True).end()
    return page[:place] + reference + b" " + page[place:]


def _text(text: str) -> bytes:
    """A PDF text string: as it is where ASCII suffices, else UTF-16."""
    if not PLAIN.fullmatch(text):
        return b"<feff" + text.encode("utf-16-be").hex().encode() + b">"
    return b"(" + re.sub(r"([()\\])", r"\\\1", text).encode() + b")"


def _table(offsets: dict[int, int], old: _Old, place: int, second_id: bytes) -> bytes:
    """Cross-references and trailer of the update; `place` is where they begin in the file."""
    sections = b"".join(b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in sorted(offsets.items()))
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[%b<%b>]/Prev %d>>" % (
        old.size + 3,
        old.root,
        old.info,
        old.first_id,
        second_id.hex().encode(),
        old.table,
    )
    return b"xref\n%b%b\nstartxref\n%d\n%%%%EOF\n" % (sections, trailer, place)
