"""Other agencies: what they are called, and how webhooks are signed, tried again and given up (decision 43)."""

import base64
import hashlib
import hmac
import random
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network
from urllib.parse import SplitResult, urlsplit

from shared.errors import N_, Invalid
from shared.ip_addresses import parse_ip_address

NAME = r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$"
"""Also the end of the agency's user name at the broker."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - the mark of Standard Webhooks
SECRET_BYTES = 32
KEY_PREFIX = "kompeten_feed_"
GONE = 410
TRANSLATED = IPv6Network("64:ff9b::/96")
UNICAST = IPv6Network("2000::/3")
"""All that was ever given out of IPv6. What lies outside may be translated to addresses in our own network."""
NOT_OUTSIDE_EITHER = tuple(map(ip_network, ("3fff::/20", "192.0.0.0/24", "192.88.99.0/24")))
"""Documentation, assignments of protocols, relays to 6to4: not every Python's `is_global` knows them."""


class WebhookState(StrEnum):
    """`off`: it failed for too long, or answered that it is gone; somebody must look before it is tried again."""

    ON = "on"
    OFF = "off"


class Subscription(StrEnum):
    """`unsettled`: its making was interrupted; `kompeten agency add` again finishes it."""

    ACTIVE = "active"
    UNSETTLED = "unsettled"
    REMOVED = "removed"


NAMES: Mapping[Enum, str] = {
    WebhookState.ON: N_("Webhook aktif"),
    WebhookState.OFF: N_("Webhook dihentikan"),
    Subscription.ACTIVE: N_("Berlangganan"),
    Subscription.UNSETTLED: N_("Belum selesai dibuat"),
    Subscription.REMOVED: N_("Tidak berlangganan lagi"),
}

UNKNOWN = N_("Instansi ini tidak ada. Periksa namanya di daftar instansi.")
NOT_OUTSIDE = N_("Alamat webhook harus di luar: bukan alamat jaringan sendiri atau jaringan privat.")
NOT_AN_ADDRESS = N_("Isi dengan alamat https:// yang lengkap, tanpa nama pengguna, kata sandi, atau tanda #.")


def make_feed_key() -> str:
    """Return a new key to the feed: the prefix and 256 random bits, safe in a URL."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def hash_feed_key(key: str) -> str:
    """Return the hash that is kept of a feed key.

    The key is 256 random bits: a plain hash can't be turned back by guessing.
    """
    return hashlib.sha256(key.encode()).hexdigest()


def make_webhook_secret() -> str:
    """Return a new secret as Standard Webhooks writes it: `whsec_` and base64 of 32 random bytes."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign_webhook(keys: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header `webhook-signature`: one `v1,<base64>` for each secret, apart by spaces (Standard Webhooks
    1.0).
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    made = []
    for key in keys:
        digest = hmac.digest(base64.b64decode(key.removeprefix(SECRET_PREFIX)), signed, "sha256")
        made.append("v1," + base64.b64encode(digest).decode())
    return " ".join(made)


def choose_pause(tries: int, first: float, longest: float) -> timedelta:
    """How long to wait after so many failed tries: doubling, with jitter, so that replays don't come in step."""
    full = min(first * 2.0 ** min(tries - 1, 40), longest)
    return timedelta(seconds=full * random.uniform(0.75, 1.25))  # noqa: S311 - no secret


def is_given_up(failing_since: datetime, now: datetime, days: float) -> bool:
    """Whether a webhook that has failed since then is switched off now: after `days` days without one success."""
    return now - failing_since >= timedelta(days=days)


def check_webhook_address(url: str, *, trial: bool) -> str:
    """`url`, if a webhook may be there. Raises Invalid; only a trial system may speak to its own network, or plain."""
    parts = _split(url)
    allowed = ("https", "http") if trial else ("https",)
    odd = parts.username is not None or parts.password is not None or "#" in url or not parts.hostname
    if parts.scheme not in allowed or odd or _port_is_wrong(url) or not url.isascii() or " " in url:
        raise Invalid("webhook-address", NOT_AN_ADDRESS, fields={"webhook_url": NOT_AN_ADDRESS})
    literal = parse_ip_address(parts.hostname or "")
    if not trial and literal is not None and not is_public_address(literal):
        raise Invalid("webhook-inside", NOT_OUTSIDE, fields={"webhook_url": NOT_OUTSIDE})
    return url


def is_public_address(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the public internet: a webhook must not be a way into our own network."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public_address(address.ipv4_mapped)
        if address in TRANSLATED:
            return is_public_address(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in UNICAST or address.sixtofour is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not any(address in net for net in NOT_OUTSIDE_EITHER)


def _split(url: str) -> SplitResult:
    """The parts of an address; of none where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _port_is_wrong(url: str) -> bool:
    try:
        return urlsplit(url).port == 0
    except ValueError:
        return True
