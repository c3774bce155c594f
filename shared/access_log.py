"""Who looked at whose personal data, when and for what (R26; UU 27/2022: people can see who processed their data).

One table and one function, used by every service for every look at a file, document, photo or export by anybody but
the person. Append-only: on PostgreSQL the service's role may only insert and select here.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import BigInteger, Index, Integer, Select, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.audit import record_act
from shared.database.base import SharedBase
from shared.database.types import word_column
from shared.days import Day, narrow_to_days
from shared.errors import N_, Invalid
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
    ACCOUNT = "account"
    DOSSIER = "dossier"


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
    Look.ACCOUNT: N_("Akun dan alamat surel"),
    Look.DOSSIER: N_("Berkas lengkap untuk keputusan"),
}


SUBJECT_NAMES: dict[str, str] = {
    "account": N_("Akun seseorang"),
    "access-log": N_("Catatan akses"),
    "accounts": N_("Daftar akun"),
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

LONGEST_EXPORT = 5000
TOO_LONG = N_("Catatan ini lebih dari {most} baris. Persempit tanggal atau kata yang dicari.")


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


class LookQuery(PageQuery):
    """Part of the access log; days are those of Jakarta, both included."""

    since: Day = Field(None, description="First day.")
    until: Day = Field(None, description="Last day.")


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


def list_all_looks(session: Session, query: LookQuery) -> Page[LookLine]:
    """All looks in this service, latest first; `q` looks in who looked and at which record."""
    return paginate(session, _asked(query), query, _line)


def export_looks(session: Session, actor: Actor, query: LookQuery) -> list[LookLine]:
    """What `list_all_looks` finds, on one list that is taken away: noted for each person on it, and in the audit log.

    Raises Invalid when it has more than 5000 lines.
    """
    found = [_line(row) for row in session.scalars(_asked(query).limit(LONGEST_EXPORT + 1))]
    if len(found) > LONGEST_EXPORT:
        raise Invalid("access-log-long", TOO_LONG, most=LONGEST_EXPORT)
    record_act(session, actor, "access-log:export", "access-log", None, {"lines": len(found)})
    note_looks(session, actor, [line.person_id for line in found], Look.EXPORT, "access-log")
    return found


def _asked(query: LookQuery) -> Select[Any]:
    found = narrow_to_days(_newest(), AccessRow.at, query.since, query.until)
    if query.q:
        found = found.where(contains_text(query.q, AccessRow.actor_name, AccessRow.subject))
    return found


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
