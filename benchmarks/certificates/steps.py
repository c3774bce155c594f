"""Each step by itself, one certificate after the other, in this process: where the time goes."""

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from benchmarks.certificates.scene import Scene, as_event, make_candidates
from benchmarks.measure import Figure, Figures
from services.certificate.body_settings import find_template
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.making.commands.numbering import number_certificate
from services.certificate.making.production import REASON, Sheet, fetch_photo, gather_sheet, render_certificate
from services.certificate.models import Certificate, Order, Version
from services.certificate.reactions import reactions
from shared.credentials import badge, compact, credential_key
from shared.documents import qr
from shared.documents.signing import document_signer
from shared.objectstore import object_store

T = TypeVar("T")
ALONE = 60
PDF = "application/pdf"


class Clock:
    """Adds up what each step took."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def time(self, step: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        result = work()
        self.spent[step] = self.spent.get(step, 0.0) + time.perf_counter() - started
        return result


def measure_steps(scene: Scene, count: int = ALONE) -> tuple[Figures, list[Sheet]]:
    """Milliseconds of each step, and the sheets made of them. `render_pdf` draws its QR code itself, `qr` included."""
    clock = Clock()
    sheets = [clock.time("photo", partial(fetch_photo, sheet)) for sheet in _numbered(scene, clock, count)]
    stored = {sheet.version_id: _stored(sheet, clock) for sheet in sheets}
    _announced(scene, clock, stored)
    figures = {f"certificates.{step}_ms": Figure(1000 * spent / count, "ms") for step, spent in clock.spent.items()}
    return figures, sheets


def _numbered(scene: Scene, clock: Clock, count: int) -> list[Sheet]:
    """As entrypoint and job do it: what a batch needs is loaded at once, one unit of work each."""
    events = [as_event(decision) for decision in make_candidates(scene, count)]
    ids = [event.fact.application_id for event in events]

    def decide() -> None:
        with scene.database.unit_of_work() as session:
            reactions.preload(session, events)
            for event in events:
                reactions.react(session, event)

    def number() -> None:
        with scene.database.unit_of_work() as session:
            for order in session.scalars(select(Order).where(Order.id.in_(ids)).with_for_update()):
                number_certificate(session, order)

    clock.time("decide", decide)
    clock.time("number", number)
    with scene.database.reading() as session:
        of_these = select(Version).join(Version.certificate).where(Certificate.application_id.in_(ids))
        return [
            gather_sheet(version) for version in session.scalars(of_these.options(contains_eager(Version.certificate)))
        ]


def _stored(sheet: Sheet, clock: Clock) -> Stored:
    layout = find_template(sheet.template)
    clock.time("qr", lambda: qr.qr_svg(compact.qr_text(sheet.claims, credential_key())))
    credential = clock.time("credential", lambda: badge.issue_badge(sheet.claims, credential_key(), sheet.at))
    pdf = clock.time("render", lambda: render_certificate(sheet, layout, credential=credential))
    signed = clock.time("sign", lambda: document_signer().sign(pdf, at=sheet.at, reason=REASON))
    clock.time("store", lambda: object_store().put(sheet.key, signed, PDF, sheet.keep_until))
    return Stored(sheet.key, "00" * 32, len(signed), credential, document_signer().key_id)


def _announced(scene: Scene, clock: Clock, stored: dict[UUID, Stored]) -> None:
    def announce() -> None:
        with scene.database.unit_of_work() as session:
            related = selectinload(Version.certificate).selectinload(Certificate.versions)
            for version in session.scalars(select(Version).where(Version.id.in_(list(stored))).options(related)):
                confirm_version(session, version, stored[version.id])

    clock.time("announce", announce)
