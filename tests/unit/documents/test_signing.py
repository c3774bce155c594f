import asyncio
import io
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import page
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pypdf import PdfReader

from shared.documents import render_pdf
from shared.documents.authority import CHAIN, KEY, ROOT, create_demo_authority
from shared.documents.seals import LocalSeal
from shared.documents.signing import Signer, SigningKeyUnfit, document_signer
from shared.settings import settings
from tests.servers.packages import install, need
from tests.unit.documents.signatures import REASON, asn1_root, covered, issued, signer_of, status_of

Template = Callable[[str], Path]
WITH_ATTACHMENT = """
= Sertifikat contoh
#link("https://lsp.contoh.test/")[alamat]
#pagebreak()
== Daftar unit
#pdf.attach("credential.json", bytes("{}"), mime-type: "application/json", description: "x", relationship: "data")
"""


@pytest.fixture
def full(template: Template) -> bytes:
    """Two pages, a link on the first, an attached file."""
    return render_pdf(template(WITH_ATTACHMENT), {})


def test_an_independent_reader_finds_the_signature_valid(
    local: Signer, authority: Path, sheet: bytes, full: bytes, at: datetime
) -> None:
    for pdf in (sheet, full):
        status = status_of(local.sign(pdf, at=at, reason=REASON), authority)
        assert status.bottom_line
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        assert status.docmdp_ok
        assert status.signer_reported_dt == at


def test_it_is_a_baseline_signature_by_the_algorithm_of_etsi(
    local: Signer, authority: Path, full: bytes, at: datetime
) -> None:
    """ETSI EN 319 102-1, basic signatures, carried out by pyHanko; the demo authority publishes no revocations."""
    (signature,) = PdfFileReader(io.BytesIO(local.sign(full, at=at, reason=REASON))).embedded_signatures
    trusted = SimpleTrustManager.build(trust_roots=[asn1_root(authority)])
    rules = CertValidationPolicySpec(
        trust_manager=trusted, revinfo_policy=CertRevTrustPolicy(revocation_checking_policy=NO_REVOCATION)
    )
    found = asyncio.run(
        ades_basic_validation(
            signature.signed_data,
            SignatureValidationSpec(cert_validation_policy=rules),
            raw_digest=signature.compute_digest(),
        )
    )
    assert found.ades_subindic is AdESPassed.OK


def test_poppler_finds_the_signature_valid_over_the_whole_file(
    local: Signer, full: bytes, at: datetime, tmp_path: Path
) -> None:
    install("poppler-utils", programs=("pdfsig", "pdfdetach"))
    (tmp_path / "signed.pdf").write_bytes(local.sign(full, at=at, reason=REASON))
    said = _said(str(need("pdfsig")), "-nocert", str(tmp_path / "signed.pdf"))
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "credential.json" in _said(str(need("pdfdetach")), "-list", str(tmp_path / "signed.pdf"))


def test_a_reader_that_knows_the_authority_trusts_the_signer(
    local: Signer, authority: Path, full: bytes, at: datetime, tmp_path: Path
) -> None:
    """Readers built on NSS want a purpose they know, beside that of signing documents."""
    install("poppler-utils", "libnss3-tools", programs=("pdfsig", "certutil"))
    known = str(tmp_path)
    subprocess.run([need("certutil"), "-N", "-d", f"sql:{known}", "--empty-password"], check=True)
    add = ["-A", "-d", f"sql:{known}", "-n", "contoh", "-t", "CT,C,C", "-i", str(authority / ROOT)]
    subprocess.run([need("certutil"), *add], check=True)
    (tmp_path / "signed.pdf").write_bytes(local.sign(full, at=at, reason=REASON))
    assert "Certificate is Trusted." in _said(str(need("pdfsig")), "-nssdir", known, str(tmp_path / "signed.pdf"))


def test_openssl_finds_the_signature_valid(
    local: Signer, authority: Path, sheet: bytes, at: datetime, tmp_path: Path
) -> None:
    install("openssl", programs=("openssl",))
    content, cms = covered(local.sign(sheet, at=at, reason=REASON))
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "cms").write_bytes(cms)
    given = ("-inform", "DER", "-in", str(tmp_path / "cms"), "-content", str(tmp_path / "content"), "-binary")
    trusted = ("-CAfile", str(authority / ROOT), "-purpose", "any", "-out", str(tmp_path / "out"))
    assert "successful" in _said(str(need("openssl")), "cms", "-verify", *given, *trusted)


