"""An authenticator in software: real keys, real signatures, and every lie that a test wants told."""

import base64
import json
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "http://localhost:8000"
PARTY = "localhost"

Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def width(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def cose(key: Key) -> dict[int, Any]:
    """The public half as authenticators write it (RFC 9053, 7)."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        at, size = key.public_key().public_numbers(), (key.curve.key_size + 7) // 8
        curve = {"secp256r1": 1, "secp384r1": 2}[key.curve.name]
        return {1: 2, 3: -7, -1: curve, -2: at.x.to_bytes(size, "big"), -3: at.y.to_bytes(size, "big")}
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return {1: 3, 3: -257, -1: width(numbers.n), -2: width(numbers.e)}
    return {1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()}


@dataclass
class Authenticator:
    """One passkey; `count` is what it tells of how often it was used. Changes to its fields are the lies."""

    key: Key = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = b"a passkey of this test, 32 bytes"
    count: int = 0
    flags: int = PRESENT | VERIFIED
    party: str = PARTY
    origin: str = ORIGIN
    public: dict[int, Any] | None = None
    format: str = "none"
    statement: dict[str, Any] = field(default_factory=dict)
    client: dict[str, Any] = field(default_factory=dict)

    def make(self, options: dict[str, Any], **more: Any) -> str:
        """What `navigator.credentials.create` answers, as passkey.js sends it."""
        public = cbor2.dumps(self.public if self.public is not None else cose(self.key))
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + public
        sent = {"fmt": self.format, "attStmt": self.statement, "authData": self._data(ATTESTED) + attested}
        told = {
            "clientDataJSON": encoded(self._client("webauthn.create", options)),
            "attestationObject": encoded(cbor2.dumps(sent)),
            "transports": ["internal", "hybrid"],
        }
        return self._answer(told | more)

    def show(self, options: dict[str, Any], **more: Any) -> str:
        """What `navigator.credentials.get` answers; the counter goes on unless it stands at 0."""
        self.count += 1 if self.count else 0
        client, data = self._client("webauthn.get", options), self._data()
        signature = encoded(self._sign(data + sha256(client).digest()))
        told = {"clientDataJSON": encoded(client), "authenticatorData": encoded(data), "signature": signature}
        return self._answer(told | more)

    def _answer(self, parts: dict[str, Any]) -> str:
        return json.dumps({"id": encoded(self.credential_id), **parts})

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | self.client).encode()

    def _data(self, more: int = 0) -> bytes:
        return sha256(self.party.encode()).digest() + bytes([self.flags | more]) + struct.pack(">I", self.count)

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(SHA256()))
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, PKCS1v15(), SHA256())
        return self.key.sign(data)
