"""What a checker may fetch from an issuer: its keys and its status lists, and nothing else."""

import httpx

from shared.credentials import did
from shared.credentials.did import Issuer

MOST_BYTES = 1_000_000
SECONDS = 15.0


class NotFetched(Exception):
    """The address gave nothing usable; the message says which and why."""


def fetch_public(address: str) -> bytes:
    """The bytes at `address`. Raises NotFetched, also for a redirect and for more than MOST_BYTES."""
    content = bytearray()
    try:
        with httpx.stream("GET", address, timeout=SECONDS, follow_redirects=False) as response:
            if response.status_code != httpx.codes.OK:
                raise NotFetched(f"{address} answered {response.status_code}")
            for part in response.iter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise NotFetched(f"{address} sends too much")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotFetched(f"{address} cannot be reached: {error}") from error
    return bytes(content)


def fetch_issuer(base: str) -> Issuer:
    """The issuer whose DID document is at `<base>/did.json`. Raises NotFetched, also when it is another's document."""
    text = fetch_public(f"{base}/did.json")
    try:
        issuer = did.read_did_document(text)
    except ValueError as error:
        raise NotFetched(f"{base}/did.json is not the document of an issuer of certificates") from error
    if issuer.id != did.did_of(base):
        raise NotFetched(f"{base}/did.json is the document of {issuer.id}, not of {did.did_of(base)}")
    return issuer
