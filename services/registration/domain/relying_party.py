"""For which site passkeys are made and shown: the body's public address, whatever a request calls the host."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.ip_addresses import parse_ip_address

PORTS = {"https": 443, "http": 80}
LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """`id` is the host to which browsers bind a passkey (RP ID), `origin` what the page's address must begin with."""

    id: str
    origin: str


def find_relying_party(public_url: str) -> RelyingParty | None:
    """The site of this public address; None where browsers make no passkeys: without https, or for a bare IP address.

    `localhost` may go without https (W3C Secure Contexts, 3.1).
    """
    try:
        parts = urlsplit(public_url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return None
    local = host == LOCAL or host.endswith(f".{LOCAL}")
    if not host or parts.scheme not in PORTS or (parts.scheme != "https" and not local) or parse_ip_address(host):
        return None
    shown = "" if port in (None, PORTS[parts.scheme]) else f":{port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{shown}")
