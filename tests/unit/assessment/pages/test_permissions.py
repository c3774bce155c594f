"""Every page x every role: what is not somebody's is refused, and a form needs its secret."""

from uuid import uuid4

from shared.security.roles import Role
from shared.web.access import access_of
from tests.unit.assessment.scene import person
from tests.unit.assessment.web import Web


def test_each_page_refuses_every_other_role(web: Web) -> None:
    rules = [rule for rule in web.app.url_map.iter_rules() if rule.endpoint.startswith("pages.")]
    assert len(rules) > 25
    for rule in rules:
        access = access_of(web.app.view_functions[rule.endpoint])
        assert access is not None, rule.endpoint
        path = rule.rule.replace("<uuid:id>", str(uuid4())).removeprefix("/assessment")
        for role in Role:
            actor = person("Seseorang Contoh", role)
            answer = web.open(actor, path) if "GET" in (rule.methods or ()) else web.send(actor, path, {})
            refused = answer.status_code == 403
            assert refused == (not access.admits(actor)), (rule.endpoint, role, answer.status_code)
            assert answer.status_code < 500, (rule.endpoint, role)


def test_a_form_without_its_secret_changes_nothing(web: Web) -> None:
    scene = web.scene
    answer = web.send(
        scene.secretary,
        f"/cases/{scene.case_id}/assign",
        {"assessor_id": str(scene.assessor.id), "csrf_token": "lain"},
    )
    assert answer.status_code == 403
    assert scene.case.assessor_id is None


def test_somebody_elses_case_is_not_found(web: Web) -> None:
    scene = web.scene
    scene.to_agreement()
    for role in (Role.ASSESSOR, Role.APPLICANT):
        assert web.open(person("Asing Contoh", role), f"/cases/{scene.case_id}").status_code == 404
