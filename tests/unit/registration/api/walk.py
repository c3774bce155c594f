"""An application brought along over HTTP, as a client would."""

from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kompeten.demo import samples
from shared.security import tokens
from shared.security.actor import Actor
from tests.pdfs import write_pdf
from tests.unit.registration.files import SCHEME
from tests.unit.registration.forms import LIBRARY_PROOFS, filled

API = "/registration/api"
PDF = write_pdf()
SIGNED = {"signature": "Sari Contoh", "statement": True}


def bearer(actor: Actor, language: str = "id") -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue_token(actor, language).value}"}


class Person:
    """Somebody with a token, asking registration things."""

    def __init__(self, client: FlaskClient, actor: Actor) -> None:
        self.client, self.actor = client, actor

    def ask(self, method: str, path: str, expect: int | None = None, **more: Any) -> TestResponse:
        answer = self.client.open(API + path, method=method, headers=bearer(self.actor), **more)
        assert expect is None or answer.status_code == expect, answer.text
        return answer

    def get(self, path: str) -> Any:
        return self.ask("GET", path, 200).get_json()

    def post(self, path: str, body: Any = None, expect: int | None = 200) -> Any:
        return self.ask("POST", path, expect, **({} if body is None else {"json": body})).get_json()

    def put(self, path: str, body: Any, expect: int | None = 200) -> Any:
        return self.ask("PUT", path, expect, json=body).get_json()

    def upload(self, application: str, kind: str, data: bytes | None = None, expect: int | None = 201) -> Any:
        fields = {"kind": kind, "title": "", "file": (BytesIO(content(kind) if data is None else data), f"{kind}.pdf")}
        return self.ask(
            "POST",
            f"/applications/{application}/documents",
            expect,
            data=fields,
            content_type="multipart/form-data",
        ).get_json()

    def draft(self, proofs: tuple[str, ...] = LIBRARY_PROOFS, scheme: str = SCHEME, **sections: Any) -> str:
        """A draft ready to be filed; its id."""
        application: str = self.post("/applications", {"scheme_id": scheme}, 201)["id"]
        self.put(f"/applications/{application}", {"form": filled(**sections)})
        for kind in proofs:
            self.upload(application, kind)
        self.post(f"/applications/{application}/requirements-shown")
        return application

    def filed(self, **sections: Any) -> str:
        application = self.draft(**sections)
        self.post(f"/applications/{application}/file", SIGNED)
        return application


def content(kind: str) -> bytes:
    """What somebody would upload as this kind."""
    return samples.make_portrait() if kind == "photo" else PDF


def verdicts(desk: Person, application: str, **wanting: str) -> list[dict[str, str]]:
    """All items of the file adequate but those named, with their reasons."""
    found = desk.get(f"/verification/{application}")["items"]
    return [
        {"item": item["item"], "verdict": "inadequate", "reason": wanting[item["item"]]}
        if item["item"] in wanting
        else {"item": item["item"], "verdict": "adequate"}
        for item in found
    ]


def claims(person: Person, application: str, evidence: str) -> list[dict[str, Any]]:
    known = person.get(f"/applications/{application}/self-assessment")["claims"]
    return [{**claim, "claim": "K", "evidence": [evidence]} for claim in known]
