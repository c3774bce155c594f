"""Acts on many certificates: a dry run, the chair's start, progress, the report."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.access import DECIDERS, PREPARERS, READERS
from services.certificate.blueprints import pages
from services.certificate.bulk import api, lists
from services.certificate.bulk import queries as bulk
from services.certificate.bulk.commands import batches as acts
from services.certificate.bulk.domain import ACTS, BatchKind, ItemState
from shared import clock
from shared.errors import N_, NotFound
from shared.web import (
    Form,
    PageQuery,
    allow,
    current_actor,
    leave_notice,
    leaving_refusals,
    read_query,
    reading,
    redirect_to,
    render_page,
    take_upload,
    unit_of_work,
)

FOLLOWED = timedelta(minutes=2)
"""How long the page of a meeting looks by itself whether its certificates are there."""


class ListWords(NamedTuple):
    """What a list is called on its page: heading, and what comes of it."""

    heading: str
    meaning: str


WORDS = {
    BatchKind.SUSPEND: ListWords(
        N_("Tangguhkan menurut daftar"),
        N_("Setiap sertifikat dalam daftar ditangguhkan sampai batasnya, dan pemegangnya diberi tahu."),
    ),
    BatchKind.REINSTATE: ListWords(
        N_("Berlakukan kembali menurut daftar"),
        N_("Penangguhan setiap sertifikat dalam daftar berakhir, dan pemegangnya diberi tahu."),
    ),
    BatchKind.WITHDRAW: ListWords(
        N_("Cabut menurut daftar"),
        N_("Setiap sertifikat dalam daftar dicabut untuk seterusnya, dan pemegangnya diberi tahu."),
    ),
}


class ListForm(BaseModel):
    """The numbers as they were pasted; a file takes their place."""

    model_config = ConfigDict(str_strip_whitespace=True)

    numbers: str = Field("", max_length=1_000_000)
    reason: str = Field("", max_length=2000)
    until: date | None = None


@pages.get("/bulk")
@allow(READERS)
def show_batches() -> Response:
    """All acts on many certificates, and the meetings whose certificates can be issued together."""
    with reading() as session:
        found, meetings = bulk.list_batches(session, read_query(PageQuery)), bulk.list_meetings_to_issue(session)
    prepares = current_actor().has(*PREPARERS)
    return render_page("certificate/bulk.html", found=found, meetings=meetings, prepares=prepares, kinds=WORDS)


@pages.post("/bulk/meetings/<uuid:id>")
@allow(PREPARERS)
def submit_meeting_batch(id: UUID) -> BaseResponse:
    """Try out issuing for one meeting: who is ready, who misses what."""
    with unit_of_work() as session:
        prepared = acts.prepare_meeting_batch(session, current_actor(), id)
    return redirect_to("pages.show_batch", id=prepared.id)


@pages.route("/bulk/lists/<string:kind>", methods=["GET", "POST"])
@allow(PREPARERS)
@take_upload
def submit_list_batch(kind: str) -> Response | BaseResponse:
    """Try out a list of numbers, pasted or as a file."""
    if kind not in {known.value for known in ACTS}:
        raise NotFound("batch-kind", N_("Tidak ada tindakan massal seperti ini."))
    wanted, form = BatchKind(kind), Form(ListForm)
    if form.submitted():
        with form.refusing():
            lines, source = _lines(form.value)
            terms = acts.ListTerms(kind=wanted, reason=form.value.reason, until=form.value.until)
            with unit_of_work() as session:
                prepared = acts.prepare_list_batch(session, current_actor(), terms, lines, source)
            return redirect_to("pages.show_batch", id=prepared.id)
    return render_page("certificate/bulk_list.html", form=form, words=WORDS[wanted], kind=wanted)


@pages.get("/bulk/<uuid:id>")
@allow(READERS)
def show_batch(id: UUID) -> Response:
    """One act on many certificates: the dry run's plan, its progress, what came of each line."""
    query = read_query(PageQuery)
    with reading() as session:
        found, items = bulk.view_batch(session, id), bulk.list_batch_items(session, id, query)
    return render_page(
        "certificate/batch.html",
        found=found,
        items=items,
        query=query,
        states=list(ItemState),
        just_now=found.finished_at is not None and clock.now() - found.finished_at < FOLLOWED,
        prepares=current_actor().has(*PREPARERS),
        starts=current_actor().has(*DECIDERS),
    )


@pages.post("/bulk/<uuid:id>/start")
@allow(DECIDERS)
def submit_batch_start(id: UUID) -> BaseResponse:
    """Do what the dry run planned, or go on after a stop."""
    with leaving_refusals(), unit_of_work() as session:
        acts.start_batch(session, current_actor(), id)
    return redirect_to("pages.show_batch", id=id)


@pages.post("/bulk/<uuid:id>/stop")
@allow(DECIDERS)
def submit_batch_stop(id: UUID) -> BaseResponse:
    """Begin no further line."""
    with leaving_refusals():
        with unit_of_work() as session:
            acts.stop_batch(session, current_actor(), id)
        leave_notice(N_("Dihentikan. Baris yang sudah dijalankan tetap; sisanya dapat dilanjutkan."))
    return redirect_to("pages.show_batch", id=id)


@pages.post("/bulk/<uuid:id>/discard")
@allow(PREPARERS)
def submit_batch_discard(id: UUID) -> BaseResponse:
    """Leave what is not done undone, for good."""
    with leaving_refusals(), unit_of_work() as session:
        acts.discard_batch(session, current_actor(), id)
    return redirect_to("pages.show_batch", id=id)


@pages.get("/bulk/<uuid:id>/report.csv")
@allow(READERS)
def show_batch_csv(id: UUID) -> Response:
    """The report of every line, as CSV."""
    return api.answer_batch_csv(id)


@pages.get("/bulk/<uuid:id>/report.xlsx")
@allow(READERS)
def show_batch_xlsx(id: UUID) -> Response:
    """The report of every line, as a workbook."""
    return api.answer_batch_xlsx(id)


def _lines(given: ListForm) -> tuple[list[lists.ListedLine], str]:
    """The lines of the file where there is one, else of the text; and the file's name."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return lists.read_file_lines(api.read_uploaded_list(file)), file.filename
    return lists.read_text_lines(given.numbers), ""
