"""Bodies as they come through both web servers: by their length, in chunks, too long, and cut off."""

from contextlib import suppress

import pytest

from tests.integration.web.conftest import Serve

HEAD = b"POST %s HTTP/1.1\r\nHost: contoh.test\r\nContent-Type: text/plain\r\n"
READ, IGNORE = HEAD % b"/read", HEAD % b"/ignore"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
MIB = 1024 * 1024


def chunks(*sizes: int) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (size, b"x" * size) for size in sizes) + b"0\r\n\r\n"


def test_a_body_in_chunks_is_read_whole(serve: Serve) -> None:
    """This failure mode means that a program that sends as it goes is taken for one that sent nothing."""
    with serve().connect(READ + CHUNKED + chunks(5, 100_000, 7)) as line:
        assert line.hear_answer() == (200, b"100012")
        line.say(READ + b"Content-Length: 3\r\n\r\nabc")
        assert line.hear_answer() == (200, b"3")


@pytest.mark.parametrize(
    "body",
    [
        b"-5\r\nabcde\r\n0\r\n\r\n",
        b"zz\r\n",
        b"1" * 300,
        b"\r\n",
        b"0x5\r\nabcde\r\n0\r\n\r\n",
        b"5_0\r\n",
        b"5\r\nabcdeX\r\n0\r\n\r\n",
        b"5\nabcde\n0\n\n",
    ],
    ids=["negative", "no number", "endless line", "nothing", "python's", "underscore", "longer", "bare line feeds"],
)
def test_what_is_no_chunk_is_refused(serve: Serve, body: bytes) -> None:
    with serve(body_seconds="1", head_seconds="1", answer_seconds="1").connect(READ + CHUNKED + body) as line:
        assert line.hear().partition(b"\r\n")[0].upper() in (b"HTTP/1.1 400 BAD REQUEST", b"")


def test_a_body_larger_than_any_is_refused_by_its_length(serve: Serve) -> None:
    with serve().connect(READ + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % (13 * MIB)) as line:
        with suppress(OSError):
            line.say(b"x" * 13 * MIB)
        assert line.hear()[:12] in (b"HTTP/1.1 413", b"")


def test_chunks_beyond_any_body_are_refused(serve: Serve) -> None:
    with serve().connect(READ + CHUNKED) as line:
        try:
            for _ in range(14):
                line.say(b"%x\r\n%s\r\n" % (MIB, b"x" * MIB))
        except OSError:
            return
        assert line.hear()[:12] in (b"HTTP/1.1 413", b"HTTP/1.1 400", b"")


def test_who_sends_what_nobody_reads_hears_the_answer_and_goes_on(serve: Serve) -> None:
    """This failure mode means that a refusal is lost: the connection is reset while the client still sends."""
    with serve().connect(IGNORE + b"Content-Length: %d\r\n\r\n" % (4 * MIB)) as line:
        line.say(b"x" * 4 * MIB)
        assert line.hear_answer() == (413, b"unread")
        line.say(READ + b"Content-Length: 3\r\n\r\nabc")
        assert line.hear_answer() == (200, b"3")


@pytest.mark.parametrize("length", [b"-1", b"+5", b"5_0", b"1" * 5000, b"abc", b"5, 5", "\u00b2".encode("latin-1")])
def test_a_length_that_is_none_is_refused(serve: Serve, length: bytes) -> None:
    with serve(body_seconds="1", head_seconds="1", answer_seconds="1").connect(
        READ + b"Content-Length: " + length + b"\r\n\r\nabcde"
    ) as line:
        assert line.hear()[:10] in (b"HTTP/1.1 4", b"HTTP/1.0 4", b"")


@pytest.mark.parametrize(
    "framing",
    [
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5",
        b"Content-Length: 5\r\nContent-Length: 5",
        b"Transfer-Encoding: identity",
    ],
)
def test_a_body_whose_end_is_told_in_no_way_or_two_is_no_request(
    serve: Serve, framing: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """This failure mode means that the body is read as the next request, and written to the log as a bad one."""
    secret = b'{"password": "sandi-contoh"}\r\n\r\n'
    with serve().connect(READ + framing + b"\r\n\r\n" + secret) as line:
        answers = line.hear()
    assert answers[:10] in (b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 5", b"HTTP/1.0 5", b"")
    assert answers.count(b"HTTP/1.") <= 1
    assert "sandi-contoh" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "head", [b"X: " + b"x" * 20_000, b"\r\n".join(b"X-%d: x" % at for at in range(3000))], ids=["long", "many"]
)
def test_a_head_too_large_is_refused(serve: Serve, head: bytes) -> None:
    with serve().connect(b"GET /where HTTP/1.1\r\nHost: contoh.test\r\n" + head + b"\r\n\r\n") as line:
        assert line.hear()[:12] in (b"HTTP/1.1 431", b"HTTP/1.0 431", b"HTTP/1.0 400", b"")
