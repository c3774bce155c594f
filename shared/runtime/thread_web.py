"""The web server of the thread runner: waitress, ending without cutting anybody off."""

import time
from functools import partial
from threading import Thread

from waitress import wasyncore

from shared.runtime.beginning import settle_what_is_loaded
from shared.runtime.connections import CONNECTIONS, HEAD_BYTES, IDLE_SECONDS
from shared.runtime.counting import CountedApplication
from shared.runtime.service import Application
from shared.runtime.thread_protocol import PatientServer
from shared.settings import settings
from shared.web.bodies import largest_body

THREADS = 16
"""Requests handled at once; more wait, and cost no thread meanwhile."""


class ThreadServer:
    """Serves one WSGI application until told to stop, then lets the requests in hand finish."""

    def __init__(self, application: Application) -> None:
        self._counted = CountedApplication(application)

    def start_serving(self) -> None:
        """Answer requests from now on, in the background."""
        settle_what_is_loaded()
        host, _, port = settings().listen.rpartition(":")
        self._server = PatientServer(
            self._counted,
            host=host or "0.0.0.0",  # noqa: S104 - in a container
            port=int(port),
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            ipv6=":" in host,
            max_request_header_size=HEAD_BYTES,
            max_request_body_size=largest_body() + 1,
            backlog=512,
            ident=None,
            # which proxies are believed is the application's to decide (`KOMPETEN_PROXIES`)
            clear_untrusted_proxy_headers=False,
        )
        Thread(target=self._server.run, name="web", daemon=True).start()

    def stop(self, seconds: float) -> None:
        """Take no more connections; wait for the requests in hand and their answers, `seconds` at most."""
        # in the server's own thread, which is reading the socket that is closed here
        self._server.trigger.pull_trigger(partial(wasyncore.dispatcher.close, self._server))
        end = time.monotonic() + seconds
        while self._is_busy() and time.monotonic() < end:
            time.sleep(0.02)

    def _is_busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return self._counted.in_hand > 0 or any(channel.requests or channel.total_outbufs_len for channel in channels)
