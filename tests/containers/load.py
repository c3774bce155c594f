"""People at work meanwhile: some read, some write, through the proxy, and nobody tries again what failed.

Every write carries an Idempotency-Key, as the pages' and the demo's do. What was answered with success is counted in
the databases afterwards: once, and no more.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import click
import httpx

from kompeten.commands.demo import ADMINISTRATOR
from kompeten.demo.client import Client
from shared.clock import today
from tests.containers.claims import hold
from tests.containers.stack import Stack

READERS, WRITERS = 3, 2
PAUSE_SECONDS = 0.1
"""Between two requests of one person."""
PATIENCE_SECONDS = 30.0
HEAD = "sertifikasi@contoh.test"
READS = (
    ("nobody", "/registration/api/schemes"),
    ("nobody", "/registration/sign-in"),
    ("administrator", "/registration/api/accounts?size=5"),
    ("administrator", "/decision/api/appointments"),
    ("administrator", "/notification/api/mails?size=5"),
    ("head", "/assessment/api/centres?size=5"),
    ("head", "/certificate/api/certificates?size=5"),
    ("head", "/surveillance/api/inventory?size=5"),
)


@dataclass
class Answers:
    """What came back: how many of which status or error, the slowest, and each failure with its moment."""

    what: str
    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def note(self, request: str, answer: str, seconds: float) -> None:
        """Note one answer."""
        self.counts[answer] += 1
        self.slowest = max(self.slowest, seconds)
        if not answer.startswith("2"):
            self.failures.append(f"{request} {answer} after {seconds:.1f} s at {time.strftime('%H:%M:%S')}")

    def __str__(self) -> str:
        counts = ", ".join(f"{many} x {answer}" for answer, many in sorted(self.counts.items()))
        return f"{self.what}: {counts}; slowest {1000 * self.slowest:.0f} ms"


class Load:
    """Readers and writers from the start to the end of the block."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.mark = uuid4().hex[:8]
        self.reads, self.writes = Answers("reads"), Answers("writes")
        self.written: Counter[str] = Counter()
        self._tokens = sign_in_staff(stack)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        jobs = [(self._read, number) for number in range(READERS)] + [
            (self._write, number) for number in range(WRITERS)
        ]
        self._threads = [threading.Thread(target=job, args=(number,), daemon=True) for job, number in jobs]

    @property
    def errors(self) -> int:
        """Requests that were not answered with success."""
        return len(self.reads.failures) + len(self.writes.failures)

    def show(self) -> None:
        """Say what came back."""
        for answers in (self.reads, self.writes):
            click.echo(f"  {answers}")
            for failure in answers.failures[:20]:
                click.echo(f"    {failure}")

    def fails_beyond(self, places: tuple[str, ...]) -> list[str]:
        """Failures of requests below none of `places`."""
        paths = {failure: failure.split()[1] for failure in self.reads.failures + self.writes.failures}
        return [failure for failure, path in paths.items() if not path.startswith(places)]

    def check_written(self) -> None:
        """What was answered with success is there once; what was not, once or not at all."""
        accounts = self.stack.sql("registration", f"SELECT email FROM accounts WHERE email LIKE '{self.mark}-%'")
        centres = self.stack.sql("assessment", f"SELECT name FROM centres WHERE name LIKE '{self.mark}-%'")
        names = Counter(name for (name,) in [*accounts, *centres])
        twice = [name for name, many in names.items() if many > 1]
        lost = [name for name in self.written if name not in names]
        hold(not twice and not lost, f"{len(names)} were written, each once, none lost {[*twice, *lost] or ''}")

    def _read(self, number: int) -> None:
        with httpx.Client(base_url=self.stack.url, timeout=PATIENCE_SECONDS) as client:
            while not self._stopping.wait(PAUSE_SECONDS):
                who, path = READS[number % len(READS)]
                number += 1
                self._ask(client, self.reads, who, "GET", path)

    def _write(self, number: int) -> None:
        with httpx.Client(base_url=self.stack.url, timeout=PATIENCE_SECONDS) as client:
            while not self._stopping.wait(2 * PAUSE_SECONDS):
                number += WRITERS
                name = f"{self.mark}-{number}"
                who, path, body = make_account(name, self.mark, number) if number % 4 < WRITERS else make_centre(name)
                if self._ask(client, self.writes, who, "POST", path, body):
                    with self._lock:
                        self.written[body.get("email") or body["name"]] += 1

    def _ask(
        self,
        client: httpx.Client,
        answers: Answers,
        who: str,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
    ) -> bool:
        headers = {"Authorization": f"Bearer {self._tokens[who]}"} if who in self._tokens else {}
        if method == "POST":
            headers["Idempotency-Key"] = uuid4().hex
        started = time.monotonic()
        try:
            answer = client.request(method, path, headers=headers, json=body)
            said, good = str(answer.status_code), answer.is_success
        except httpx.HTTPError as error:
            said, good = type(error).__name__, False
        with self._lock:
            answers.note(f"{method} {path}", said, time.monotonic() - started)
        return good

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS + 5)
        if error is not None:
            self.show()


def sign_in_staff(stack: Stack) -> dict[str, str]:
    """Tokens of two who a trial system has: the administrator and the head of certification."""
    nobody, password = Client(stack.url), stack.demo_password()
    given = {"administrator": ADMINISTRATOR, "head": HEAD}
    return {
        who: nobody.post("/registration/api/tokens", {"email": email, "password": password})["token"]
        for who, email in given.items()
    }


def make_account(name: str, mark: str, number: int) -> tuple[str, str, dict[str, Any]]:
    """Who opens an account of staff, where, and with what."""
    nik = make_nik(int(mark, 16), number)
    body = {"name": "Beban (contoh)", "email": f"{name}@contoh.test", "roles": ["auditor"], "nik": nik}
    return "administrator", "/registration/api/accounts", body


def make_nik(mark: int, number: int) -> str:
    """A NIK that is nobody else's: the run gives place, month and year, the person day and serial."""
    mark, place = divmod(mark, 10_000)
    mark, year = divmod(mark, 100)
    day, serial = divmod(number, 9_999)
    return f"31{place:04d}{day % 28 + 1:02d}{mark % 12 + 1:02d}{year:02d}{serial + 1:04d}"


def make_centre(name: str) -> tuple[str, str, dict[str, Any]]:
    """Who enters an assessment centre, where, and with what."""
    until = (today() + timedelta(days=3650)).isoformat()
    body = {
        "name": name,
        "kind": "sewaktu",
        "address": "Jl. Contoh 3, Jakarta",
        "verified_until": until,
        "schemes": ["layanan-dasar"],
        "capacity": 10,
    }
    return "head", "/assessment/api/centres", body
