"""Every operation and page x every role x somebody else's record."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.assessment import access
from shared.security.roles import Role
from tests.unit.assessment.scene import person
from tests.unit.assessment.web import Web

ASSESSOR_KEEPERS = frozenset(access.ASSESSOR_KEEPERS)
CENTRE_KEEPERS = frozenset(access.CENTRE_KEEPERS)
PLANNERS = frozenset(access.PLANNERS)
READERS = frozenset(access.READERS)
ASSESSOR, APPLICANT = frozenset({Role.ASSESSOR}), frozenset({Role.APPLICANT})
CASE = [
    ("GET", "/cases/{case}", READERS | ASSESSOR | APPLICANT),
    ("GET", "/cases/{case}/history", READERS),
    ("GET", "/cases/{case}/assessors", PLANNERS),
    ("POST", "/cases/{case}/assign", PLANNERS),
    ("POST", "/cases/{case}/release", PLANNERS),
    ("POST", "/cases/{case}/declaration", ASSESSOR),
    ("POST", "/cases/{case}/appointment", PLANNERS | ASSESSOR),
    ("PUT", "/cases/{case}/findings", ASSESSOR),
    ("POST", "/cases/{case}/plan", ASSESSOR),
    ("POST", "/cases/{case}/return", ASSESSOR),
    ("POST", "/cases/{case}/agreement", APPLICANT),
    ("POST", "/cases/{case}/disagreement", APPLICANT),
    ("POST", "/cases/{case}/postponement", PLANNERS | ASSESSOR),
    ("POST", "/cases/{case}/confirmation", ASSESSOR),
    ("POST", "/cases/{case}/readiness", APPLICANT),
    ("PUT", "/cases/{case}/record", ASSESSOR),
    ("POST", "/cases/{case}/recommendation", ASSESSOR),
]
OTHER = [
    ("GET", "/work", frozenset(Role)),
    ("GET", "/cases", READERS),
    ("GET", "/accounts", ASSESSOR_KEEPERS),
    ("GET", "/assessors", READERS),
    ("POST", "/assessors", ASSESSOR_KEEPERS),
    ("GET", "/assessors/{assessor}", READERS),
    ("PUT", "/assessors/{assessor}", ASSESSOR_KEEPERS),
    ("GET", "/centres", READERS),
    ("POST", "/centres", CENTRE_KEEPERS),
    ("GET", "/centres/{centre}", READERS),
    ("PUT", "/centres/{centre}", CENTRE_KEEPERS),
    ("GET", "/sittings", READERS | ASSESSOR),
    ("POST", "/sittings", PLANNERS),
    ("GET", "/sittings/{sitting}", READERS | ASSESSOR),
    ("PUT", "/sittings/{sitting}", PLANNERS),
    ("POST", "/sittings/{sitting}/cancellation", PLANNERS),
    ("POST", "/sittings/{sitting}/cases", PLANNERS),
    ("PUT", "/sittings/{sitting}/report", ASSESSOR),
]


def places(web: Web) -> dict[str, str]:
    scene = web.scene
    sitting = scene.sitting()
    scene.session.commit()
    return {
        "case": str(scene.case_id),
        "assessor": str(scene.assessor.id),
        "centre": str(scene.centre.id),
        "sitting": str(sitting.id),
    }


def operations(web: Web) -> Iterator[tuple[str, str]]:
    for path, methods in web.app.api_doc["paths"].items():
        for method in methods:
            yield method.upper(), path.removeprefix("/assessment/api")


def test_the_table_knows_every_operation(web: Web) -> None:
    known = {(method, path.replace("{case}", "{id}")) for method, path, _ in CASE}
    known |= {
        (method, path.replace("{assessor}", "{id}").replace("{centre}", "{id}").replace("{sitting}", "{id}"))
        for method, path, _ in OTHER
    }
    assert set(operations(web)) == known


def test_each_operation_refuses_every_other_role_and_the_unknown(web: Web) -> None:
    at = places(web)
    for method, path, roles in CASE + OTHER:
        assert web.ask(None, method, path.format(**at), {}).status_code == 401, path
        for role in Role:
            status = web.ask(person("Seseorang Contoh", role), method, path.format(**at), {}).status_code
            if role in roles:
                assert status not in (401, 403, 500), (role, method, path, status)
            else:
                assert status == 403, (role, method, path, status)


BODIES: dict[str, object] = {
    "declaration": dict.fromkeys(("family", "superior_or_subordinate", "same_work_unit", "trainer"), False),
    "appointment": {"at": "2090-01-01T09:00:00+07:00", "place": "contoh"},
    "return": {"reasons": [{"item": "contoh", "reason": "contoh"}]},
    "disagreement": {"reason": "contoh"},
    "postponement": {"reason": "contoh"},
    "confirmation": {"checklist": {}},
    "recommendation": {"units": []},
}


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.APPLICANT])
def test_somebody_elses_case_looks_like_none(web: Web, role: Role) -> None:
    scene = web.scene
    scene.to_ready()
    before = scene.case.state
    stranger = person("Asing Contoh", role)
    for method, path, roles in CASE:
        if role not in roles:
            continue
        body = BODIES.get(path.rsplit("/", 1)[1], {})
        foreign = web.ask(stranger, method, path.format(case=scene.case_id), body)
        missing = web.ask(stranger, method, path.format(case=uuid4()), body)
        assert (foreign.status_code, missing.status_code) == (404, 404), path
        assert foreign.json is not None
        assert missing.json is not None
        assert foreign.json["detail"] == missing.json["detail"]
    assert scene.case.state is before


def test_an_assessor_keeps_away_from_the_cases_of_others(web: Web) -> None:
    scene = web.scene
    scene.to_ready()
    sitting = scene.case.sitting
    assert sitting is not None
    assert web.ask(scene.other, "GET", f"/cases/{scene.case_id}").status_code == 404
    assert web.ask(scene.other, "GET", f"/sittings/{sitting.id}").status_code == 404
    assert web.ask(scene.other, "PUT", f"/sittings/{sitting.id}/report", {"summary": "contoh"}).status_code == 404
    assert web.ask(scene.candidate, "GET", f"/sittings/{sitting.id}").status_code == 403


def test_no_operation_lets_anybody_set_a_decision(web: Web) -> None:
    """R2: nothing here is called a decision, and none is announced."""
    assert not [path for _, path in operations(web) if "deci" in path]
