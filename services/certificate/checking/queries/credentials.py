"""What machines ask for: the issuer's keys, the status lists, one credential."""

from contextlib import suppress
from typing import Any

from cryptography import x509
from sqlalchemy import select, union
from sqlalchemy.orm import Session

from services.certificate.checking.typed import read_token
from services.certificate.domain.states import PUBLIC, State
from services.certificate.domain.versions import HANDED_OUT, VersionState
from services.certificate.models import Certificate, Version
from services.certificate.trust import queries as trust
from services.certificate.trust.domain import KeyKind
from shared.credentials import CredentialKeyUnfit, credential_key, did
from shared.credentials.statuslist import ENTRIES, Purpose, place_of_version
from shared.errors import N_, NotFound

GONE = (State.WITHDRAWN, State.VOIDED)
REPLACED = (VersionState.SUPERSEDED, VersionState.VOIDED)
MOST_LISTS = 16_000
"""Two thousand million versions: what the column of the index can hold."""


def describe_did(session: Session, base: str) -> dict[str, Any]:
    """The issuer with every key it ever signed with, newest first; the key in use also before its first use."""
    known = trust.list_signing_keys(session)
    keys = [key.public for key in known if key.kind is KeyKind.CREDENTIAL]
    chains = [x509.load_pem_x509_certificates(key.public.encode()) for key in known if key.kind is KeyKind.DOCUMENT]
    with suppress(CredentialKeyUnfit):
        keys = list(dict.fromkeys([credential_key().id, *keys]))
    return did.did_document(did.did_of(base), keys, [chain[0] for chain in chains])


def list_set_places(session: Session, number: int, purpose: Purpose) -> list[int]:
    """The places set in status list `number`. Raises NotFound for a list that no version is in.

    Revoked is what was withdrawn, voided or superseded; what has merely expired is not: its dates say so.
    """
    first = number * ENTRIES
    if number >= MOST_LISTS or (number and not _reaches(session, first)):
        raise NotFound("status-list-unknown", N_("Tidak ada daftar status dengan nomor ini."))
    within = Version.status_index.between(first, first + ENTRIES - 1)
    states = GONE if purpose is Purpose.REVOCATION else (State.SUSPENDED,)
    indexes = (
        select(Version.status_index)
        .join(Certificate, Certificate.id == Version.certificate_id)
        .where(Certificate.state.in_(states), within)
    )
    if purpose is Purpose.REVOCATION:
        replaced = select(Version.status_index).where(Version.state.in_(REPLACED), within)
        return [place_of_version(index)[1] for index in session.scalars(union(indexes, replaced))]
    return [place_of_version(index)[1] for index in session.scalars(indexes)]


def _reaches(session: Session, first: int) -> bool:
    found = select(Version.status_index).where(Version.status_index >= first).limit(1)
    return session.scalar(found) is not None


def find_public_credential(session: Session, token: str) -> str:
    """The JSON credential of the version with this check token. Raises NotFound for any that was never handed out.

    Raises Invalid for what has not the form of a token.
    """
    statement = (
        select(Version.credential)
        .join(Version.certificate)
        .where(Version.check_token == read_token(token), Version.state.in_(HANDED_OUT), Certificate.state.in_(PUBLIC))
    )
    return require_credential(session.scalar(statement) or "")


def require_credential(text: str) -> str:
    """Return the credential `text`. Raises NotFound when it is empty: some certificates are older than credentials."""
    if not text:
        raise NotFound("credential-none", N_("Tidak ada kredensial digital di alamat ini."))
    return text
