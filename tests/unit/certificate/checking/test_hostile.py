"""What somebody with bad intent brings: each gets a clear answer, soon, and never a 5xx."""

import io
import json
import re
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from werkzeug.test import TestResponse

from services.certificate.checking import verifying as copies
from services.certificate.domain.versions import VersionState
from services.certificate.models import Version
from shared.credentials import LocalKey
from shared.credentials.pdf import NotSigned, open_signed_pdf
from shared.database.unit import Database
from shared.documents.authority import CHAIN, KEY, create_demo_authority
from shared.documents.cms import Envelope
from shared.documents.seals import pem_seal
from shared.documents.signing import Signer
from tests.unit.certificate.checking.scene import Held, answer, issue, made, outcome, upload
from tests.unit.certificate.scene import Candidate
from tests.unit.certificate.web import API

MIB = 1024 * 1024
A_REQUEST = 0.1
"""Seconds of the processor within which two requests are not told apart: what else a process does disturbs them."""
MOST_CALLS = 12_000
"""Of functions, where the smallest file takes 4,000."""
MOST_TIMES_ITS_SIZE = 16
"""Bytes of memory for each byte of a file."""


@pytest.fixture
def held(database: Database, store: object, candidate: Candidate) -> Held:
    return issue(database, candidate)


@pytest.fixture
def stranger(tmp_path: Path) -> Signer:
    create_demo_authority(tmp_path)
    return Signer(pem_seal(tmp_path / KEY, tmp_path / CHAIN))


@pytest.fixture
def other_key() -> LocalKey:
    return LocalKey(Ed25519PrivateKey.generate())


def pasted(client: FlaskClient, text: str) -> TestResponse:
    return client.post(f"{API}/check/text", json={"text": text})


def where_it_ends(response: TestResponse) -> str:
    """The check that failed, of something that is not genuine: then nobody is named."""
    standing, steps = outcome(response)
    assert standing == "not_genuine"
    assert answer(response)["certificate"] is None
    assert [passed for _, passed in steps] == [True] * (len(steps) - 1) + [False]
    return steps[-1][0]


def test_one_altered_byte_breaks_the_signature(client: FlaskClient, held: Held) -> None:
    place = held.pdf.index(b"/Title") + 8
    altered = held.pdf[:place] + bytes([held.pdf[place] ^ 1]) + held.pdf[place + 1 :]
    assert where_it_ends(upload(client, altered)) == "signature"


def test_an_update_after_the_signature_shows(client: FlaskClient, held: Held) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(held.pdf))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    assert out.getvalue().startswith(held.pdf)
    assert where_it_ends(upload(client, out.getvalue())) == "format"


def test_bytes_after_the_end_show(client: FlaskClient, held: Held) -> None:
    assert where_it_ends(upload(client, held.pdf + b"\n% lampiran")) == "format"


def test_a_second_signature_by_somebody_else_does_not_make_it_ours(
    client: FlaskClient, held: Held, stranger: Signer, tmp_path: Path
) -> None:
    seal, envelope = pem_seal(tmp_path / KEY, tmp_path / CHAIN), Envelope(stranger.chain)
    room = 2 * envelope.size

    def contents(digest: bytes) -> bytes:
        return envelope.sealed(digest, seal.sign_digest).hex().encode().ljust(room, b"0")

    assert where_it_ends(upload(client, signed(held.pdf, room, contents))) == "issuer"


def test_a_sheet_signed_by_somebody_else_is_not_ours(client: FlaskClient, held: Held, stranger: Signer) -> None:
    assert where_it_ends(upload(client, made(held.version, seal=stranger).pdf)) == "issuer"


def test_a_credential_signed_with_another_key_is_not_ours(client: FlaskClient, held: Held, other_key: LocalKey) -> None:
    assert where_it_ends(upload(client, made(held.version, key=other_key).credential, "k.json")) == "issuer"


def test_a_credential_with_another_name_is_altered(client: FlaskClient, held: Held) -> None:
    forged = held.credential.replace(held.version.holder_name.encode(), b"PENIPU CONTOH")
    assert forged != held.credential
    assert where_it_ends(upload(client, forged, "k.json")) == "signature"


