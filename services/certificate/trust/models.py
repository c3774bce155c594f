"""What makes the register believable: the keys it signed with, its time stamps, the checks of its store."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.certificate.models.base import Base
from services.certificate.models.certificates import Version
from services.certificate.trust.domain import Discrepancy, KeyKind, Phase
from shared import clock
from shared.database.types import word_column

Index("ix_certificate_version_object_key", Version.object_key)


class SigningKey(Base):
    """The public half of a key that was used, kept for good: what it signed stays verifiable when it is gone.

    `id` is the SHA-256 of the signer's certificate (hex), or the Multikey of a credential key; `public` is the chain in
    PEM, or that Multikey again. `retired_at` is when its successor was first used.
    """

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[KeyKind] = mapped_column(word_column(KeyKind))
    public: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime] = mapped_column(default=clock.now)
    retired_at: Mapped[datetime | None] = mapped_column(default=None)


class Timestamp(Base):
    """One batch of the register under a Merkle root (hex), and what the time-stamping authority said of it.

    `first` and `last` are the lowest and highest status index in the batch (0 when only heads of logs are in it).
    `response` is the authority's answer in DER (RFC 3161); until it has come `at` is empty, and `error` and
    `next_try_at` say why and when it is asked again.
    """

    __tablename__ = "register_timestamp"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    closed_at: Mapped[datetime] = mapped_column(default=clock.real_now)
    at: Mapped[datetime | None] = mapped_column(default=None)
    tsa: Mapped[str] = mapped_column(String(300), default="")
    response: Mapped[bytes | None] = mapped_column(default=None)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=clock.real_now, index=True)
    error: Mapped[str] = mapped_column(String(500), default="")


class TimestampLeaf(Base):
    """Where a version stands in its batch, from 0: in one batch only."""

    __tablename__ = "register_timestamp_leaf"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_version.id"), primary_key=True)
    timestamp_id: Mapped[int] = mapped_column(ForeignKey("register_timestamp.id"), index=True)
    position: Mapped[int]


class StampedHead(Base):
    """The head of a service's log under a time stamp: its place in the batch comes after those of the versions."""

    __tablename__ = "register_timestamp_head"

    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    head: Mapped[str] = mapped_column(String(64), primary_key=True)
    timestamp_id: Mapped[int] = mapped_column(ForeignKey("register_timestamp.id"), index=True)
    position: Mapped[int]


class StoreCheck(Base):
    """One comparison of register and store, both ways; a full one reads every file.

    `position` is where it goes on after an interruption: the last key, or the last status index, that was compared.
    Whoever works on it holds it until `held_until`.
    """

    __tablename__ = "store_check"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    full: Mapped[bool]
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(default=clock.real_now, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    phase: Mapped[Phase] = mapped_column(word_column(Phase), default=Phase.STORE)
    position: Mapped[str] = mapped_column(String(200), default="")
    held_until: Mapped[datetime | None] = mapped_column(default=None)
    in_register: Mapped[int] = mapped_column(default=0)
    in_store: Mapped[int] = mapped_column(default=0)
    matched: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)


class StoreFinding(Base):
    """One thing a check found; `number` is that of the certificate, where there is one."""

    __tablename__ = "store_finding"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("store_check.id"), index=True)
    kind: Mapped[Discrepancy] = mapped_column(word_column(Discrepancy))
    key: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(60), default="")
    expected: Mapped[str] = mapped_column(String(100), default="")
    found: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[datetime] = mapped_column(default=clock.real_now)
