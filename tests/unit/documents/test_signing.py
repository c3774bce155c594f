import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import page
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from shared.documents import render
from shared.documents.authority import CHAIN, KEY, ROOT, create_demo_authority
from shared.documents.signing import LocalSigner, SigningKeyUnfit, signer
from shared.settings import settings

REASON = "Penerbitan sertifikat kompetensi"
Template = Callable[[str], Path]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    create_demo_authority(folder)
    return folder


@pytest.fixture
def local(authority: Path) -> LocalSigner:
    return LocalSigner.from_files(authority / KEY, authority / CHAIN)


@pytest.fixture
def at() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def sheet(template: Template) -> bytes:
    return render(template("= Sertifikat contoh\n#{{ name }}"), {"name": "Siti Contoh"})


def status_of(pdf: bytes, authority: Path) -> PdfSignatureStatus:
    root = asn1_x509.Certificate.load(
        x509.load_pem_x509_certificate((authority / ROOT).read_bytes()).public_bytes(Encoding.DER)
    )
    trusted = ValidationContext(trust_roots=[root])
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, trusted)


def test_an_independent_reader_finds_the_signature_valid(
    local: LocalSigner, authority: Path, sheet: bytes, at: datetime
) -> None:
    status = status_of(local.sign(sheet, at=at, reason=REASON), authority)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.signer_reported_dt == at


@pytest.mark.parametrize("profile", [page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1])
def test_a_signed_file_is_still_archival_and_accessible(
    local: LocalSigner, sheet: bytes, at: datetime, profile: page.ValidationProfile
) -> None:
    for pdf in (sheet, local.sign(sheet, at=at, reason=REASON)):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert report.is_compliant, [failure.message for failure in report.failures]


def test_signing_adds_to_the_file_and_changes_nothing_in_it(local: LocalSigner, sheet: bytes, at: datetime) -> None:
    signed = local.sign(sheet, at=at, reason=REASON)
    assert signed.startswith(sheet)
    before, after = (PdfReader(io.BytesIO(pdf)).xmp_metadata for pdf in (sheet, signed))
    assert before is not None
    assert after is not None
    assert before.stream.get_data() == after.stream.get_data()


def test_the_same_document_at_the_same_time_gives_the_same_bytes(
    local: LocalSigner, sheet: bytes, at: datetime
) -> None:
    assert local.sign(sheet, at=at, reason=REASON) == local.sign(sheet, at=at, reason=REASON)


def test_one_altered_byte_breaks_the_signature(local: LocalSigner, authority: Path, sheet: bytes, at: datetime) -> None:
    signed = bytearray(local.sign(sheet, at=at, reason=REASON))
    place = signed.index(b"/MediaBox") + len("/MediaBox [")
    signed[signed.index(b"0", place)] = ord("1")
    status = status_of(bytes(signed), authority)
    assert not status.intact
    assert not status.bottom_line


def test_a_stranger_signs_nothing_that_is_trusted(authority: Path, tmp_path: Path, sheet: bytes, at: datetime) -> None:
    create_demo_authority(tmp_path)
    stranger = LocalSigner.from_files(tmp_path / KEY, tmp_path / CHAIN)
    status = status_of(stranger.sign(sheet, at=at, reason=REASON), authority)
    assert status.valid
    assert not status.trusted


def test_the_demo_authority_calls_itself_contoh(authority: Path) -> None:
    for certificate in x509.load_pem_x509_certificates((authority / CHAIN).read_bytes()):
        assert "contoh" in certificate.subject.rfc4514_string().lower()


def test_the_demo_authority_is_made_once(authority: Path) -> None:
    before = {path.name: path.read_bytes() for path in authority.iterdir()}
    create_demo_authority(authority)
    assert before == {path.name: path.read_bytes() for path in authority.iterdir()}


def test_the_key_is_readable_by_its_owner_alone(authority: Path) -> None:
    assert (authority / KEY).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("years", [-1, 40])
def test_a_key_outside_its_time_signs_nothing_and_says_so(
    local: LocalSigner, sheet: bytes, at: datetime, years: int
) -> None:
    with pytest.raises(SigningKeyUnfit, match="is valid from"):
        local.sign(sheet, at=at + timedelta(days=366 * years), reason=REASON)


def test_a_key_that_does_not_belong_to_the_chain_is_refused(authority: Path) -> None:
    chain = x509.load_pem_x509_certificates((authority / CHAIN).read_bytes())
    with pytest.raises(SigningKeyUnfit, match="not that of the signing key"):
        LocalSigner(ec.generate_private_key(ec.SECP256R1()), chain)


def test_a_chain_whose_links_do_not_hold_is_refused(authority: Path, tmp_path: Path) -> None:
    create_demo_authority(tmp_path)
    own = (authority / CHAIN).read_bytes()
    (tmp_path / CHAIN).write_bytes(own[: own.index(b"-----END CERTIFICATE-----") + 26] + (tmp_path / ROOT).read_bytes())
    with pytest.raises(SigningKeyUnfit, match="upwards"):
        LocalSigner.from_files(authority / KEY, tmp_path / CHAIN)


def test_an_rsa_key_is_refused(authority: Path, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (tmp_path / KEY).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(SigningKeyUnfit, match="P-256"):
        LocalSigner.from_files(tmp_path / KEY, authority / CHAIN)


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(SigningKeyUnfit, match="cannot be read"):
        LocalSigner.from_files(tmp_path / KEY, tmp_path / CHAIN)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Settings of this test's own, forgotten afterwards."""
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    signer.cache_clear()
    yield monkeypatch
    settings.cache_clear()
    signer.cache_clear()


def test_an_embedded_system_signs_with_a_demo_authority_of_its_own(
    environment: pytest.MonkeyPatch, tmp_path: Path, sheet: bytes, at: datetime
) -> None:
    signed = signer().sign(sheet, at=at, reason=REASON)
    assert status_of(signed, tmp_path / "signing").bottom_line


def test_a_deployed_system_without_a_key_says_which_settings_are_missing(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("KOMPETEN_BROKER_URL", "amqp://broker")
    with pytest.raises(SigningKeyUnfit, match="KOMPETEN_SIGNING_KEY_FILE"):
        signer()


def test_the_operators_files_are_used_when_named(
    environment: pytest.MonkeyPatch, authority: Path, sheet: bytes, at: datetime
) -> None:
    environment.setenv("KOMPETEN_SIGNING_KEY_FILE", str(authority / KEY))
    environment.setenv("KOMPETEN_SIGNING_CHAIN_FILE", str(authority / CHAIN))
    assert status_of(signer().sign(sheet, at=at, reason=REASON), authority).bottom_line
