"""Who is asking, where proxies stand between: what they say of an address is believed from them alone."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_network
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from shared.ip_addresses import parse_ip_address
from shared.settings import settings

NETWORK_BITS = 64
"""Whoever has one IPv6 address has all of its /64."""


def is_proxy(address: str) -> bool:
    """Whether X-Forwarded-* headers that come from `address` are believed.

    They are if `KOMPETEN_PROXIES` is set and the address is in one of the `KOMPETEN_PROXY_NETWORKS`.
    """
    return settings().proxies > 0 and _is_in(address, settings().proxy_networks)


@lru_cache(maxsize=1024)
def household_of(address: str) -> str:
    """What is counted as one asker: an IPv4 address, the /64 of an IPv6 address; any other text as it is.

    Some proxies name the port as well, which is another one for each connection: it is left out.
    """
    found = parse_ip_address(address) or parse_ip_address(_leave_port_out(address))
    if found is None:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed, NETWORK_BITS), strict=False))


def find_asker(environ: Mapping[str, Any]) -> str:
    """The address of who sent a WSGI request: the other end of the connection, or whom proxies there name."""
    address = str(environ.get("REMOTE_ADDR") or "")
    if not is_proxy(address):
        return address
    named = [name.strip() for name in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    proxies = settings().proxies
    return named[-proxies] if len(named) >= proxies and named[-proxies] else address


def _leave_port_out(address: str) -> str:
    """`192.0.2.1:4711` and `[2001:db8::1]:4711` without the port, and without brackets."""
    bracketed, _, rest = address.removeprefix("[").partition("]")
    return bracketed if rest.startswith(":") or address == f"[{bracketed}]" else address.partition(":")[0]


@lru_cache(maxsize=1024)
def _is_in(address: str, networks: str) -> bool:
    found = parse_ip_address(address)
    return found is not None and any(found in ip_network(name) for name in networks.split())


class BelievingProxies(ProxyFix):
    """The application behind `KOMPETEN_PROXIES` proxies; anybody else's X-Forwarded-* headers change nothing."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if is_proxy(str(environ.get("REMOTE_ADDR") or "")):
            return super().__call__(environ, start_response)
        return self.app(environ, start_response)
