"""The CMS of a PAdES B-B signature (ETSI EN 319 142-1), by hand: all but digest and signature is always the same.

`SignedData` with the attributes content-type, message-digest and signing-certificate-v2; no signing-time, which PAdES
forbids here: the time stands in the signature dictionary of the PDF.
"""

import hashlib
from collections.abc import Callable, Sequence

from asn1crypto.core import ObjectIdentifier
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

INTEGER, OCTETS, NULL, SEQUENCE, SET = 0x02, 0x04, 0x05, 0x30, 0x31
TAGGED_0 = 0xA0


def der_element(tag: int, *parts: bytes) -> bytes:
    """One DER element: `tag`, the length, and `parts` joined as content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def der_oid(dotted: str) -> bytes:
    """The DER element of an object identifier, given as `1.2.840.113549.1.7.2`."""
    encoded: bytes = ObjectIdentifier(dotted).dump()
    return encoded


DATA = der_oid("1.2.840.113549.1.7.1")
SIGNED_DATA = der_oid("1.2.840.113549.1.7.2")
SHA256 = der_element(SEQUENCE, der_oid("2.16.840.1.101.3.4.2.1"))
ECDSA_SHA256 = der_element(SEQUENCE, der_oid("1.2.840.10045.4.3.2"))
RSA_SHA256 = der_element(SEQUENCE, der_oid("1.2.840.113549.1.1.11"), der_element(NULL))
CONTENT_TYPE = der_oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = der_oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2 = der_oid("1.2.840.113549.1.9.16.2.47")
ONE = der_element(INTEGER, b"\1")


class Envelope:
    """Everything of the CMS that depends on the chain alone; `chain[0]` is the signer's certificate.

    Raises ValueError for a key that readers of PDF files cannot check: P-256 and RSA they can.
    """

    def __init__(self, chain: Sequence[x509.Certificate]) -> None:
        own = chain[0]
        serial = own.serial_number
        number = der_element(INTEGER, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))
        self._signer_id = der_element(SEQUENCE, own.issuer.public_bytes(), number)
        self._algorithm, largest = _algorithm(own)
        hashed = der_element(OCTETS, own.fingerprint(hashes.SHA256()))
        self._fixed_attributes = (
            _attribute(CONTENT_TYPE, DATA),
            _attribute(
                SIGNING_CERTIFICATE_V2, der_element(SEQUENCE, der_element(SEQUENCE, der_element(SEQUENCE, hashed)))
            ),
        )
        certificates = sorted(certificate.public_bytes(Encoding.DER) for certificate in chain)
        self._head = (
            ONE + der_element(SET, SHA256) + der_element(SEQUENCE, DATA) + der_element(TAGGED_0, *certificates)
        )  # version, digests, no content inside, chain
        self.size = len(self.sealed(bytes(32), lambda _: bytes(largest)))
        """Bytes of the largest result."""

    def sealed(self, digest: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        """The DER of the whole: `digest` is the document's SHA-256, `sign` signs a SHA-256 digest."""
        attributes = b"".join(
            sorted((*self._fixed_attributes, _attribute(MESSAGE_DIGEST, der_element(OCTETS, digest))))
        )
        signature = sign(hashlib.sha256(der_element(SET, attributes)).digest())
        signer = der_element(
            SEQUENCE,
            ONE,
            self._signer_id,
            SHA256,
            der_element(TAGGED_0, attributes),
            self._algorithm,
            der_element(OCTETS, signature),
        )
        signed_data = der_element(SEQUENCE, self._head, der_element(SET, signer))
        return der_element(SEQUENCE, SIGNED_DATA, der_element(TAGGED_0, signed_data))


def _algorithm(certificate: x509.Certificate) -> tuple[bytes, int]:
    """The signature's algorithm identifier, and the most bytes a signature takes."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return ECDSA_SHA256, 72
    if isinstance(key, rsa.RSAPublicKey):
        return RSA_SHA256, (key.key_size + 7) // 8
    raise ValueError("a signature in a PDF takes a key on P-256, or an RSA key")


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der_element(SEQUENCE, kind, der_element(SET, value))
