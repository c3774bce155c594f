"""Clients that never come to an end, on both web servers: they are cut off, and nobody waits for them meanwhile."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.integration.web.client import Line
from tests.integration.web.conftest import Serve, Served

GET = b"GET /where HTTP/1.1\r\nHost: contoh.test\r\n\r\n"
POST = b"POST /read HTTP/1.1\r\nHost: contoh.test\r\nContent-Type: text/plain\r\n"
SLOW_BODY = POST + b"Content-Length: 1000\r\n\r\n"
SLOW_CHUNKS = POST + b"Transfer-Encoding: chunked\r\n\r\n"
LIMITS = {"head_seconds": "1", "body_seconds": "1", "answer_seconds": "1"}
MANY = 300


@pytest.fixture
def lines() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def wait_until(happened: Callable[[], bool], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.05)


def dribble(line: Line) -> bool:
    """Send one more byte; whether the other side has had enough."""
    try:
        line.say(b"a")
    except OSError:
        return True
    return line.has_ended()


def ask(served: Served) -> int:
    with served.connect(GET) as line:
        return line.hear_answer()[0]


@pytest.mark.parametrize("begin", [b"GET /where HTTP/1.1\r\nX: ", b"G", SLOW_BODY], ids=["header", "line", "body"])
def test_a_client_that_dribbles_is_cut_off(serve: Serve, begin: bytes) -> None:
    """This failure mode means that bytes now and then keep a connection, and a place, for as long as they come."""
    with serve(**LIMITS).connect(begin) as line:
        wait_until(lambda: dribble(line))


@pytest.mark.parametrize("begin", [b"", SLOW_CHUNKS + b"5\r\nab"], ids=["nothing", "chunk"])
def test_a_client_that_says_no_more_is_cut_off(serve: Serve, begin: bytes) -> None:
    with serve(**LIMITS).connect(begin) as line:
        assert line.hear().partition(b"\r\n")[0] in (b"", b"HTTP/1.1 400 BAD REQUEST")


def test_a_client_that_does_not_fetch_its_answer_is_cut_off(serve: Serve) -> None:
    with serve(**LIMITS).connect(b"GET /large HTTP/1.1\r\nHost: contoh.test\r\n\r\n") as line:
        time.sleep(4)
        assert len(line.hear()) < 64 * 1024 * 1024


def test_a_kept_connection_waits_longer_for_its_next_request(serve: Serve) -> None:
    """The proxy keeps connections for a minute; one that we close first costs somebody an error."""
    with serve(**LIMITS).connect(GET) as line:
        assert line.hear_answer()[0] == 200
        time.sleep(2.5)
        line.say(GET)
        assert line.hear_answer()[0] == 200


def test_hundreds_of_slow_requests_of_one_client_block_nobody(serve: Serve, lines: ExitStack) -> None:
    """This failure mode means that one client takes every place: found with 1,010 slow requests and 1,000 places."""
    served = serve(connections_per_address="40", body_seconds="30")
    held = [lines.enter_context(served.connect(SLOW_BODY)) for _ in range(MANY)]
    wait_until(lambda: sum(line.has_ended() for line in held) == MANY - 40)
    with served.connect(GET, source="127.0.0.2") as another:
        assert another.hear_answer()[0] == 200
    with served.connect(GET) as refused:
        assert refused.hear().startswith(b"HTTP/1.1 429 ")


def test_places_are_given_back(serve: Serve) -> None:
    served = serve(connections_per_address="40", **LIMITS)
    for _ in range(3):
        with ExitStack() as stack:
            held = [stack.enter_context(served.connect(SLOW_BODY)) for _ in range(40)]
            wait_until(lambda held=held: all(line.has_ended() for line in held))  # type: ignore[misc]
    wait_until(lambda: ask(served) == 200)


def test_slow_requests_by_the_proxy_end_all_the_same(serve: Serve, lines: ExitStack) -> None:
    """The proxy brings everybody's connections: what counts is for whom it asks."""
    served = serve(connections_per_address="40", proxies="1", **LIMITS)
    slow = SLOW_BODY.replace(b"Host:", b"X-Forwarded-For: 198.51.100.7\r\nHost:")
    held = [lines.enter_context(served.connect(slow)) for _ in range(MANY)]
    assert ask(served) == 200
    wait_until(lambda: all(line.has_ended() for line in held))


@pytest.mark.parametrize(
    ("settings", "asker"),
    [
        ({}, b"127.0.0.1 127.0.0.1"),
        ({"proxies": "1"}, b"203.0.113.9 203.0.113.9"),
        ({"proxies": "1", "proxy_networks": "10.0.0.0/8"}, b"127.0.0.1 127.0.0.1"),
    ],
    ids=["no proxy", "the proxy", "somebody else"],
)
def test_forwarded_addresses_are_believed_from_the_proxy_alone(
    serve: Serve, settings: dict[str, str], asker: bytes
) -> None:
    asked = GET.replace(b"Host:", b"X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\nHost:")
    with serve(**settings).connect(asked) as line:
        assert line.hear_answer() == (200, asker)
