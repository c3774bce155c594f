"""A store that hangs, refuses, is ill or slow fails at once, is left alone, and is found again when it is back."""

import socket

import pytest
import urllib3

from shared.circuit import Circuit
from shared.objectstore.patient import PatientStore
from shared.objectstore.port import StoreAway
from shared.objectstore.s3 import CONNECT_SECONDS, Limits, S3Store
from shared.settings import Settings
from tests.servers.ailing_store import Behaviour, ailing_server, drip, hang, say_ill, say_well, sip

KEY = "documents/ab/abcd"
PATIENT = Limits(silent=30, whole=60)
"""Where the store answers: a busy machine is no reason to give up."""
SOON = Limits(silent=0.3, whole=60)
"""Where it says nothing: the request is out by then, however busy the machine."""


class Time:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def make_store(endpoint: str, limits: Limits = PATIENT) -> S3Store:
    return S3Store(
        endpoint, "kompeten", access_key="a", secret_key="b", region="us-east-1", secure=False, limits=limits
    )


def put(store: S3Store | PatientStore, size: int = 100) -> None:
    store.put(KEY, b"x" * size, "application/octet-stream", fresh=True)


def test_a_store_that_hangs_is_asked_once_and_not_waited_for_again() -> None:
    """This failure mode means an upload that waits for three time-outs in a row: a minute, then 503."""
    with ailing_server(hang) as server:
        with pytest.raises(StoreAway):
            put(make_store(server.endpoint, SOON))
        with pytest.raises(StoreAway):
            make_store(server.endpoint, SOON).get(KEY)
        assert server.wait_for(2) == 2


def test_an_ill_store_is_tried_once_more_and_never_slept_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store's own Retry-After of two minutes would be waited for while a person waits for the page."""
    slept: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", slept.append)
    with ailing_server(say_ill) as server:
        with pytest.raises(StoreAway):
            put(make_store(server.endpoint))
        assert server.requests == 2
    assert sum(slept) < 1


def test_a_store_that_refuses_connections_is_away() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port meanwhile
        with pytest.raises(StoreAway):
            put(make_store(f"127.0.0.1:{closed.getsockname()[1]}"))


def test_a_file_that_comes_in_drops_has_an_end() -> None:
    """Each drop begins the time-out of silence anew."""
    with ailing_server(drip) as server, pytest.raises(StoreAway, match="took longer"):
        make_store(server.endpoint, Limits(silent=30, whole=0.3)).get(KEY)


def test_a_file_that_goes_in_drops_has_an_end() -> None:
    with ailing_server(sip) as server, pytest.raises(StoreAway):
        put(make_store(server.endpoint, Limits(silent=30, whole=0.3)), size=20_000_000)


def test_the_defaults_leave_an_upload_within_five_seconds() -> None:
    given = Settings()
    assert given.object_store_silent_seconds + CONNECT_SECONDS <= 6
    assert given.object_store_silent_seconds <= 4
    retries = make_store("127.0.0.1:9")._http.connection_pool_kw["retries"]
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        retries.increment("PUT", "/", error=urllib3.exceptions.ReadTimeoutError(None, "/", ""))  # type: ignore[arg-type]


@pytest.mark.parametrize(("behaviour", "limits", "requests"), [(hang, SOON, 3), (say_ill, PATIENT, 6)])
def test_after_three_failures_the_store_is_left_alone_and_found_again(
    behaviour: Behaviour, limits: Limits, requests: int
) -> None:
    with ailing_server(behaviour) as server:
        time = Time()
        circuit = Circuit("the store", rest_seconds=5, now=time)
        store = PatientStore(make_store(server.endpoint, limits), circuit)
        for _ in range(3):
            with pytest.raises(StoreAway):
                put(store)
        asked = server.wait_for(requests)
        for _ in range(20):
            with pytest.raises(StoreAway) as refused:
                put(store)
        assert server.requests == asked
        assert 0 < refused.value.retry_after <= 5
        server.behaviour = say_well
        time.now += 5.1
        store = PatientStore(make_store(server.endpoint), circuit)
        put(store)
        put(store)
        assert server.requests == asked + 2


def test_a_store_that_says_no_is_not_left_alone() -> None:
    """A refusal is an answer: whoever asks for what is not allowed keeps nobody else out."""

    def deny(taken: socket.socket, ended: object) -> None:
        taken.recv(65536)
        taken.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with ailing_server(deny) as server:
        store = PatientStore(make_store(server.endpoint), Circuit("the store", now=Time()))
        for _ in range(6):
            with pytest.raises(Exception, match="AccessDenied"):
                store.exists(KEY)
        assert server.requests == 6
