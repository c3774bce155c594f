from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.credentials import Claims, LocalKey, Unit, Words, badge, did
from shared.credentials.did import Issuer
from shared.documents.authority import CHAIN, KEY, create_demo_authority
from shared.documents.seals import pem_seal
from shared.documents.signing import Signer
from tests.clock import stopped_at
from tests.unit.credentials.sheets import sheet

AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture(scope="session")
def key() -> LocalKey:
    return LocalKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture(scope="session")
def claims() -> Claims:
    return Claims(
        check_url="https://lsp.contoh.test/certificate/check/abcdefghij234567klmnopqrst",
        version=1,
        number="91011 2622 5 000001 2026",
        holder_name="SITI NURHALIZAH CONTOH",
        issuer_name="LSP Pustakawan (contoh)",
        scheme=Words("Pelaksanaan Pengatalogan Deskriptif", "Descriptive Cataloguing"),
        scheme_url="https://lsp.contoh.test/registration/api/schemes/pengatalogan-deskriptif?version=2026.1",
        scheme_version="2026.1",
        field=Words("Perpustakaan", "Library"),
        standard="Kepmenaker 236/2019",
        units=(
            Unit("R.91PRP02.015.1", Words("Melakukan Katalogisasi (contoh)", "Cataloguing (sample)")),
            Unit("R.91PRP02.021.1", Words("Membuat Tajuk Kendali Subjek", "Making Subject Authority Headings")),
        ),
        issued_on=date(2026, 11, 21),
        expires_on=date(2029, 11, 21),
        status_index=4711,
    )


@pytest.fixture(scope="session")
def credential(claims: Claims, key: LocalKey) -> str:
    return badge.issue_badge(claims, key, AT)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the day the certificate is issued, whatever day it is."""
    folder = tmp_path_factory.mktemp("authority")
    with stopped_at(AT):
        create_demo_authority(folder)
    return folder


@pytest.fixture(scope="session")
def signer(authority: Path) -> Signer:
    return Signer(pem_seal(authority / KEY, authority / CHAIN))


@pytest.fixture(scope="session")
def roots(signer: Signer) -> tuple[x509.Certificate, ...]:
    return signer.chain[-1:]


@pytest.fixture(scope="session")
def issuer(claims: Claims, key: LocalKey, signer: Signer) -> Issuer:
    me = did.did_of(claims.base)
    return Issuer(me, {key.id: key.public}, frozenset({did.certificate_thumbprint(signer.chain[0])}))


@pytest.fixture(scope="session")
def pdf(credential: str, signer: Signer) -> bytes:
    """A signed sheet that carries the credential."""
    return sheet(credential, signer, AT)
