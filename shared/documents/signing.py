"""Signatures in PDF files: PAdES B-B with a P-256 key, so that the file stays PDF/A-3a and PDF/UA-1.

pyHanko places the signature; its own ways of making one would rewrite the metadata and leave the standards.
"""

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from shared.documents.authority import CHAIN, KEY, create_demo_authority
from shared.documents.cms import Envelope
from shared.runtime.offload import offload
from shared.settings import settings

FIELD = "Signature"
SPARE_BYTES = 600
"""Room in the signature beside the chain: attributes, ids and the signature itself take about 450 bytes."""


class SigningKeyUnfit(RuntimeError):
    """The key or its chain cannot sign now; the message says what the operator must do."""


class Signer(Protocol):
    """Whoever can sign a document: a key of our own, or a national provider."""

    def ready(self, at: datetime) -> None:
        """Raises SigningKeyUnfit when a signature made at `at` would not hold: asked before a number is used."""

    def sign(self, pdf: bytes, *, at: datetime, reason: str) -> bytes:
        """`pdf` with the signature added to its end; `at` stands in it as the time of signing."""


class LocalSigner:
    """Signs with a P-256 key on this machine. The same document at the same time gives the same bytes (RFC 6979)."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, chain: Sequence[x509.Certificate]) -> None:
        if not chain or chain[0].public_key() != key.public_key():
            raise SigningKeyUnfit("The first certificate of the signing chain is not that of the signing key.")
        if not isinstance(key.curve, ec.SECP256R1):
            raise SigningKeyUnfit("The signing key must be on P-256: what readers of PDF files can check.")
        for child, parent in pairwise(chain):
            try:
                child.verify_directly_issued_by(parent)
            except (InvalidSignature, ValueError, TypeError) as error:
                raise SigningKeyUnfit("The signing chain must go from the signer's certificate upwards.") from error
        self._key = key
        self._chain = tuple(chain)
        self._envelope = Envelope(chain)
        size = sum(len(certificate.public_bytes(Encoding.DER)) for certificate in chain)
        self._reserved = 2 * (size + SPARE_BYTES)

    @classmethod
    def from_files(cls, key_file: Path, chain_file: Path) -> "LocalSigner":
        """From PEM files. Raises SigningKeyUnfit."""
        try:
            key = load_pem_private_key(key_file.read_bytes(), password=None)
            chain = x509.load_pem_x509_certificates(chain_file.read_bytes())
        except (OSError, ValueError, TypeError) as error:
            raise SigningKeyUnfit(f"The signing key or its chain cannot be read: {error}") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SigningKeyUnfit("The signing key must be on P-256: what readers of PDF files can check.")
        return cls(key, chain)

    def ready(self, at: datetime) -> None:
        for certificate in self._chain:
            if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
                raise SigningKeyUnfit(
                    f"{certificate.subject.rfc4514_string()} is valid from {certificate.not_valid_before_utc:%Y-%m-%d} "
                    f"to {certificate.not_valid_after_utc:%Y-%m-%d}, not at {at:%Y-%m-%d}: renew it or set the clock."
                )

    def sign(self, pdf: bytes, *, at: datetime, reason: str) -> bytes:
        self.ready(at)
        return offload(self._embed, pdf, at, reason)

    def _embed(self, pdf: bytes, at: datetime, reason: str) -> bytes:
        buffer = io.BytesIO(pdf if pdf.endswith(b"\n") else pdf + b"\n")
        writer = _Update(buffer)
        steps = PdfCMSEmbedder(new_field_spec=_FIELD_SPEC).write_cms(field_name=FIELD, writer=writer)
        next(steps)
        signature = SignatureObject(
            timestamp=at, subfilter=SigSeedSubFilter.PADES, reason=reason, bytes_reserved=self._reserved
        )
        lock = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
        steps.send(SigObjSetup(sig_placeholder=signature, mdp_setup=lock))
        prepared, _ = steps.send(SigIOSetup(md_algorithm="sha256", in_place=True))
        steps.send(self._envelope.sealed(prepared.document_digest, self._signed))
        return buffer.getvalue()

    def _signed(self, data: bytes) -> bytes:
        return self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


_FIELD_SPEC = SigFieldSpec(
    sig_field_name=FIELD,
    invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
    readable_field_name="Tanda tangan elektronik",
)
"""Printed and untagged, so outside the page: PDF/A wants the one, PDF/UA allows it only there."""


class _Update(IncrementalPdfFileWriter):
    """An update that adds the signature and changes nothing else: no new metadata, nothing random."""

    def _update_meta(self) -> None:
        pass

    @classmethod
    def _handle_id(cls, prev: Any) -> ArrayObject:
        first, _ = prev.trailer["/ID"]
        prev.stream.seek(0)
        return ArrayObject([first, ByteStringObject(hashlib.sha256(prev.stream.read()).digest()[:16])])


@lru_cache(maxsize=1)
def signer() -> Signer:
    """The signer of this process: the operator's files, or on an embedded system a demo authority of its own."""
    chosen = settings()
    if chosen.signing_key_file and chosen.signing_chain_file:
        return LocalSigner.from_files(chosen.signing_key_file, chosen.signing_chain_file)
    if not chosen.embedded:
        raise SigningKeyUnfit("Set KOMPETEN_SIGNING_KEY_FILE and KOMPETEN_SIGNING_CHAIN_FILE.")
    folder = chosen.data_dir / "signing"
    create_demo_authority(folder)
    return LocalSigner.from_files(folder / KEY, folder / CHAIN)
