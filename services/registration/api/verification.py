"""The secretariat's work over JSON (process 2.3, 2.4)."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.registration.access import FILE_READERS, VERIFIERS
from services.registration.api.blueprint import api
from services.registration.commands import verification as commands
from services.registration.commands.looking import open_file_to_verify, show_file_to_verify
from services.registration.domain.form import Code, Lines
from services.registration.domain.verification import Finding, Verdict
from services.registration.queries import verification as queries
from services.registration.queries.views import VerificationLine, VerificationView
from shared.web import ById, Page, PageQuery, allow, allow_repeats, current_actor, gettext, reading, unit_of_work


class ItemFinding(BaseModel):
    """Anything but `adequate` needs a reason that the applicant can act on."""

    item: Code
    verdict: Verdict
    reason: Lines = ""


class JudgeItems(BaseModel):
    """What was found of some items."""

    items: Annotated[list[ItemFinding], Field(min_length=1, max_length=50)]

    def findings(self) -> list[Finding]:
        """The findings as the domain knows them."""
        return [Finding(one.item, one.verdict, one.reason) for one in self.items]


class RevealedNik(BaseModel):
    """An identity number in full."""

    nik: str


class ReturnNote(BaseModel):
    """A word to the applicant beside the reasons; may be empty."""

    note: Lines = ""


@api.get("/verification", responses={200: Page[VerificationLine]})
@allow(FILE_READERS)
def get_verifications(query: PageQuery) -> Page[VerificationLine]:
    """Files that wait, the longest first; `status` another state or `all`, `q` part of a name."""
    with reading() as session:
        return queries.list_files_to_verify(session, query)


@api.get("/verification/<uuid:id>", responses={200: VerificationView})
@allow(FILE_READERS)
def get_verification(path: ById) -> VerificationView:
    """One file: form, items with their verdicts, documents, warnings. That it was opened is noted."""
    with unit_of_work() as session:
        return open_file_to_verify(session, current_actor(), path.id, gettext)


@api.post("/verification/<uuid:id>/nik", responses={200: RevealedNik})
@allow(VERIFIERS)
@allow_repeats
def post_nik_reveal(path: ById, body: commands.RevealNik) -> RevealedNik:
    """The NIK in full, to compare it with the identity card; who saw it and why is noted for the person to read."""
    with unit_of_work() as session:
        return RevealedNik(nik=commands.reveal_nik(session, current_actor(), path.id, body))


@api.put("/verification/<uuid:id>/items", responses={200: VerificationView})
@allow(VERIFIERS)
def put_verification_items(path: ById, body: JudgeItems) -> VerificationView:
    """Note what was found of some items; the others keep their verdicts."""
    with unit_of_work() as session:
        commands.judge_items(session, current_actor(), path.id, body.findings())
        return show_file_to_verify(session, current_actor(), path.id, gettext)


@api.post("/verification/<uuid:id>/return", responses={200: VerificationView})
@allow(VERIFIERS)
def post_return_to_applicant(path: ById, body: ReturnNote) -> VerificationView:
    """Send everything back with the reasons noted per item."""
    with unit_of_work() as session:
        commands.return_application(session, current_actor(), path.id, body.note)
        return show_file_to_verify(session, current_actor(), path.id, gettext)


@api.post("/verification/<uuid:id>/admit", responses={200: VerificationView})
@allow(VERIFIERS)
def post_admission(path: ById) -> VerificationView:
    """Every item is present and adequate: FR-APL-02 opens."""
    with unit_of_work() as session:
        commands.admit_application(session, current_actor(), path.id)
        return show_file_to_verify(session, current_actor(), path.id, gettext)
