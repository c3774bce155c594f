"""The register of keys: each is written down when it is first used, so that its signatures outlive it."""

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import update
from sqlalchemy.orm import Session

from services.certificate.trust.domain import KeyKind
from services.certificate.trust.models import SigningKey
from shared import audit, clock
from shared.credentials import CredentialKey
from shared.database.upsert import insert_into
from shared.documents.signing import Signer
from shared.security.actor import SYSTEM


def note_signing_keys(session: Session, documents: Signer, credentials: CredentialKey) -> None:
    """Both keys stand in the register from now on; those they take over from are retired.

    Repeating it changes nothing.
    """
    _note(session, KeyKind.DOCUMENT, documents.key_id, _pem(documents.chain))
    _note(session, KeyKind.CREDENTIAL, credentials.id, credentials.id)


def _note(session: Session, kind: KeyKind, key_id: str, public: str) -> None:
    known = session.get(SigningKey, key_id)
    if known is not None and known.retired_at is None:
        return
    now = clock.now()
    others = update(SigningKey).where(SigningKey.kind == kind, SigningKey.id != key_id, SigningKey.retired_at.is_(None))
    session.execute(others.values(retired_at=now).execution_options(synchronize_session=False))
    if known is not None:
        known.retired_at = None
    else:
        new = insert_into(session, SigningKey.__table__).values(
            id=key_id, kind=kind, public=public, first_used_at=now, retired_at=None
        )
        session.execute(new.on_conflict_do_nothing())
    audit.record_act(session, SYSTEM, "key:use", f"key/{key_id}", after={"kind": kind})


def _pem(chain: Sequence[x509.Certificate]) -> str:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain).decode()
