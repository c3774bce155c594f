"""Sheets received, used, spoiled; certificates handed over (domain handbook 5). A sheet is used at most once."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Select, Table, exists, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, joinedload

from services.certificate.body_settings import find_stock_template
from services.certificate.domain.states import HOLDING
from services.certificate.domain.validity import judge_state_on
from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate, Order, Version
from services.certificate.paper.domain import LARGEST_RUN, Manner, SheetState, label_sheet, read_sheet_range
from services.certificate.paper.models import HandOver, StockRange, StockSheet
from shared import audit, clock
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.security.actor import Actor

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
UNKNOWN = N_("Lembar blanko ini tidak ada. Periksa alamatnya, atau mulai dari daftar lembar.")
MEANWHILE = N_("Lembar atau sertifikat ini baru saja dipakai orang lain. Muat ulang halaman, lalu ulangi.")


class Given(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)


class Receive(Given):
    """Sheets that came with one letter. Numbers are typed as printed, with their zeros."""

    letter_number: Annotated[Line, Field(min_length=1, description="Number of BNSP's letter.")]
    received_on: date
    prefix: Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z0-9 ./-]*$")] = Field(
        "", description="What stands before the number on every sheet."
    )
    first: str = Field(min_length=1, max_length=12, description="Number of the first sheet, as printed.")
    last: str = Field(min_length=1, max_length=12, description="Number of the last sheet, as printed.")
    note: str = Field("", max_length=1000)


class UseSheets(Given):
    """Certificates to be printed together, one sheet each, from the next free sheet or from `first_sheet` on.

    With a `meeting`, all of it that wait for paper, at most `LARGEST_RUN` at a time.
    """

    certificate_ids: Annotated[list[UUID], Field(max_length=LARGEST_RUN)] = []
    meeting: UUID | None = Field(None, description="All certificates of this decision meeting instead.")
    first_sheet: str = Field("", max_length=40, description="Number of the sheet that lies on top, as printed.")


class Spoil(Given):
    reason: str = Field(min_length=5, max_length=1000, description="What happened to the sheet.")


class GiveOut(Given):
    """To the holder, or to a courier; `receiver` is who took it, the holder's own name where it is empty."""

    manner: Manner
    handed_on: date
    receiver: str = Field("", max_length=200, description="Who received it.")
    courier: Line = ""
    tracking: Annotated[str, StringConstraints(max_length=60)] = ""
    note: str = Field("", max_length=1000)


def receive_sheets(session: Session, actor: Actor, given: Receive) -> StockRange:
    """Take a range into stock. Raises Invalid for a range that is none, Conflict for sheets that are known already."""
    numbers, digits = read_sheet_range(given.first, given.last)
    prefix = given.prefix.upper()
    if given.received_on > clock.today():
        future = N_("Tanggal ini belum tiba.")
        raise Invalid("stock-date", future, fields={"received_on": future})
    taken = session.scalar(
        select(StockSheet.label)
        .where(StockSheet.prefix == prefix, StockSheet.number.between(numbers.start, numbers.stop - 1))
        .limit(1)
    )
    if taken is not None:
        raise _known(taken)
    stock = StockRange(
        id=uuid4(), letter_number=given.letter_number, received_on=given.received_on, prefix=prefix,
        first=numbers.start, last=numbers.stop - 1, digits=digits, note=given.note, received_by=actor.name,
    )  # fmt: skip
    session.add(stock)
    session.flush()
    _add_sheets(session, stock, numbers)
    audit.record_act(
        session, actor, "stock:receive", stock.subject,
        after={"letter": given.letter_number, "from": given.first, "to": given.last, "sheets": len(numbers)},
    )  # fmt: skip
    return stock


def use_sheets(session: Session, actor: Actor, given: UseSheets) -> UUID:
    """Give each certificate's version in force a sheet, in the order of their numbers; the id of this run.

    Raises Invalid when none is chosen, NotFound, Conflict for one that may not be printed or has a sheet, or when
    there are too few sheets.
    """
    versions = _versions_to_print(session, _chosen(session, given))
    sheets = _free_sheets(session, len(versions), given.first_sheet)
    run_id, now = uuid4(), clock.now()
    for sheet, version in zip(sheets, versions, strict=True):
        sheet.state, sheet.version_id, sheet.run_id = SheetState.USED, version.id, run_id
        sheet.used_at, sheet.used_by = now, actor.name
        audit.record_act(
            session, actor, "sheet:use", sheet.subject, {"state": SheetState.FREE},
            {"state": sheet.state, "sheet": sheet.label, "certificate": version.certificate.number},
        )  # fmt: skip
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("sheet-meanwhile", MEANWHILE) from error
    return run_id


