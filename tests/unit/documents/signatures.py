"""What tests of signatures share: an authority, and what independent readers say of a signed file."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from shared.documents.authority import CHAIN, KEY, ROOT
from shared.documents.seals import pem_seal
from shared.documents.signing import Signer

REASON = "Penerbitan sertifikat kompetensi"


def signer_of(authority: Path) -> Signer:
    """The signer of the demo authority in that folder."""
    return Signer(pem_seal(authority / KEY, authority / CHAIN))


def asn1_root(root: Path | x509.Certificate) -> asn1_x509.Certificate:
    """A certificate, or that of the authority in a folder, as pyHanko takes it."""
    certificate = x509.load_pem_x509_certificate((root / ROOT).read_bytes()) if isinstance(root, Path) else root
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def status_of(pdf: bytes, root: Path | x509.Certificate) -> PdfSignatureStatus:
    """What pyHanko says of the one signature in `pdf`, trusting `root`: a certificate, or an authority's folder."""
    trusted = asn1_root(root)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[trusted]))


def covered(pdf: bytes) -> tuple[bytes, bytes]:
    """The bytes a signature speaks for, and the signature's CMS, by the numbers in the file."""
    ranges = re.search(rb"/ByteRange\[0 (\d+) (\d+) (\d+)\]", pdf)
    assert ranges is not None
    first, second, length = (int(number) for number in ranges.groups())
    return pdf[:first] + pdf[second : second + length], bytes.fromhex(pdf[first + 1 : second - 1].decode())


def pem(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificates(*chain: x509.Certificate) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain)


def issued(
    key: CertificateIssuerPrivateKeyTypes,
    name: str,
    by: tuple[CertificateIssuerPrivateKeyTypes, x509.Certificate] | None = None,
    *,
    authority: bool = False,
    days: Sequence[int] = (-1, 30),
) -> x509.Certificate:
    """A certificate for `key`, by an authority of this test's or by itself; valid so many days from now."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer_key, issuer = (by[0], by[1].subject) if by else (key, subject)
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(authority), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def three_steps() -> tuple[ec.EllipticCurvePrivateKey, list[x509.Certificate]]:
    """A signer's key and its chain: own certificate, intermediate, root."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
    root = issued(keys[2], "Akar contoh", authority=True)
    middle = issued(keys[1], "Otoritas antara contoh", (keys[2], root), authority=True)
    return keys[0], [issued(keys[0], "LSP contoh", (keys[1], middle)), middle, root]


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
