"""Signatures as pyHanko's handbook makes them: an RSA-2048 key out of a PKCS#12 file, `SimpleSigner`, `sign_pdf`."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

PASSPHRASE = b"contoh"


def create(file: Path) -> None:
    """A key with a certificate of its own (contoh)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "LSP Pustakawan (contoh)")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    locked = BestAvailableEncryption(PASSPHRASE)
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"contoh", key, certificate, None, locked))


class StockSigner:
    """Loaded once, as a service would. It signs in a thread: its event loop wants one where no other runs."""

    def __init__(self, file: Path) -> None:
        self._signer = SimpleSigner.load_pkcs12(str(file), passphrase=PASSPHRASE)  # type: ignore[no-untyped-call]
        self._thread = ThreadPoolExecutor(1)

    def sign(self, pdf: bytes, reason: str) -> bytes:
        return self._thread.submit(self._signed, pdf, reason).result()

    def _signed(self, pdf: bytes, reason: str) -> bytes:
        described = PdfSignatureMetadata(field_name="Signature", reason=reason, subfilter=SigSeedSubFilter.PADES)
        signed: bytes = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), described, signer=self._signer).getvalue()
        return signed