def spoil_sheet(session: Session, actor: Actor, sheet_id: UUID, given: Spoil) -> StockSheet:
    """A sheet that cannot be used, or was misprinted: its certificate needs another. Raises NotFound, Conflict."""
    sheet = lock_sheet(session, sheet_id)
    if sheet.state is SheetState.SPOILED:
        raise Conflict("sheet-spoiled", N_("Lembar ini sudah tercatat rusak."))
    if sheet.hand_over is not None:
        raise Conflict("sheet-handed", N_("Lembar ini sudah diserahkan; tidak dapat dicatat rusak lagi."))
    before = sheet.state
    sheet.state, sheet.reason = SheetState.SPOILED, given.reason
    sheet.spoiled_at, sheet.spoiled_by = clock.now(), actor.name
    audit.record_act(
        session, actor, "sheet:spoil", sheet.subject, {"state": before},
        {"state": sheet.state, "sheet": sheet.label, "reason": given.reason},
    )  # fmt: skip
    return sheet


def hand_over_certificate(session: Session, actor: Actor, sheet_id: UUID, given: GiveOut) -> HandOver:
    """Note that a printed certificate was given out. Raises NotFound, Invalid, Conflict unless it is printed."""
    sheet = lock_sheet(session, sheet_id)
    if sheet.state is not SheetState.USED or sheet.version is None or sheet.used_at is None:
        raise Conflict("sheet-not-used", N_("Hanya lembar yang dipakai untuk sertifikat yang dapat diserahkan."))
    if sheet.hand_over is not None:
        raise Conflict("sheet-handed", N_("Penyerahan lembar ini sudah tercatat."))
    _check_hand_over(given, sheet.used_at.astimezone(clock.JAKARTA).date())
    receiver = given.receiver or (sheet.version.holder_name if given.manner is Manner.HOLDER else given.courier)
    sheet.hand_over = HandOver(
        sheet_id=sheet.id, manner=given.manner, handed_on=given.handed_on, receiver=receiver, courier=given.courier,
        tracking=given.tracking, note=given.note, handed_by=actor.name,
    )  # fmt: skip
    audit.record_act(
        session, actor, "sheet:hand-over", sheet.subject, None,
        {"sheet": sheet.label, "manner": given.manner, "on": given.handed_on.isoformat()},
    )  # fmt: skip
    return sheet.hand_over


def note_printing(session: Session, actor: Actor, sheets: Sequence[StockSheet]) -> None:
    """Who took the file to print, for each sheet (R26)."""
    for sheet in sheets:
        audit.record_act(session, actor, "sheet:print", sheet.subject, None, {"sheet": sheet.label})


def lock_sheet(session: Session, sheet_id: UUID) -> StockSheet:
    """The sheet, locked until the transaction ends. Raises NotFound."""
    sheet = session.get(StockSheet, sheet_id, with_for_update=True)
    if sheet is None:
        raise NotFound("sheet-unknown", UNKNOWN)
    return sheet


def _add_sheets(session: Session, stock: StockRange, numbers: range) -> None:
    table: Any = StockSheet.__table__
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(), "range_id": stock.id, "prefix": stock.prefix, "number": number,
            "label": label_sheet(stock.prefix, number, stock.digits), "state": SheetState.FREE,
            "used_by": "", "spoiled_by": "", "reason": "",
        }
        for number in numbers
    ]  # fmt: skip
    assert isinstance(table, Table)  # noqa: S101 - for the type checker
    try:
        session.execute(insert(table), rows)
    except IntegrityError as error:
        raise _known(label_sheet(stock.prefix, stock.first, stock.digits)) from error


def select_waiting_versions() -> Select[Any]:
    """The versions in force that stand on no sheet that counts, in the order of their numbers, joined with Order."""
    printed = exists().where(StockSheet.version_id == Version.id, StockSheet.state == SheetState.USED)
    return (
        select(Version)
        .join(Version.certificate)
        .join(Order, Order.id == Certificate.application_id)
        .where(
            Version.state == VersionState.CURRENT,
            Certificate.state.in_(HOLDING),
            Certificate.expires_on >= clock.today(),
            ~printed,
        )
        .order_by(Certificate.serial)
    )


