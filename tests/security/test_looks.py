"""Every route that shows or exports somebody's data leaves an entry in the access log, or says why it shows none.

A new route is named in neither table, and fails here until somebody has thought about it (decision 82).
"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from kompeten.demo.cast import STAFF as CAST
from shared.access_log import AccessRow
from shared.audit import AuditRow
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.security.body import person
from tests.security.routes import Route, routes_of
from tests.security.story import Story

STAGES = ("registration", "assessment", "decision", "certificate", "surveillance")
STAFF = [role for role in Role if role is not Role.APPLICANT]

ONE_PERSON = {
    "registration": """accounts/<uuid:account_id> accounts/<uuid:account_id>/name accounts/<uuid:account_id>/nik
        api/accounts/<uuid:id> api/applications/<uuid:id>/fr-apl-01 api/applications/<uuid:id>/fr-apl-02
        api/applications/<uuid:id>/photo.jpg api/documents/<uuid:id> api/verification/<uuid:id>
        applications/<uuid:application_id>/fr-apl-01.pdf applications/<uuid:application_id>/fr-apl-02.pdf
        applications/<uuid:application_id>/photo.jpg documents/<uuid:document_id>
        verification/<uuid:application_id>""",
    "assessment": """api/cases/<uuid:id> api/cases/<uuid:id>/history cases/<uuid:id> cases/<uuid:id>/findings
        cases/<uuid:id>/history cases/<uuid:id>/recommendation cases/<uuid:id>/record""",
    "decision": """api/cases/<uuid:id> cases/<uuid:id> api/decisions/<uuid:id>/file decisions/<uuid:id>/file
        api/appeals/<uuid:id> appeals/<uuid:id> meetings/<uuid:id>/cases/<uuid:case_id>
        api/meetings/<uuid:id>/minutes meetings/<uuid:id>/minutes""",
    "certificate": """<uuid:id> <uuid:id>/credential <uuid:id>/pdf api/certificates/<uuid:id>
        api/certificates/<uuid:id>/credential api/certificates/<uuid:id>/link api/certificates/<uuid:id>/pdf""",
    "surveillance": """api/holders/<uuid:id>/history api/holdings/<uuid:id> api/reports/<uuid:id>
        holdings/<uuid:certificate_id> reports/<uuid:report_id> reports/<uuid:report_id>/review""",
}
"""Exactly one entry each, asked for by one who may, about the person of the story."""

ELSEWHERE = {
    "assessment": "access-log.csv access-log.xlsx",
    "decision": """access-log.csv access-log.xlsx api/cases/<uuid:id>/dossier cases/<uuid:id>/dossier
        api/cases/<uuid:id>/dossier.pdf cases/<uuid:id>/dossier.pdf""",
    "registration": """access-log.csv access-log.xlsx accounts api/accounts verification/<uuid:application_id>/nik
        api/requests.xlsx requests.xlsx api/dossier/<uuid:id>/documents/<uuid:document_id>
        dossier/<uuid:application_id>/documents/<uuid:document_id>""",
    "certificate": """access-log.csv access-log.xlsx
        api/certificates.csv register.csv api/bulk/<uuid:id>/report.csv api/bulk/<uuid:id>/report.xlsx
        bulk/<uuid:id>/report.csv bulk/<uuid:id>/report.xlsx api/paper/sheets.csv paper/sheets.csv
        api/paper/runs/<uuid:id>/pdf paper/runs/<uuid:run_id>/pdf api/paper/sheets/<uuid:id>
        paper/sheets/<uuid:sheet_id> api/paper/sheets/<uuid:id>/pdf paper/sheets/<uuid:sheet_id>/pdf
        api/paper/sheets/<uuid:id>/receipt paper/sheets/<uuid:sheet_id>/receipt""",
    "surveillance": """access-log.csv access-log.xlsx
        api/inventory.csv inventory.csv api/reports/<uuid:id>/documents/<uuid:document_id>
        reports/<uuid:report_id>/documents/<uuid:document_id>""",
}
"""Exports, and records the story has none of: the tests of those services ask for their entries."""

SHOWS_NOBODY = {
    "one's own account, looks at one's own data, one's own work list": {
        "registration": """account account/password account/profile account/second-factor account/second-factor/app
            account/second-factor/move account/second-factor/proof account/passkeys/new
            account/passkeys/<uuid:passkey_id> api/me looks""",
        "assessment": ". api/work looks",
        "decision": ". api/work looks api/recommendations",
        "certificate": ". api/work looks",
        "surveillance": ". looks",
    },
    "lists on the screen: who waits for what, nothing out of a file": {
        "registration": """api/photos photos api/requests requests api/verification verification
            api/requests/meetings api/requests/codes/<uuid:id> requests/codes/<uuid:period_id>""",
        "assessment": """api/cases cases api/sittings sittings api/sittings/<uuid:id> sittings/<uuid:id>
            sittings/<uuid:id>/attendance sittings/<uuid:id>/seating""",
        "decision": """api/appeals appeals api/cases cases api/meetings meetings api/meetings/<uuid:id>
            meetings/<uuid:id>""",
        "certificate": """api/certificates register api/orders api/bulk bulk api/bulk/<uuid:id> bulk/<uuid:id>
            api/bulk/<uuid:id>/items api/bulk/meetings api/paper/sheets paper/sheets api/paper/waiting paper/waiting
            paper/runs/<uuid:run_id>""",
        "surveillance": "api/inventory inventory api/proposals api/reviews",
    },
    "forms of an act, reached from the record whose look is noted; they name the person and no more": {
        "registration": "photos/<uuid:application_id> api/applications/<uuid:id>/photo",
        "assessment": """cases/<uuid:id>/appointment cases/<uuid:id>/assign cases/<uuid:id>/confirmation
            cases/<uuid:id>/declaration cases/<uuid:id>/postponement cases/<uuid:id>/release
            cases/<uuid:id>/return cases/<uuid:id>/schedule api/cases/<uuid:id>/assessors""",
        "decision": "api/appeals/<uuid:id>/candidates",
        "certificate": """<uuid:id>/abandon <uuid:id>/reduce <uuid:id>/reinstate <uuid:id>/reissue <uuid:id>/suspend
            <uuid:id>/void <uuid:id>/withdraw paper/sheets/<uuid:sheet_id>/hand-over
            paper/sheets/<uuid:sheet_id>/spoil""",
    },
    "the body's own: staff, centres, periods, meetings, stock, agencies, keys, files by their keys, logs": {
        "registration": """access-log audit api/audit accounts/new lost-files api/lost-files
            periods/<uuid:period_id> periods/new data""",
        "assessment": """access-log api/accounts api/assessors api/assessors/<uuid:id> assessors assessors/<uuid:id>
            assessors/new api/centres api/centres/<uuid:id> centres centres/<uuid:id> centres/new
            sittings/<uuid:id>/cancellation sittings/<uuid:id>/move sittings/<uuid:id>/report sittings/new""",
        "decision": """access-log api/cases/<uuid:id>/dossier/readings lost-files api/lost-files officers
            officers/<uuid:id>/end officers/proposals/<uuid:id>/refuse api/appointments api/appointments/candidates
            api/appointments/proposals
            meetings/new""",
        "certificate": """access-log agencies agencies/<uuid:id> api/agencies api/agencies/<uuid:id>
            api/agencies/<uuid:id>/deliveries bulk/lists/<string:kind> paper api/paper api/paper/ranges paper/receive
            trust api/trust trust/checks/<uuid:id> api/trust/checks/<uuid:id> trust/checks/<uuid:id>.csv
            api/trust/checks/<uuid:id>/findings api/trust/checks/<uuid:id>/findings.csv""",
        "surveillance": "access-log lost-files api/lost-files",
    },
}


def staff_routes(story: Story, service: str) -> Iterator[Route]:
    """What members of staff may look at, and strangers may not."""
    for route in routes_of(story.body.services[service].app):
        access = route.access
        if route.method != "GET" or route.is_internal or access is None or access.anonymous or access.guard is not None:
            continue
        if any(access.admits(person(role)) for role in STAFF):
            yield route


def rules(table: dict[str, str], service: str) -> set[str]:
    """The rules that a table names of a service; `.` is its first page."""
    return {f"/{service}/{rule}".removesuffix(".") if rule == "." else f"/{service}/{rule}"
            for rule in table.get(service, "").split()}  # fmt: skip


def lookers(story: Story) -> list[Actor]:
    """One stranger of each role, and those who worked on the story: some pages are for the assessor of a case alone."""
    cast = [
        Actor(UUID(story.cast.ids[name]), title, f"{name}@contoh.test", frozenset(map(Role, roles)))
        for name, (title, roles) in CAST.items()
    ]
    return [*(person(role) for role in STAFF), *cast]


@pytest.mark.parametrize("service", STAGES)
def test_every_route_for_staff_leaves_an_entry_or_says_why_it_shows_nobody(story: Story, service: str) -> None:
    silent = [rules(table, service) for table in SHOWS_NOBODY.values()]
    known = [rules(ONE_PERSON, service), rules(ELSEWHERE, service), *silent]
    named = set().union(*known)
    assert sum(map(len, known)) == len(named), "a route is named twice"
    assert sorted({route.rule.rule for route in staff_routes(story, service)} ^ named) == []


@pytest.mark.parametrize("service", STAGES)
def test_a_look_at_one_person_leaves_exactly_one_entry(story: Story, service: str) -> None:
    wanted, missing = rules(ONE_PERSON, service), []
    for route in staff_routes(story, service):
        if route.rule.rule in wanted and (told := _looked(story, service, route)) != 1:
            missing.append(f"{route.name}: {told} entries")
    assert sorted(missing) == []


ANSWERED = {
    "registration": ("verification:judge", "verification:admit"),
    "assessment": ("case:assign", "case:clear", "case:propose_plan", "case:confirm", "case:record", "case:recommend"),
    "decision": ("appeal:panel", "appeal:vote", "appeal:conclude"),
}
"""Acts of staff that the API answers with the record, as far as the story has them."""


@pytest.mark.parametrize("service", ANSWERED)
def test_an_act_that_is_answered_with_the_record_leaves_an_entry_of_the_look(story: Story, service: str) -> None:
    """This failure mode means: who changes a verdict, and changes it back, has read the file and stands nowhere."""
    with story.body.services[service].database.reading() as session:
        acts = session.execute(
            select(AuditRow.action, AuditRow.correlation_id).where(AuditRow.action.in_(ANSWERED[service]))
        ).all()
        noted = set(session.scalars(select(AccessRow.correlation_id)))
    assert acts
    assert [act.action for act in acts if act.correlation_id not in noted] == []


def _looked(story: Story, service: str, route: Route) -> int | str:
    """How many entries the first look leaves that is answered with somebody's data: some records show nobody."""
    answered: int | str = "never answered"
    for looker in lookers(story):
        if route.access is None or not route.access.admits(looker):
            continue
        for address in story.addresses(service, route):
            before = _entries(story, service, looker)
            if _ask(story, service, address, looker).status_code == 200:
                answered = _entries(story, service, looker) - before
                if answered:
                    return answered
    return answered


def _ask(story: Story, service: str, address: str, actor: Actor) -> TestResponse:
    return story.body.services[service].app.test_client().get(address, headers=story.headers(actor))


def _entries(story: Story, service: str, actor: Actor) -> int:
    with story.body.services[service].database.reading() as session:
        found = session.scalars(select(AccessRow.person_id).where(AccessRow.actor_id == actor.id)).all()
    return len(found)
