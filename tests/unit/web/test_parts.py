"""Forms with files, as they come: parts in their order, each head bounded, none without a name."""

import io
import tempfile
from typing import IO

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestEntityTooLarge

from shared.errors import Invalid
from shared.web.parts import READ, Files, Form, read_parts
from tests.unit.web.conftest import person, sign_in

EDGE = "contoh"
KIND = f"multipart/form-data; boundary={EDGE}"


def part(head: str, content: bytes = b"1") -> bytes:
    return f"--{EDGE}\r\nContent-Disposition: form-data{head}\r\n\r\n".encode() + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{EDGE}--\r\n".encode()


def read(data: bytes, most_parts: int = 3000, most_text: int = 512 * 1024) -> tuple[Form, Files]:
    def open_file() -> IO[bytes]:
        return tempfile.SpooledTemporaryFile(max_size=1000)

    return read_parts(io.BytesIO(data), EDGE, most_parts=most_parts, most_text=most_text, open_file=open_file)


def test_fields_and_files_come_in_their_order() -> None:
    fields, files = read(
        body(
            part('; name="a"', b"satu"),
            part('; name="f"; filename="surat.pdf"\r\nContent-Type: application/pdf', b"x\r\n" * 50_000),
            part('; name="a"', "dua – \u00e9".encode()),
            part('; name="kosong"; filename=""', b""),
        )
    )
    assert list(fields.items(multi=True)) == [("a", "satu"), ("a", "dua – \u00e9")]
    assert [(name, file.filename, file.mimetype, len(file.read())) for name, file in files.items()] == [
        ("f", "surat.pdf", "application/pdf", 150_000),
        ("kosong", "", "", 0),
    ]
    for _, file in files.items(multi=True):
        file.close()


@pytest.mark.parametrize("shift", range(60))
def test_an_empty_part_across_two_reads_is_not_lost(shift: int) -> None:
    long = part('; name="long"', b"x" * (READ - 200 + shift))
    fields, _ = read(body(long, part('; name="empty"', b""), part('; name="last"', b"z")))
    assert list(fields) == ["long", "empty", "last"]
    assert (fields["empty"], fields["last"]) == ("", "z")


@pytest.mark.parametrize("head", ["", '; filename="x"', '; name="', '; name=""', "; name"])
def test_a_part_without_a_name_is_refused(head: str) -> None:
    with pytest.raises(Invalid, match="utuh"):
        read(body(part(head)))


@pytest.mark.parametrize("path", ["/tiny/notes/new", "/tiny/api/attachments"])
@pytest.mark.parametrize("head", ["", '; filename="x"', '; name="'])
def test_no_page_fails_over_a_part_without_a_name(client: FlaskClient, path: str, head: str) -> None:
    """This failure mode means an error page for anybody who sends one, and a line in the log each time."""
    sign_in(client, person())
    assert 400 <= client.post(path, data=body(part(head)), content_type=KIND).status_code < 500


@pytest.mark.parametrize("head", ["; name=a" + ";" * 500_000, "; name=a" + "; a=b" * 100_000, "\r\nX: y" * 9])
def test_a_head_longer_than_anybody_sends_is_not_walked(head: str) -> None:
    with pytest.raises(RequestEntityTooLarge):
        read(body(part(head)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"contoh",
        body(part('; name="a"'))[:-10],
        b"--contoh\nContent-Disposition: form-data; name=a\n\n1\n--contoh--",
        b"--contoh\r\nX: y\r\n\r\n1\r\n--contoh--",
    ],
    ids=["nothing", "no part", "cut off", "line feeds", "no disposition"],
)
def test_what_is_no_form_or_ends_within_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read(data)


def test_text_is_counted_over_all_parts() -> None:
    with pytest.raises(RequestEntityTooLarge):
        read(body(*[part('; name="a"', b"x" * 600)] * 2), most_text=1000)


def test_parts_are_counted() -> None:
    with pytest.raises(RequestEntityTooLarge):
        read(body(*[part('; name="a"')] * 4), most_parts=3)


@pytest.mark.parametrize("head", ["text/plain\rX-Lain: 1", "text/plain\r"])
def test_a_line_within_a_line_of_a_head_is_no_form(head: str) -> None:
    """This failure mode means that anybody makes the service say 500, and fill its log with tracebacks."""
    sent = body(part(f'; name="f"; filename="a.txt"\r\nContent-Type: {head}'))
    with pytest.raises(Invalid):
        read(sent)