def _chosen(session: Session, given: UseSheets) -> list[UUID]:
    chosen = given.certificate_ids
    if given.meeting is not None:
        of_meeting = select_waiting_versions().where(Order.meeting_id == given.meeting).limit(LARGEST_RUN)
        chosen = [version.certificate_id for version in session.scalars(of_meeting)]
    if not chosen:
        message = N_("Pilih sertifikat yang akan dicetak.")
        raise Invalid("nothing-chosen", message, fields={"certificate_ids": message})
    return chosen


def _versions_to_print(session: Session, certificate_ids: Sequence[UUID]) -> list[Version]:
    """The versions in force of these certificates, locked, in the order of their numbers."""
    wanted = set(certificate_ids)
    versions = list(
        session.scalars(
            select(Version)
            .join(Version.certificate)
            .where(Certificate.id.in_(wanted), Version.state == VersionState.CURRENT)
            .options(contains_eager(Version.certificate))
            .order_by(Certificate.serial)
            .with_for_update()
        )
    )
    if len(versions) != len(wanted):
        raise NotFound("certificate-unknown", N_("Ada sertifikat yang tidak ada atau belum terbit dalam pilihan ini."))
    for version in versions:
        _check_printable(version)
    printed = session.scalars(
        select(StockSheet)
        .where(StockSheet.version_id.in_([one.id for one in versions]), StockSheet.state == SheetState.USED)
        .options(joinedload(StockSheet.version))
    ).first()
    if printed is not None:
        raise Conflict(
            "certificate-printed",
            N_("Sertifikat ini sudah memakai lembar {sheet}. Bila lembar itu rusak, catat dahulu kerusakannya."),
            sheet=printed.label,
        )
    return versions


def _check_printable(version: Version) -> None:
    certificate = version.certificate
    if judge_state_on(certificate.state, certificate.expires_on, clock.today()) not in HOLDING:
        raise Conflict(
            "certificate-not-valid",
            N_("Sertifikat {number} tidak sedang berlaku, jadi tidak dicetak."),
            number=certificate.number,
        )
    if not find_stock_template(version.template).is_file():
        raise Conflict(
            "certificate-no-stock",
            N_("Tata letak sertifikat {number} tidak mempunyai varian untuk blanko."),
            number=certificate.number,
        )


def _free_sheets(session: Session, number: int, first: str) -> list[StockSheet]:
    """The next free sheets in their order, locked; whoever comes at the same moment gets those after them."""
    free = select(StockSheet).where(StockSheet.state == SheetState.FREE)
    if first:
        top = session.scalars(select(StockSheet).where(StockSheet.label == first.upper())).one_or_none()
        if top is None or top.state is not SheetState.FREE:
            wrong = N_("Lembar ini tidak ada dalam persediaan atau sudah terpakai.")
            raise Invalid("sheet-not-free", wrong, fields={"first_sheet": wrong})
        free = free.where(StockSheet.prefix == top.prefix, StockSheet.number >= top.number)
    else:
        free = free.join(StockSheet.range).order_by(StockRange.received_on, StockRange.created_at)
    sheets = list(
        session.scalars(
            free.order_by(StockSheet.prefix, StockSheet.number)
            .limit(number)
            .with_for_update(of=StockSheet, skip_locked=True)
        )
    )
    if len(sheets) < number:
        raise Conflict(
            "stock-short",
            N_("Hanya ada {left} lembar kosong untuk {wanted} sertifikat. Catat penerimaan blanko atau kurangi."),
            left=len(sheets),
            wanted=number,
        )
    return sheets


def _check_hand_over(given: GiveOut, printed_on: date) -> None:
    wrong = {}
    if given.handed_on > clock.today():
        wrong["handed_on"] = N_("Tanggal ini belum tiba.")
    elif given.handed_on < printed_on:
        wrong["handed_on"] = N_("Lembar ini belum dicetak pada tanggal itu.")
    if given.manner is Manner.COURIER and not given.courier:
        wrong["courier"] = N_("Tulis nama kurirnya.")
    if wrong:
        raise Invalid("hand-over", N_("Penyerahan belum dapat dicatat."), fields=wrong)


def _known(label: str) -> Conflict:
    message = N_("Lembar {label} sudah ada dalam persediaan. Periksa nomor pertama dan terakhirnya.")
    return Conflict("stock-known", message, label=label)
