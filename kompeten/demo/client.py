"""A client of the API like any other: signs in, sends JSON, waits for what events will bring."""

import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx

T = TypeVar("T")
WAIT_SECONDS = 30.0
POLL_SECONDS = 0.1
TRIES = 5
AGAIN_SECONDS = 1.0
AWAY = (502, 503, 504)


class DemoFailed(Exception):
    """Something did not go as the story says; the message tells what was asked and what came back."""


class Refused(DemoFailed):
    """The API said no: `status`, and the problem document."""

    def __init__(self, request: str, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code: str = problem.get("code", "")
        self.problem = problem
        super().__init__(f"{request} -> {status} {self.code}: {problem.get('detail') or problem.get('title')}")


class Client:
    """Talks to one system, as nobody or as one who signed in. Paths start at the service: `/registration/api/…`."""

    def __init__(self, url: str, token: str = "", http: httpx.Client | None = None) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._http = http or httpx.Client(timeout=30, follow_redirects=False)

    def signed_in(self, email: str, password: str) -> "Client":
        """The same system, as this person. Raises Refused, also for somebody who needs or has a second factor."""
        answer = self.post("/registration/api/tokens", {"email": email, "password": password})
        return Client(self.url, answer["token"], self._http)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON answer. Raises Refused, as all of these do."""
        return self._send("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> Any:
        """The JSON answer to a POST, None when it has no content."""
        return self._send("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        """The JSON answer to a PUT, None when it has no content."""
        return self._send("PUT", path, json=body)

    def upload(self, path: str, fields: dict[str, str], name: str, data: bytes, content_type: str) -> Any:
        """The JSON answer to a form with one file."""
        return self._send("POST", path, data=fields, files={"file": (name, data, content_type)})

    def download(self, path: str) -> bytes:
        """The file at `path`."""
        return self._ask("GET", path).content

    def _send(self, method: str, path: str, **options: Any) -> Any:
        answer = self._ask(method, path, **options)
        return answer.json() if answer.content and "json" in answer.headers.get("content-type", "") else None

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if method == "POST":
            headers["Idempotency-Key"] = uuid4().hex
        answer = self._try(method, path, headers=headers, **options)
        if answer.status_code >= 400:
            is_problem = "json" in answer.headers.get("content-type", "")
            raise Refused(f"{method} {path}", answer.status_code, answer.json() if is_problem else {})
        return answer

    def _try(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer, asked for again while the system is away: what carries the same key is done once."""
        safe = method in ("GET", "POST")
        for _ in range(TRIES - 1 if safe else 0):
            try:
                answer = self._http.request(method, self.url + path, **options)
                if answer.status_code not in AWAY and not _is_at_work(answer):
                    return answer
            except httpx.TransportError:
                pass
            time.sleep(AGAIN_SECONDS)
        return self._http.request(method, self.url + path, **options)


def _is_at_work(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.CONFLICT and answer.json().get("code") == "idempotency-at-work"


def wait_for(what: str, look: Callable[[], T | None]) -> T:
    """What `look` finds, tried again until there is something: events take a moment.

    A refusal (401, 404, 409, 422) counts as nothing yet; others are raised. Raises DemoFailed after WAIT_SECONDS.
    """
    end = time.monotonic() + WAIT_SECONDS
    last = ""
    while time.monotonic() < end:
        try:
            found = look()
        except Refused as refused:
            if refused.status not in (401, 404, 409, 422):
                raise
            found, last = None, str(refused)
        if found:
            return found
        time.sleep(POLL_SECONDS)
    raise DemoFailed(f"{what} did not come within {WAIT_SECONDS:.0f} s {last}")
