"""Names of other machines are looked up beside the event loop: a resolver that is slow delays only who asked it.

Without this a stopped container, whose name the network's resolver passes on and waits for, held every request.
"""

import socket
from typing import Any

import eventlet
from eventlet import patcher, tpool
from eventlet.event import Event
from eventlet.green import socket as green_socket

from shared.ip_addresses import parse_ip_address

Query = tuple[str, Any, int, int, int, int]

_resolver = patcher.original("socket")
_threads = patcher.original("threading")
_asked: dict[Query, Event] = {}
"""What is being looked up right now: one thread for each name, however many wait for it."""


def look_names_up_beside_the_loop() -> None:
    """From now on `socket.getaddrinfo` of this process, whose loop runs in the calling thread, lets others go on."""
    loop = _threads.get_ident()

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:
        if _threads.get_ident() != loop or not isinstance(host, str) or parse_ip_address(host):
            return _resolver.getaddrinfo(host, port, family, type, proto, flags)
        return _wait_for((host, port, int(family), int(type), proto, int(flags)))

    for module in (socket, green_socket):
        setattr(module, "getaddrinfo", getaddrinfo)  # noqa: B010 - eventlet's is typed as possibly absent


def _wait_for(query: Query) -> Any:
    """The addresses, from whoever is looking them up already or from a greenlet of their own; raises socket.gaierror.

    Who waits may be called off, by a time limit for example, without taking the answer from the others.
    """
    if query not in _asked:
        _asked[query] = Event()
        eventlet.spawn_n(_look_up, query)
    return _asked[query].wait()


def _look_up(query: Query) -> None:
    try:
        found = tpool.execute(_resolver.getaddrinfo, *query)
    except Exception as error:
        _asked.pop(query).send_exception(error)
    else:
        _asked.pop(query).send(found)
