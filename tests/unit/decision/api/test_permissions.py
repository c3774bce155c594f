"""Every address of the API for every role, and for somebody else's record; nobody gets in unnamed."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from services.decision import access
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role
from tests.unit.decision.asking import API, ask
from tests.unit.decision.scene import BK, CANDIDATE, COMPLAINTS, PANEL, STRANGER, UNITS, Scene

ONE, TWO = UUID(int=1), UUID(int=2)
EVERYBODY = frozenset(Role)
READERS = frozenset(access.READERS)
MANAGERS = frozenset(access.MANAGERS)
MEMBERS = frozenset(OFFICERS)
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
HEARERS = frozenset(access.HEARERS)
ROUTES = [
    ("GET", "/work", EVERYBODY),
    ("GET", "/appointments", READERS | ADMINISTRATOR),
    ("GET", "/appointments/candidates", ADMINISTRATOR),
    ("GET", "/appointments/proposals", READERS | ADMINISTRATOR),
    ("POST", "/appointments/proposals", ADMINISTRATOR),
    ("POST", f"/appointments/{ONE}/end-proposals", ADMINISTRATOR),
    ("POST", f"/appointments/proposals/{ONE}/confirm", MEMBERS),
    ("POST", f"/appointments/proposals/{ONE}/refuse", MEMBERS),
    ("POST", f"/appointments/proposals/{ONE}/withdraw", ADMINISTRATOR),
    ("POST", "/trial/officers", ADMINISTRATOR),
    ("GET", "/cases", READERS),
    ("GET", f"/cases/{ONE}", READERS),
    ("POST", f"/cases/{ONE}/declaration", HEARERS),
    ("GET", f"/cases/{ONE}/dossier", HEARERS),
    ("GET", f"/cases/{ONE}/dossier.pdf", HEARERS),
    ("GET", f"/cases/{ONE}/dossier/readings", frozenset(access.READING_WATCHERS)),
    ("GET", f"/decisions/{ONE}/file", READERS),
    ("GET", "/recommendations", frozenset({Role.ASSESSOR})),
    ("GET", "/lost-files", MANAGERS | {Role.AUDITOR}),
    ("GET", "/meetings", READERS),
    ("GET", f"/meetings/{ONE}", READERS),
    ("GET", f"/meetings/{ONE}/minutes", READERS),
    ("POST", "/meetings", MANAGERS),
    ("POST", f"/meetings/{ONE}/agenda", MANAGERS),
    ("POST", f"/meetings/{ONE}/cancel", MANAGERS),
    ("POST", f"/meetings/{ONE}/open", MANAGERS),
    ("POST", f"/meetings/{ONE}/attendance", MANAGERS),
    ("POST", f"/meetings/{ONE}/close", MANAGERS),
    ("POST", f"/meetings/{ONE}/opinions", MEMBERS),
    ("POST", f"/meetings/{ONE}/decisions", MEMBERS),
    ("POST", f"/meetings/{ONE}/cases/{TWO}/recusals", MEMBERS),
    ("POST", f"/meetings/{ONE}/cases/{TWO}/decision", MEMBERS),
    ("GET", "/my/cases", frozenset({Role.APPLICANT})),
    ("GET", f"/my/cases/{ONE}", frozenset({Role.APPLICANT})),
    ("POST", f"/my/cases/{ONE}/appeal", frozenset({Role.APPLICANT})),
    ("POST", f"/my/cases/{ONE}/reassessment", frozenset({Role.APPLICANT})),
    ("POST", f"/my/cases/{ONE}/give-up", frozenset({Role.APPLICANT})),
    ("GET", "/appeals", MEMBERS | {Role.AUDITOR}),
    ("GET", f"/appeals/{ONE}", HEARERS | {Role.AUDITOR}),
    ("GET", f"/appeals/{ONE}/candidates", frozenset(access.NAMERS)),
    ("POST", f"/appeals/{ONE}/panel", frozenset(access.NAMERS)),
    ("POST", f"/appeals/{ONE}/step-down", HEARERS),
    ("POST", f"/appeals/{ONE}/votes", HEARERS),
    ("POST", f"/appeals/{ONE}/outcome", HEARERS),
]


@pytest.mark.parametrize(("method", "path", "roles"), ROUTES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_role_gets_in_where_it_may_and_nowhere_else(
    client: FlaskClient, scene: Scene, method: str, path: str, roles: frozenset[Role]
) -> None:
    body: dict[str, Any] | None = {} if method == "POST" else None
    for role in Role:
        somebody = Actor(uuid4(), "Orang (contoh)", "orang@contoh.test", frozenset({role}))
        answer = ask(client, somebody, path, body, method)
        kept_out = answer.status_code == 403 and answer.get_json()["code"] == "not-allowed"
        assert kept_out == (role not in roles), (role, answer.status_code)
        assert answer.status_code < 500
    assert client.open(f"{API}{path}", method=method, json=body).status_code == 401


def test_the_list_above_names_every_address(client: FlaskClient) -> None:
    document = client.get("/decision/openapi.json").get_json()
    known = {(method, path.replace(f"{ONE}", "{id}").replace(f"{TWO}", "{case_id}")) for method, path, _ in ROUTES}
    served = {
        (method.upper(), path.removeprefix(API))
        for path, operations in document["paths"].items()
        if path.startswith(API)
        for method in operations
    }
    assert known == served


def test_a_candidate_finds_only_the_own_case(client: FlaskClient, scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    assert ask(client, CANDIDATE, f"/my/cases/{case_id}").status_code == 200
    assert ask(client, STRANGER, f"/my/cases/{case_id}").status_code == 404
    assert ask(client, STRANGER, "/my/cases").get_json() == {"items": []}
    appeal = {"units": [UNITS[0]], "reasons": "Alasan (contoh)"}
    assert ask(client, STRANGER, f"/my/cases/{case_id}/appeal", appeal).status_code == 404
    assert ask(client, CANDIDATE, f"/cases/{case_id}").status_code == 403


def test_an_appeal_is_found_by_its_panel_and_not_by_others_with_the_same_role(
    client: FlaskClient, scene: Scene
) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    scene.panel(appeal_id)
    other = Actor(uuid4(), "Asesor lain (contoh)", "lain@contoh.test", frozenset({Role.ASSESSOR}))
    assert ask(client, COMPLAINTS, f"/appeals/{appeal_id}").status_code == 200
    assert ask(client, other, f"/appeals/{appeal_id}").status_code == 404
    vote = {"vote": "uphold", "reasons": "Alasan (contoh)"}
    assert ask(client, other, f"/appeals/{appeal_id}/votes", vote).status_code == 404
    assert ask(client, PANEL[0], f"/appeals/{appeal_id}/votes", vote).status_code == 200
