"""Certifications played through the API up to where a rule is tried, and the tries themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kompeten.demo import samples, stages
from kompeten.demo.cast import SCHEME, Cast
from kompeten.demo.client import Client, Refused
from kompeten.demo.mailed import find_mailed_key
from kompeten.demo.samples import Somebody
from services.registration.models import Account
from shared.audit import AuditRow
from shared.contracts import Envelope
from shared.messaging.admission import Received
from shared.messaging.inbox import take_in_batch
from shared.messaging.models import OutboxRow
from shared.security.tokens import issue_token
from tests.security.body import Body


@dataclass
class Candidate:
    """An applicant with an account and an application: signed in, the application's id, the assessment case's."""

    person: Somebody
    me: Client
    application: str
    case: str = ""

    @property
    def case_path(self) -> str:
        return f"/assessment/api/cases/{self.case}"


@dataclass
class Played:
    """The body with its people, and the steps that bring a candidate to where a rule can be tried."""

    body: Body
    cast: Cast

    def draft(self, name: str = "CALON CONTOH") -> Candidate:
        """A new applicant with a whole FR-APL-01 that is not filed (process 2.2)."""
        person = samples.invent_person(name)
        me = stages.open_own_account(self.cast, person)
        return Candidate(person, me, stages.save_draft(me, person, samples.LIBRARY_D2, []))

    def filed(self, name: str = "CALON CONTOH") -> Candidate:
        """An applicant who waits for the verifier (process 2.3)."""
        candidate = self.draft(name)
        stages.file_draft(candidate.me, candidate.person, candidate.application)
        return candidate

    def waiting_for_assessor(self, name: str = "CALON CONTOH") -> Candidate:
        """A candidate whose whole file is in (process 2.5)."""
        candidate = self.filed(name)
        stages.verify_items(self.cast, candidate.application)
        stages.assess_oneself(self.cast, candidate.me, candidate.person, candidate.application)
        candidate.case = stages.wait_for_case(self.cast, candidate.application)["id"]
        return candidate

    def recommended(self, name: str = "CALON CONTOH", judge: stages.Judge = lambda _: "K") -> Candidate:
        """A candidate whom the first assessor has recommended, for the next meeting (process 2.8)."""
        candidate = self.waiting_for_assessor(name)
        stages.prepare_candidate(self.cast, candidate.me, candidate.case, "asesor")
        stages.assess_candidate(self.cast, candidate.me, candidate.case, "asesor", judge)
        return candidate

    def decided(self, name: str = "CALON CONTOH", judge: stages.Judge = lambda _: "K") -> Candidate:
        """A candidate whom the chair has decided on after a meeting of five (process 2.9)."""
        candidate = self.recommended(name, judge)
        stages.hold_meeting(self.cast, candidate.application)
        return candidate

    def certified(self, name: str = "CALON CONTOH") -> tuple[Candidate, dict[str, Any]]:
        """A holder and the certificate as the holder sees it (R11, R17 kept)."""
        candidate = self.decided(name)
        stages.sign_agreement(candidate.me, candidate.person, candidate.application)
        return candidate, stages.wait_for_certificate(candidate.me, candidate.application)

    def gain_roles(self, name: str, *roles: str) -> None:
        """Give somebody of the cast more roles, for good; an assessor is registered for the scheme, too."""
        account, path = self.cast.ids[name], f"/registration/api/accounts/{self.cast.ids[name]}"
        had = self.cast.admin.get(path)["roles"]
        if not set(roles) <= set(had):
            self.cast.admin.put(f"{path}/roles", {"roles": sorted({*had, *roles})})
            self.cast.people[name] = self.cast.nobody.signed_in(f"{name}@contoh.test", self.cast.password)
        if "assessor" in roles and name not in self.cast.assessors:
            until = (self.cast.today + timedelta(days=365)).isoformat()
            body = {"account_id": account, "met_number": f"MET.{uuid4().hex[:8]}", "valid_until": until}
            self.cast["sertifikasi"].post("/assessment/api/assessors", {**body, "schemes": [SCHEME]})
            self.cast.assessors[name] = account

    def hire(self, name: str, *roles: str) -> None:
        """Somebody more who works for the body, signed in as `name` of the cast; an assessor is registered."""
        cast, email = self.cast, f"{name}@contoh.test"
        number = len(cast.people)
        wanted = {
            "name": f"{name.rstrip('23')} (contoh)",
            "email": email,
            "roles": roles,
            "nik": f"317101010291{number:04d}",
        }
        cast.admin.post("/registration/api/accounts", wanted)
        key = find_mailed_key(cast.admin, email, "account_invited")
        cast.nobody.post("/registration/api/password-resets/use", {"key": key, "new": cast.password})
        cast.people[name] = cast.nobody.signed_in(email, cast.password)
        cast.ids[name] = cast[name].get("/registration/api/me")["id"]
        self.gain_roles(name, *roles)

    def speak(self, name: str, meeting: str, candidate: Candidate) -> None:
        """An officer of the cast declares to be free of conflicts and gives an opinion in a meeting that is open."""
        stages.declare_impartial(self.cast, candidate.application, [name])
        body = {"case_ids": [candidate.application], "opinion": "agrees", "note": ""}
        self.cast[name].post(f"{meeting}/opinions", body)

    def decide(self, name: str, meeting: str, candidate: Candidate) -> dict[str, Any]:
        """Somebody of the cast decides as was recommended; the decision."""
        path = f"{meeting}/cases/{candidate.application}/decision"
        decided: dict[str, Any] = self.cast[name].post(path, {"units": {}, "reason": "Sesuai rapat (contoh)"})
        return decided

    def return_file(self, name: str, candidate: Candidate) -> None:
        """Somebody of the cast finds everything wanting and returns the file; its applicant files it again."""
        path = f"/registration/api/verification/{candidate.application}"
        items = [line["item"] for line in self.cast[name].get(path)["items"]]
        wanting = [{"item": item, "verdict": "inadequate", "reason": "Tidak terbaca (contoh)."} for item in items]
        self.cast[name].put(f"{path}/items", {"items": wanting})
        self.cast[name].post(f"{path}/return", {"note": "Mohon diperbaiki (contoh)."})
        stages.attach_documents(candidate.me, candidate.application)
        stages.file_draft(candidate.me, candidate.person, candidate.application)

    def be_seated(self, candidate: Candidate, assessor: str, centre: str = "") -> None:
        """A prepared candidate in a sitting of today that has begun, both sides ready: to be recorded (process 2.7)."""
        staff, hour = self.cast["sekretariat"], stages.find_begun_hour()
        slot = {"starts_at": stages.moment_at(self.cast.today, hour), "ends_at": stages.moment_at(self.cast.today, 23)}
        body = {"centre_id": centre or self.cast.centre, **slot, "note": ""}
        sitting = staff.post("/assessment/api/sittings", body)["id"]
        staff.post(f"/assessment/api/sittings/{sitting}/cases", {"case_ids": [candidate.case]})
        checklist = {**dict.fromkeys(stages.CHECKLIST, "present"), "functional_decree": "not_applicable"}
        self.cast[assessor].post(f"{candidate.case_path}/confirmation", {"checklist": checklist})
        candidate.me.post(f"{candidate.case_path}/readiness")

    def judge_all(self) -> dict[str, Any]:
        """The whole record of a day on which every unit is K."""
        units = [unit["code"] for unit in self.cast.scheme["units"]]
        judged = [{"unit": unit, "method": "written", "judgement": "K"} for unit in units]
        return {"judgements": judged, "further_evidence": []}

    def recommend_all(self) -> dict[str, Any]:
        """The recommendation that follows from it."""
        units = [unit["code"] for unit in self.cast.scheme["units"]]
        return {"units": [{"unit": unit, "judgement": "K", "note": ""} for unit in units], "note": ""}

    def open_meeting(self, candidate: Candidate) -> str:
        """The path of a meeting that all five officers attend, open, with this one case on its agenda."""
        staff, cast = self.cast["sekretariat"], self.cast
        body = {"at": stages.moment_at(cast.today, 13), "place": "Contoh", "case_ids": [candidate.application]}
        path = f"/decision/api/meetings/{staff.post('/decision/api/meetings', body)['id']}"
        staff.post(f"{path}/open", {"present": [cast.ids[name] for name in cast.officers]})
        return path

    def show_case(self, candidate: Candidate) -> dict[str, Any]:
        """The case as the secretariat sees it in the decision stage: decisions, recusals, opinions."""
        seen: dict[str, Any] = self.cast["sekretariat"].get(f"/decision/api/cases/{candidate.application}")
        return seen

    def find_recused(self, candidate: Candidate) -> dict[str, str]:
        """Whom the case's meetings recused, by account, and the ground."""
        return {line["member_id"]: line["ground"] for line in self.show_case(candidate)["recusals"]}

    @property
    def weak(self) -> str:
        """The scheme's last unit: the one in which `judge_weak` finds BK."""
        return str(self.cast.scheme["units"][-1]["code"])

    def judge_weak(self, unit: str) -> str:
        """BK in the last unit, K in the others."""
        return "BK" if unit == self.weak else "K"

    def appeal(self, candidate: Candidate, unit: str) -> str:
        """The path of an appeal against BK on this unit, received and without a panel (process 2.10)."""
        body = {"units": [unit], "reasons": "Bukti saya belum dinilai (contoh)"}
        candidate.me.post(f"/decision/api/my/cases/{candidate.application}/appeal", body)
        decision = candidate.me.get(f"/decision/api/my/cases/{candidate.application}")["decisions"][0]
        return f"/decision/api/appeals/{decision['appeal']['id']}"

    def name_panel(self, appeal: str, *names: str) -> None:
        """The chair names three of the cast to hear the appeal."""
        self.cast["ketua"].post(f"{appeal}/panel", {"panel": [self.cast.ids[name] for name in names]})

    def send_form(self, name: str, path: str, fields: dict[str, Any]) -> TestResponse:
        """The answer to a page's form, sent from a browser in which somebody of the cast is signed in."""
        client, csrf = self._browse(name, path)
        answer = client.post(path, data={"csrf_token": csrf, **fields})
        self.body.settle()
        return answer

    def read_page(self, name: str, path: str) -> TestResponse:
        """A page as somebody of the cast sees it."""
        client, _ = self._browse(name, path)
        return client.get(path)

    def _browse(self, name: str, path: str) -> tuple[FlaskClient, str]:
        """A browser in which somebody of the cast is signed in, and what its forms carry along."""
        client = self.body.services[path.split("/")[1]].app.test_client()
        with self.body.services["registration"].database.reading() as session:
            account = session.get_one(Account, UUID(self.cast.ids[name]))
            token = issue_token(account.actor, "id", generation=account.generation)
        client.set_cookie("kompeten_token", token.value)
        return client, token.csrf

    def told(self, service: str, fact: str, subject: str) -> Envelope:
        """The newest envelope of type `fact` that `service` told about a subject."""
        with self.body.services[service].database.reading() as session:
            rows = session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position.desc()))
            envelopes = map(Envelope.model_validate_json, rows)
            return next(one for one in envelopes if one.type == fact and subject in one.model_dump_json())

    def forge(self, signer: str, hearer: str, envelope: Envelope) -> None:
        """Let `hearer` take in an envelope that `signer`, a broken-into service, has signed, and all that follows."""
        heard = self.body.services[hearer]
        said = Received(envelope.model_dump_json().encode(), signer, envelope.type)
        take_in_batch(heard.database, heard.reactions, [said])
        self.body.settle()

    def acts_on(self, service: str, subject: str) -> list[AuditRow]:
        """What the audit log of a service holds about a record, oldest first; `subject` as in `application/<id>`."""
        with self.body.services[service].database.reading() as session:
            found = session.scalars(select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.position))
            return list(found)


def retell(envelope: Envelope, **said: Any) -> Envelope:
    """The same event told anew, with a new id and other words in its fact."""
    return envelope.model_copy(update={"id": uuid4(), "data": {**envelope.data, **said}})


def refused(ask: Callable[[], Any], *codes: str) -> Refused:
    """That a client's request is refused with one of `codes`; the refusal."""
    with pytest.raises(Refused) as caught:
        ask()
    assert caught.value.code in codes, f"{caught.value.status} {caught.value.code}: {caught.value}"
    return caught.value


def refused_post(client: Client, path: str, body: Any, *codes: str) -> Refused:
    """That a POST of `body` is refused with one of `codes`; the refusal."""
    return refused(lambda: client.post(path, body), *codes)
