"""Certifications played through the API up to where a rule is tried, and the tries themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from kompeten.demo import samples, stages
from kompeten.demo.cast import Cast
from kompeten.demo.client import Client, Refused
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

    def send_form(self, name: str, path: str, fields: dict[str, Any]) -> TestResponse:
        """The answer to a page's form, sent from a browser in which somebody of the cast is signed in."""
        client = self.body.services[path.split("/")[1]].app.test_client()
        with self.body.services["registration"].database.reading() as session:
            account = session.get_one(Account, UUID(self.cast.ids[name]))
            token = issue_token(account.actor, "id", generation=account.generation)
        client.set_cookie("kompeten_token", token.value)
        answer = client.post(path, data={"csrf_token": token.csrf, **fields})
        self.body.settle()
        return answer

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


def refused(ask: Callable[[], Any], *codes: str) -> Refused:
    """That a client's request is refused with one of `codes`; the refusal."""
    with pytest.raises(Refused) as caught:
        ask()
    assert caught.value.code in codes, f"{caught.value.status} {caught.value.code}: {caught.value}"
    return caught.value
