"""Keys of the operator: PEM files, PKCS#12, or a provider elsewhere; unfit ones are refused with what to do."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from shared.documents.authority import CHAIN, KEY
from shared.documents.seals import LocalSeal, SigningKeyUnfit, pem_seal, pkcs12_seal
from shared.documents.signing import Signer, document_signer
from shared.settings import settings
from tests.unit.documents.remote_seal import RemoteSeal
from tests.unit.documents.signatures import REASON, certificates, issued, pem, status_of, three_steps


def test_a_chain_of_three_from_pem_files_signs(tmp_path: Path, sheet: bytes, at: datetime) -> None:
    key, chain = three_steps()
    (tmp_path / KEY).write_bytes(pem(key))
    (tmp_path / CHAIN).write_bytes(certificates(*chain))
    signed = Signer(pem_seal(tmp_path / KEY, tmp_path / CHAIN)).sign(sheet, at=at, reason=REASON)
    assert status_of(signed, chain[2]).bottom_line


def test_the_root_may_be_left_out(tmp_path: Path, sheet: bytes, at: datetime) -> None:
    key, chain = three_steps()
    assert status_of(Signer(LocalSeal(key, chain[:2])).sign(sheet, at=at, reason=REASON), chain[2]).bottom_line


@pytest.mark.parametrize("password", ["", "rahasia contoh"])
def test_a_pkcs12_file_signs_whatever_the_order_of_its_certificates(
    tmp_path: Path, sheet: bytes, at: datetime, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, chain = three_steps()
    file = _bag(tmp_path, key, chain[0], [chain[2], chain[1]], password)
    assert pkcs12_seal(file, password).chain == tuple(chain)
    (tmp_path / "password").write_text(password + "\n")
    monkeypatch.setenv("KOMPETEN_SIGNING_PKCS12_FILE", str(file))
    monkeypatch.setenv("KOMPETEN_SIGNING_PKCS12_PASSWORD_FILE", str(tmp_path / "password"))
    settings.cache_clear()
    document_signer.cache_clear()
    try:
        assert status_of(document_signer().sign(sheet, at=at, reason=REASON), chain[2]).bottom_line
    finally:
        settings.cache_clear()
        document_signer.cache_clear()


def test_a_wrong_password_and_a_file_that_is_none_are_told_apart_from_nothing(tmp_path: Path) -> None:
    key, chain = three_steps()
    file = _bag(tmp_path, key, chain[0], [], "rahasia contoh")
    with pytest.raises(SigningKeyUnfit, match="another password"):
        pkcs12_seal(file, "salah")
    file.write_bytes(b"bukan PKCS#12")
    with pytest.raises(SigningKeyUnfit, match="no PKCS#12 file"):
        pkcs12_seal(file, "")
    with pytest.raises(SigningKeyUnfit, match="cannot be read"):
        pkcs12_seal(tmp_path / "tidak-ada.p12", "")


def test_a_pkcs12_file_without_a_key_is_refused(tmp_path: Path) -> None:
    _, chain = three_steps()
    file = tmp_path / "only.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"contoh", None, None, chain, NoEncryption()))
    with pytest.raises(SigningKeyUnfit, match="holds no key"):
        pkcs12_seal(file, "")


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_key_kept_in_another_process_signs(tmp_path: Path, sheet: bytes, at: datetime, kind: str) -> None:
    """What a national provider does: only a digest leaves, only a signature comes back."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    key: CertificateIssuerPrivateKeyTypes = ec.generate_private_key(ec.SECP256R1())
    if kind == "rsa":
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    root = issued(root_key, "Penyelenggara contoh", authority=True)
    own = issued(key, "LSP contoh", (root_key, root))
    (tmp_path / KEY).write_bytes(pem(key))
    with closing(RemoteSeal([own, root], tmp_path / KEY)) as seal:
        remote = Signer(seal)
        for _ in range(3):
            assert status_of(remote.sign(sheet, at=at, reason=REASON), root).bottom_line


def test_a_key_that_does_not_belong_to_the_chain_is_refused(authority: Path) -> None:
    chain = x509.load_pem_x509_certificates((authority / CHAIN).read_bytes())
    with pytest.raises(SigningKeyUnfit, match="None of the certificates"):
        LocalSeal(ec.generate_private_key(ec.SECP256R1()), chain)


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0), (0, 2, 1), (0, 2)])
def test_a_chain_out_of_order_is_refused(order: tuple[int, ...]) -> None:
    key, chain = three_steps()
    with pytest.raises(SigningKeyUnfit, match="upwards"):
        Signer(LocalSeal(key, [chain[place] for place in order]))


def test_an_authoritys_own_certificate_signs_no_document() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(SigningKeyUnfit, match="not a certificate for signing"):
        Signer(LocalSeal(key, [issued(key, "Akar contoh", authority=True)]))


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
)
def test_a_key_of_our_own_is_on_p256(authority: Path, tmp_path: Path, key: CertificateIssuerPrivateKeyTypes) -> None:
    (tmp_path / KEY).write_bytes(pem(key))
    with pytest.raises(SigningKeyUnfit, match="P-256"):
        pem_seal(tmp_path / KEY, authority / CHAIN)


def test_a_provider_with_a_key_that_readers_cannot_check_is_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    (tmp_path / KEY).write_bytes(pem(key))
    seal = RemoteSeal([issued(key, "LSP contoh")], tmp_path / KEY)
    with closing(seal), pytest.raises(SigningKeyUnfit, match="P-256"):
        Signer(seal)


@pytest.mark.parametrize("key", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_files_that_cannot_be_read_are_named(tmp_path: Path, authority: Path, key: bytes) -> None:
    with pytest.raises(SigningKeyUnfit, match="cannot be read"):
        pem_seal(tmp_path / KEY, authority / CHAIN)
    (tmp_path / KEY).write_bytes(key)
    with pytest.raises(SigningKeyUnfit, match="cannot be read"):
        pem_seal(tmp_path / KEY, authority / CHAIN)
    with pytest.raises(SigningKeyUnfit, match="cannot be read"):
        pem_seal(authority / KEY, tmp_path / KEY)


def test_a_key_with_a_password_is_no_pem_file_of_ours(tmp_path: Path, authority: Path) -> None:
    key, _ = three_steps()
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"rahasia"))
    (tmp_path / KEY).write_bytes(locked)
    with pytest.raises(SigningKeyUnfit, match="PKCS#12"):
        pem_seal(tmp_path / KEY, authority / CHAIN)


def test_a_key_is_known_by_its_certificate(authority: Path, local: Signer) -> None:
    own = x509.load_pem_x509_certificates((authority / CHAIN).read_bytes())[0]
    assert local.key_id == own.fingerprint(SHA256()).hex()


def _bag(
    folder: Path,
    key: ec.EllipticCurvePrivateKey,
    own: x509.Certificate,
    others: list[x509.Certificate],
    password: str,
) -> Path:
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    file = folder / "signing.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"contoh", key, own, others, locked))
    return file
