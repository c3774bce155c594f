"""A service as small as can be, for the tests of shared.web: one table, an API and pages over the same model."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, field_validator
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.database.base import Aggregate
from shared.database.types import COLUMN_TYPES, named_metadata
from shared.database.unit import Database
from shared.errors import Conflict, NotFound
from shared.security.roles import OFFICERS, Role
from shared.web import (
    Api,
    App,
    ById,
    FileStorage,
    Form,
    Page,
    PageQuery,
    Pages,
    Place,
    allow,
    checked_upload,
    create_app,
    current_actor,
    file_response,
    leave_notice,
    limit_rate,
    make_csv_download,
    make_download,
    paginate,
    public,
    read_query,
    reading,
    redirect_to,
    render_page,
    signed_in,
    unit_of_work,
)


class State(StrEnum):
    DRAFT = "draft"
    FILED = "filed"


class Base(DeclarativeBase):
    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


class Note(Aggregate, Base):
    __tablename__ = "note"
    subject_kind = "note"
    owner_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=State.DRAFT)


class Job(BaseModel):
    employer: str = Field(min_length=1, max_length=80)
    since: date
    until: date | None = None


class WriteNote(BaseModel):
    title: str = Field(min_length=1, max_length=80)
    born: date
    kind: State = State.DRAFT
    pages: int = Field(1, ge=1, le=500)
    agreed: bool = False
    topics: list[str] = []
    work: list[Job] = []

    @field_validator("title")
    @classmethod
    def _capitals(cls, value: str) -> str:
        if value != value.upper():
            raise ValueError("Tulis dengan huruf besar.")
        return value


class NoteView(BaseModel):
    id: UUID
    title: str
    state: str


class Attachment(BaseModel):
    title: str = Field(max_length=40)
    file: FileStorage


class Attached(BaseModel):
    name: str
    title: str
    size: int


def view_of(note: Note) -> NoteView:
    return NoteView(id=note.id, title=note.title, state=note.state)


def make_api() -> Api:
    api = Api("tiny")

    @api.post("/notes", responses={201: NoteView})
    @allow(Role.APPLICANT)
    def write(body: WriteNote) -> tuple[NoteView, int]:
        """Write a note."""
        with unit_of_work() as session:
            note = Note(owner_id=current_actor().id, title=body.title, state=body.kind)
            session.add(note)
        return view_of(note), 201

    @api.get("/notes", responses={200: Page[NoteView]})
    @signed_in
    def notes(query: PageQuery) -> Page[NoteView]:
        """All notes of one's own."""
        with reading() as session:
            own = select(Note).where(Note.owner_id == current_actor().id)
            return paginate(session, own, query, view_of, sorts={"title": Note.title, "state": Note.state})

    @api.get("/notes/<uuid:id>", responses={200: NoteView})
    @allow(Role.APPLICANT, OFFICERS)
    def note(path: ById) -> NoteView:
        """One note."""
        with reading() as session:
            found = session.get(Note, path.id)
            if found is None or found.owner_id != current_actor().id:
                raise NotFound("note-unknown", "Catatan tidak ditemukan.")
            return view_of(found)

    @api.post("/notes/<uuid:id>/stale")
    @allow(Role.APPLICANT)
    def stale(path: ById) -> None:
        """Change a note that somebody else changed meanwhile."""
        with unit_of_work() as session:
            note = session.get_one(Note, path.id)
            session.connection().exec_driver_sql("UPDATE note SET version = version + 1")
            note.state = State.FILED

    @api.get("/notes/<uuid:id>/file", responses={200: file_response("application/pdf")})
    @signed_in
    def file(path: ById) -> ResponseReturnValue:
        """The note as a file."""
        return make_download(b"%PDF-1.7 contoh", f"catatan {path.id} ä.pdf", "application/pdf")

    @api.post("/attachments", responses={201: Attached})
    @signed_in
    def attach(form: Attachment) -> tuple[Attached, int]:
        """Attach a file."""
        upload = checked_upload(form.file)
        return Attached(name=upload.name, title=form.title, size=len(upload.data)), 201

    @api.delete("/notes/<uuid:id>")
    @allow(Role.ADMINISTRATOR)
    def remove(path: ById) -> None:
        """Remove a note."""

    @api.post("/forgotten")
    def forgotten() -> None:
        """A view whose author forgot to say who may use it."""

    @api.post("/broken")
    @public
    def broken() -> None:
        """Fails with a secret in its message."""
        raise RuntimeError("secret 3175012345678901")

    return api


def make_pages() -> Pages:
    pages = Pages("tiny", __name__)

    @pages.get("/")
    @signed_in
    def index() -> ResponseReturnValue:
        query = read_query(PageQuery)
        with reading() as session:
            found = paginate(session, select(Note), query, view_of, sorts={"title": Note.title})
        return render_page("tiny_list.html", found=found, query=query)

    @pages.route("/notes/new", methods=["GET", "POST"])
    @allow(Role.APPLICANT)
    def new() -> ResponseReturnValue:
        form = Form(WriteNote)
        if form.submitted():
            with form.refusing(), unit_of_work() as session:
                if form.value.title == "TERKUNCI":
                    raise Conflict("locked", "Catatan {title} terkunci.", title=form.value.title)
                session.add(Note(owner_id=current_actor().id, title=form.value.title))
                leave_notice("Catatan {title} disimpan.", title=form.value.title)
                return redirect_to("pages.index")
        return render_page("tiny_form.html", form=form)

    @pages.route("/sign", methods=["GET", "POST"])
    @public
    @limit_rate("3/minute")
    def sign() -> ResponseReturnValue:
        form = Form(Job)
        if form.submitted():
            return redirect_to("pages.sign")
        return render_page("tiny_sign.html", form=form)

    @pages.get("/list.csv")
    @public
    def listing() -> ResponseReturnValue:
        return make_csv_download("daftar.csv", ["Nama"], [["=1+1"], ["Siti"], [None], [-3]])

    @pages.get("/missing")
    @public
    def missing() -> ResponseReturnValue:
        raise NotFound("gone", "Berkas tidak ditemukan.")

    return pages


LABELS = {State.DRAFT: "Rancangan", State.FILED: "Diajukan"}


def make_app(database: Database) -> App:
    menu = [Place("/tiny/notes/new", "Catatan baru", frozenset({Role.APPLICANT}))]
    return create_app("tiny", database, api=make_api(), pages=[make_pages()], labels=LABELS, menu=menu)
