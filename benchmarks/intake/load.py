"""The load: files drafts over HTTP on many connections, from a process of its own. Prints one duration a line."""

import http.client
import json
import sys
import threading
import time

from benchmarks.intake.drafts import NAME, name_applicant, number_application
from shared.security.tokens import issue_token

BODY = json.dumps({"signature": NAME, "statement": True})


def file_some(port: int, tokens: dict[int, str], durations: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number, token in tokens.items():
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        started = time.perf_counter()
        connection.request("POST", f"/registration/api/applications/{number_application(number)}/file", BODY, headers)
        answer = connection.getresponse()
        content = answer.read()
        durations.append(time.perf_counter() - started)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {content[:500]!r}")
    connection.close()


def main(port: int, first: int, count: int, connections: int) -> None:
    numbers = range(first, first + count)
    tokens = {number: issue_token(name_applicant(number), "id").value for number in numbers}
    shares = [{number: tokens[number] for number in numbers[at::connections]} for at in range(connections)]
    durations: list[list[float]] = [[] for _ in shares]
    threads = [
        threading.Thread(target=file_some, args=(port, share, own))
        for share, own in zip(shares, durations, strict=True)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("seconds", time.perf_counter() - started)
    for own in durations:
        for duration in own:
            print(duration)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
