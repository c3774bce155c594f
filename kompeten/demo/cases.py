"""The cases, as a story: one line for each thing that happens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kompeten.demo import samples, stages, world
from kompeten.demo.agency import Agency
from kompeten.demo.cast import Cast
from kompeten.demo.client import Client, DemoFailed, Refused, wait_for
from kompeten.demo.samples import Somebody

Say = Callable[[str], None]
PANEL = ("sekretariat2", "wakil", "pengaduan")


@dataclass
class Holder:
    """A certificate holder: who it is, signed in, and the certificate as its holder sees it."""

    person: Somebody
    client: Client
    application: str
    certificate: dict[str, Any]


def certify_straight_through(cast: Cast, say: Say, agency: Agency | None, folder: Path) -> tuple[Holder, Path]:
    """Play case 1: a D2 in library science, from the account to the announced certificate. Returns holder and PDF."""
    person = samples.invent_person("SITI AMINAH")
    me = stages.open_own_account(cast, person)
    say(f"{person.name} opens an account and fills in FR-APL-01 with documents")
    application = stages.save_draft(me, person, samples.LIBRARY_D2, [])
    stages.file_draft(me, person, application)
    stages.verify_items(cast, application)
    say("the secretariat verifies the file: complete, path a (D2 in library science); FR-APL-02 opens")
    stages.assess_oneself(cast, me, person, application)
    say("FR-APL-02 is filled in, signed and sent in with the whole file")
    case = stages.wait_for_case(cast, application)["id"]
    stages.prepare_candidate(cast, me, case, "asesor")
    say("pre-assessment: impartiality declared, evidence checked, plan agreed on both sides")
    stages.assess_candidate(cast, me, case, "asesor")
    say("assessed at the TUK, unit by unit; the assessor recommends K")
    decision = stages.hold_meeting(cast, application)
    say(f"the meeting of five: the chair decides {decision['judgement']}, decree {decision['decree_number']}")
    holder = _certified(me, person, application)
    number = holder.certificate["number"]
    say(f"certificate {number} is numbered, rendered, signed, stored and announced")
    if agency is not None:
        event = wait_for("the agency's event", lambda: agency.about(number))
        say(f"an agency hears {event['type']}: {event['data']['number']}, {event['data']['status']}")
    path = world.check_as_strangers(cast, say, me, holder.certificate, folder)
    first = _first_surveillance(holder)
    say(f"the first surveillance is due on {first['due_on']}")
    return holder, path


def certify_after_mending(cast: Cast, say: Say) -> Holder:
    """Play case 2: an application is returned with reasons, mended, filed again, certified."""
    person = samples.invent_person("BUDI SANTOSO")
    me = stages.open_own_account(cast, person)
    application = stages.save_draft(me, person, samples.LIBRARY_D2, [])
    stages.file_draft(me, person, application)
    stages.verify_items(cast, application, {"diploma": "Ijazah tidak terbaca; unggah pindaian yang lebih jelas."})
    view = me.get(f"/registration/api/applications/{application}")
    wanting = [line for line in view["rounds"][-1]["findings"] if line["verdict"] != "adequate"]
    say(f"{person.name}: the file goes back: {wanting[0]['label']}: {wanting[0]['reason']}")
    diploma = ("ijazah-jelas.pdf", samples.make_paper("Ijazah, pindaian jelas"), "application/pdf")
    me.upload(
        f"/registration/api/applications/{application}/documents", {"kind": "diploma", "title": "Ijazah"}, *diploma
    )
    stages.file_draft(me, person, application)
    say("mended and filed again, as round 2; round 1 is kept")
    stages.bring_to_decision(cast, me, person, application)
    holder = _certified(me, person, application)
    say(f"goes through: certificate {holder.certificate['number']}")
    return holder


def try_without_requirements(cast: Cast, say: Say) -> None:
    """Play case 3: SLTA with a gap in the work history is refused, with what is missing for each path."""
    person = samples.invent_person("RINI LESTARI")
    me = stages.open_own_account(cast, person)
    periods = [
        samples.make_work_period("Perpustakaan Desa", date(2020, 1, 6), date(2021, 3, 31)),
        samples.make_work_period("Perpustakaan Sekolah", date(2021, 9, 1), date(2022, 10, 31)),
    ]
    application = stages.save_draft(me, person, samples.SLTA, periods)
    try:
        stages.file_draft(me, person, application)
    except Refused as refused:
        say(f"{person.name} is refused by the admission rules ({refused.status}); nothing was changed:")
        for path in refused.problem["details"]["paths"]:
            say(f"  path {path['path']}: {'; '.join(line['message'] for line in path['missing'])}")
    else:
        raise DemoFailed("an application on no admission path was accepted")


def certify_after_appeal(cast: Cast, say: Say) -> Holder:
    """Play case 4: BK on one unit, the appeal is upheld, another assessor re-assesses that unit, then K."""
    person = samples.invent_person("DEWI KARTIKA")
    me = stages.open_own_account(cast, person)
    application = stages.save_draft(me, person, samples.LIBRARY_D2, [])
    stages.file_draft(me, person, application)
    weak = cast.scheme["units"][-1]["code"]
    decision = stages.bring_to_decision(cast, me, person, application, lambda unit: "BK" if unit == weak else "K")
    say(f"{person.name}: BK on {weak}, so the decision is {decision['judgement']}")
    appeal = _appeal(cast, me, application, weak)
    say("an appeal is filed and acknowledged; a panel of three that had no part in the case is named")
    stages.declare_impartial(cast, application, PANEL)
    for name in PANEL:
        cast[name].post(f"/decision/api/appeals/{appeal}/votes", {"vote": "uphold", "reasons": "Beralasan (contoh)"})
    cast["pengaduan"].post(f"/decision/api/appeals/{appeal}/outcome", {"reasons": "Banding dikabulkan (contoh)"})
    say("the panel upholds it: re-assessment of that unit only, by another assessor")
    case = stages.wait_for_case(cast, application, attempt=1)["id"]
    try:
        cast["sertifikasi"].post(f"/assessment/api/cases/{case}/assign", {"assessor_id": cast.assessors["asesor"]})
    except Refused as refused:
        say(f"the first assessor is refused for it: {refused.code}")
    else:
        raise DemoFailed("the same assessor was assigned again")
    stages.prepare_candidate(cast, me, case, "asesor2")
    stages.assess_candidate(cast, me, case, "asesor2")
    decision = stages.hold_meeting(cast, application)
    holder = _certified(me, person, application)
    say(f"re-assessed and decided {decision['judgement']}: certificate {holder.certificate['number']}")
    return holder


def renew_years_later(cast: Cast, say: Say, holder: Holder, move: Callable[[int], date]) -> None:
    """Play case 7: surveillance is due, reported and passed a year later; near expiry the certificate is renewed.

    `move` sets the system's clock so many days ahead and returns its day.
    """
    me, number = holder.client, holder.certificate["number"]
    due = date.fromisoformat(_first_surveillance(holder)["due_on"])
    move((due - cast.today).days)
    report = wait_for("the surveillance", lambda: _open_report(holder))
    say(f"a year later ({due}): surveillance of {number} is due")
    me.post(f"/surveillance/api/reports/{report}/file", _surveillance_report(holder, due))
    cast_now = cast.nobody.signed_in("mutu@contoh.test", cast.password)
    cast_now.post(f"/surveillance/api/reports/{report}/review", {"outcome": "maintained"})
    say("reported by the holder, reviewed: maintained")
    expires = date.fromisoformat(holder.certificate["expires_on"])
    today = move((expires - cast.today).days - 89)
    say(f"near expiry ({today}): the holder is invited to recertification")
    body = {"renews": number}

    def is_invited() -> bool:
        return any(line["number"] == number and line["invited"] for line in me.get("/registration/api/renewals"))

    wait_for("the invitation", is_invited)
    renewal = me.post("/registration/api/applications", body)["id"]
    content = me.get(f"/registration/api/applications/{renewal}")["form"]
    stages.save_form(me, renewal, {**content, "purpose": "recertification"})
    stages.file_draft(me, holder.person, renewal)
    say("the renewal came filled from the earlier file; every requirement is checked anew; it is filed")
    wait_for("the link to the old certificate", lambda: _holding(holder)["applied"])


def _certified(me: Client, person: Somebody, application: str) -> Holder:
    stages.sign_agreement(me, person, application)
    return Holder(person, me, application, stages.wait_for_certificate(me, application))


def _appeal(cast: Cast, me: Client, application: str, unit: str) -> str:
    def file() -> Any:
        return me.post(
            f"/decision/api/my/cases/{application}/appeal",
            {"units": [unit], "reasons": "Bukti saya belum dinilai (contoh)"},
        )

    wait_for("the appeal", file)
    appeal = str(me.get(f"/decision/api/my/cases/{application}")["decisions"][0]["appeal"]["id"])
    panel = [cast.ids[name] for name in PANEL]
    cast["ketua"].post(f"/decision/api/appeals/{appeal}/panel", {"panel": panel})
    return appeal


def _holding(holder: Holder) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        lines = holder.client.get("/surveillance/api/holdings")["items"]
        return next((line for line in lines if line["number"] == holder.certificate["number"]), None)

    return wait_for("the holding", look)


def _first_surveillance(holder: Holder) -> dict[str, Any]:
    first: dict[str, Any] = _holding(holder)["surveillances"][0]
    return first


def _open_report(holder: Holder) -> str | None:
    first = _first_surveillance(holder)
    return str(first["surveillance_id"]) if first["can_report"] else None


def _surveillance_report(holder: Holder, today: date) -> dict[str, Any]:
    units = [
        {"unit": unit, "frequency": "daily", "last_used": (today - timedelta(days=1)).isoformat()}
        for unit in holder.certificate["units"]
    ]
    return {
        "employed": True,
        "employer": "Perpustakaan Contoh",
        "work_unit": "Layanan",
        "position": "Pustakawan",
        "since": "2020-01-06",
        "decree_number": "SK-001/CONTOH",
        "fit": "fully",
        "fit_reason": "Tugas sesuai skema (contoh)",
        "units": units,
        "evidence": [{"title": "Laporan layanan (contoh)", "reference": "Arsip unit layanan"}],
        "training": "",
        "sanctioned": False,
        "superior_name": "ATASAN CONTOH",
        "superior_position": "Kepala Perpustakaan",
        "superior_statement": "Benar bekerja sesuai sertifikat (contoh)",
        "declared": True,
        "signed_name": holder.person.name,
    }
