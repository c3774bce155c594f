"""What a stranger sends to hold a server up: each a name and the bytes of one or many requests, to public addresses.

Found by attacking a running system, and others of their kind.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates
from cryptography.x509.oid import NameOID

MIB = 1024 * 1024
TOKENS = "/registration/api/tokens"
TEXT = "/certificate/api/check/text"
FORM = "/registration/sign-in"
FILE = "/certificate/check"
FILE_BEGINS = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
JSON, FIELDS = "application/json", "application/x-www-form-urlencoded"


def post(path: str, body: bytes, kind: str, *headers: str) -> bytes:
    """One request with `body`, after which the server may hang up."""
    head = [f"POST {path} HTTP/1.1", "Host: contoh.test", "Connection: close", f"Content-Type: {kind}", *headers]
    if not any(line.startswith("Transfer-Encoding") for line in headers):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def get(*headers: str, path: str = "/registration/sign-in") -> bytes:
    """One request without a body."""
    return (
        "\r\n".join([f"GET {path} HTTP/1.1", "Host: contoh.test", "Connection: close", *headers]).encode() + b"\r\n\r\n"
    )


def parts(count: int) -> bytes:
    """A multipart body of `count` small parts."""
    return b"".join(b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' for _ in range(count)) + b"--b--\r\n"


def file_of(content: bytes, name: bytes = b"a.pdf") -> bytes:
    """An upload of one file to the public check."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
    return post(FILE, head + content + b"\r\n--b--\r\n", "multipart/form-data; boundary=b")


def signed_pdf(contents: bytes, ranges: int = 1) -> bytes:
    """A PDF whose one signature is these `contents`, and whose byte range covers the rest; said `ranges` times."""
    digits, end = contents.hex().encode(), b">>endobj\n%%EOF\n"
    covers = b"/ByteRange[0 %09d %09d %09d]"
    begin = b"%PDF-1.7\n1 0 obj<</Type/Sig"
    gap = len(begin) + ranges * len(covers % (0, 0, 0)) + len(b"/Contents")
    return begin + covers % (gap, gap + len(digits) + 2, len(end)) * ranges + b"/Contents<" + digits + b">" + end


def many_certificates(count: int) -> bytes:
    """A CMS structure without a signer that carries one certificate `count` times."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "contoh")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begins, begins + timedelta(days=1))
    return serialize_certificates([made.sign(key, SHA256())] * count, Encoding.DER)


BOMBS: Mapping[str, bytes] = {
    "12 MB of nested lists": post(TEXT, b"[" * (6 * MIB) + b"]" * (6 * MIB), JSON),
    "256 kB of nested lists": post(TEXT, b"[" * 131_000 + b"]" * 131_000, JSON),
    "9 MB of empty objects": post(TOKENS, b"[" + b"{}," * (3 * MIB) + b"{}]", JSON),
    "as many values as are taken": post(TOKENS, b"[" + b"{}," * 6_000 + b"{}]", JSON),
    "256 kB of quotes": post(TOKENS, b'"' * 262_000, JSON),
    "256 kB of digits": post(TOKENS, b"1" * 262_000, JSON),
    "a form of 250,000 fields": post(FORM, b"&".join(b"a%d=x" % at for at in range(250_000)), FIELDS),
    "a form as large as is taken": post(FORM, b"&".join(b"a%d=x" % at for at in range(2_999)), FIELDS),
    "a form of one large field": post(FORM, b"a=" + b"%41" * 170_000, FIELDS),
    "60,000 parts": post(FILE, parts(60_000), "multipart/form-data; boundary=b"),
    "12 MB of line ends in a part": post(
        FILE,
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        + b"\r\n" * (5 * MIB)
        + b"\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
    "a part with a head of 500 kB": file_of(b"", b"a" * 500_000),
    "a PDF of 200,000 byte ranges": file_of(signed_pdf(b"0", 200_000)),
    "a PDF with certificates by the thousand": file_of(signed_pdf(many_certificates(1_200))),
    "a PDF of a million brackets": file_of(b"%PDF-1.7\n1 0 obj" + b"[" * MIB + b"endobj\n%%EOF\n"),
    "a million chunks of a byte": post(TEXT, b"1\r\nx\r\n" * 1_000_000, JSON, "Transfer-Encoding: chunked"),
    "a query of thousands": get(path="/registration/sign-in?" + "&" * 7_000),
    "cookies by the thousand": get("Cookie: " + "a=b;" * 1_900),
    "languages by the thousand": get("Accept-Language: " + "a-b," * 1_900),
    "kinds by the thousand": get("Accept: " + "a/b," * 1_900),
    "a token of brackets": get("Authorization: Bearer " + "W1tb" * 1_900 + ".e30.AAAA"),
}