@pytest.mark.parametrize("profile", [page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1])
def test_a_signed_file_is_still_archival_and_accessible(
    local: Signer, sheet: bytes, full: bytes, at: datetime, profile: page.ValidationProfile
) -> None:
    for pdf in (sheet, full, local.sign(sheet, at=at, reason=REASON), local.sign(full, at=at, reason=REASON)):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert report.is_compliant, [failure.message for failure in report.failures]


def test_signing_adds_to_the_file_and_changes_nothing_in_it(local: Signer, full: bytes, at: datetime) -> None:
    signed = local.sign(full, at=at, reason=REASON)
    assert signed.startswith(full)
    old, new = PdfReader(io.BytesIO(full)), PdfReader(io.BytesIO(signed))
    assert old.xmp_metadata is not None
    assert new.xmp_metadata is not None
    assert old.xmp_metadata.stream.get_data() == new.xmp_metadata.stream.get_data()
    assert [page.extract_text() for page in old.pages] == [page.extract_text() for page in new.pages]
    assert new.attachments["credential.json"] == [b"{}"]


def test_the_same_document_at_the_same_time_gives_the_same_bytes(
    local: Signer, authority: Path, sheet: bytes, at: datetime
) -> None:
    once = local.sign(sheet, at=at, reason=REASON)
    assert once == local.sign(sheet, at=at, reason=REASON) == signer_of(authority).sign(sheet, at=at, reason=REASON)


@pytest.mark.parametrize("part", [b"/MediaBox[", b"/Reason(", b"/Fields[", b"/ByteRange[0 ", b"/Prev "])
def test_one_altered_byte_breaks_the_signature(
    local: Signer, authority: Path, sheet: bytes, at: datetime, part: bytes
) -> None:
    signed = bytearray(local.sign(sheet, at=at, reason=REASON))
    place = signed.index(part) + len(part)
    signed[place] = ord("1") if signed[place] != ord("1") else ord("2")
    try:
        status = status_of(bytes(signed), authority)
    except (ValueError, PdfError):
        return  # the reader finds no signature that could be one
    assert not status.bottom_line


def test_a_stranger_signs_nothing_that_is_trusted(authority: Path, tmp_path: Path, sheet: bytes, at: datetime) -> None:
    create_demo_authority(tmp_path)
    status = status_of(signer_of(tmp_path).sign(sheet, at=at, reason=REASON), authority)
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


def test_a_key_past_its_time_signs_nothing_and_says_so(local: Signer, sheet: bytes, at: datetime) -> None:
    with pytest.raises(SigningKeyUnfit, match=r"was valid until .* successor"):
        local.sign(sheet, at=at + timedelta(days=366 * 40), reason=REASON)


def test_a_key_before_its_time_signs_nothing_and_says_so(sheet: bytes, at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    early = Signer(LocalSeal(key, [issued(key, "LSP contoh", days=(1, 30))]))
    with pytest.raises(SigningKeyUnfit, match="is valid from"):
        early.sign(sheet, at=at, reason=REASON)
    with pytest.raises(SigningKeyUnfit, match="is valid from"):
        early.ready(at)


def test_what_was_numbered_before_a_roll_over_is_signed_at_the_new_keys_beginning(
    local: Signer, authority: Path, sheet: bytes, at: datetime
) -> None:
    signed = local.sign(sheet, at=at - timedelta(days=3), reason=REASON)
    status = status_of(signed, authority)
    assert status.bottom_line
    assert status.signer_reported_dt == local.chain[0].not_valid_before_utc


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Settings of this test's own, forgotten afterwards."""
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    document_signer.cache_clear()
    yield monkeypatch
    settings.cache_clear()
    document_signer.cache_clear()


def test_an_embedded_system_signs_with_a_demo_authority_of_its_own(
    environment: pytest.MonkeyPatch, tmp_path: Path, sheet: bytes, at: datetime
) -> None:
    signed = document_signer().sign(sheet, at=at, reason=REASON)
    assert status_of(signed, tmp_path / "signing").bottom_line


def test_a_deployed_system_without_a_key_says_which_settings_are_missing(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("KOMPETEN_BROKER_URL", "amqp://broker")
    with pytest.raises(SigningKeyUnfit, match="KOMPETEN_SIGNING_KEY_FILE"):
        document_signer()


def test_the_operators_files_are_used_when_named(
    environment: pytest.MonkeyPatch, authority: Path, sheet: bytes, at: datetime
) -> None:
    environment.setenv("KOMPETEN_SIGNING_KEY_FILE", str(authority / KEY))
    environment.setenv("KOMPETEN_SIGNING_CHAIN_FILE", str(authority / CHAIN))
    assert status_of(document_signer().sign(sheet, at=at, reason=REASON), authority).bottom_line


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
