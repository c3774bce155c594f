"""The steps of the process, each as its people do it through the API (process 2.2 to 2.9)."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from kompeten.demo.cast import SCHEME, Cast
from kompeten.demo.client import Client, Refused, wait_for
from kompeten.demo.mailed import find_mailed_key
from kompeten.demo.samples import Somebody, choose_password, fill_form, make_paper, make_portrait

JAKARTA = ZoneInfo("Asia/Jakarta")
PAPERS = {"diploma": "Ijazah", "transcript": "Transkrip nilai", "work_evidence": "Bukti pekerjaan"}
CHECKLIST = (
    "apl_01",
    "apl_02",
    "photos",
    "identity_card",
    "diploma",
    "employment",
    "recommendation",
    "curriculum_vitae",
    "duty_stamps",
    "proof_of_competence",
)
Judge = Callable[[str], str]


def moment_at(day: date, hour: int) -> str:
    """The full hour of a day in Jakarta, as the API takes moments."""
    return datetime.combine(day, time(hour), JAKARTA).isoformat()


def find_begun_hour() -> int:
    """Eight o'clock, or this hour where the day is younger: nothing is recorded before a sitting begins."""
    return min(8, datetime.now(JAKARTA).hour)


def open_own_account(cast: Cast, person: Somebody) -> Client:
    """Open an account as the applicant does, through the mailed link, and sign in with it; the applicant's client."""
    password = choose_password(person)
    cast.nobody.post("/registration/api/register", {"name": person.name, "email": person.email})
    key = find_mailed_key(cast.admin, person.email, "registration_requested")
    cast.nobody.post("/registration/api/register/confirmation", {"key": key, "new": password})
    return cast.nobody.signed_in(person.email, password)


def save_draft(me: Client, person: Somebody, education: dict[str, Any], periods: list[dict[str, Any]]) -> str:
    """Save FR-APL-01 with its documents without filing it (process 2.2). Returns the application's id."""
    application = me.post("/registration/api/applications", {"scheme_id": SCHEME})["id"]
    save_form(me, application, fill_form(person, education, periods))
    attach_documents(me, application)
    return str(application)


def save_form(me: Client, application: str, content: dict[str, Any]) -> None:
    """Write part 1 of FR-APL-01 over what the application has."""
    me.put(f"/registration/api/applications/{application}", {"form": content})


def attach_documents(me: Client, application: str) -> None:
    """Upload the photo and a document of every kind the path asks for."""
    path = f"/registration/api/applications/{application}/documents"
    me.upload(path, {"kind": "photo", "title": "Pasfoto 3x4"}, "foto.png", make_portrait(), "image/png")
    for kind, title in PAPERS.items():
        me.upload(path, {"kind": kind, "title": title}, f"{kind}.pdf", make_paper(title), "application/pdf")


def file_draft(me: Client, person: Somebody, application: str) -> None:
    """File the application: requirements seen, statement signed (process 2.2)."""
    me.post(f"/registration/api/applications/{application}/requirements-shown")
    me.post(f"/registration/api/applications/{application}/file", {"signature": person.name, "statement": True})


def verify_items(cast: Cast, application: str, inadequate: dict[str, str] | None = None) -> None:
    """Judge every item as the secretariat, then admit, or return where one is `inadequate` (process 2.3, 2.4)."""
    staff, path = cast["sekretariat"], f"/registration/api/verification/{application}"
    wanting = inadequate or {}
    findings = [
        {
            "item": line["item"],
            "verdict": "inadequate" if line["item"] in wanting else "adequate",
            "reason": wanting.get(line["item"], ""),
        }
        for line in staff.get(path)["items"]
    ]
    staff.put(f"{path}/items", {"items": findings})
    staff.post(f"{path}/return", {"note": "Mohon diperbaiki (contoh)."}) if wanting else staff.post(f"{path}/admit")


def assess_oneself(cast: Cast, me: Client, person: Somebody, application: str) -> None:
    """Fill FR-APL-02 with K for every element, shown by the evidence; sign and submit it (process 2.5)."""
    path = f"/registration/api/applications/{application}"
    scheme = cast.nobody.get(f"/registration/api/schemes/{me.get(path)['scheme']['id']}")
    evidence = [line["id"] for line in me.get(f"{path}/documents") if line["kind"] != "photo"]
    claims = [
        {"unit": unit["code"], "element": element["code"], "claim": "K", "evidence": evidence, "note": ""}
        for unit in scheme["units"]
        for element in unit["elements"]
    ]
    me.put(f"{path}/self-assessment", {"claims": claims})
    me.post(f"{path}/self-assessment/submit", {"signature": person.name, "statement": True})


def wait_for_case(cast: Cast, application: str, attempt: int = 0) -> dict[str, Any]:
    """The assessment case of an application, once the event has brought it. Raises DemoFailed when none comes."""
    staff = cast["sekretariat"]

    def look() -> dict[str, Any] | None:
        lines = staff.get("/assessment/api/cases", size=100, status="awaiting_assessor")["items"]
        found = (line for line in lines if line["application_id"] == application and line["attempt"] == attempt)
        return next(found, None)

    return wait_for("the assessment case", look)


