"""The files that registration's rows name, and what they are to the secretariat, who asks for lost ones again."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.document_store import PREFIX
from services.registration.domain.workflow import State
from services.registration.encrypted_kinds import DOCUMENT, PHOTO
from services.registration.models import Application, Document, Photo
from shared.errors import N_
from shared.kept_files import Register, WhatIsKept


def describe_documents(session: Session, keys: Sequence[str]) -> Mapping[str, WhatIsKept]:
    """What documents are, of files that have come in; what was removed or withdrawn nobody needs any more."""
    rows = session.execute(
        select(Document.key, Document.title, Application.applicant_name, Application.id)
        .join(Application, Application.id == Document.application_id)
        .where(
            Document.key.in_(keys),
            Document.removed_at.is_(None),
            Application.round > 0,
            Application.state != State.WITHDRAWN,
        )
    )
    return {key: WhatIsKept(title, name, f"/registration/verification/{id}") for key, title, name, id in rows}


def describe_prepared_photos(session: Session, keys: Sequence[str]) -> Mapping[str, WhatIsKept]:
    """Whose the photos for certificates are."""
    rows = session.execute(
        select(Photo.key, Application.applicant_name, Application.id)
        .join(Application, Application.id == Photo.id)
        .where(Photo.key.in_(keys), Application.state != State.WITHDRAWN)
    )
    return {
        key: WhatIsKept(N_("Foto untuk sertifikat"), name, f"/registration/verification/{id}") for key, name, id in rows
    }


REGISTERS = (
    Register(
        PREFIX,
        Document.key,
        Document.sha256,
        DOCUMENT,
        describe_documents,
        N_("Bila tidak dapat dipulihkan: minta pemohon mengunggahnya kembali, atau membawanya pada hari asesmen."),
    ),
    Register(
        "photos/",
        Photo.key,
        Photo.sha256,
        PHOTO,
        describe_prepared_photos,
        N_("Bila tidak dapat dipulihkan: minta pemohon mengganti fotonya."),
    ),
)
