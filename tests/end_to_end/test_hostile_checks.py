"""Strangers upload the worst they have to the running system; everybody else is served as if nothing was."""

import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.systems import embedded, free_port
from tests.unit.certificate.checking.test_hostile import MADE_UP

SHARE = 4
"""Nobody else waits longer than one part in so many of the whole attack, on a fast machine or a slow one."""


@pytest.mark.timeout(240)
def test_while_files_are_looked_at_the_others_are_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means that one file stops every page of the service, and its heartbeats."""
    files = {name: make() for name, make in MADE_UP.items()}
    monkeypatch.setenv("KOMPETEN_PROXIES", "1")
    port = free_port()
    answers: list[tuple[str, int]] = []
    with embedded(tmp_path, port), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:

        def attack(address: str) -> None:
            for name, data in files.items():
                sent = {"file": ("sertifikat.pdf", data)}
                answer = http.post("/certificate/api/check/file", files=sent, headers={"X-Forwarded-For": address})
                answers.append((name, answer.status_code))

        http.get("/certificate/check")
        attackers = [threading.Thread(target=attack, args=(f"10.0.0.{n}",)) for n in range(3)]
        for attacker in attackers:
            attacker.start()
        waits, whole = [], time.perf_counter()
        while any(attacker.is_alive() for attacker in attackers):
            started = time.perf_counter()
            assert http.get("/certificate/health").status_code == 200
            waits.append(time.perf_counter() - started)
            time.sleep(0.02)
        whole = time.perf_counter() - whole
        assert http.get("/certificate/check").status_code == 200
    assert len(answers) == 3 * len(files)
    assert {status for _, status in answers} == {200}, answers
    assert max(waits) < whole / SHARE, sorted(waits)[-5:]
