"""The load: strangers who check certificates over HTTP, each from an address of its own.

Reads rounds from standard input, `port way size count seed`, and writes the durations of each as one line of JSON.
"""

import http.client
import json
import random
import sys
import threading
import time
from uuid import UUID

from benchmarks.check.register import printed_number, token
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.security.tokens import issue_token

CONNECTIONS = 4
Request = tuple[str, str, str | None]
CHAIR = Actor(UUID(int=1), "KETUA CONTOH", "ketua@contoh.test", frozenset({Role.CHAIR}))


def request_of(way: str, serial: int) -> Request:
    """Method, path and body of one check."""
    if way == "number":
        code = token(serial)
        body = {"number": printed_number(serial), "code": f"{code[:5]}-{code[5:10]}"}
        return "POST", "/certificate/api/check/number", json.dumps(body)
    if way == "register":
        return "GET", "/certificate/register", None
    return "GET", f"/certificate/{'api/' if way == 'api' else ''}check/{token(serial)}", None


def ask(port: int, way: str, serials: list[int], durations: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    signed_in = {"Cookie": f"kompeten_token={issue_token(CHAIR, 'id').value}"} if way == "register" else {}
    for serial in serials:
        address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
        headers = {"X-Forwarded-For": address, "Content-Type": "application/json", **signed_in}
        method, path, body = request_of(way, serial)
        started = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        durations.append(time.perf_counter() - started)
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
    connection.close()


def round_of(port: int, way: str, size: int, count: int, seed: int) -> list[float]:
    """Seconds of `count` checks of certificates chosen at random, over CONNECTIONS connections."""
    chosen = random.Random(seed)
    serials = [chosen.randrange(1, size + 1) for _ in range(count)]
    durations: list[list[float]] = [[] for _ in range(CONNECTIONS)]
    threads = [
        threading.Thread(target=ask, args=(port, way, serials[at::CONNECTIONS], own))
        for at, own in enumerate(durations)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [duration for own in durations for duration in own]
    if len(done) < count:
        raise SystemExit(f"{count - len(done)} checks were not answered")
    return done


def main() -> None:
    for line in sys.stdin:
        port, way, *numbers = line.split()
        print(json.dumps(round_of(int(port), way, *(int(number) for number in numbers))), flush=True)


if __name__ == "__main__":
    main()
