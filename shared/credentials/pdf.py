"""A signed PDF from a stranger: nothing of it is parsed before its signature was found to be that of a known signer.

The signature must be the last thing in the file and cover all of it but itself; so an update that somebody added, and
every altered byte, show before a PDF reader has to understand what a stranger wrote.
"""

import asyncio
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from shared.credentials import ATTACHMENT
from shared.credentials.multibase import encode_base64url
from shared.runtime.offload import offload

BYTE_RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}0\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{0,9}\]")
CONTENTS = re.compile(rb"<([0-9A-Fa-f]+)>")

LARGEST_SIGNATURE = 64 * 1024
"""Bytes of a signature with its certificates; with a time stamp and a long chain there are 20,000."""
MOST_CERTIFICATES = 12
"""Certificates that come with a signature; a chain has two to four, and each costs a millisecond to decode."""

MALFORMED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What asn1crypto raises, early or late, at what is no certificate or signature."""


class NotSigned(ValueError):
    """Not a PDF, or without a signature that covers the whole file."""


@dataclass(frozen=True)
class Signed:
    """A PDF whose signature covers it whole; `certificates` come with the signature, whose own is `signer`."""

    pdf: bytes
    digest: bytes
    info: cms.SignerInfo
    certificates: tuple[asn1.Certificate, ...]
    own: asn1.Certificate

    @property
    def signer(self) -> str:
        """The thumbprint of the signer's certificate, as `did.certificate_thumbprint` gives it."""
        return encode_base64url(hashlib.sha256(self.own.dump()).digest())[1:]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signer's certificate, in hex: what the register calls its key."""
        return hashlib.sha256(self.own.dump()).hexdigest()

    def intact(self) -> bool:
        """Whether the signature is its signer's, and over these bytes."""
        try:
            unchanged, valid = validate_sig_integrity(self.info, self.own, "data", self.digest)
        except (SignatureValidationError, UnsupportedAlgorithm, NotImplementedError, *MALFORMED):
            return False
        return bool(unchanged and valid)

    def trusted(self, roots: Sequence[x509.Certificate], at: datetime) -> bool:
        """Whether the signer's certificate held at `at` and goes back to one of these authorities."""
        trusted = [asn1.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
        context = ValidationContext(trust_roots=trusted, moment=at, allow_fetching=False)
        validator: Any = CertificateValidator(self.own, self.certificates, context)
        try:
            offload(asyncio.run, validator.async_validate_usage(set()))
        except (PathError, ValidationError):
            return False
        return True

    def credential(self) -> bytes:
        """The credential inside, for a file that is known to be genuine. Raises ValueError when there is none."""
        files = PdfFileReader(io.BytesIO(self.pdf)).root["/AF"]
        attached = [files[place] for place in range(len(files))]
        found = [file for file in attached if str(file["/UF"]) == ATTACHMENT]
        if len(found) != 1:
            raise ValueError("no credential inside")
        data: bytes = found[0]["/EF"]["/F"].data
        return data


def open_signed_pdf(pdf: bytes) -> Signed:
    """The file with its last signature taken apart, which is not checked yet: `Signed.intact` does.

    Raises NotSigned unless that signature covers the whole file but itself.
    """
    if not pdf.startswith(b"%PDF-"):
        raise NotSigned("not a PDF")
    first, second, rest = _find_last_range(pdf)
    if second - first > 2 * LARGEST_SIGNATURE:
        raise NotSigned("a signature of that size is none of ours")
    contents = CONTENTS.fullmatch(pdf, first, max(first, second))
    if contents is None or len(contents[1]) % 2 or second + rest != len(pdf):
        raise NotSigned("the signature does not cover the whole file")
    digest = hashlib.sha256(pdf[:first] + pdf[second:]).digest()
    try:
        return _read(pdf, digest, bytes.fromhex(contents[1].decode()))
    except MALFORMED as error:
        raise NotSigned("not a signature") from error


def _find_last_range(pdf: bytes) -> tuple[int, int, int]:
    """What the last signature says it covers. Raises NotSigned without one.

    Looked for from the end: a file may hold as many as it has room for, and all but the last are no matter.
    """
    found = BYTE_RANGE.match(pdf, max(0, pdf.rfind(b"/ByteRange")))
    if found is None:
        raise NotSigned("without a signature")
    first, second, rest = found.groups()
    return int(first), int(second), int(rest)


def _read(pdf: bytes, digest: bytes, message: bytes) -> Signed:
    """One signer, with signed attributes, whose certificate is there: everything is decoded here or refused."""
    content = cms.ContentInfo.load(message)["content"]
    (info,) = content["signer_infos"]
    if not info["signed_attrs"].native:
        raise ValueError("without signed attributes")
    sid = info["sid"].chosen
    if len(content["certificates"]) > MOST_CERTIFICATES:
        raise ValueError("more certificates than any chain has")
    certificates = tuple(choice.chosen for choice in content["certificates"])
    for certificate in certificates:
        certificate.native  # noqa: B018 - asn1crypto decodes when asked
    wanted = sid["issuer"], sid["serial_number"].native
    (own,) = [found for found in certificates if (found.issuer, found.serial_number) == wanted]
    return Signed(pdf, digest, info, certificates, own)
