"""What happens in the systems, step by step: one person's case, and what others have to do with it or not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from kompeten.demo import samples, stages
from kompeten.demo.cast import assemble_cast
from kompeten.demo.client import Client
from kompeten.demo.mailed import find_mailed_key
from kompeten.demo.samples import Somebody
from services.registration.commands.accounts import OpenStaffAccount
from shared import clock
from shared.credentials.keys import create_credential_key
from shared.documents.authority import create_demo_authority
from shared.security.keys import create_keys
from shared.security.roles import Role
from tests.unit.registration.people import open_with_password
from tests.worlds.world import World

PASSWORD = "sandi contoh untuk dua dunia"
HIDDEN = Somebody("RAHASIA WULANDARI CONTOH", "rahasia@contoh.test", "3175014107900077", date(1990, 7, 1))
"""Whose case it is that others must not know of."""
NEIGHBOUR = Somebody("TETANGGA CONTOH", "tetangga@contoh.test", "3175014208910088", date(1991, 8, 2))
"""Holds a certificate, and has nothing to do with the other case."""
SPEAKERS = ("sertifikasi", "mutu", "standardisasi")
PANEL = ("sekretariat2", "wakil", "pengaduan")
BYSTANDERS = {
    "asesor3": ("Asesor Ketiga (contoh)", ["assessor"]),
    "pengaduan2": ("Petugas Pengaduan Kedua (contoh)", ["complaints_officer"]),
}


def make_keys(folder: Path) -> None:
    """The keys of a system that starts."""
    create_keys(folder / "keys")
    create_demo_authority(folder / "keys")
    create_credential_key(folder / "keys/credential-key.pem")


def found_body(world: World) -> None:
    """Everybody has an account, the hidden person too; a neighbour is certified, and nobody else has a case."""
    assert world.body is not None
    with world.step("cast"):
        with world.body.services["registration"].database.unit_of_work() as session:
            wanted = OpenStaffAccount(
                name="ADMINISTRATOR CONTOH", email="admin@contoh.test", roles=[Role.ADMINISTRATOR]
            )
            open_with_password(session, wanted, PASSWORD)
        nobody = world.client()
        admin = nobody.signed_in("admin@contoh.test", PASSWORD)
        world.cast = assemble_cast(nobody, admin, PASSWORD, clock.today())
    with world.step("accounts"):
        for number, (name, (title, roles)) in enumerate(BYSTANDERS.items(), 1):
            _add_bystander(world, name, title, roles, f"317101010290{number:04d}")
        world.found["me"] = stages.open_own_account(world.people, HIDDEN)
        world.found["application"] = stages.save_draft(world.found["me"], HIDDEN, samples.LIBRARY_D2, [])
    with world.step("neighbour"):
        _certify_neighbour(world)


def _add_bystander(world: World, name: str, title: str, roles: list[str], nik: str) -> None:
    people = world.people
    wanted = {"name": title, "email": f"{name}@contoh.test", "roles": roles, "nik": nik}
    people.admin.post("/registration/api/accounts", wanted)
    key = find_mailed_key(people.admin, f"{name}@contoh.test", "account_invited")
    people.nobody.post("/registration/api/password-resets/use", {"key": key, "new": PASSWORD})
    people.people[name] = people.nobody.signed_in(f"{name}@contoh.test", PASSWORD)
    people.ids[name] = people[name].get("/registration/api/me")["id"]
    if "assessor" in roles:
        until = clock.today().replace(year=clock.today().year + 2, day=1).isoformat()
        body = {"account_id": people.ids[name], "met_number": "MET.000.000003 contoh", "valid_until": until}
        people["sertifikasi"].post("/assessment/api/assessors", {**body, "schemes": [people.scheme["id"]]})
        people.assessors[name] = people.ids[name]


def _certify_neighbour(world: World) -> None:
    me = world.found["neighbour"] = stages.open_own_account(world.people, NEIGHBOUR)
    application = stages.save_draft(me, NEIGHBOUR, samples.LIBRARY_D2, [])
    stages.file_draft(me, NEIGHBOUR, application)
    verified = replace(world.people, people={**world.people.people, "sekretariat": world.people["sekretariat2"]})
    stages.verify_items(verified, application)
    stages.assess_oneself(world.people, me, NEIGHBOUR, application)
    case = stages.wait_for_case(world.people, application)["id"]
    stages.prepare_candidate(world.people, me, case, "asesor3")
    stages.assess_candidate(world.people, me, case, "asesor3")
    stages.hold_meeting(world.people, application)
    stages.sign_agreement(me, NEIGHBOUR, application)
    stages.wait_for_certificate(me, application)


def file_case(world: World) -> None:
    """The hidden person applies, is admitted and sends the whole file in."""
    with world.step("file"):
        _file(world)


def file_another(world: World) -> None:
    """The same with another diploma, and with a wish for an adjustment."""
    me: Client = world.found["me"]
    with world.step("other file"):
        path = f"/registration/api/applications/{world.found['application']}/documents"
        paper = samples.make_paper("Surat keterangan lain")
        me.upload(path, {"kind": "work_evidence", "title": "Bukti lain"}, "lain.pdf", paper, "application/pdf")
    file_case(world)


def _file(world: World) -> None:
    me, application = world.found["me"], world.found["application"]
    stages.file_draft(me, HIDDEN, application)
    stages.verify_items(world.people, application)
    stages.assess_oneself(world.people, me, HIDDEN, application)
    world.found["case"] = stages.wait_for_case(world.people, application)["id"]


def assign(world: World) -> None:
    """The first assessor is named, and has declared nothing yet."""
    with world.step("assign"):
        _assign(world, "asesor")


def _assign(world: World, assessor: str) -> None:
    path = f"/assessment/api/cases/{world.found['case']}/assign"
    world.people["sertifikasi"].post(path, {"assessor_id": world.people.assessors[assessor]})


def declare_family(world: World) -> None:
    """The first assessor is related to the candidate, and is out."""
    with world.step("block"):
        declaration = dict.fromkeys(("superior_or_subordinate", "same_work_unit", "trainer"), False)
        body = {**declaration, "family": True, "trained_on": None, "note": ""}
        world.people["asesor"].post(f"/assessment/api/cases/{world.found['case']}/declaration", body)


def prepare(world: World) -> None:
    """The first assessor is named, cleared, and has agreed on the plan with the candidate."""
    with world.step("declare"):
        stages.prepare_candidate(world.people, world.found["me"], world.found["case"], "asesor")


def decide_competent(world: World) -> None:
    """Assessed and decided: K."""
    _decide(world, "")


def decide_not_yet(world: World) -> None:
    """Assessed and decided: BK on the last unit."""
    _decide(world, world.people.scheme["units"][-1]["code"])


def _decide(world: World, weak: str) -> None:
    _assess(world, weak)
    with world.step("meeting"):
        stages.hold_meeting(world.people, world.found["application"])


def _assess(world: World, weak: str) -> None:
    def judge(unit: str) -> str:
        return "BK" if unit == weak else "K"

    with world.step("assess"):
        stages.assess_candidate(world.people, world.found["me"], world.found["case"], "asesor", judge)


def recuse_before_competent(world: World) -> None:
    """A meeting towards K: one officer declares a conflict, the others have spoken."""
    _meet_without_one(world, "")


def recuse_before_not_yet(world: World) -> None:
    """The same meeting towards BK, with other opinions."""
    _meet_without_one(world, world.people.scheme["units"][-1]["code"])


def _meet_without_one(world: World, weak: str) -> None:
    people, application = world.people, world.found["application"]
    _assess(world, weak)
    with world.step("meeting"):
        meeting = people["sekretariat"].post(
            "/decision/api/meetings",
            {"at": stages.moment_at(people.today, 13), "place": "Ruang rapat (contoh)", "case_ids": [application]},
        )
        path = f"/decision/api/meetings/{meeting['id']}"
        people["sekretariat"].post(f"{path}/open", {"present": [people.ids[name] for name in people.officers]})
        conflict = {"ground": "family", "reason": "Saudara sepupu (contoh)"}
        people["umum"].post(f"{path}/cases/{application}/recusals", conflict)
        said = {"opinion": "differs", "note": "Kurang bukti (contoh)"} if weak else {"opinion": "agrees", "note": ""}
        stages.declare_impartial(people, application, SPEAKERS)
        for name in SPEAKERS:
            people[name].post(f"{path}/opinions", {"case_ids": [application], **said})


def certify(world: World) -> None:
    """The agreement is signed, the certificate is issued."""
    with world.step("certificate"):
        stages.sign_agreement(world.found["me"], HIDDEN, world.found["application"])
        stages.wait_for_certificate(world.found["me"], world.found["application"])


def appeal(world: World) -> None:
    """The decision is contested before a panel, which has voted."""
    _appeal(world, "Bukti saya belum dinilai (contoh)", "uphold")


def appeal_otherwise(world: World) -> None:
    """The same, with other words and another vote."""
    _appeal(world, "Alasan yang sama sekali lain (contoh)", "dismiss")


def _appeal(world: World, reasons: str, vote: str) -> None:
    people, me, application = world.people, world.found["me"], world.found["application"]
    with world.step("appeal"):
        path = f"/decision/api/my/cases/{application}"
        me.post(f"{path}/appeal", {"units": [people.scheme["units"][-1]["code"]], "reasons": reasons})
        found = str(me.get(path)["decisions"][0]["appeal"]["id"])
    with world.step("panel"):
        panel = [people.ids[name] for name in PANEL]
        people["ketua"].post(f"/decision/api/appeals/{found}/panel", {"panel": panel})
        stages.declare_impartial(people, application, PANEL)
        people["wakil"].post(f"/decision/api/appeals/{found}/votes", {"vote": vote, "reasons": reasons})
    world.found["appeal"] = found


def uphold(world: World) -> None:
    """The panel upholds the appeal, which orders a re-assessment."""
    people, appeal_id = world.people, world.found["appeal"]
    with world.step("conclude"):
        for name in ("sekretariat2", "pengaduan"):
            people[name].post(f"/decision/api/appeals/{appeal_id}/votes", {"vote": "uphold", "reasons": "Beralasan"})
        people["pengaduan"].post(f"/decision/api/appeals/{appeal_id}/outcome", {"reasons": "Dikabulkan (contoh)"})
    _find_reassessment(world)


def order_without_appeal(world: World) -> None:
    """A re-assessment that no appeal ordered: the candidate accepts the decision and asks for another try."""
    me, units = world.found["me"], [world.people.scheme["units"][-1]["code"]]
    with world.step("conclude"):
        path = f"/decision/api/my/cases/{world.found['application']}/reassessment"
        me.post(path, {"units": units, "accepts": True})
    _find_reassessment(world)


def _find_reassessment(world: World) -> None:
    world.found["case"] = stages.wait_for_case(world.people, world.found["application"], attempt=1)["id"]


def reassign(world: World) -> None:
    """Another assessor is named for the re-assessment, and has declared nothing yet."""
    with world.step("reassign"):
        _assign(world, "asesor2")


def reassess(world: World) -> None:
    """Another assessor assesses anew and recommends K."""
    with world.step("reassess"):
        stages.prepare_candidate(world.people, world.found["me"], world.found["case"], "asesor2")
        stages.assess_candidate(world.people, world.found["me"], world.found["case"], "asesor2")
