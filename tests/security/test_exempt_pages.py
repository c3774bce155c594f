"""No page that leaves no entry in the access log shows what is in somebody's file (decision 87).

What `test_looks.py` calls silent is opened here by everybody who may, over a story whose data is marked.
"""

from html import unescape
from itertools import islice

import pytest
from sqlalchemy import select

from services.assessment.models import Case
from services.assessment.models.contents import KeptEvidence
from services.registration.models import Document
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.web.formats import format_day
from tests.security.body import person
from tests.security.routes import Route
from tests.security.story import Story
from tests.security.test_looks import SHOWS_NOBODY, STAFF, STAGES, lookers, rules, staff_routes

ADJUSTMENT = "TANDA PENYESUAIAN (contoh)"
EVIDENCE = "TANDA BUKTI TAMBAHAN (contoh)"
OWN = "one's own account, looks at one's own data, one's own work list"


NOTED = (
    ("registration", "verification/<uuid:application_id>"),
    ("assessment", "cases/<uuid:id>/findings"),
    ("assessment", "cases/<uuid:id>/record"),
    ("decision", "appeals/<uuid:id>"),
)
"""Some pages that are known to show what is marked."""


@pytest.fixture(scope="module")
def marks(story: Story) -> list[str]:
    """Words that stand in the file of the story's person and nowhere else."""
    with story.body.services["assessment"].database.unit_of_work() as session:
        for case in session.scalars(select(Case)):
            case.file.adjustment_needed, case.file.adjustment_note = True, ADJUSTMENT
            for each in case.consultations:
                each.adjustments = ADJUSTMENT
            if case.record:
                case.record.further_evidence = [KeptEvidence(unit=case.units[0], title=EVIDENCE, note="")]
    with story.body.services["registration"].database.reading() as session:
        documents = session.scalars(select(Document.id)).all()
    someone = story.holder.person
    birth = someone.birth_date
    return [
        ADJUSTMENT, EVIDENCE, someone.nik, someone.email, "Jl. Contoh 1", "081200000000", "0215550000",
        birth.isoformat(), format_day(birth), f"{birth:%d/%m/%Y}", "Bukti saya belum dinilai", "Beralasan (contoh)",
        *(f"/documents/{id_}" for id_ in documents),
    ]  # fmt: skip


def shown_marks(story: Story, service: str, route: Route, marks: list[str]) -> set[str]:
    """Which of the marks anybody on the body's side finds at this route, at the first two records that answer."""
    found: set[str] = set()
    addresses = list(story.addresses(service, route))
    for actor in [*lookers(story)[len(STAFF) :], person(Role.AUDITOR), person(Role.ADMINISTRATOR)]:
        if route.access is None or not route.access.admits(actor):
            continue
        answers = (_read(story, service, address, actor) for address in addresses)
        for text in islice(filter(None, answers), 2):
            found |= {mark for mark in marks if mark in text}
    return found


def _read(story: Story, service: str, address: str, actor: Actor) -> str:
    answer = story.body.services[service].app.test_client().get(address, headers=story.headers(actor))
    return unescape(answer.get_data().decode(errors="replace")) if answer.status_code == 200 else ""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("service", STAGES)
def test_a_page_without_an_entry_shows_nothing_out_of_a_file(story: Story, service: str, marks: list[str]) -> None:
    """This failure mode means: somebody reads of a person's health or address, and the person cannot see who did."""
    silent = set().union(*(rules(table, service) for why, table in SHOWS_NOBODY.items() if why != OWN))
    told = {
        route.name: shown
        for route in staff_routes(story, service)
        if route.rule.rule in silent and (shown := shown_marks(story, service, route, marks))
    }
    assert told == {}


def test_the_marks_are_found_where_a_look_is_noted(story: Story, marks: list[str]) -> None:
    """Else the test above would find nothing because nothing is marked."""
    shown: dict[str, set[str]] = {}
    for service, rule in NOTED:
        route = next(one for one in staff_routes(story, service) if one.rule.rule == f"/{service}/{rule}")
        shown[rule] = shown_marks(story, service, route, marks)
    assert {"Jl. Contoh 1", "081200000000"} <= shown["verification/<uuid:application_id>"]
    assert {ADJUSTMENT} <= shown["cases/<uuid:id>/findings"]
    assert {EVIDENCE} <= shown["cases/<uuid:id>/record"]
    assert {"Bukti saya belum dinilai"} <= shown["appeals/<uuid:id>"]
