"""What the tests have workers do: functions that stand in a module."""

import os
import time

from shared.errors import Invalid


def double(number: int) -> int:
    return 2 * number


def process_id(_number: int = 0) -> int:
    return os.getpid()


def surroundings() -> tuple[str, bool]:
    import sys

    return os.environ["RAYON_NUM_THREADS"], "eventlet" in sys.modules


def fail(text: str) -> None:
    raise ValueError(text)


def refuse() -> None:
    raise Invalid("text-not-printable", "Teks memuat {what}.", what="huruf lain")


class Knotty(Exception):
    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} {where}")


def fail_knottily() -> None:
    raise Knotty("tidak", "bisa")


def spin() -> None:
    while True:
        pass


def unfold(size: int) -> int:
    return len(bytearray(size))


def leave() -> None:
    os._exit(0)


def told_settings() -> list[str]:
    return [name for name in os.environ if name.startswith("KOMPETEN_")]


def die() -> None:
    os._exit(7)


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def big(size: int) -> bytes:
    return b"x" * size


def compute(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
