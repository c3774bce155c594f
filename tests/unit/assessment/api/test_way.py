"""One case from the submitted file to the recommendation, over HTTP alone."""

from datetime import timedelta

from services.assessment.domain.paperfile import PAPER_FILE
from shared import clock
from tests.unit.assessment.web import Web

IMPARTIAL = {"family": False, "superior_or_subordinate": False, "same_work_unit": False, "trainer": False}


def test_a_case_goes_its_way_over_the_api(web: Web) -> None:
    scene = web.scene
    [line] = web.must(scene.secretary, "GET", "/cases?q=asesi")["items"]
    case = f"/cases/{line['id']}"
    choices = web.must(scene.secretary, "GET", f"{case}/assessors")
    assert {each["name"] for each in choices if not each["obstacles"]} == {scene.assessor.name, scene.other.name}
    web.must(scene.secretary, "POST", f"{case}/assign", {"assessor_id": str(scene.assessor.id)})
    assert [each["id"] for each in web.must(scene.assessor, "GET", "/work")["to_assess"]] == [line["id"]]
    seen = web.must(scene.assessor, "POST", f"{case}/declaration", IMPARTIAL)["case"]
    at = clock.now().isoformat()
    web.must(scene.assessor, "POST", f"{case}/appointment", {"at": at, "place": "Ruang contoh"})
    findings = {
        "checks": [
            {
                "document_id": each["document_id"],
                "valid": True,
                "authentic": True,
                "current": True,
                "sufficient": False,
                "note": "bawa aslinya",
            }
            for each in seen["file"]["documents"]
        ],
        "explanations": ["process", "context", "standard", "self_assessment", "appeal"],
        "briefings": ["rules", "ethics", "safety"],
        "plan": [
            {"unit": unit["code"], "approach": "uji", "methods": seen["methods"][:1], "tools": ["FR.IA.05 contoh"]}
            for unit in seen["units"]
        ],
        "adjustments": "",
    }
    web.must(scene.assessor, "PUT", f"{case}/findings", findings | {"plan": []})
    web.must(scene.assessor, "POST", f"{case}/plan", findings)
    assert web.must(scene.candidate, "GET", case)["consultation"]["plan"]
    web.must(scene.candidate, "POST", f"{case}/agreement")
    sitting = web.must(
        scene.secretary,
        "POST",
        "/sittings",
        {
            "centre_id": str(scene.centre.id),
            "starts_at": at,
            "ends_at": (clock.now() + timedelta(hours=2)).isoformat(),
        },
    )
    web.must(scene.secretary, "POST", f"/sittings/{sitting['id']}/cases", {"case_ids": [line["id"]]})
    own = web.must(scene.candidate, "GET", case)
    assert own["sitting"]["centre_name"] == "TUK Contoh"
    assert "Alat tulis" in own["bring"]
    ticks = {item.code: "present" for item in PAPER_FILE}
    web.must(scene.assessor, "POST", f"{case}/confirmation", {"checklist": ticks})
    assert web.must(scene.candidate, "POST", f"{case}/readiness")["state"] == "ready"
    cells = [
        {"unit": unit["unit"], "method": method, "judgement": "K"}
        for unit in findings["plan"]  # type: ignore[attr-defined]
        for method in unit["methods"]
    ]
    assert web.must(scene.assessor, "PUT", f"{case}/record", {"judgements": cells[:1]})["state"] == "ready"
    assert web.must(scene.assessor, "PUT", f"{case}/record", {"judgements": cells[1:]})["state"] == "assessed"
    units = [{"unit": unit["code"], "judgement": "K"} for unit in seen["units"]]
    done = web.must(scene.assessor, "POST", f"{case}/recommendation", {"units": units, "note": "contoh"})
    assert done["state"] == "recommended"
    report = {"summary": "Berjalan baik (contoh)"}
    assert web.must(scene.assessor, "PUT", f"/sittings/{sitting['id']}/report", report)["reports"]
    assert [fact for fact, _ in scene.told()][-1] == "assessment_recommended"
    assert web.must(scene.secretary, "GET", f"{case}/history")[-1]["action"] == "case:recommend"
    assert web.must(scene.candidate, "GET", case)["record"]["recommended"] == []
