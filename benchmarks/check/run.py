"""The check at 1,000 and at 100,000 certificates: two registers on real PostgreSQL, a certificate service on each.

Rounds alternate between the two, so that whatever else the machine does meets both alike. Both services run all the
time; one of them idles.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.check.register import fill
from benchmarks.measure import Figure, Figures
from benchmarks.stage import Stage
from kompeten.schema import migrate_database
from shared.credentials import LocalKey
from shared.database.unit import Database
from shared.security.keys import create_keys
from tests.end_to_end.systems import Process, free_port

ROOT = Path(__file__).parents[2]
SMALL, LARGE = 1_000, 100_000
ROUNDS = 12
WARM = 200
CHECKS = 250
WAYS = {"page": CHECKS, "api": CHECKS, "number": CHECKS, "register": CHECKS // 5}
"""What is asked for, and how often a round."""
Durations = dict[tuple[str, int], list[float]]


def run(stage: Stage) -> Figures:
    """Latency of the check page, the API, number with code, the register's page; how each grows with the register."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kompeten-bench-")))
        create_keys(folder / "keys")
        ports = {size: _serve(stack, folder, size, stage.database(), stage.vhost()) for size in (SMALL, LARGE)}
        return _figures(_measured(ports, Load(stack)))


class Load:
    """The process that asks."""

    def __init__(self, stack: ExitStack) -> None:
        command = [sys.executable, "-m", "benchmarks.check.load"]
        self._process = stack.enter_context(
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )

    def __call__(self, *told: object) -> list[float]:
        """Seconds of each check of one round."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(map(str, told)) + "\n")
        self._process.stdin.flush()
        durations: list[float] = json.loads(self._process.stdout.readline())
        return durations


def _serve(stack: ExitStack, folder: Path, size: int, url: str, broker: str) -> int:
    """A service over a register of that size; its port."""
    port = free_port()
    environment = {
        "KOMPETEN_DATABASE_URL": url,
        "KOMPETEN_BROKER_URL": broker,
        "KOMPETEN_DATA_DIR": str(folder),
        "KOMPETEN_LISTEN": f"127.0.0.1:{port}",
        "KOMPETEN_LOG_LEVEL": "WARNING",
        "KOMPETEN_PROXIES": "1",
        "KOMPETEN_TOKEN_PRIVATE_KEY_FILE": str(folder / "keys/token-private.pem"),
        "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(folder / "keys/token-public.pem"),
        "KOMPETEN_ENCRYPTION_KEYS_DIR": str(folder / "keys/encryption"),
    }
    os.environ |= environment  # the load signs its tokens with the same key
    database = Database("certificate", url)
    migrate_database(database)
    fill(database, size, LocalKey(Ed25519PrivateKey.generate()))
    database.close()
    without_anothers_key = environment | {"KOMPETEN_TOKEN_PRIVATE_KEY_FILE": ""}
    service = Process(without_anothers_key, folder / f"certificate-{size}.log", "serve", "certificate")
    stack.callback(service.stop)
    service.wait_until_it_answers(f"http://127.0.0.1:{port}/certificate/ready")
    return port


def _measured(ports: dict[int, int], load: Load) -> Durations:
    durations: Durations = {(way, size): [] for way in WAYS for size in ports}
    for size, port in ports.items():
        load(port, "page", size, WARM, 0)
    for seed in range(1, ROUNDS + 1):
        order = list(ports.items()) if seed % 2 else list(ports.items())[::-1]
        for way, count in WAYS.items():
            for size, port in order:
                durations[way, size] += load(port, way, size, count, seed)
    return durations


def _figures(durations: Durations) -> Figures:
    found: Figures = {}
    for way in WAYS:
        small, large = durations[way, SMALL], durations[way, LARGE]
        name = "check" if way == "page" else f"check.{way}"
        found[f"{name}.p50_ms"] = Figure(1000 * statistics.median(large), "ms")
        found[f"{name}.p99_ms"] = Figure(1000 * statistics.quantiles(large, n=100, method="inclusive")[98], "ms")
        found[f"{name}.growth_1k_to_100k"] = Figure(statistics.median(large) / statistics.median(small), "x")
    return found
