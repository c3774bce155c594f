"""What registration does after the transaction that asked for it: photos made ready, owners of addresses written to."""

import hashlib
import logging
from uuid import UUID

from services.registration import document_store, photo_making
from services.registration import encrypted_kinds as kinds
from services.registration.commands import photos as commands
from services.registration.commands import registering
from services.registration.commands.device_links import mail_device_link
from services.registration.commands.passwords import MAIL_RESET, mail_password_reset
from services.registration.commands.sessions import TELL_OWNER
from services.registration.models import Document
from shared.database.unit import Database
from shared.errors import Invalid, NotFound
from shared.kept_files import keep_file
from shared.messaging.jobs import Jobs, Payload
from shared.security.encryption import decrypt_text

log = logging.getLogger(__name__)

jobs = Jobs("registration")


@jobs.does(commands.PREPARE)
def prepare_photo(database: Database, payload: Payload) -> None:
    """Make the photo of an application ready: decrypt, cut to 3 by 4, store the JPEG, announce (domain handbook 5).

    Safe to run twice: the same photo gives the same bytes under the same key.

    A photo that cannot be made ready is no failure of the job: the applicant is asked for another. While the store is
    away the job waits; no try is lost.
    """
    application_id = UUID(payload["application_id"])
    with database.reading() as session:
        document = commands.find_photo_to_prepare(session, application_id)
    if document is None:
        return
    try:
        made = _stored(application_id, document)
    except (Invalid, NotFound) as failure:
        reason = failure.message.format_map(failure.params) if isinstance(failure, Invalid) else commands.LOST
        log.warning("the photo of application %s cannot be prepared: %s", application_id, type(failure).__name__)
        with database.unit_of_work() as session:
            commands.refuse_unusable_photo(session, application_id, document.id, reason)
        return
    with database.unit_of_work() as session:
        commands.keep_prepared_photo(session, application_id, made)


@jobs.does(TELL_OWNER)
def tell_owner_of_tries(database: Database, payload: Payload) -> None:
    """Mail the owner of an address, if it has one, a way round strangers' tries."""
    with database.unit_of_work() as session:
        mail_device_link(session, decrypt_text(kinds.EMAIL, payload["email"], TELL_OWNER))


@jobs.does(MAIL_RESET)
def mail_reset(database: Database, payload: Payload) -> None:
    """Mail a link to set a password, if the address has an account."""
    with database.unit_of_work() as session:
        mail_password_reset(session, decrypt_text(kinds.EMAIL, payload["email"], MAIL_RESET))


@jobs.does(registering.ANSWER_REGISTRATION)
def mail_registration_answer(database: Database, payload: Payload) -> None:
    """Mail whoever owns the address that somebody registered with."""
    with database.unit_of_work() as session:
        registering.answer_registration(session, payload)


def _stored(application_id: UUID, document: Document) -> commands.Prepared:
    # The key is the hash of the content: a job that runs twice overwrites the same bytes with themselves.
    jpeg = photo_making.make_certificate_photo(document_store.fetch_document(document.key))
    sha256 = hashlib.sha256(jpeg).hexdigest()
    key = f"photos/{application_id}/{sha256}.jpg"
    keep_file(kinds.PHOTO, key, jpeg)
    return commands.Prepared(document.id, key, sha256)
