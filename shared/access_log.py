"""Who looked at whose personal data, when and for what (R26; UU 27/2022: people can see who processed their data).

One table and one function, used by every service for every look at a file, document, photo or export by anybody but
the person. Append-only: on PostgreSQL the service's role may only insert and select here.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import BigInteger, Index, Integer, Select, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.database.base import SharedBase
from shared.database.types import word_column
from shared.errors import N_
from shared.messaging.context import correlation_id
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.security.actor import Actor
from shared.security.roles import Role, read_roles, write_roles


class Look(StrEnum):
    """What of a person somebody looked at."""

    FILE = "file"
    DOCUMENT = "document"
    PHOTO = "photo"
    PRINTED_FORM = "printed-form"
    CERTIFICATE = "certificate"
    DECISION = "decision"
    EXPORT = "export"
    NIK = "nik"
    CASE = "case"
    REPORT = "report"
    MINUTES = "minutes"


LOOK_NAMES: dict[Enum, str] = {
    Look.FILE: N_("Berkas permohonan"),
    Look.DOCUMENT: N_("Dokumen bukti"),
    Look.PHOTO: N_("Foto"),
    Look.PRINTED_FORM: N_("Formulir cetak"),
    Look.CERTIFICATE: N_("Berkas sertifikat"),
    Look.DECISION: N_("Berkas putusan"),
    Look.EXPORT: N_("Daftar yang diunduh"),
    Look.NIK: N_("NIK lengkap"),
    Look.CASE: N_("Berkas asesmen atau keputusan"),
    Look.REPORT: N_("Laporan surveilan"),
    Look.MINUTES: N_("Notula rapat"),
}


SUBJECT_NAMES: dict[str, str] = {
    "application": N_("Permohonan sertifikasi"),
    "case": N_("Berkas asesmen"),
    "decision": N_("Berkas keputusan"),
    "appeal": N_("Permohonan banding"),
    "meeting": N_("Notula rapat keputusan"),
    "certificate": N_("Sertifikat kompetensi"),
    "sheet": N_("Blanko sertifikat"),
    "batch": N_("Tindakan atas banyak sertifikat"),
    "surveillance": N_("Laporan surveilan"),
    "holder": N_("Riwayat sertifikat"),
    "request-list": N_("Daftar permintaan BNSP"),
    "sheets": N_("Daftar blanko"),
    "register": N_("Register sertifikat"),
    "inventory": N_("Inventaris sertifikat"),
}
"""What people call the records and lists that looks are noted at, by the first word of the row's `subject`."""


class AccessRow(SharedBase):
    """One look at the data of one person; rows are only ever added."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_person_id_position", "person_id", "position"),)

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[UUID]
    actor_id: Mapped[UUID] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_roles: Mapped[str] = mapped_column(String(300))
    look: Mapped[Look] = mapped_column(word_column(Look))
    subject: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(300), default="")
    correlation_id: Mapped[str] = mapped_column(String(120))


class LookLine(BaseModel):
    """One look as it is read: who, with which roles, at what, why where a reason was asked for."""

    at: datetime
    person_id: UUID
    actor_name: str
    actor_roles: list[Role]
    look: Look
    subject: str
    reason: str

    @property
    def record(self) -> str:
        """What people call the record; the subject itself where it has no such name."""
        return SUBJECT_NAMES.get(self.subject.partition("/")[0], self.subject)


def pick_ids(subjects: Iterable[str], kind: str) -> list[UUID]:
    """The ids of the records of one kind among these subjects."""
    named = (subject.partition("/") for subject in dict.fromkeys(subjects))
    return [UUID(id_) for found, _, id_ in named if found == kind]


def note_looks(
    session: Session, actor: Actor, people: Iterable[UUID], look: Look, subject: str, reason: str = ""
) -> None:
    """Note that the actor is given `look` of these people (ids of their accounts), in the transaction before it is.

    `subject` is the record, such as `application/<id>`. Nothing is noted of a person who looks at the own data.
    """
    common = {
        "at": clock.now(),
        "actor_id": actor.id,
        "actor_name": actor.name,
        "actor_roles": write_roles(actor.roles),
        "look": look,
        "subject": subject,
        "reason": reason,
        "correlation_id": correlation_id(),
    }
    rows = [{**common, "person_id": person} for person in dict.fromkeys(people) if person != actor.id]
    if rows:
        session.execute(insert(AccessRow), rows)


def list_looks_at(session: Session, person_id: UUID, query: PageQuery) -> Page[LookLine]:
    """Who looked at the data of one person in this service, latest first."""
    return paginate(session, _newest().where(AccessRow.person_id == person_id), query, _line)


def list_all_looks(session: Session, query: PageQuery) -> Page[LookLine]:
    """All looks in this service, latest first; `q` looks in who looked and at which record."""
    found = _newest()
    if query.q:
        found = found.where(contains_text(query.q, AccessRow.actor_name, AccessRow.subject))
    return paginate(session, found, query, _line)


def _newest() -> Select[Any]:
    return select(AccessRow).order_by(AccessRow.position.desc())


def _line(row: AccessRow) -> LookLine:
    return LookLine(
        at=row.at,
        person_id=row.person_id,
        actor_name=row.actor_name,
        actor_roles=read_roles(row.actor_roles),
        look=row.look,
        subject=row.subject,
        reason=row.reason,
    )
