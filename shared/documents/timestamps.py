"""Time stamps by an independent authority (RFC 3161), and the proof that one certificate stands under one."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import httpx
from asn1crypto import cms, tsp
from asn1crypto import x509 as x509_asn1
from cryptography import x509
from pydantic import BaseModel, ConfigDict, Field
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from shared.documents import merkle
from shared.errors import Unavailable

QUERY = "application/timestamp-query"
SECONDS = 15.0
LARGEST = 200_000
"""Bytes of the longest answer that is read; they are 2 to 10 KB."""
GRANTED = 0
HEX = r"^[0-9a-f]{64}$"


class NotStamped(Unavailable):
    """The authority is away, refused, or answered something that does not hold."""


class NotProven(Exception):
    """A proof that does not hold; the message says where it breaks."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The authority's answer in DER, the time it vouches for, and its name."""

    response: bytes
    at: datetime
    authority: str


class Proof(BaseModel):
    """That a version of a certificate stood in the register at a time; `timestamp` is the answer in DER, base64."""

    model_config = ConfigDict(extra="forbid")

    format: str = Field("kompeten-register-proof/1", pattern=r"^kompeten-register-proof/1$")
    number: str = Field(max_length=60)
    version: int = Field(ge=1)
    sha256: str = Field(pattern=HEX, description="Of the certificate's PDF file.")
    position: int = Field(ge=0, description="Place in the batch, from 0.")
    count: int = Field(ge=1, description="Certificates and heads of logs in the batch.")
    path: list[str] = Field(max_length=64, description="Hashes from the leaf up to the root.")
    root: str = Field(pattern=HEX)
    at: datetime
    authority: str
    timestamp: str


def read_roots(file: Path) -> list[x509.Certificate]:
    """The certificates in a PEM file, whose stamps are believed. Raises NotStamped when it cannot be read."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise NotStamped(f"the roots of the time-stamping authority cannot be read: {error}") from error


def request_stamp(url: str, root: bytes, roots: Sequence[x509.Certificate]) -> Stamp:
    """A stamp over `root` from the authority at `url`, verified against `roots`. Raises NotStamped."""
    request = TimestampRequestBuilder(data=root, hash_algorithm=HashAlgorithm.SHA256).build()
    try:
        with httpx.stream(
            "POST", url, content=request.as_bytes(), headers={"Content-Type": QUERY}, timeout=SECONDS
        ) as answer:
            if not answer.is_success:  # said without the address, which may hold a password
                raise NotStamped(f"the time-stamping authority answered {answer.status_code}")
            body = _limited(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotStamped(f"the time-stamping authority does not answer: {error or type(error).__name__}") from error
    return verify_stamp(body, root, roots, request.nonce)


def verify_stamp(body: bytes, root: bytes, roots: Sequence[x509.Certificate], nonce: int | None = None) -> Stamp:
    """The stamp in `body`, which is over `root` and of an authority under one of `roots`. Raises NotStamped."""
    response = _decoded(body)
    if response.status != GRANTED:
        raise NotStamped(f"the authority refused: {' '.join(response.status_string) or response.status}")
    try:
        VerifierBuilder(roots=list(roots), nonce=nonce).build().verify_message(response, root)
    except (VerificationError, ValueError) as error:
        raise NotStamped(f"the time stamp does not hold: {error}") from error
    return Stamp(body, response.tst_info.gen_time, _authority(response))


def is_stamp_over(body: bytes, root: bytes) -> bool:
    """Whether the stamp in `body` is over `root`, whoever made it."""
    try:
        return bool(_decoded(body).tst_info.message_imprint.message == sha256(root).digest())
    except (NotStamped, ValueError):
        return False


def verify_register_proof(proof: Proof, roots: Sequence[x509.Certificate]) -> Stamp:
    """The stamp over the batch that the certificate stands in: proof that it was in the register at that time.

    Raises NotProven, whose message says where the proof breaks.
    """
    leaf = merkle.hash_leaf(proof.number, proof.version, proof.sha256)
    try:
        found = merkle.root_from_path(leaf, proof.position, proof.count, [bytes.fromhex(step) for step in proof.path])
        body = base64.b64decode(proof.timestamp, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotProven(str(error)) from error
    if found.hex() != proof.root:
        raise NotProven("number, version and file lead to another root")
    try:
        stamp = verify_stamp(body, found, roots)
    except NotStamped as error:
        raise NotProven(str(error)) from error
    if stamp.at != proof.at:
        raise NotProven("the time stamp names another time")
    return stamp


def _decoded(body: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(body)
    except ValueError:
        try:
            return decode_timestamp_response(_in_order(body))
        except ValueError as error:
            raise NotStamped("what came is no time stamp") from error


def _in_order(body: bytes) -> bytes:
    """The answer with its certificates sorted as DER wants it, which OpenSSL does not do; no signature covers them."""
    answer = tsp.TimeStampResp.load(body)
    signed = answer["time_stamp_token"]["content"]
    found = sorted(certificate.dump() for certificate in signed["certificates"])
    signed["certificates"] = cms.CertificateSet([x509_asn1.Certificate.load(der) for der in found])
    ordered: bytes = answer.dump()
    return ordered


def _limited(answer: httpx.Response) -> bytes:
    body = b""
    for part in answer.iter_bytes():
        body += part
        if len(body) > LARGEST:
            raise NotStamped("the authority's answer is too long")
    return body


def _authority(response: TimeStampResponse) -> str:
    """The subject of the certificate that signed the answer; an empty text when it is not among those sent along."""
    (signer,) = response.signed_data.signer_infos
    for der in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return certificate.subject.rfc4514_string()
    return ""
