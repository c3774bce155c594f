"""The evidence that surveillance's rows name, and what it is to the reviewers, who ask for lost pieces again."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.surveillance.document_store import PREFIX
from services.surveillance.encrypted_kinds import EVIDENCE
from services.surveillance.models import Document, Holding, Surveillance
from shared.errors import N_
from shared.kept_files import Register, WhatIsKept


def describe_evidence(session: Session, keys: Sequence[str]) -> Mapping[str, WhatIsKept]:
    """What pieces of evidence are, and whose."""
    rows = session.execute(
        select(Document.key, Document.name, Holding.holder_name, Surveillance.id)
        .join(Surveillance, Surveillance.id == Document.surveillance_id)
        .join(Holding, Holding.id == Surveillance.holding_id)
        .where(Document.key.in_(keys))
    )
    return {key: WhatIsKept(name, holder, f"/surveillance/reports/{id}") for key, name, holder, id in rows}


REGISTERS = (
    Register(
        PREFIX,
        Document.key,
        Document.sha256,
        EVIDENCE,
        describe_evidence,
        N_("Bila tidak dapat dipulihkan: minta pemegang sertifikat mengunggahnya kembali."),
    ),
)
