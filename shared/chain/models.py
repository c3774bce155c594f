"""The tables of the chain, in every service: its blocks, its records of changing rows, copies of others' heads.

On PostgreSQL the service's role may only insert and select in all but the state.
"""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared import clock
from shared.database.base import SharedBase
from shared.database.types import json_of

Position = BigInteger().with_variant(Integer(), "sqlite")
HASH_DIGITS = 64
SUBJECT_LENGTH = 120
"""Of a record's subject."""


class Settling(BaseModel):
    """The last position of each ledger, and the transactions that may still add rows below it."""

    model_config = ConfigDict(frozen=True)

    positions: dict[str, int]
    writers: list[str]


class ChainBlock(SharedBase):
    """Rows of one ledger with positions above `after`, up to `last`, under one root; hashes are SHA-256 in hex.

    `leaves` has 40 bytes for each row: its position (8, big-endian) and its hash (32). `unmarked` are the positions of
    records that the service found without its mark. `head` is over all that stands here and the head before it, and
    `signature` (Ed25519, hex) over the head, by the service's key `key_id`.
    """

    __tablename__ = "chain_block"
    __table_args__ = (Index("ix_chain_block_ledger_number", "ledger", "number"),)

    number: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    ledger: Mapped[str] = mapped_column(String(20))
    after: Mapped[int] = mapped_column(Position)
    last: Mapped[int] = mapped_column(Position)
    count: Mapped[int]
    leaves: Mapped[bytes] = mapped_column(LargeBinary)
    unmarked: Mapped[list[int]] = mapped_column(json_of(list[int]), default=list)
    root: Mapped[str] = mapped_column(String(HASH_DIGITS))
    previous: Mapped[str] = mapped_column(String(HASH_DIGITS))
    closed_at: Mapped[datetime]
    head: Mapped[str] = mapped_column(String(HASH_DIGITS))
    key_id: Mapped[str] = mapped_column(String(24))
    signature: Mapped[str] = mapped_column(String(128))


class ChainRecord(SharedBase):
    """How a row of a register stood after a change: its hash, empty when it was removed.

    `subject` is what people call the row, and at its end what the record follows (`following.py`).
    `mark` (HMAC-SHA-256, hex) is by a secret of the service: nobody else adds a record that fits what he altered.
    """

    __tablename__ = "chain_record"
    __table_args__ = (Index("ix_chain_record_register_record_id", "register", "record_id", "position"),)

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    register: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[UUID]
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    digest: Mapped[str] = mapped_column(String(HASH_DIGITS))
    at: Mapped[datetime] = mapped_column(default=clock.real_now)
    mark: Mapped[str] = mapped_column(String(HASH_DIGITS))


class ChainState(SharedBase):
    """How far the chain of this service is; one row, locked by whoever adds to it. `sequence` counts what was told.

    `settling` is what waits for transactions to end (PostgreSQL).
    `taken_in` is how far the rows that registers had before are recorded, by register.
    """

    __tablename__ = "chain_state"
    subject_kind = "log"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(default=clock.real_now)
    told_number: Mapped[int] = mapped_column(Position, default=0)
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    settling: Mapped[Settling | None] = mapped_column(json_of(Settling), default=None)
    taken_in: Mapped[dict[str, str]] = mapped_column(default=dict)

    @property
    def subject(self) -> str:
        """`log/<uuid>`, as events name it."""
        return f"{self.subject_kind}/{self.id}"


class HeadCopy(SharedBase):
    """A head that another service told: kept for good, so that its chain cannot be written anew.

    Two heads of one number, from one service, both stay: that its chain was cut and went on is to be seen.
    """

    __tablename__ = "chain_head_copy"

    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    head: Mapped[str] = mapped_column(String(HASH_DIGITS), primary_key=True)
    closed_at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(24))
    signature: Mapped[str] = mapped_column(String(128))
    kept_at: Mapped[datetime] = mapped_column(default=clock.real_now)
