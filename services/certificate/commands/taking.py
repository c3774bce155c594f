"""Taking the file of a certificate: who may, and the note in the audit log that it was taken."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.certificate.access import FILE_TAKERS, is_holder, require_readable
from services.certificate.commands.looking import note_certificate_look
from services.certificate.domain.states import State
from services.certificate.domain.versions import HANDED_OUT
from services.certificate.models import Certificate, Version
from shared import audit
from shared.errors import N_, Conflict, NotFound
from shared.security.actor import Actor


def take_version(session: Session, actor: Actor, certificate_id: UUID, version: int | None = None) -> Version:
    """Return the version whose file the actor takes, and note in the audit log who took which (R26).

    Without a `version` it is the one in force. Raises NotFound for anybody but the holder and the officers, and for a
    version never handed out; Conflict while the first is being made.
    """
    row = require_readable(actor, session.get(Certificate, certificate_id))
    if not (is_holder(actor, row) or actor.has(*FILE_TAKERS)):
        raise NotFound("certificate-unknown", N_("Berkas sertifikat hanya untuk pemegangnya dan pengurus LSP."))
    if row.state is State.NUMBERED:
        raise Conflict("certificate-not-issued", N_("Sertifikat ini masih diterbitkan. Coba lagi sebentar."))
    wanted = row.current_version if version is None else version
    found = next((one for one in row.versions if one.version == wanted and one.state in HANDED_OUT), None)
    if found is None:
        raise NotFound("version-unknown", N_("Versi sertifikat ini tidak ada."))
    note_certificate_look(session, actor, row)
    audit.record_act(
        session, actor, "certificate:download", row.subject, after={"number": row.number, "version": wanted}
    )
    return found
