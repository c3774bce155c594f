"""The application over a scene's database, and people asking it things."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.database.unit import Database
from shared.security import tokens
from shared.security.actor import Actor
from shared.web import App
from tests.applications import lend_application
from tests.unit.assessment.scene import Scene

API = "/assessment/api"


def make_app(database: Database) -> App:
    return lend_application(database)


class Web:
    """Programs ask with `ask`, browsers with `open` and `send`; what the scene changed is committed first."""

    def __init__(self, database: Database, scene: Scene) -> None:
        self.scene = scene
        self.app = make_app(database)

    def ask(self, actor: Actor | None, method: str, path: str, body: Any = None) -> TestResponse:
        self._settle()
        headers = {"Authorization": f"Bearer {tokens.issue_token(actor, 'id').value}"} if actor else {}
        return self.app.test_client().open(f"{API}{path}", method=method, json=body, headers=headers)

    def must(self, actor: Actor, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON, which must be a success."""
        answer = self.ask(actor, method, path, body)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.json

    def open(self, actor: Actor, path: str, language: str = "id") -> TestResponse:
        client, _ = self._browser(actor, language)
        return client.get(f"/assessment{path}")

    def send(self, actor: Actor, path: str, fields: dict[str, Any]) -> TestResponse:
        client, csrf = self._browser(actor, "id")
        return client.post(f"/assessment{path}", data={"csrf_token": csrf, **fields})

    def _browser(self, actor: Actor, language: str) -> tuple[FlaskClient, str]:
        self._settle()
        client = self.app.test_client()
        token = tokens.issue_token(actor, language)
        client.set_cookie("kompeten_token", token.value)
        return client, token.csrf

    def _settle(self) -> None:
        self.scene.session.commit()
        self.scene.session.expire_all()
