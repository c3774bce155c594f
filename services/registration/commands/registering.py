"""Registering, so that nobody learns who has an account: the answer is a mail, to the owner of the address alone.

Whoever registers is told the same, after the same work, whether or not the address has an account. That is looked up
after it, by a job: a new address is mailed the link that opens its account, an owner that somebody tried.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.registration.commands.accounts import Email, Language, Name, open_account
from services.registration.commands.mailed_links import is_usable, make_link
from services.registration.commands.sessions import hash_secret
from services.registration.commands.tries import mark_email
from services.registration.domain.accounts import MAILS_PER_HOUR, REGISTRATION_LIFE, check_language
from services.registration.encrypted_kinds import REGISTRATION
from services.registration.models.accounts import Account
from services.registration.models.registrations import PendingRegistration
from shared.clock import real_now
from shared.contracts.registration import RegistrationRepeated, RegistrationRequested
from shared.database.unit import Database
from shared.errors import N_, Conflict
from shared.messaging.jobs import Payload, enqueue
from shared.messaging.outbox import announce
from shared.pasted_text import Code, TypedText
from shared.persons import check_person_name, normalise_email
from shared.security.allowances import Allowance, Spent, find_allowances
from shared.security.encryption import decrypt_text, encrypt_text
from shared.security.passwords import hash_new_password
from shared.security.sealing import seal_field

ANSWER_REGISTRATION = "answer-registration"
"""The job that answers a registration by mail."""
NOT_USABLE = N_(
    "Tautan ini sudah dipakai atau sudah tidak berlaku. Masuk bila akun Anda sudah terbuka; bila belum, daftar sekali"
    " lagi."
)


class Register(BaseModel):
    """What somebody gives who wants an account; the password comes with the mailed link."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    email: Email
    language: Language = "id"


class ConfirmRegistration(BaseModel):
    """The key of the mailed link, the name as it shall be, and the password to sign in with."""

    key: Code = Field(min_length=1, max_length=100, description="From the mailed link.", repr=False)
    name: Name | None = Field(None, description="Another name than the one that was registered with.")
    new: TypedText = Field(min_length=1, max_length=200, description="At least 10 characters.", repr=False)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmation with its password hashed, outside of any transaction."""

    registration_id: UUID
    name: str
    password_hash: str = field(repr=False)


def request_registration(session: Session, wanted: Register) -> None:
    """Have the address answered by mail. Nothing is looked up here: the answer is the same for every address.

    Raises Invalid for a name, address or language that is none.
    """
    given = {
        "name": check_person_name(wanted.name),
        "email": normalise_email(wanted.email),
        "language": check_language(wanted.language),
    }
    enqueue(
        session,
        ANSWER_REGISTRATION,
        {"sealed": encrypt_text(REGISTRATION, json.dumps(given), ANSWER_REGISTRATION)},
        uuid4().hex,
    )


def answer_registration(session: Session, payload: Payload) -> None:
    """Mail the owner of the address: the link that opens an account, or that somebody tried to open a second one.

    The fourth and later ones within an hour are left out, so that nobody's mailbox can be filled.
    """
    given = Register.model_validate_json(decrypt_text(REGISTRATION, payload["sealed"], ANSWER_REGISTRATION))
    mark = mark_email(given.email)
    with suppress(Spent):
        find_allowances().take(Allowance("registrations of an address", f"{MAILS_PER_HOUR}/hour", (mark,)))
        account = session.scalar(select(Account).where(Account.email == given.email))
        if account is None:
            _mail_link(session, given, mark)
        else:
            announce(session, account, RegistrationRepeated(account_id=account.id, at=real_now()))


def lock_usable_registration(session: Session, secret: str) -> PendingRegistration:
    """Load and lock what the secret of a mailed link stands for.

    Raises Conflict when it was used, has expired or never was.
    """
    which = select(PendingRegistration).where(PendingRegistration.secret_hash == hash_secret(secret))
    found = session.scalar(which.with_for_update())
    if found is None or not is_usable(found):
        raise Conflict("registration-link-invalid", NOT_USABLE)
    return found


def prepare_confirmation(database: Database, given: ConfirmRegistration) -> Confirmed:
    """Hash the password for a mailed link, holding no connection meanwhile.

    Raises Conflict for a link that does not work, Invalid for a weak password or what is no name, and TooManyHashes.
    """
    with database.reading() as session:
        found = lock_usable_registration(session, given.key)
        email, name = found.email, check_person_name(given.name or found.name)
    return Confirmed(found.id, name, hash_new_password(given.new, email=email, name=name, field="new"))


def confirm_registration(session: Session, key: str, confirmed: Confirmed) -> Account:
    """Open the applicant's account whose link was mailed (process 2.1) and return it; other links to it end.

    Raises Conflict when the link was used meanwhile, or the address has got an account.
    """
    found = lock_usable_registration(session, key)
    account = open_account(session, confirmed.name, found.email, found.language, confirmed.password_hash)
    same = (PendingRegistration.email_index == found.email_index, PendingRegistration.used_at.is_(None))
    session.execute(update(PendingRegistration).where(*same).values(used_at=real_now()))
    return account


def _mail_link(session: Session, given: Register, mark: str) -> None:
    (link, secret_hash), expires = make_link("register/confirm"), real_now() + REGISTRATION_LIFE
    pending = PendingRegistration(
        id=uuid4(),
        email_index=mark,
        email=given.email,
        name=given.name,
        language=given.language,
        secret_hash=secret_hash,
        expires_at=expires,
    )
    session.add(pending)
    # The name is told to nobody: whoever typed it may want a stranger to be sent it.
    fact = RegistrationRequested(
        email=given.email,
        language=given.language,
        link=seal_field(RegistrationRequested, "link", link),
        expires_at=expires,
    )
    announce(session, pending, fact)
