"""Forms with files (multipart/form-data): each part's head and all their text are bounded while they are read.

Read by the library `multipart`: werkzeug's own reader walks a head of any length, hands on parts without a name, and
loses an empty part whose end comes with the next 64 KiB.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import IO, Any

from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser
from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from shared.errors import N_, Invalid

HEAD_LINE = 16 * 1024
"""Bytes of one line in a part's head: a name of a file takes a few hundred."""
HEAD_LINES = 8
READ = 64 * 1024

BROKEN = N_("Formulir tidak terkirim utuh. Muat ulang halaman lalu kirim lagi.")

Form = MultiDict[str, str]
Files = MultiDict[str, FileStorage]


def read_parts(
    stream: IO[bytes], boundary: str, *, most_parts: int, most_text: int, open_file: Callable[[], IO[bytes]]
) -> tuple[Form, Files]:
    """The fields and files of the form in `stream`, in their order; a file is written into what `open_file` gives.

    Raises RequestEntityTooLarge for more than `most_parts` parts, `most_text` bytes of text in all, or a longer head
    of a part than anybody sends; Invalid for what is no such form, ends within, or has a part without a name.
    """
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, FileStorage]] = []
    opened = ExitStack()

    def open_to_be_closed() -> IO[bytes]:
        return opened.enter_context(closing(open_file()))

    try:
        for segment, content in _read_segments(stream, boundary, most_parts, most_text, open_to_be_closed):
            if not segment.name:
                raise _broken()
            if isinstance(content, bytes):
                fields.append((segment.name, content.decode(errors="replace")))
            else:
                content.seek(0)
                head = _read_head(segment)
                files.append((segment.name, FileStorage(content, segment.filename, segment.name, headers=head)))
        opened.pop_all()  # from now on they are the request's
    except ParserLimitReached as error:
        raise RequestEntityTooLarge from error
    except MultipartError as error:
        raise _broken() from error
    finally:
        opened.close()
    return MultiDict(fields), MultiDict(files)


def _read_segments(
    stream: IO[bytes], boundary: str, most_parts: int, most_text: int, open_file: Callable[[], IO[bytes]]
) -> Iterator[tuple[MultipartSegment, Any]]:
    """Each part with its text as bytes, or with the file it was written into."""
    text_left = most_text
    segment: MultipartSegment
    file: IO[bytes] | None = None
    pieces: list[bytes] = []
    parser = PushMultipartParser(
        boundary, max_segment_count=most_parts, max_header_size=HEAD_LINE, max_header_count=HEAD_LINES
    )
    for event in parser.parse_blocking(stream.read, READ):
        if isinstance(event, MultipartSegment):
            segment, pieces = event, []
            file = open_file() if event.filename is not None else None
        elif event is None:
            yield segment, b"".join(pieces) if file is None else file
        elif file is not None:
            file.write(event)
        else:
            text_left -= len(event)
            if text_left < 0:
                raise RequestEntityTooLarge
            pieces.append(event)


def _read_head(segment: MultipartSegment) -> Headers:
    try:
        return Headers(segment.headerlist)
    except ValueError as error:  # a line within a line
        raise _broken() from error


def _broken() -> Invalid:
    return Invalid("form-broken", BROKEN, fields={"body": BROKEN})