@pytest.mark.parametrize("site", ["https://lsp-palsu.test/certificate", "http://127.0.0.1:8000.palsu.test/certificate"])
def test_a_credential_of_another_issuer_is_not_ours(
    client: FlaskClient, held: Held, other_key: LocalKey, site: str
) -> None:
    forged = made(held.version, key=other_key, check_url=f"{site}/check/{held.token}")
    assert where_it_ends(upload(client, forged.credential, "k.json")) == "issuer"
    assert where_it_ends(pasted(client, forged.qr)) == "signature"


def test_a_qr_text_signed_with_another_key_is_forged(client: FlaskClient, held: Held, other_key: LocalKey) -> None:
    assert where_it_ends(pasted(client, made(held.version, key=other_key).qr)) == "signature"


def test_a_genuine_payload_under_another_address_is_forged(client: FlaskClient, held: Held) -> None:
    digits = held.qr.partition("#")[2]
    for address in (f"http://lsp-palsu.test/certificate/check/{held.token}", held.version.check_url[:-1] + "7"):
        assert where_it_ends(pasted(client, f"{address}#{digits}")) == "signature"


def test_a_changed_digit_is_forged(client: FlaskClient, held: Held) -> None:
    address, _, digits = held.qr.partition("#")
    changed = digits[:90] + str((int(digits[90]) + 1) % 10) + digits[91:]
    assert where_it_ends(pasted(client, f"{address}#{changed}")) in ("format", "signature")


@pytest.mark.parametrize(
    "other",
    [
        {"holder_name": "PENIPU CONTOH"},
        {"number": "91011 2622 4 000099 2026"},
        {"check_url": "http://127.0.0.1:8000/certificate/check/" + "a" * 26},
        {"status_index": 4},
    ],
)
def test_even_with_our_keys_only_what_is_in_the_register_is_ours(
    client: FlaskClient, held: Held, other: dict[str, Any]
) -> None:
    forged = made(held.version, **other)
    assert where_it_ends(upload(client, forged.pdf)) == "status"
    assert where_it_ends(upload(client, forged.credential, "k.json")) == "status"
    assert where_it_ends(pasted(client, forged.qr)) == "status"


def test_a_second_file_for_the_same_certificate_is_not_the_one_issued(
    client: FlaskClient, database: Database, held: Held
) -> None:
    """This failure mode means that the key was used behind the register's back."""
    with database.unit_of_work() as session:
        session.get_one(Version, held.version.id).sha256 = "0" * 64
    assert where_it_ends(upload(client, held.pdf)) == "status"
    assert outcome(upload(client, held.credential, "k.json"))[0] == "valid"


def test_a_sheet_that_was_never_handed_out_is_not_in_the_register(
    client: FlaskClient, database: Database, held: Held
) -> None:
    with database.unit_of_work() as session:
        session.get_one(Version, held.version.id).state = VersionState.VOIDED
    assert where_it_ends(upload(client, held.pdf)) == "status"


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


MADE_UP: dict[str, Callable[[], bytes]] = {
    "deep JSON": lambda: nested(100_000),
    "deep lists": lambda: b'{"a":' + b"[" * 1_000_000,
    "a number without end": lambda: b'{"a":' + b"9" * 3_000_000 + b"}",
    "many names": lambda: json.dumps({str(n): n for n in range(200_000)}).encode(),
    "not a number": lambda: b'{"a":NaN}',
    "half a character": lambda: b'{"a":"\xff\xfe"}',
    "a list": lambda: b"[]",
    "nothing but space": lambda: b" " * 1000,
    "HTML": lambda: b"<html><script>alert(1)</script></html>",
    "an image": lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000),
    "a bare PDF": lambda: b"%PDF-1.7\n%%EOF",
    "many byte ranges": lambda: b"%PDF-1.7\n" + b"/ByteRange[0 1 2 3]" * 100_000,
    "an endless byte range": lambda: b"%PDF-1.7\n/ByteRange" + b" " * 2_000_000 + b"[0",
    "a huge signature": lambda: signed_with(b"30" * MIB),
    "a deep signature": lambda: signed_with(b"3080" * 200_000),
    "a bomb in a stream": lambda: signed_with(b"00", zlib.compress(bytes(200 * MIB), 9)),
    "bombs in bombs": lambda: signed_with(b"00", zlib.compress(zlib.compress(bytes(100 * MIB), 9), 9)),
}
FROM_OURS: dict[str, Callable[[Held], bytes]] = {
    "one name many times": lambda held: held.credential.replace(b"{", b'{"id":"http://x/check/x",' * 3, 1),
    "a lone surrogate": lambda held: held.credential.replace(b"CONTOH", b"\\ud800", 1),
    "a NUL": lambda held: held.credential.replace(b"CONTOH", b"\\u0000", 1),
    "PDF and HTML": lambda held: b"<!-- " + held.pdf + b" --><script>alert(1)</script>",
    "PDF inside JSON": lambda held: b'{"a":"' + held.pdf + b'"}',
    "ZIP around PDF": lambda held: b"PK\x03\x04" + held.pdf,
    "PDF without signature": lambda held: held.pdf[: held.pdf.index(b"%%EOF") + 6],
    "certificates by the thousand": lambda held: signed_with(with_certificates(held.pdf, 1_200)),
    "more certificates than any chain": lambda held: signed_with(with_certificates(held.pdf, 30)),
    "a byte range beyond the end": lambda held: re.sub(rb"/ByteRange\[0 \d+", b"/ByteRange[0 999999999", held.pdf),
}


def with_certificates(pdf: bytes, count: int) -> bytes:
    """The digits of the signature of `pdf`, with its signer's certificate so many times."""
    found = list(re.finditer(rb"/Contents<([0-9A-Fa-f]+)>", pdf))[-1]
    message = cms.ContentInfo.load(bytes.fromhex(found[1].decode()))
    content = message["content"]
    content["certificates"] = cms.CertificateSet([content["certificates"][0]] * count)
    return bytes(message.dump(force=True).hex(), "ascii")


def signed_with(contents: bytes, stream: bytes = b"") -> bytes:
    """A PDF whose signature is these hexadecimal digits, with one packed stream; its byte range covers it all."""
    packed = b"1 0 obj\n<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream\nendobj\n" % (len(stream), stream)
    return signed(b"%PDF-1.7\n" + packed, len(contents), lambda _: contents)


def signed(pdf: bytes, room: int, contents: Callable[[bytes], bytes]) -> bytes:
    """`pdf` with one more signature of `room` hexadecimal digits, made of the SHA-256 of the rest."""
    signature, end = b"99 0 obj\n<</Type/Sig/ByteRange[0 %09d %09d %09d]/Contents", b">>\nendobj\n%%EOF\n"
    gap = len(pdf) + len(signature % (0, 0, 0))
    begin = pdf + signature % (gap, gap + room + 2, len(end))
    return begin + b"<" + contents(sha256(begin + end).digest()) + b">" + end


@dataclass
class Work:
    """Calls of functions, and the most bytes of memory that were held at once."""

    calls: int = 0
    bytes: int = 0


@contextmanager
def counted() -> Iterator[Work]:
    """The work done inside `with`, in this thread and in those it begins."""
    work = Work()

    def note(_: object, event: str, __: object) -> None:
        work.calls += event in ("call", "c_call")

    threading.setprofile(note)
    sys.setprofile(note)
    tracemalloc.start()
    try:
        yield work
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        work.bytes = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


def test_of_many_byte_ranges_the_last_alone_is_looked_at() -> None:
    """A search through all of them keeps the interpreter to itself, and every other visitor waiting, for a second."""
    data = b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" * 200_000
    with counted() as work, pytest.raises(NotSigned):
        open_signed_pdf(data)
    assert work.bytes < 10_000


@pytest.mark.parametrize("bomb", [*MADE_UP, *FROM_OURS])
def test_bombs_and_chimeras_are_told_apart_soon(client: FlaskClient, held: Held, bomb: str) -> None:
    data = MADE_UP[bomb]() if bomb in MADE_UP else FROM_OURS[bomb](held)
    with counted() as work:
        response = upload(client, data)
    assert work.calls < MOST_CALLS
    assert work.bytes < MIB + MOST_TIMES_ITS_SIZE * len(data)
    assert where_it_ends(response) in ("format", "signature")
    assert b"alert(1)" not in response.data


@pytest.mark.parametrize(
    "repeated",
    [
        lambda times: b"%PDF-1.7\n" + b"/ByteRange[0 1 2 3]" * times,
        lambda times: b"%PDF-1.7\n/ByteRange" + b" " * times * 20 + b"[0",
        lambda times: b"%PDF-1.7\n" + b"/Contents<" * times * 2,
        lambda times: b'{"a":' + b"9" * times * 20 + b"}",
        lambda times: b'{"a":' * times * 4,
        lambda times: json.dumps({str(n): n for n in range(times)}).encode(),
    ],
    ids=["byte ranges", "spaces", "signatures begun", "digits", "depth", "names"],
)
def test_four_times_as_much_takes_no_sixteen_times_as_long(
    client: FlaskClient, repeated: Callable[[int], bytes]
) -> None:
    """Processor time, the best of three: nothing grows with the square of what a stranger sends."""

    def seconds(times: int) -> float:
        data, taken = repeated(times), []
        for _ in range(3):
            begun = time.process_time()
            assert upload(client, data).status_code == 200
            taken.append(time.process_time() - begun)
        return min(taken)

    assert seconds(80_000) < 8 * max(seconds(20_000), A_REQUEST)


def test_fifty_megabytes_are_refused_before_they_are_read(client: FlaskClient) -> None:
    response = upload(client, b"%PDF-1.7\n" + bytes(50 * MIB))
    assert response.status_code == 413


def test_more_than_a_certificate_takes_is_refused(client: FlaskClient) -> None:
    response = upload(client, b"%PDF-1.7\n" + bytes(copies.MOST_BYTES))
    assert response.status_code == 422
    assert "5 MB" in response.text


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 5000, "<script>.pdf", "x\r\ny.pdf", "é.pdf"])
def test_the_name_of_a_file_means_nothing(client: FlaskClient, held: Held, name: str) -> None:
    response = upload(client, held.pdf, name)
    assert response.status_code in (200, 422)


def test_an_empty_file_is_refused(client: FlaskClient) -> None:
    assert upload(client, b"").status_code == 422
    assert client.post(f"{API}/check/file", data={}).status_code in (415, 422)


def test_what_takes_too_long_is_given_up(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "SECONDS", 0.05)
    monkeypatch.setattr(copies, "verify_credential", lambda *_: time.sleep(0.5))
    response = upload(client, b"%PDF-1.7\n")
    assert response.status_code == 422
    assert "terlalu lama" in response.text


def test_a_network_whose_files_take_too_long_keeps_no_place_of_others(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object) -> None:
        raise copies.TookLong("check-takes-long", copies.TOO_LONG) from TimeoutError()

    monkeypatch.setattr(copies, "verify_copy", give_up)
    assert [upload(client, b"%PDF-1.7\n").status_code for _ in range(4)] == [422, 422, 422, 429]
    monkeypatch.undo()
    there = {"REMOTE_ADDR": "10.9.9.9"}
    data = {"file": (io.BytesIO(b"%PDF-1.7\n"), "a.pdf")}
    assert client.post(f"{API}/check/file", data=data, environ_base=there).status_code == 200


def test_no_more_than_a_few_are_looked_at_at_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_looking", {object() for _ in range(copies.AT_ONCE)})
    response = upload(client, b"%PDF-1.7\n")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


def test_nothing_of_it_is_kept_or_logged(
    client: FlaskClient, held: Held, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = sorted(store.rglob("*")) if store.exists() else []
    caplog.set_level("DEBUG")
    forged = made(held.version, holder_name="PENIPU CONTOH")
    for data in (held.pdf, forged.pdf, held.credential, forged.credential):
        upload(client, data)
    pasted(client, held.qr)
    assert (sorted(store.rglob("*")) if store.exists() else []) == before
    assert "PENIPU" not in caplog.text
    assert held.version.holder_name not in caplog.text
    assert held.token not in caplog.text
