"""Certificates as strangers hold them: the signed PDF, the credential, the text of the QR code."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from services.certificate.making.claims import build_claims
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.models import Version
from services.certificate.trust.commands.keys import note_signing_keys
from shared import clock
from shared.credentials import LocalKey, badge, compact, credential_key
from shared.database.unit import Database
from shared.documents.signing import Signer, document_signer
from tests.unit.certificate.scene import Candidate, numbered
from tests.unit.certificate.web import API, said
from tests.unit.credentials.sheets import sheet


@dataclass
class Held:
    """One sheet in its holder's hands."""

    version: Version
    pdf: bytes
    credential: bytes
    qr: str

    @property
    def token(self) -> str:
        return self.version.check_token

    @property
    def number(self) -> str:
        return self.version.certificate.number

    @property
    def code(self) -> str:
        return f"{self.token[:5]}-{self.token[5:10]}"


def made(version: Version, key: LocalKey | None = None, seal: Signer | None = None, **other: Any) -> Held:
    """The sheet of `version`, or what a forger with other keys and other claims would make of it."""
    claims = replace(build_claims(version), **other)
    credential = badge.issue_badge(claims, key or credential_key(), version.made_at)
    pdf = sheet(credential, seal or document_signer(), clock.real_now().replace(microsecond=0))
    return Held(version, pdf, credential.encode(), compact.qr_text(claims, key or credential_key()))


def hand_out(session: Session, version: Version) -> Held:
    """Made, stored and in force."""
    note_signing_keys(session, document_signer(), credential_key())
    held = made(version)
    confirm_version(
        session,
        version,
        Stored(
            f"certificates/{version.id}.pdf", sha256(held.pdf).hexdigest(), len(held.pdf), held.credential.decode(),
            document_signer().key_id,
        ),
    )  # fmt: skip
    session.flush()
    return held


def issue(database: Database, candidate: Candidate) -> Held:
    with database.unit_of_work() as session:
        return hand_out(session, numbered(session, candidate).current)


def upload(client: FlaskClient, data: bytes, name: str = "sertifikat.pdf") -> TestResponse:
    """One file in one body, as it is on the wire."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    return client.post(f"{API}/check/file", data=body, content_type="multipart/form-data; boundary=x")


def answer(response: TestResponse) -> dict[str, Any]:
    """The verdict; any answer but 200 is none."""
    assert response.status_code == 200, response.text[:500]
    return said(response)


def outcome(response: TestResponse) -> tuple[str, list[tuple[str, bool]]]:
    """`(standing, [(check, passed), ...])`."""
    found = answer(response)
    return found["standing"], [(step["check"], step["passed"]) for step in found["checks"]]
