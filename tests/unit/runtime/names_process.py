"""A cooperative process whose resolver takes its time: prints the ticks others had meanwhile, and what was asked."""

import json

from kompeten.cli import _make_cooperative

_make_cooperative()

import socket  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import eventlet  # noqa: E402
from sqlalchemy import text  # noqa: E402

from shared.database.away import DatabaseAway  # noqa: E402
from shared.database.unit import Database  # noqa: E402
from shared.runtime import names  # noqa: E402

SLOW_SECONDS = 0.5
native_sleep = eventlet.patcher.original("time").sleep
ticks = 0
asked: list[str] = []


resolve_at_once = names._resolver.getaddrinfo


def resolve_slowly(host: str, *query: Any) -> Any:
    if host == "127.0.0.1":
        return resolve_at_once(host, *query)
    asked.append(host)
    native_sleep(SLOW_SECONDS)
    if host == "nowhere.contoh":
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", query[0]))]


def tick() -> None:
    global ticks
    while True:
        eventlet.sleep(0.01)
        ticks += 1


def open_socket(host: str, port: int) -> str:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        return type(error).__name__
    return "open"


def ask_database(host: str, port: int) -> str:
    database = Database("tiny", f"postgresql+psycopg2://nobody@{host}:{port}/tiny")
    try:
        with database.unit_of_work() as session:
            return str(session.scalar(text("SELECT 1")))
    except DatabaseAway as away:
        return f"{away.why.value}: {away.__cause__}"


def is_called_off(host: str) -> bool:
    """Whether somebody with less patience than the resolver was called off."""
    try:
        with eventlet.Timeout(SLOW_SECONDS / 5):
            socket.getaddrinfo(host, 1)
    except eventlet.Timeout:
        return True
    return False


def main() -> None:
    names._resolver.getaddrinfo = resolve_slowly
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    spawn: Any = eventlet.spawn
    spawn(tick)
    said: dict[str, Any] = {}
    asks: dict[str, Callable[[], str]] = {
        "socket": lambda: open_socket("here.contoh", port),
        "unknown": lambda: open_socket("nowhere.contoh", port),
        "database": lambda: ask_database("nowhere.contoh", port),
        "address": lambda: open_socket("127.0.0.1", port),
    }
    for name, ask in asks.items():
        before, known = ticks, len(asked)
        said[name] = {"said": ask(), "ticks": ticks - before, "asked": asked[known:]}
    asked.clear()
    waiting = [spawn(socket.getaddrinfo, "here.contoh", 1) for _ in range(30)]
    eventlet.sleep(0)
    said["called off"] = is_called_off("here.contoh")
    said["together"] = {"answers": len([each.wait() for each in waiting]), "asked": asked[:]}
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
