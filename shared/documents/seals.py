"""The key that documents are sealed with (segel elektronik): one of our own, or one that a national provider keeps.

`Seal` is the port. A provider (BSrE, a PSrE, an HSM) is put in our key's place by a class with these two members:
`chain` from the provider's certificate, and `sign_digest`, which sends 32 bytes away and gets a signature back. The
document itself never leaves the house, and no key is ever here.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from shared.errors import Unavailable

NOT_P256 = "The signing key must be on P-256: what readers of PDF files can check."
UPWARDS = "The signing chain must go from the signer's certificate upwards, each issued by the next."
RFC_6979 = ec.ECDSA(Prehashed(hashes.SHA256()), deterministic_signing=True)


class SigningKeyUnfit(Unavailable):
    """The key or its chain cannot sign now; the message says what the operator must do."""


class Seal(Protocol):
    """A key that signs for the certification body, wherever it is kept."""

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        """The signer's certificate first, then its issuers; the root may be left out. P-256 or RSA."""

    def sign_digest(self, digest: bytes) -> bytes:
        """The signature over a SHA-256 digest (32 bytes): ECDSA in DER, or RSA PKCS#1 v1.5, as the chain's key is.

        Raises SigningKeyUnfit when the provider refuses for good, OSError when it is away.
        """


class LocalSeal:
    """A P-256 key on this machine. The same digest gives the same signature (RFC 6979)."""

    def __init__(self, key: object, chain: Sequence[x509.Certificate]) -> None:
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise SigningKeyUnfit(NOT_P256)
        own = [certificate for certificate in chain if certificate.public_key() == key.public_key()]
        if not own:
            raise SigningKeyUnfit("None of the certificates of the signing chain is that of the signing key.")
        if own[0] is not chain[0]:
            raise SigningKeyUnfit(UPWARDS)
        self._key = key
        self.chain = tuple(chain)

    def sign_digest(self, digest: bytes) -> bytes:
        return self._key.sign(digest, RFC_6979)


def pem_seal(key_file: Path, chain_file: Path) -> LocalSeal:
    """A seal from PEM files: the key without password, the certificates in order. Raises SigningKeyUnfit."""
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        chain = x509.load_pem_x509_certificates(chain_file.read_bytes())
    except TypeError as error:
        raise SigningKeyUnfit(
            f"The signing key {key_file} has a password: make a PKCS#12 file of it, or take the password away."
        ) from error
    except (OSError, ValueError) as error:
        raise SigningKeyUnfit(f"The signing key or its chain cannot be read: {error}") from error
    return LocalSeal(key, chain)


def pkcs12_seal(file: Path, password: str) -> LocalSeal:
    """A seal from a PKCS#12 file as certification authorities hand them out. Raises SigningKeyUnfit."""
    try:
        bag = load_pkcs12(file.read_bytes(), password.encode() or None)
    except (OSError, ValueError) as error:
        raise SigningKeyUnfit(
            f"The signing key {file} cannot be read: no PKCS#12 file, or another password ({error})."
        ) from error
    if bag.key is None or bag.cert is None:
        raise SigningKeyUnfit(f"The file {file} holds no key with its certificate.")
    others = [extra.certificate for extra in bag.additional_certs]
    return LocalSeal(bag.key, _upwards(bag.cert.certificate, others))


def checked_chain(chain: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """`chain` itself, if each certificate was issued by the next and the first may sign. Raises SigningKeyUnfit."""
    if not chain:
        raise SigningKeyUnfit("The signing chain is empty: it must hold the signer's certificate.")
    if not all(_issued(child, parent) for child, parent in pairwise(chain)):
        raise SigningKeyUnfit(UPWARDS)
    if not _may_sign(chain[0]):
        raise SigningKeyUnfit(f"{chain[0].subject.rfc4514_string()} is not a certificate for signing documents.")
    return tuple(chain)


def _upwards(own: x509.Certificate, others: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """The certificates from `own` up to the root, each issued by the next: a PKCS#12 file keeps them in no order."""
    chain, rest = [own], list(others)
    while parent := next((other for other in rest if _issued(chain[-1], other)), None):
        chain.append(parent)
        rest.remove(parent)
    return chain


def _issued(child: x509.Certificate, parent: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(parent)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _may_sign(certificate: x509.Certificate) -> bool:
    """Whether the certificate's key usage allows signing (RFC 5280 4.2.1.3); one that names none allows anything."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment
