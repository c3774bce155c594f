"""Time stamps of a real authority (openssl's), and proofs over them."""

import base64
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.documents import merkle
from shared.documents.timestamps import (
    NotProven,
    NotStamped,
    Proof,
    read_roots,
    request_stamp,
    verify_register_proof,
    verify_stamp,
)
from tests.servers.packages import need
from tests.servers.timestamps import Authority, make_keys, timestamping

ROOT = bytes(range(32))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with timestamping(tmp_path_factory.mktemp("tsa")) as authority:
        yield authority


@pytest.fixture
def tsa(running: Authority) -> Authority:
    running.behaviour = ""
    return running


@pytest.fixture
def proof(tsa: Authority) -> Proof:
    """Of the third of five."""
    files = [f"{number:064x}" for number in range(5)]
    leaves = [merkle.hash_leaf(f"91011 2622 4 00000{number} 2026", 1, sha256) for number, sha256 in enumerate(files)]
    root = merkle.merkle_root(leaves)
    stamp = request_stamp(tsa.url, root, read_roots(tsa.root))
    return Proof(
        format="kompeten-register-proof/1",
        number="91011 2622 4 000002 2026",
        version=1,
        sha256=files[2],
        position=2,
        count=5,
        path=[step.hex() for step in merkle.merkle_path(leaves, 2)],
        root=root.hex(),
        at=stamp.at,
        authority=stamp.authority,
        timestamp=base64.b64encode(stamp.response).decode(),
    )


def test_an_authority_vouches_for_a_root_now(tsa: Authority) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    stamp = request_stamp(tsa.url, ROOT, read_roots(tsa.root))
    assert before <= stamp.at <= datetime.now(UTC)
    assert stamp.authority == "CN=Otoritas waktu contoh"
    assert verify_stamp(stamp.response, ROOT, read_roots(tsa.root)) == stamp


def test_openssl_says_the_same_of_the_stamp(tsa: Authority, tmp_path: Path) -> None:
    (tmp_path / "answer").write_bytes(request_stamp(tsa.url, ROOT, read_roots(tsa.root)).response)
    (tmp_path / "root").write_bytes(ROOT)
    command = [str(need("openssl")), "ts", "-verify", "-data", str(tmp_path / "root"), "-in", str(tmp_path / "answer")]
    assert subprocess.run([*command, "-CAfile", str(tsa.root)], capture_output=True).returncode == 0


def test_a_stamp_over_something_else_does_not_hold(tsa: Authority) -> None:
    stamp = request_stamp(tsa.url, ROOT, read_roots(tsa.root))
    with pytest.raises(NotStamped, match="does not hold"):
        verify_stamp(stamp.response, ROOT[::-1], read_roots(tsa.root))


def test_a_stamp_of_a_stranger_does_not_hold(tsa: Authority, tmp_path: Path) -> None:
    make_keys(tmp_path)
    with pytest.raises(NotStamped, match="does not hold"):
        request_stamp(tsa.url, ROOT, read_roots(tmp_path / "root.pem"))


def test_an_old_answer_is_not_taken_for_a_new_one(tsa: Authority) -> None:
    stamp = request_stamp(tsa.url, ROOT, read_roots(tsa.root))
    with pytest.raises(NotStamped, match=r"(?i)nonce"):
        verify_stamp(stamp.response, ROOT, read_roots(tsa.root), nonce=12345)


def test_one_altered_byte_breaks_the_stamp(tsa: Authority) -> None:
    body = bytearray(request_stamp(tsa.url, ROOT, read_roots(tsa.root)).response)
    body[-5] ^= 1
    with pytest.raises(NotStamped):
        verify_stamp(bytes(body), ROOT, read_roots(tsa.root))


@pytest.mark.parametrize(("behaviour", "said"), [("away", "503"), ("refuse", "refused")])
def test_an_authority_that_is_away_or_refuses_says_so(tsa: Authority, behaviour: str, said: str) -> None:
    tsa.behaviour = behaviour
    with pytest.raises(NotStamped, match=said):
        request_stamp(tsa.url, ROOT, read_roots(tsa.root))


def test_a_password_in_the_address_is_not_told(tsa: Authority) -> None:
    tsa.behaviour = "away"
    address = tsa.url.replace("//", "//lsp:rahasia@")
    with pytest.raises(NotStamped) as refused:
        request_stamp(address, ROOT, read_roots(tsa.root))
    assert "rahasia" not in str(refused.value)


def test_where_nobody_answers_is_said_so(tsa: Authority) -> None:
    for address in ("http://127.0.0.1:9/", "http://", "bukan alamat"):
        with pytest.raises(NotStamped, match="does not answer"):
            request_stamp(address, ROOT, read_roots(tsa.root))


def test_something_else_is_no_stamp(tsa: Authority) -> None:
    with pytest.raises(NotStamped, match="no time stamp"):
        verify_stamp(b"<html>", ROOT, read_roots(tsa.root))


def test_roots_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotStamped, match="cannot be read"):
        read_roots(tmp_path / "root.pem")


def test_a_proof_leads_to_the_time_stamp(tsa: Authority, proof: Proof) -> None:
    again = Proof.model_validate_json(proof.model_dump_json())
    assert verify_register_proof(again, read_roots(tsa.root)).at == proof.at


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "91011 2622 4 000003 2026"}, "another root"),
        ({"version": 2}, "another root"),
        ({"sha256": "ab" * 32}, "another root"),
        ({"position": 3}, "another root"),
        ({"position": 9}, "outside"),
        ({"path": []}, "too short"),
        ({"path": ["zz"]}, "hex"),
        ({"root": "ab" * 32}, "another root"),
        ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, "another time"),
        ({"timestamp": "!"}, "base64"),
        ({"timestamp": "AAAA"}, "no time stamp"),
    ],
)
def test_a_forged_proof_breaks_and_says_where(
    tsa: Authority, proof: Proof, change: dict[str, object], said: str
) -> None:
    with pytest.raises(NotProven, match=said):
        verify_register_proof(proof.model_copy(update=change), read_roots(tsa.root))
