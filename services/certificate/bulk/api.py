"""Acts on many certificates: a dry run first, then the chair starts it (process 2.9; ISO/IEC 17024 9.5)."""

import io
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from flask import Response
from pydantic import ConfigDict, Field
from werkzeug.datastructures import FileStorage as Uploaded
from xlsxwriter import Workbook

from services.certificate.access import DECIDERS, PREPARERS, READERS
from services.certificate.blueprints import api
from services.certificate.bulk import lists
from services.certificate.bulk import queries as bulk
from services.certificate.bulk.commands import batches as acts
from services.certificate.bulk.commands.looking import note_report_looks
from shared.errors import N_, Invalid
from shared.pagination import Page, PageQuery
from shared.runtime.offload import offload
from shared.settings import settings
from shared.web import (
    BodyLimit,
    ById,
    FileStorage,
    allow,
    current_actor,
    file_response,
    gettext,
    limit_body,
    list_response,
    make_csv_download,
    make_download,
    reading,
    unit_of_work,
)
from shared.web.formats import format_moment, label_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIB = 1024 * 1024
LIST_LIMIT = BodyLimit(2 * MIB, 0, values=5 * lists.LINES)
"""Each line of a list that comes as JSON is an object of at most three texts."""
FILE_TOO_LARGE = N_("Berkas terlalu besar. Unggah berkas paling besar {mb} MB.")
FILE_MISSING = N_("Pilih berkas yang akan diunggah.")


