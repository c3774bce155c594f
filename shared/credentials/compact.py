"""The signed core of a certificate, small enough for the QR code beside its check address.

    QR text = <check address>#<payload, decimal digits>

The digits are a big-endian number (a QR code packs digits best of all, and in an address they need no escaping) whose
bytes are:

    1   format, 1
    4   the key: the first bytes of the SHA-256 of its 32 public bytes
    2   issued, days since 2000-01-01        2   last day of validity, likewise
    1   version of the certificate           4   index in the status lists
    n   number, name, scheme, each ended by a zero byte but the last; raw deflate with the dictionary below
    64  Ed25519 over "kompeten-qr-1", a zero byte, the check address, "#" and all bytes above

The address is signed too: a genuine payload under another address is refused. It comes after `#`, which browsers keep
to themselves: no server sees it.
"""

import re
import zlib
from dataclasses import dataclass
from datetime import date, timedelta

from shared.credentials.claims import Claims, base_of_check_url
from shared.credentials.keys import SHORT, CredentialKey, PublicKey

FORMAT = 1
DOMAIN = b"kompeten-qr-1\0"
FIRST_DAY = date(2000, 1, 1)
HEAD = 1 + SHORT + 2 + 2 + 1 + 4
SIGNATURE = 64
MOST_BYTES = 6_000
"""The longest QR text read; one of ours has about 400 characters."""
MOST_TEXT = 1_500
"""Bytes of number, name and scheme together."""
TEXT = re.compile(r"(https?://[\x21\x22\x24-\x7e]{1,300})#(\d{150,6000})")
DICTIONARY = (
    b"Evaluasi Pengembangan Koleksi Pengatalogan Deskriptif dan Kemampuan Literasi Informasi Promosi Layanan Dasar "
    b"MUHAMMAD ABDUL NUR SITI PUTRI PUTRA DEWI SARI SARAH (CONTOH)\0Pelaksanaan  Perpustakaan"
    b"91011 2622 4 00000 2026\0"
)
"""What is likely to stand in the texts, likeliest last. Part of format 1: never to be changed."""


@dataclass(frozen=True, slots=True)
class Core:
    """What a QR code says; not to be believed before its signature was checked."""

    check_url: str
    number: str
    holder_name: str
    scheme: str
    issued_on: date
    expires_on: date
    version: int
    status_index: int
    short_key_id: bytes
    signed: bytes
    signature: bytes

    @property
    def base(self) -> str:
        return base_of_check_url(self.check_url)

    def holds(self, key: PublicKey) -> bool:
        """Whether `key` signed exactly this."""
        return key.signed(self.signature, self.signed)


def qr_text(claims: Claims, key: CredentialKey) -> str:
    """The text for a certificate's QR code: `<check address>#<payload>`.

    Raises ValueError when number, name and scheme hold a zero byte or are longer than MOST_TEXT together.
    """
    return f"{claims.check_url}#{sign_compact(claims, key)}"


def sign_compact(claims: Claims, key: CredentialKey) -> str:
    """The signed payload in decimal digits; the same claims and key give the same. Raises ValueError as `qr_text`."""
    body = b"".join(
        (
            FORMAT.to_bytes(1, "big"),
            key.short_id,
            (claims.issued_on - FIRST_DAY).days.to_bytes(2, "big"),
            (claims.expires_on - FIRST_DAY).days.to_bytes(2, "big"),
            claims.version.to_bytes(1, "big"),
            claims.status_index.to_bytes(4, "big"),
            _packed(claims.number, claims.holder_name, claims.scheme.id),
        )
    )
    return str(int.from_bytes(body + key.sign(_signed(claims.check_url, body)), "big"))


def read_compact(text: str) -> Core:
    """What a QR text says; nothing of it is believed yet. Raises ValueError for anything that is not one of ours."""
    found = TEXT.fullmatch(text.strip())
    if found is None:
        raise ValueError("not the text of a certificate's QR code")
    check_url, digits = found.groups()
    number = int(digits) if len(digits) <= 4_000 else 0  # Python reads no more than 4,300
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(content) <= HEAD + SIGNATURE or content[0] != FORMAT:
        raise ValueError("not a payload of a format known here")
    body, signature = content[:-SIGNATURE], content[-SIGNATURE:]
    issued, expires, version, index = (int.from_bytes(body[a:b], "big") for a, b in ((5, 7), (7, 9), (9, 10), (10, 14)))
    printed, name, scheme = _unpacked(body[HEAD:])
    base_of_check_url(check_url)
    return Core(
        check_url=check_url,
        number=printed,
        holder_name=name,
        scheme=scheme,
        issued_on=FIRST_DAY + timedelta(days=issued),
        expires_on=FIRST_DAY + timedelta(days=expires),
        version=version,
        status_index=index,
        short_key_id=body[1 : 1 + SHORT],
        signed=_signed(check_url, body),
        signature=signature,
    )


def _signed(check_url: str, body: bytes) -> bytes:
    return DOMAIN + check_url.encode() + b"#" + body


def _packed(*texts: str) -> bytes:
    joined = "\0".join(texts).encode()
    if joined.count(b"\0") != len(texts) - 1 or len(joined) > MOST_TEXT:
        raise ValueError("text that cannot stand in a QR code")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    return packer.compress(joined) + packer.flush()


def _unpacked(packed: bytes) -> tuple[str, str, str]:
    unpacker = zlib.decompressobj(wbits=-15, zdict=DICTIONARY)
    try:
        joined = unpacker.decompress(packed, MOST_TEXT).decode()
        number, name, scheme = joined.split("\0")
    except (zlib.error, ValueError) as error:
        raise ValueError("not a payload of a format known here") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not a payload of a format known here")
    return number, name, scheme
