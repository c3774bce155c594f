"""Numbering and making: after the transaction that cleared the order, and safe to do twice (process 2.9)."""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from services.certificate.domain.states import OrderState
from services.certificate.domain.versions import VersionState
from services.certificate.making import readiness
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.making.commands.numbering import number_certificate
from services.certificate.making.production import Sheet, fetch_photo, gather_sheet, make_signed_file, maker_pool
from services.certificate.making.stored_files import adopt_stored_file
from services.certificate.models import Certificate, Order, Version
from services.certificate.trust.domain import KeyKind
from services.certificate.trust.models import SigningKey
from shared.database.unit import Database
from shared.errors import Conflict
from shared.messaging.jobs import Task
from shared.objectstore import object_store
from shared.runtime.offload import side_by_side

log = logging.getLogger(__name__)

BATCH = 24
AT_ONCE = 12
"""Certificates in the making at a time: some are made while others wait for the store, which may be far away."""
PDF = "application/pdf"


def issue_certificates(database: Database, tasks: Sequence[Task]) -> None:
    """Number what is cleared, once everything is ready for it; then make it."""
    readiness.require_readiness(database)
    applications = {UUID(task.payload["application_id"]): task for task in tasks}
    with database.unit_of_work() as session:
        cleared = select(Order).where(Order.id.in_(applications), Order.state == OrderState.CLEARED)
        orders = session.scalars(cleared.order_by(Order.decided_at, Order.id).with_for_update())
        fresh = frozenset(_number(session, order, applications[order.id]) for order in orders)
    _make(
        database,
        Certificate.application_id.in_(applications),
        lambda version: applications[version.certificate.application_id],
        fresh,
    )


def _number(session: Session, order: Order, task: Task) -> UUID:
    with task.following():
        return number_certificate(session, order).current.id


def make_versions(database: Database, tasks: Sequence[Task]) -> None:
    """Make further versions of certificates: corrections, and those with fewer units."""
    readiness.require_readiness(database)
    versions = {UUID(task.payload["version_id"]): task for task in tasks}
    _make(database, Version.id.in_(versions), lambda version: versions[version.id])


def _make(
    database: Database, which: Any, task_of: Callable[[Version], Task], fresh: frozenset[UUID] = frozenset()
) -> None:
    """Render, sign, store; then put in force and announce in one transaction: nothing is told that is not stored.

    `task_of` gives the task that asked for a version: what is told of it follows from that. `fresh` versions were drawn
    a moment ago, so no earlier try can have stored them.
    """
    in_the_making = (
        select(Version)
        .join(Version.certificate)
        .where(which, Version.state == VersionState.MAKING)
        .order_by(Certificate.serial)
    )
    with database.reading() as session:
        known = in_the_making.options(contains_eager(Version.certificate))
        sheets = [gather_sheet(version) for version in session.scalars(known)]
        signers = frozenset(session.scalars(select(SigningKey.id).where(SigningKey.kind == KeyKind.DOCUMENT)))
    stored = dict(side_by_side(partial(_store, signers, fresh), sheets, AT_ONCE))
    with database.unit_of_work() as session:
        _hold_certificates(session, stored)
        for version in session.scalars(_with_certificate(in_the_making, stored)):
            with task_of(version).following():
                confirm_version(session, version, stored[version.id])


def _hold_certificates(session: Session, stored: Iterable[UUID]) -> None:
    """The certificate is what every act locks, first: only then is it read which versions are still being made."""
    of_stored = select(Certificate.id).join(Certificate.versions).where(Version.id.in_(list(stored)))
    session.execute(of_stored.order_by(Certificate.serial).with_for_update(of=Certificate))


def _with_certificate(statement: Any, stored: Iterable[UUID]) -> Any:
    with_certificate = selectinload(Version.certificate).selectinload(Certificate.versions)
    return statement.where(Version.id.in_(list(stored))).options(with_certificate)


def _store(signers: frozenset[str], fresh: frozenset[UUID], sheet: Sheet) -> tuple[UUID, Stored]:
    file = maker_pool().call(make_signed_file, fetch_photo(sheet))
    store = object_store()
    try:
        store.put(sheet.key, file.pdf, PDF, sheet.keep_until, fresh=sheet.version_id in fresh)
    except Conflict:
        log.warning("version %s is stored already, made differently; the stored file stays", sheet.version_id)
        file = adopt_stored_file(sheet, store.get(sheet.key), signers)
    return sheet.version_id, Stored(sheet.key, file.sha256, len(file.pdf), file.credential, file.signed_with)