class UploadList(acts.ListTerms):
    """A list as a file: CSV or a workbook, with the columns number, reason and until (the last two may be missing)."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: FileStorage = Field(description="CSV (UTF-8) or XLSX.")


class Batches(Page[bulk.BatchView]):
    """One page of the acts on many certificates."""


class BatchItems(Page[bulk.ItemView]):
    """One page of the lines of one act."""


@api.get("/bulk", responses={200: Batches})
@allow(READERS)
def get_batches(query: PageQuery) -> Batches:
    """All acts on many certificates, the newest first."""
    with reading() as session:
        return Batches.model_validate(bulk.list_batches(session, query).model_dump())


@api.get("/bulk/meetings", responses={200: list_response(bulk.MeetingView)})
@allow(READERS)
def get_batch_meetings() -> list[bulk.MeetingView]:
    """Meetings whose certificates can be issued together."""
    with reading() as session:
        return bulk.list_meetings_to_issue(session)


@api.post("/bulk/meetings", responses={201: bulk.BatchView})
@allow(PREPARERS)
def post_meeting_batch(body: acts.PrepareMeeting) -> tuple[bulk.BatchView, int]:
    """Dry run: who of a meeting is ready, and who misses what. Nothing is changed."""
    with unit_of_work() as session:
        return bulk.view_batch(session, acts.prepare_meeting_batch(session, current_actor(), body.meeting_id).id), 201


@api.post("/bulk/lists", responses={201: bulk.BatchView})
@allow(PREPARERS)
@limit_body(LIST_LIMIT)
def post_list_batch(body: acts.PrepareList) -> tuple[bulk.BatchView, int]:
    """Dry run of a list: what would happen to each line, or why not. Nothing is changed."""
    lines = [lists.ListedLine(at, line.number, line.reason, line.until) for at, line in enumerate(body.lines, start=1)]
    with unit_of_work() as session:
        return bulk.view_batch(session, acts.prepare_list_batch(session, current_actor(), body, lines).id), 201


@api.post("/bulk/files", responses={201: bulk.BatchView})
@allow(PREPARERS)
def post_file_batch(form: UploadList) -> tuple[bulk.BatchView, int]:
    """Dry run of a list that comes as a file."""
    lines = lists.read_file_lines(read_uploaded_list(form.file))
    with unit_of_work() as session:
        prepared = acts.prepare_list_batch(session, current_actor(), form, lines, source=form.file.filename or "")
        return bulk.view_batch(session, prepared.id), 201


@api.get("/bulk/<uuid:id>", responses={200: bulk.BatchView})
@allow(READERS)
def get_batch(path: ById) -> bulk.BatchView:
    """One act on many certificates: what it is to do, and how far it has come."""
    with reading() as session:
        return bulk.view_batch(session, path.id)


@api.get("/bulk/<uuid:id>/items", responses={200: BatchItems})
@allow(READERS)
def get_batch_items(path: ById, query: PageQuery) -> BatchItems:
    """Its lines; `status` is one of planned, left_out, done, refused, failed."""
    with reading() as session:
        return BatchItems.model_validate(bulk.list_batch_items(session, path.id, query).model_dump())


@api.post("/bulk/<uuid:id>/start", responses={202: bulk.BatchView})
@allow(DECIDERS)
def post_batch_start(path: ById) -> tuple[bulk.BatchView, int]:
    """Do what the dry run planned, or go on after a stop. Each line is judged again when its turn comes."""
    with unit_of_work() as session:
        return bulk.view_batch(session, acts.start_batch(session, current_actor(), path.id).id), 202


@api.post("/bulk/<uuid:id>/stop", responses={200: bulk.BatchView})
@allow(DECIDERS)
def post_batch_stop(path: ById) -> bulk.BatchView:
    """Begin no further line; what is done stays done."""
    with unit_of_work() as session:
        return bulk.view_batch(session, acts.stop_batch(session, current_actor(), path.id).id)


@api.post("/bulk/<uuid:id>/discard", responses={200: bulk.BatchView})
@allow(PREPARERS)
def post_batch_discard(path: ById) -> bulk.BatchView:
    """Leave what is not done undone, for good."""
    with unit_of_work() as session:
        return bulk.view_batch(session, acts.discard_batch(session, current_actor(), path.id).id)


@api.get("/bulk/<uuid:id>/report.csv", responses={200: file_response("text/csv")})
@allow(READERS)
def get_batch_report_csv(path: ById) -> Response:
    """What came of each line."""
    return answer_batch_csv(path.id)


@api.get("/bulk/<uuid:id>/report.xlsx", responses={200: file_response(XLSX)})
@allow(READERS)
def get_batch_report_xlsx(path: ById) -> Response:
    """What came of each line, as a workbook."""
    return answer_batch_xlsx(path.id)


def read_uploaded_list(file: Uploaded | None) -> bytes:
    """The bytes of an uploaded list. Raises Invalid when there is none, or it is too large."""
    if file is None or not file.filename:
        raise Invalid("upload-missing", FILE_MISSING, fields={"file": FILE_MISSING})
    limit = settings().upload_mb
    data: bytes = file.stream.read(limit * MIB + 1)
    if len(data) > limit * MIB:
        raise Invalid("upload-too-large", FILE_TOO_LARGE, fields={"file": FILE_TOO_LARGE}, mb=limit)
    return data


def answer_batch_csv(id: UUID) -> Response:
    """Answer with every line and what came of it, as CSV. Raises NotFound."""
    with unit_of_work() as session:
        note_report_looks(session, current_actor(), id)
        rows = _rows(bulk.list_report_items(session, id))
        return make_csv_download(f"laporan-massal-{id}.csv", bulk.COLUMNS, rows)


def answer_batch_xlsx(id: UUID) -> Response:
    """Answer with every line and what came of it, as a workbook. Raises NotFound."""
    with unit_of_work() as session:
        note_report_looks(session, current_actor(), id)
        rows = list(_rows(bulk.list_report_items(session, id)))
    headings = [gettext(column) for column in bulk.COLUMNS]
    return make_download(offload(write_report_workbook, headings, rows), f"laporan-massal-{id}.xlsx", XLSX)


def write_report_workbook(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet; a second's work for 10,000 rows, so call it through `offload`."""
    held = io.BytesIO()
    with Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Laporan")
        sheet.write_row(0, 0, headings, bold)
        sheet.freeze_panes(1, 2)
        for at, row in enumerate(rows, start=1):
            sheet.write_row(at, 0, row)
        sheet.autofit()
    return held.getvalue()


def _rows(items: Iterator[bulk.ItemView]) -> Iterator[list[Any]]:
    for item in items:
        yield [
            item.line,
            item.number,
            item.holder_name,
            label_of(item.seen) if item.seen else "",
            label_of(item.plan),
            translate_sentences(item.problems),
            item.reason,
            item.until.isoformat() if item.until else "",
            label_of(item.state),
            translate_sentences(item.remarks),
            format_moment(item.done_at),
            label_of(item.now) if item.now else "",
        ]


def translate_sentences(messages: list[str]) -> str:
    """Return msgids as one text in the reader's language."""
    return " ".join(gettext(message) for message in messages)
