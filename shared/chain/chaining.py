"""The chain grows: what has settled is linked into blocks, in the background, by one replica at a time.

Who writes the rows waits for nothing. A block is a transaction of its own, with the hashes of some hundred rows.
"""

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.chain.blocks import close_block
from shared.chain.ledgers import LEDGERS, RECORDS, Ledger, read_rows
from shared.chain.models import ChainBlock, ChainState
from shared.chain.registers import (
    Register,
    is_all_taken_in,
    list_next_ids,
    list_registers,
    list_unmarked_records,
    lock_rows,
    note_all_taken_in,
    read_last_records,
    write_found_records,
)
from shared.chain.settling import find_settled_positions
from shared.clock import real_now
from shared.contracts.logs import LOG_FACTS
from shared.database.unit import Database
from shared.database.upsert import insert_into
from shared.messaging.outbox import announce

log = logging.getLogger(__name__)

CHAIN_SECONDS = 10.0
"""How often settled rows are linked."""
ROWS_A_BLOCK = 500
PAUSE_SECONDS = 0.02
"""Between two blocks, so that whoever waits for the database comes in between."""
TELL_EVERY = timedelta(minutes=5)
TAKE_IN_AFTER = timedelta(minutes=15)
"""When rows from before are recorded: no replica of a version without records is at work any more."""
LOGS = UUID("6f0f3f6e-5d0c-4a0e-9d3b-1f0f9a7c2b11")


def chain_log(database: Database) -> None:
    """Link what has settled, then tell the head if it is time to. Safe in every replica: one does it, the others pass.

    Raises KeyMissing when the service cannot sign.
    """
    begin_chain(database)
    while _chain_some(database, real_now()):
        time.sleep(PAUSE_SECONDS)


def _chain_some(database: Database, now: datetime) -> bool:
    with database.unit_of_work() as session:
        state = lock_state(session, database.service)
        if state is None:
            return False
        if chain_block(session, database.service, state, now) or take_in_rows(session, database.service, state, now):
            return True
        tell_head(session, database.service, state, now)
        return False


def begin_chain(database: Database) -> None:
    """Make the state of a chain that is to begin, in a transaction of its own: nobody waits for it."""
    key = uuid5(LOGS, database.service)
    with database.reading() as session:
        if session.get(ChainState, key) is not None:
            return
    with database.unit_of_work() as session:
        begun = {"id": key, "sequence": 0, "begun_at": real_now(), "told_number": 0, "taken_in": {}}
        session.execute(insert_into(session, ChainState).values(begun).on_conflict_do_nothing())


def lock_state(session: Session, service: str) -> ChainState | None:
    """The state of the chain, locked; None while somebody else is at it."""
    locked = select(ChainState).where(ChainState.id == uuid5(LOGS, service)).with_for_update(skip_locked=True)
    return session.scalars(locked).one_or_none()


def chain_block(session: Session, service: str, state: ChainState, now: datetime) -> bool:
    """Link the next block, of the first ledger that has settled rows. Returns whether there was one."""
    settled = find_settled_positions(session, state)
    for ledger in LEDGERS.values():
        after = find_chained_position(session, ledger)
        rows = read_rows(session, ledger, after, settled.get(ledger.name, 0), ROWS_A_BLOCK)
        if rows:
            unmarked = list_unmarked_records(session, service, after, rows[-1].position) if ledger is RECORDS else ()
            session.add(close_block(service, ledger.name, rows, after, find_last_block(session), now, unmarked))
            return True
    return False


def find_last_block(session: Session) -> ChainBlock | None:
    """The newest block of the chain."""
    return session.scalars(select(ChainBlock).order_by(ChainBlock.number.desc()).limit(1)).one_or_none()


def find_chained_position(session: Session, ledger: Ledger) -> int:
    """Up to which position this ledger is chained."""
    of_ledger = select(ChainBlock.last).where(ChainBlock.ledger == ledger.name)
    return session.scalar(of_ledger.order_by(ChainBlock.number.desc()).limit(1)) or 0


def take_in_rows(session: Session, service: str, state: ChainState, now: datetime) -> bool:
    """Record some rows that registers had before records were kept. Returns whether there may be more.

    Once only: a row that is slipped in later has no record, and is found by that.
    """
    if now < state.begun_at + TAKE_IN_AFTER:
        return False
    for register in list_registers(service):
        if not is_all_taken_in(session, register):
            return _take_in(session, state, register)
    return False


def _take_in(session: Session, state: ChainState, register: Register) -> bool:
    """Record rows up to the first that somebody is writing just now: that one is waited for."""
    cursor = state.taken_in.get(register.name)
    ids = list_next_ids(session, register, UUID(cursor) if cursor else None, ROWS_A_BLOCK)
    rows = lock_rows(session, register, ids)
    reached = list(takewhile(rows.__contains__, ids))
    known = read_last_records(session, register, reached)
    write_found_records(
        session, register, {id: rows[id] for id in reached if id not in known or known[id].digest != rows[id][0]}
    )
    if reached:
        state.taken_in = {**state.taken_in, register.name: str(reached[-1])}
    elif not ids:
        note_all_taken_in(session, register)
        log.info("%s of %s: all rows are recorded from here on", register.name, register.service)
    return bool(reached) or not ids


def tell_head(session: Session, service: str, state: ChainState, now: datetime) -> None:
    """Tell the newest head to those who keep copies, unless they have it or were told something just now.

    A moment that is still to come holds nothing back: the clock went back, or somebody wrote it to have nothing told.
    """
    since = state.told_at or state.begun_at
    if since <= now < since + TELL_EVERY:
        return
    block = find_last_block(session)
    if block is None or block.number == state.told_number:
        return
    announce(session, state, LOG_FACTS[service].model_validate(_describe(block)))
    state.told_number, state.told_at = block.number, now


def _describe(block: ChainBlock) -> Mapping[str, object]:
    return {name: getattr(block, name) for name in ("number", "head", "closed_at", "key_id", "signature")}