def prepare_candidate(cast: Cast, me: Client, case: str, assessor: str) -> None:
    """Assign the assessor, declare impartiality, hold the pre-assessment, agree on the plan (process 2.6)."""
    path, expert = f"/assessment/api/cases/{case}", cast[assessor]
    cast["sertifikasi"].post(f"{path}/assign", {"assessor_id": cast.assessors[assessor]})
    declaration = dict.fromkeys(("family", "superior_or_subordinate", "same_work_unit", "trainer"), False)
    expert.post(f"{path}/declaration", {**declaration, "trained_on": None, "note": ""})
    expert.post(f"{path}/appointment", {"at": moment_at(cast.today, 9), "place": "Daring (contoh)"})
    view = expert.get(path)
    checks = [
        {"document_id": document["document_id"], **dict.fromkeys(("valid", "authentic", "current", "sufficient"), True)}
        for document in view["file"]["documents"]
    ]
    plan = [
        {"unit": unit["code"], "approach": "Uji kompetensi", "methods": ["written"], "tools": ["FR.IA.05 (contoh)"]}
        for unit in view["units"]
    ]
    expert.post(
        f"{path}/plan",
        {
            "checks": checks,
            "explanations": ["process", "context", "standard", "self_assessment", "appeal"],
            "briefings": ["rules", "ethics", "safety"],
            "plan": plan,
        },
    )
    me.post(f"{path}/agreement")


def assess_candidate(cast: Cast, me: Client, case: str, assessor: str, judge: Judge = lambda _: "K") -> None:
    """Schedule, assess unit by unit as `judge` says of each (K or BK), and recommend (process 2.7, 2.8)."""
    path, expert, staff = f"/assessment/api/cases/{case}", cast[assessor], cast["sekretariat"]
    sitting = staff.post(
        "/assessment/api/sittings",
        {
            "centre_id": cast.centre,
            "starts_at": moment_at(cast.today, find_begun_hour()),
            "ends_at": moment_at(cast.today, 16),
            "note": "",
        },
    )
    staff.post(f"/assessment/api/sittings/{sitting['id']}/cases", {"case_ids": [case]})
    checklist = {**dict.fromkeys(CHECKLIST, "present"), "functional_decree": "not_applicable"}
    expert.post(f"{path}/confirmation", {"checklist": checklist})
    me.post(f"{path}/readiness")
    units = [unit["code"] for unit in expert.get(path)["units"]]
    judgements = [{"unit": unit, "method": "written", "judgement": judge(unit)} for unit in units]
    expert.put(f"{path}/record", {"judgements": judgements, "further_evidence": []})
    recommended = [{"unit": unit, "judgement": judge(unit), "note": ""} for unit in units]
    expert.post(f"{path}/recommendation", {"units": recommended, "note": "Catatan asesor (contoh)"})


def declare_impartial(cast: Cast, application: str, names: Iterable[str]) -> None:
    """R1, R7: these people declare to be free of conflicts in the case; its file and their votes open."""
    for name in names:
        cast[name].post(f"/decision/api/cases/{application}/declaration", {"no_conflict": True})


def hold_meeting(cast: Cast, application: str) -> dict[str, Any]:
    """Hold a meeting of five, everybody giving an opinion (process 2.8, 2.9). Returns what the chair decides."""
    staff = cast["sekretariat"]

    def waiting() -> bool:
        lines = staff.get("/decision/api/cases", status="awaiting_meeting", size=100)["items"]
        return any(line["id"] == application for line in lines)

    wait_for("the case before the meeting", waiting)
    meeting = staff.post(
        "/decision/api/meetings",
        {"at": moment_at(cast.today, 13), "place": "Ruang rapat LSP (contoh)", "case_ids": [application]},
    )
    path = f"/decision/api/meetings/{meeting['id']}"
    staff.post(f"{path}/open", {"present": [cast.ids[name] for name in cast.officers]})
    declare_impartial(cast, application, cast.officers)
    for name in cast.officers[1:]:
        cast[name].post(f"{path}/opinions", {"case_ids": [application], "opinion": "agrees", "note": ""})
    outcome = cast["ketua"].post(
        f"{path}/decisions",
        {"decisions": [{"case_id": application, "units": {}, "reason": "Sesuai pembahasan rapat (contoh)"}]},
    )
    staff.post(f"{path}/close", {"note": ""})
    if outcome["refused"]:
        problem = outcome["refused"][0]
        raise Refused("decision", 409, {"code": problem["code"], "detail": problem["message"]})
    decision: dict[str, Any] = outcome["decided"][0]
    return decision


def sign_agreement(me: Client, person: Somebody, application: str) -> None:
    """Sign the agreement of use as the holder, without which no certificate is made (R17)."""
    version = me.get("/certificate/api/agreement")["version"]
    body = {"agreed": True, "name": person.name, "version": version}
    wait_for("the agreement", lambda: me.post(f"/certificate/api/orders/{application}/agreement", body))


def wait_for_certificate(me: Client, application: str) -> dict[str, Any]:
    """The issued certificate, once it is numbered, rendered, signed and stored."""

    def look() -> dict[str, Any] | None:
        for line in me.get("/certificate/api/mine")["certificates"]:
            view: dict[str, Any] = me.get(f"/certificate/api/certificates/{line['id']}")
            if view["application_id"] == application:
                return view
        return None

    return wait_for("the certificate", look)


def bring_to_decision(
    cast: Cast, me: Client, person: Somebody, application: str, judge: Judge = lambda _: "K"
) -> dict[str, Any]:
    """Take a filed application through verification and assessment to its decision, which is returned."""
    verify_items(cast, application)
    assess_oneself(cast, me, person, application)
    case = wait_for_case(cast, application)["id"]
    prepare_candidate(cast, me, case, "asesor")
    assess_candidate(cast, me, case, "asesor", judge)
    return hold_meeting(cast, application)
