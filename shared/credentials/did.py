"""The issuer as `did:web`: its document lists every key it ever signed with, so that old certificates stay checkable.

Keys of credentials are Multikeys under their own value as id; who signs PDF files is told by the SHA-256 of the
certificate (a JsonWebKey with `x5t#S256`). A key that must not be believed any more is left out.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from shared.credentials.keys import PublicKey
from shared.credentials.multibase import encode_base64url

CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]


@dataclass(frozen=True)
class Issuer:
    """Who signs, and with what: `keys` of credentials by Multikey, `signers` of PDF files by thumbprint."""

    id: str
    keys: dict[str, PublicKey]
    signers: frozenset[str]


def did_of(base: str) -> str:
    """The issuer's DID for its base address: `did:web:host%3A8000:certificate` for `http://host:8000/certificate`."""
    parts = urlsplit(base)
    return ":".join(["did", "web", quote(parts.netloc, safe=""), *parts.path.strip("/").split("/")])


def address_of_did(issuer: str, scheme: str = "https") -> str:
    """The base address of an issuer, `https://host/certificate`. Raises ValueError when it is no `did:web`."""
    kind, _, rest = issuer.partition("did:web:")
    host, *path = rest.split(":")
    if kind or not host or not all(path):
        raise ValueError("not a did:web")
    return "/".join([f"{scheme}://{unquote(host)}", *path])


def did_document(issuer: str, keys: Iterable[str], certificates: Iterable[x509.Certificate] = ()) -> dict[str, Any]:
    """The DID document of an issuer: `keys` (Multikeys) of credentials, `certificates` of who signed PDFs."""
    methods: list[dict[str, Any]] = [
        {"id": f"{issuer}#{key}", "type": "Multikey", "controller": issuer, "publicKeyMultibase": key} for key in keys
    ]
    for certificate in certificates:
        jwk = _jwk(certificate)
        methods.append(
            {"id": f"{issuer}#{jwk['x5t#S256']}", "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": jwk}
        )
    return {
        "@context": CONTEXTS,
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def certificate_thumbprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate as a JWK names it (`x5t#S256`, RFC 7517)."""
    return encode_base64url(certificate.fingerprint(hashes.SHA256()))[1:]


def _jwk(certificate: x509.Certificate) -> dict[str, Any]:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return {**ECAlgorithm.to_jwk(key, as_dict=True), "x5t#S256": certificate_thumbprint(certificate)}
    if isinstance(key, rsa.RSAPublicKey):
        written = RSAAlgorithm.to_jwk(key, as_dict=True)
        return {**{name: written[name] for name in ("kty", "n", "e")}, "x5t#S256": certificate_thumbprint(certificate)}
    raise ValueError("a signature in a PDF takes a key on P-256, or an RSA key")


def read_did_document(text: str | bytes) -> Issuer:
    """The issuer that a DID document describes. Keys of other kinds, or of another controller, are passed over.

    Raises ValueError for what is no such document.
    """
    try:
        content = json.loads(text)
        allowed = set(content["assertionMethod"])
        own = [
            method
            for method in content["verificationMethod"]
            if method["controller"] == content["id"] and method["id"] in allowed
        ]
        keys = [PublicKey.from_multikey(method["publicKeyMultibase"]) for method in own if method["type"] == "Multikey"]
        signers = [method["publicKeyJwk"]["x5t#S256"] for method in own if method["type"] == "JsonWebKey"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a DID document of an issuer of certificates") from error
    return Issuer(str(content["id"]), {key.id: key for key in keys}, frozenset(signers))
