"""A new version of an issued certificate: a correction, or fewer units (R16; ISO/IEC 17024 9.5). The chair decides."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from services.certificate.commands.life import Reason, void_version
from services.certificate.commands.loading import lock_certificate
from services.certificate.domain.states import Act, apply_certificate_act
from services.certificate.domain.validity import judge_state_on
from services.certificate.domain.versions import Cause, check_remaining_units, is_same_sheet, refuse_second_version
from services.certificate.making.commands.numbering import draw_version
from services.certificate.models import Certificate, Order, Version
from shared import audit, clock
from shared.documents.glyphs import find_unprintable, name_characters
from shared.errors import N_, Conflict, Invalid
from shared.messaging.jobs import enqueue
from shared.persons import check_person_name, write_in_capitals
from shared.security.actor import Actor

MAKE = "make"
"""The job that makes one more version of a certificate."""

Name = Annotated[str, StringConstraints(max_length=200)]


class Reissue(Reason):
    """A correction of the holder's name, with its reason."""

    holder_name: Name = Field(description="The name as it should have been, in capitals as on the diploma.")


class Reduce(Reason):
    """The units that remain, with the reason (R16)."""

    units: list[str] = Field(description="Codes of the units that remain.")


def reissue_certificate(session: Session, actor: Actor, certificate_id: UUID, given: Reissue) -> Version:
    """Correct the name: a new sheet with the same number and dates; the old one is superseded once this one is stored.

    It carries the newest photo prepared for the holder. Raises NotFound, Conflict unless the certificate is valid,
    Invalid for what would be no name in FR-APL-01 either, for a name that can't be printed, and when the new sheet
    would be the same as the one in force.
    """
    certificate = lock_certificate(session, certificate_id)
    _check(certificate, Act.REISSUE)
    name = write_in_capitals(check_person_name(given.holder_name, "holder_name"))
    if missing := find_unprintable(name):
        raise Invalid(
            "name-not-printable",
            N_("Nama memuat huruf yang tidak dapat dicetak: {characters}."),
            fields={"holder_name": N_("Tulis dengan huruf Latin, seperti pada ijazah.")},
            characters=name_characters(missing),
        )
    current = certificate.current
    new = _order(session, actor, certificate, Cause.CORRECTION, given.reason, name, certificate.units)
    if new.photo_key == current.photo_key and is_same_sheet(new.printed, current.printed):
        raise Invalid(
            "nothing-to-correct",
            N_("Versi baru akan sama dengan yang sekarang."),
            fields={"holder_name": N_("Tulis nama yang seharusnya tercantum.")},
        )
    return new


def reduce_scope(session: Session, actor: Actor, certificate_id: UUID, given: Reduce) -> Version:
    """Take units away (R16): in effect once the new version is stored; it ends a suspension (R15).

    Raises NotFound, Conflict unless the certificate is living, Invalid unless some units go and some stay.
    """
    certificate = lock_certificate(session, certificate_id)
    _check(certificate, Act.REDUCE)
    units = check_remaining_units(certificate.units, given.units)
    return _order(session, actor, certificate, Cause.REDUCTION, given.reason, certificate.holder_name, units)


def abandon_version(session: Session, actor: Actor, certificate_id: UUID, given: Reason) -> Version:
    """Give up a version that can't be made; the one in force stays. Raises NotFound, Conflict when there is none."""
    certificate = lock_certificate(session, certificate_id)
    version = certificate.in_the_making
    if version is None or version.cause is Cause.FIRST:
        raise Conflict("version-none", N_("Tidak ada versi baru yang sedang dibuat."))
    void_version(session, actor, version, certificate.subject, given.reason)
    return version


def _check(certificate: Certificate, act: Act) -> None:
    apply_certificate_act(judge_state_on(certificate.state, certificate.expires_on, clock.today()), act)
    refuse_second_version(certificate.in_the_making)


def _order(
    session: Session, actor: Actor, certificate: Certificate, cause: Cause, reason: str, name: str, units: list[str]
) -> Version:
    order = session.get_one(Order, certificate.application_id)
    version = draw_version(session, certificate, order, cause, name, units)
    version.reason, version.ordered_by = reason, actor.name
    enqueue(session, MAKE, {"version_id": str(version.id)}, key=str(version.id))
    audit.record_act(
        session,
        actor,
        f"version:{cause.value}",
        certificate.subject,
        before={"version": certificate.current_version, "name": certificate.holder_name, "units": certificate.units},
        after={"version": version.version, "name": name, "units": units, "reason": reason},
    )
    return version
