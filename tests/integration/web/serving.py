"""A process with one small application behind a real web server. Arguments: `nameko` or `threads`, the host's port.

`POST /read` answers how many bytes it read, `GET /large` with many, `GET /where` with who is asking.
"""

import sys
import warnings

warnings.simplefilter("ignore")
RUNNER = sys.argv[1]
if RUNNER == "nameko":
    import eventlet

    eventlet.monkey_patch()

from typing import Any  # noqa: E402

from flask import Flask, request  # noqa: E402

from shared.web.bodies import largest_body  # noqa: E402
from shared.web.proxies import BelievingProxies, find_asker  # noqa: E402
from shared.web.requests import Request  # noqa: E402

LARGE = 64 * 1024 * 1024


class App(Flask):
    request_class = Request


app = App(__name__)
app.config["MAX_CONTENT_LENGTH"] = largest_body()
app.wsgi_app = BelievingProxies(app.wsgi_app)  # type: ignore[method-assign]


@app.post("/read")
def read() -> str:
    return str(len(request.get_data()))


@app.post("/ignore")
def ignore() -> tuple[str, int]:
    return "unread", 413


@app.get("/where")
def where() -> str:
    return f"{find_asker(request.environ)} {request.remote_addr}"


@app.get("/large")
def large() -> Any:
    return (b"x" * 65536 for _ in range(LARGE // 65536))


def main() -> None:
    if RUNNER == "nameko":
        from shared.runtime.web import Server

        server: Any = Server(app)
        server.start_serving()
        print("ready", flush=True)
        eventlet.sleep(600)
    else:
        from threading import Event

        from shared.runtime.thread_web import ThreadServer

        server = ThreadServer(app)
        server.start_serving()
        print("ready", flush=True)
        Event().wait(600)


if __name__ == "__main__":
    main()
