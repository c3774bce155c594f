"""The issuer as `did:web`: its document lists every key it ever signed with, so that old certificates stay checkable.

Keys of credentials are Ed25519, those of PDF signatures P-256; both stand there as Multikeys, under their own value as
id. A key that must not be believed any more is left out.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.credentials.keys import PublicKey
from shared.credentials.multibase import base58

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
P256_PUBLIC = b"\x80\x24"
"""The multicodec of a P-256 public key."""


@dataclass(frozen=True)
class Issuer:
    """Who signs, and with what: `keys` by Multikey are those of credentials, `documents` the Multikeys of PDF keys."""

    id: str
    keys: dict[str, PublicKey]
    documents: frozenset[str]


def of(base: str) -> str:
    """`did:web:host%3A8000:certificate` for `http://host:8000/certificate`."""
    parts = urlsplit(base)
    return ":".join(["did", "web", quote(parts.netloc, safe=""), *parts.path.strip("/").split("/")])


def address(issuer: str, scheme: str = "https") -> str:
    """The base address of an issuer, `https://host/certificate`. Raises ValueError when it is no `did:web`."""
    kind, _, rest = issuer.partition("did:web:")
    host, *path = rest.split(":")
    if kind or not host or not all(path):
        raise ValueError("not a did:web")
    return "/".join([f"{scheme}://{unquote(host)}", *path])


def document_key(key: ec.EllipticCurvePublicKey) -> str:
    """The Multikey of a P-256 key that signs PDF files."""
    return base58(P256_PUBLIC + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def document(issuer: str, keys: Iterable[str]) -> dict[str, Any]:
    """The DID document of an issuer with these Multikeys, newest first."""
    methods = [
        {"id": f"{issuer}#{key}", "type": "Multikey", "controller": issuer, "publicKeyMultibase": key} for key in keys
    ]
    return {
        "@context": CONTEXTS,
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def read(text: str | bytes) -> Issuer:
    """The issuer that a document describes; keys of other kinds are passed over. Raises ValueError."""
    try:
        content = json.loads(text)
        issuer, allowed = content["id"], set(content["assertionMethod"])
        listed = [
            method["publicKeyMultibase"]
            for method in content["verificationMethod"]
            if method["type"] == "Multikey" and method["controller"] == issuer and method["id"] in allowed
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a DID document with Multikeys") from error
    if not isinstance(issuer, str) or not all(isinstance(key, str) and len(key) < 100 for key in listed):
        raise ValueError("not a DID document with Multikeys")
    keys = {key: PublicKey.from_multikey(key) for key in listed if key.startswith("z6Mk")}
    return Issuer(issuer, keys, frozenset(listed) - keys.keys())
