"""R18 (9.6): recertification uses the scheme version in force and checks continued competence."""

from datetime import date
from typing import Any

import pytest

from kompeten.demo import samples, stages
from kompeten.demo.client import Client
from shared import clock
from shared.contracts.certificate import CertificateExpired
from tests.rules.playing import Candidate, Played, refused, retell

Held = tuple[Candidate, dict[str, Any]]


@pytest.fixture(scope="module")
def held(played: Played) -> Held:
    return played.certified("DELAPANBELAS CONTOH")


@pytest.fixture
def near_the_end(played: Played, held: Held) -> Client:
    """The holder, signed in 60 days before the certificate's end."""
    days = (date.fromisoformat(held[1]["expires_on"]) - played.cast.today).days - 60
    clock.set_ahead(days * 86_400)
    person = held[0].person
    return played.cast.nobody.signed_in(person.email, samples.choose_password(person))


def test_none_is_renewed_before_its_time_nor_by_another(played: Played, held: Held) -> None:
    """By API and page; whoever holds it still has the one application."""
    number = held[1]["number"]
    refused(lambda: held[0].me.post("/registration/api/applications", {"renews": number}), "renewal-too-early")
    played.cast.ids["delapanbelas"] = held[0].me.get("/registration/api/me")["id"]
    played.send_form("delapanbelas", "/registration/applications/renew", {"renews": number})
    assert len(held[0].me.get("/registration/api/applications")) == 1
    stranger = played.draft("PERPANJANG CONTOH")
    refused(lambda: stranger.me.post("/registration/api/applications", {"renews": number}), "certificate-unknown")


def test_the_requirements_are_checked_anew(played: Played, held: Held, near_the_end: Client) -> None:
    """Filled from the earlier file; without what is required it isn't filed, however good that file was."""
    me, person = near_the_end, held[0].person
    asked = {"renews": held[1]["number"], "scheme_id": "promosi-perpustakaan"}
    refused(lambda: me.post("/registration/api/applications", asked), "other-scheme")
    renewal = me.post("/registration/api/applications", {"renews": held[1]["number"]})["id"]
    form = me.get(f"/registration/api/applications/{renewal}")["form"]
    stages.save_form(me, renewal, {**form, "purpose": "recertification", "education": [samples.SLTA], "work": []})
    refused(lambda: stages.file_draft(me, person, renewal), "not-eligible")
    view = me.get(f"/registration/api/applications/{renewal}")
    assert (view["state"], view["round"]) == ("draft", 0)
    stages.save_form(me, renewal, {**form, "purpose": "recertification"})
    stages.file_draft(me, person, renewal)
    shown = me.get(f"/registration/api/applications/{renewal}")
    assert (shown["state"], shown["scheme"]["version"]) == ("filed", played.cast.scheme["version"])
    assert me.get("/certificate/api/mine")["certificates"][0]["expires_on"] == held[1]["expires_on"]


def test_a_certificate_that_ended_is_renewed_by_nobody(played: Played, held: Held) -> None:
    """And an end that another service tells is none: the holding stays as it was."""
    other, certificate = played.certified("DELAPANBELAS LAIN CONTOH")
    issued = played.told("certificate", "id.kompeten.certificate.certificate_issued.v1", certificate["number"])
    lie = retell(issued, at=issued.time.isoformat())
    lie = lie.model_copy(update={"type": CertificateExpired.type, "sequence": issued.sequence + 5})
    played.forge("surveillance", "registration", lie)
    renewable = other.me.get("/registration/api/renewals")
    assert [line["number"] for line in renewable] == [certificate["number"]]
    days = (date.fromisoformat(certificate["expires_on"]) - played.cast.today).days + 1
    clock.set_ahead(days * 86_400)
    played.body.settle()
    me = played.cast.nobody.signed_in(other.person.email, samples.choose_password(other.person))
    body = {"renews": certificate["number"]}
    refused(lambda: me.post("/registration/api/applications", body), "certificate-not-renewable")
    assert len(me.get("/registration/api/applications")) == 1
