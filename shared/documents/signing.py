"""Signatures in PDF files: PAdES B-B, certifying that nothing may change; the file stays PDF/A-3a and PDF/UA-1."""

from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives import hashes

from shared import clock
from shared.documents.authority import CHAIN, KEY, create_demo_authority
from shared.documents.cms import Envelope
from shared.documents.pdf_update import prepare_signature
from shared.documents.seals import Seal, SigningKeyUnfit, checked_chain, pem_seal, pkcs12_seal
from shared.runtime.offload import offload
from shared.settings import settings

__all__ = ["Seal", "Signer", "SigningKeyUnfit", "document_signer"]


MINUTE = "%Y-%m-%d %H:%M UTC"


class Signer:
    """Signs documents with a seal. With a key of our own the same document at the same time gives the same bytes."""

    def __init__(self, seal: Seal) -> None:
        self.chain = checked_chain(seal.chain)
        self._seal = seal
        try:
            self._envelope = Envelope(self.chain)
        except ValueError as error:
            raise SigningKeyUnfit(f"The signing key does not suit: {error}.") from error

    @property
    def key_id(self) -> str:
        """SHA-256 of the signer's certificate, in hexadecimal: what the register keeps beside each signature."""
        return self.chain[0].fingerprint(hashes.SHA256()).hex()

    def ready(self, at: datetime) -> None:
        """Raises SigningKeyUnfit when a signature made at `at` would not hold: asked before a number is used."""
        for certificate in self.chain:
            name = certificate.subject.rfc4514_string()
            begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            if at < begin:
                raise SigningKeyUnfit(f"{name} is valid from {begin:{MINUTE}} on, and it is {at:{MINUTE}}.")
            if at > end:
                raise SigningKeyUnfit(f"{name} was valid until {end:{MINUTE}}: put its successor in its place.")

    def sign(self, pdf: bytes, *, at: datetime, reason: str) -> bytes:
        """`pdf`, made by `render_pdf`, with the signature added to its end; `at` stands in it as the time of signing.

        A key that was put in place after `at` signs at its own beginning: so what was numbered before a roll-over is
        finished after it. Raises SigningKeyUnfit, NotOurPdf.
        """
        begin = max(certificate.not_valid_before_utc for certificate in self.chain)
        if at < begin <= clock.now():
            at = begin
        self.ready(at)
        return offload(self._signed, pdf, at, reason)

    def _signed(self, pdf: bytes, at: datetime, reason: str) -> bytes:
        prepared = prepare_signature(pdf, room=self._envelope.size, at=at, reason=reason)
        return prepared.filled(self._envelope.sealed(prepared.digest, self._seal.sign_digest))


@lru_cache(maxsize=1)
def document_signer() -> Signer:
    """The signer of this process: with the operator's key, or on an embedded system one of a demo authority."""
    return Signer(_seal())


def _seal() -> Seal:
    chosen = settings()
    if chosen.signing_pkcs12_file:
        return pkcs12_seal(chosen.signing_pkcs12_file, chosen.secret(chosen.signing_pkcs12_password_file))
    if chosen.signing_key_file and chosen.signing_chain_file:
        return pem_seal(chosen.signing_key_file, chosen.signing_chain_file)
    if not chosen.embedded:
        raise SigningKeyUnfit(
            "Set KOMPETEN_SIGNING_KEY_FILE and KOMPETEN_SIGNING_CHAIN_FILE, or KOMPETEN_SIGNING_PKCS12_FILE."
        )
    folder = chosen.data_dir / "signing"
    create_demo_authority(folder)
    return pem_seal(folder / KEY, folder / CHAIN)
