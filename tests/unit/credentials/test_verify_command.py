"""`kompeten verify`, as a program: nothing but the files it is given, and the network only where asked to."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.credentials import Claims, LocalKey, badge, compact, did, statuslist
from shared.credentials.statuslist import Purpose
from shared.documents.authority import CHAIN, KEY, ROOT, create_demo_authority
from shared.documents.seals import pem_seal
from shared.documents.signing import Signer
from tests.unit.credentials.sheets import sheet

KOMPETEN = Path(sys.executable).parent / "kompeten"
NOW = datetime.now(UTC).replace(microsecond=0)
"""The program has no clock but the machine's: what it is given is of this hour."""


def run(*arguments: object, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(KOMPETEN), "verify", *map(str, arguments)], input=given, capture_output=True, timeout=60, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def claims(claims: Claims) -> Claims:
    """Issued yesterday, by the system that `site` stands for."""
    return replace(claims, issued_on=NOW.date() - timedelta(days=1), expires_on=NOW.date() + timedelta(days=1000))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of today, as the certificate is."""
    folder = tmp_path_factory.mktemp("authority")
    create_demo_authority(folder)
    return folder


@pytest.fixture(scope="module")
def signer(authority: Path) -> Signer:
    return Signer(pem_seal(authority / KEY, authority / CHAIN))


@pytest.fixture
def folder(tmp_path: Path, claims: Claims, key: LocalKey, signer: Signer, authority: Path) -> Path:
    """What somebody has at hand: a certificate in all its forms, and what was saved beforehand."""
    credential = badge.issue_badge(claims, key, NOW)
    (tmp_path / "credential.json").write_text(credential)
    (tmp_path / "qr.txt").write_text(compact.qr_text(claims, key) + "\n")
    (tmp_path / "sheet.pdf").write_bytes(sheet(credential, signer, NOW))
    (tmp_path / "did.json").write_text(
        json.dumps(did.did_document(did.did_of(claims.base), [key.id], signer.chain[:1]))
    )
    (tmp_path / "authority.pem").write_bytes((authority / ROOT).read_bytes())
    return tmp_path


@pytest.mark.parametrize("name", ["credential.json", "qr.txt", "sheet.pdf"])
def test_offline_with_the_keys_saved_beforehand(folder: Path, name: str) -> None:
    done = run(folder / name, "--issuer", folder / "did.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == 4
    assert "Tidak diperiksa: Status." in done.stdout
    assert "Not checked: Status." in done.stdout
    assert "SITI NURHALIZAH CONTOH" in done.stdout
    assert done.stderr == ""


def test_from_standard_input(folder: Path) -> None:
    done = run("-", "--issuer", folder / "did.json", given=(folder / "qr.txt").read_bytes())
    assert done.returncode == 0, done.stdout


def test_a_pdf_must_go_back_to_the_authority_that_is_named(folder: Path) -> None:
    known = run(folder / "sheet.pdf", "--issuer", folder / "did.json", "--authority", folder / "authority.pem")
    assert known.returncode == 0, known.stdout + known.stderr
    create_demo_authority(folder / "other")
    other = run(folder / "sheet.pdf", "--issuer", folder / "did.json", "--authority", folder / "other" / ROOT)
    assert other.returncode == 1
    assert "SITI" not in other.stdout


def test_without_any_key_too_little_can_be_said(folder: Path) -> None:
    done = run(folder / "credential.json")
    assert done.returncode == 2
    assert "Not checked: Issuer, Status, Dates." in done.stdout
    assert "SITI" not in done.stdout


def test_an_altered_one_fails(folder: Path) -> None:
    altered = (folder / "credential.json").read_text().replace("SITI", "DEWI")
    (folder / "credential.json").write_text(altered)
    done = run(folder / "credential.json", "--issuer", folder / "did.json")
    assert done.returncode == 1
    assert "✗ Tanda tangan" in done.stdout
    assert "DEWI" not in done.stdout


@pytest.mark.parametrize("given", [b"", b"halo", b"\0" * 1000, b"%PDF-1.7"])
def test_what_is_no_certificate_fails(folder: Path, given: bytes) -> None:
    assert run("-", "--issuer", folder / "did.json", given=given).returncode == 1


@pytest.mark.parametrize("arguments", [["--issuer", "qr.txt"], ["--authority", "qr.txt"], ["--issuer", "absent.json"]])
def test_files_that_are_of_no_use_are_named(folder: Path, arguments: list[str]) -> None:
    done = run(folder / "credential.json", arguments[0], folder / arguments[1])
    assert done.returncode == 2
    assert arguments[1] in done.stderr


class Site(BaseHTTPRequestHandler):
    """An issuer's did.json and status lists."""

    answers: dict[str, str | int]

    def do_GET(self) -> None:
        answer = self.answers.get(self.path, 404)
        content = answer.encode() if isinstance(answer, str) else b""
        self.send_response(answer if isinstance(answer, int) else 200)
        self.send_header("Content-Length", str(len(content)))
        if answer == 302:
            self.send_header("Location", "/certificate/elsewhere.json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def answers() -> dict[str, str | int]:
    return {}


@pytest.fixture
def site(answers: dict[str, str | int]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Site,), {"answers": answers}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def told(site: str, claims: Claims) -> Claims:
    """The claims of a certificate that this site issued."""
    return replace(claims, check_url=f"{site}/certificate/check/abcdefghij234567klmnopqrst")


def publish(answers: dict[str, str | int], claims: Claims, key: LocalKey, *set_: Purpose, signers: Any = ()) -> None:
    number, bit = statuslist.place_of_version(claims.status_index)
    answers["/certificate/did.json"] = json.dumps(did.did_document(did.did_of(claims.base), [key.id], signers))
    for purpose in Purpose:
        places = [bit] if purpose in set_ else []
        text = statuslist.issue_status_list(claims.base, number, purpose, places, key, NOW, NOW + timedelta(hours=1))
        answers[f"/certificate/status/{number}/{purpose}"] = text


@pytest.mark.parametrize(
    ("set_", "code", "said"),
    [
        ((), 0, "✓ Status: Tidak ditangguhkan"),
        ((Purpose.SUSPENSION,), 1, "✗ Status: Ditangguhkan"),
        ((Purpose.REVOCATION,), 1, "✗ Status: Tidak berlaku lagi"),
    ],
)
def test_online_the_status_is_asked_for(
    tmp_path: Path,
    site: str,
    answers: dict[str, str | int],
    told: Claims,
    key: LocalKey,
    signer: Signer,
    set_: tuple[Purpose, ...],
    code: int,
    said: str,
) -> None:
    publish(answers, told, key, *set_, signers=signer.chain[:1])
    credential = badge.issue_badge(told, key, NOW)
    for content in (credential.encode(), compact.qr_text(told, key).encode(), sheet(credential, signer, NOW)):
        done = run("-", "--online", "--url", site, given=content)
        assert done.returncode == code, done.stdout + done.stderr
        assert said in done.stdout
        assert "Tidak diperiksa" not in done.stdout


def test_a_status_that_cannot_be_had_is_said_to_be_missing(
    site: str, answers: dict[str, str | int], told: Claims, key: LocalKey
) -> None:
    publish(answers, told, key)
    for answer in (500, 302, "{}", "x" * 2_000_000):
        answers["/certificate/status/0/revocation"] = answer
        done = run("-", "--online", "--url", site, given=compact.qr_text(told, key).encode())
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Tidak diperiksa: Status." in done.stdout
        assert "status/0/revocation" in done.stdout or "status list" in done.stdout


def test_a_document_of_another_issuer_is_not_taken(
    site: str, answers: dict[str, str | int], told: Claims, key: LocalKey
) -> None:
    answers["/certificate/did.json"] = json.dumps(did.did_document("did:web:lain.test:certificate", [key.id]))
    done = run("-", "--online", "--url", site, given=compact.qr_text(told, key).encode())
    assert done.returncode == 2
    assert "did:web:lain.test:certificate" in done.stderr


def test_a_forger_who_publishes_keys_of_his_own_is_not_the_issuer_named(
    site: str, answers: dict[str, str | int], told: Claims, key: LocalKey
) -> None:
    publish(answers, told, key)
    forger = LocalKey(Ed25519PrivateKey.generate())
    elsewhere = replace(told, check_url="https://palsu.test/certificate/check/abcdefghij234567klmnopqrst")
    done = run("-", "--online", "--url", site, given=badge.issue_badge(elsewhere, forger, NOW).encode())
    assert done.returncode == 1
    assert "✗ Penerbit" in done.stdout


def test_an_issuer_that_cannot_be_reached_is_named(told: Claims, key: LocalKey) -> None:
    done = run("-", "--online", "--url", "http://127.0.0.1:9", given=compact.qr_text(told, key).encode())
    assert done.returncode == 2
    assert "http://127.0.0.1:9/certificate/did.json" in done.stderr


def test_online_a_pdf_does_not_choose_whom_to_ask(folder: Path) -> None:
    done = run(folder / "sheet.pdf", "--online")
    assert done.returncode == 2
    assert "--url" in done.stderr
