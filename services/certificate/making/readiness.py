"""Whether certificates can be made now: asked before any number is used, so that none is lost to a bad hour."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, type_coerce

from services.certificate.body_settings import certification_body, find_template
from services.certificate.making.advice import ADVICE, Code
from services.certificate.making.specimen import probe_layout
from services.certificate.models import Certificate
from services.certificate.trust.commands.keys import note_signing_keys
from shared import clock
from shared.credentials import CredentialKeyUnfit, credential_key
from shared.database.types import UtcDateTime
from shared.database.unit import Database
from shared.documents import DocumentError
from shared.documents.signing import SigningKeyUnfit, document_signer
from shared.documents.timestamps import NotStamped, read_roots
from shared.errors import Unavailable
from shared.objectstore import StoreUnavailable, object_store
from shared.observability.status import KeyEnd
from shared.settings import settings

log = logging.getLogger(__name__)

CLOCK_TOLERANCE = timedelta(minutes=2)
SOON = timedelta(days=30)
"""How long before a key's end the officers are told."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way: `advice` tells the officers (a msgid with `params`), `log` the operator, in English."""

    code: Code
    log: str
    params: dict[str, object] = field(default_factory=dict)

    @property
    def advice(self) -> str:
        return ADVICE[self.code].before


class NotReady(Unavailable):
    """Nothing can be issued until what `problems` say is mended; then all that waits is issued."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.code}: {problem.log}" for problem in self.problems))


def require_readiness(database: Database) -> None:
    """Refuse to begin unless certificates can be made now; then note the keys that will sign in the register.

    Call it outside a transaction. Raises NotReady with every problem there is.
    """
    if found := find_problems(database):
        raise NotReady(found)
    with database.unit_of_work() as session:
        note_signing_keys(session, document_signer(), credential_key())


def find_problems(database: Database) -> list[Problem]:
    """All that stands in the way now; empty when certificates can be made."""
    found = [*_signing_key(), *_credential_key(), *_clock(database), *_store(), *_layout()]
    for problem in found:
        log.error("not ready to issue: %s: %s", problem.code, problem.log)
    return found


def find_key_end(now: datetime) -> datetime | None:
    """When the signing key comes to its end, if that is soon; None otherwise, or when there is no usable key."""
    try:
        end = min(certificate.not_valid_after_utc for certificate in document_signer().chain)
    except SigningKeyUnfit:
        return None
    return end if now <= end <= now + SOON else None


def list_key_ends() -> tuple[KeyEnd, ...]:
    """When the certificates of the signing chain and the roots of the time-stamping authority come to their ends.

    A process signs with the chain it began with; what cannot be read is told by `find_problems`.
    """
    found = []
    try:
        found += [("signing", certificate) for certificate in document_signer().chain]
    except SigningKeyUnfit as error:
        log.warning("the end of the signing key is not known: %s", error)
    roots = settings().timestamp_ca_file
    if roots is not None and settings().timestamp_url:
        try:
            found += [("timestamp", certificate) for certificate in read_roots(roots)]
        except NotStamped as error:
            log.warning("the end of the time-stamping authority is not known: %s", error)
    return tuple(
        KeyEnd(name=f"{kind} {certificate.subject.rfc4514_string()}", ends_at=certificate.not_valid_after_utc)
        for kind, certificate in found
    )


def _signing_key() -> Iterable[Problem]:
    """Now, and until the day is over: a batch begun today ends today."""
    now = clock.now()
    try:
        for moment in (now, now.astimezone(clock.JAKARTA).replace(hour=23, minute=59, second=59)):
            document_signer().ready(moment)
    except SigningKeyUnfit as error:
        yield Problem(
            Code.SIGNING_KEY,
            str(error),
        )


def _credential_key() -> Iterable[Problem]:
    try:
        credential_key()
    except CredentialKeyUnfit as error:
        yield Problem(
            Code.CREDENTIAL_KEY,
            str(error),
        )


def _clock(database: Database) -> Iterable[Problem]:
    """Numbers and dates must not go back: neither behind the last one given, nor away from the database's clock.

    On a trial system, whose clock is moved at will, the last one given says nothing.
    """
    with database.reading() as session:
        there = session.execute(select(type_coerce(func.now(), UtcDateTime()))).scalar_one()
        last = session.scalar(select(Certificate.numbered_at).order_by(Certificate.serial.desc()).limit(1))
    here, now = clock.real_now(), clock.now()
    drift = abs(here - there)
    if drift > CLOCK_TOLERANCE:
        yield _wrong_clock(f"this machine's clock is {drift} away from the database's ({here:%c} and {there:%c} UTC)")
    elif last is not None and last > now + CLOCK_TOLERANCE and not settings().trial:
        yield _wrong_clock(f"it is {now:%c} UTC here, but the last number was given at {last:%c} UTC")


def _wrong_clock(said: str) -> Problem:
    return Problem(
        Code.CLOCK,
        f"{said}: set it right (NTP)",
    )


def _store() -> Iterable[Problem]:
    try:
        object_store().probe()
    except StoreUnavailable as error:
        yield Problem(
            Code.STORE,
            f"the object store takes nothing: {error}",
        )


def _layout() -> Iterable[Problem]:
    chosen = certification_body().template
    try:
        probe_layout(find_template(chosen))
    except DocumentError as error:
        yield Problem(
            Code.TEMPLATE,
            f"the layout {chosen} cannot be set: {error}",
            {"template": chosen},
        )
