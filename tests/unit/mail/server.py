"""A real SMTP server on loopback, for the tests of the mails."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Letterbox:
    """What has been delivered, and how the server answers: `answer` is what it says after the content."""

    host: str = "127.0.0.1"
    port: int = 0
    answer: str = "250 OK"
    recipient_answer: str = "250 OK"
    received: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
            self.encrypted.append(session.ssl is not None)
        return self.answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=True)


@contextmanager
def smtp_server(*, tls: ssl.SSLContext | None = None, wants_login: bool = False) -> Iterator[Letterbox]:
    """Runs until the block ends, on a free port of its own; with `tls` it offers STARTTLS."""
    box = Letterbox()
    controller = _Controller(
        box,
        hostname=box.host,
        port=0,
        tls_context=tls,
        authenticator=box.authenticate if wants_login else None,
        auth_required=wants_login,
        auth_require_tls=tls is not None,
    )
    controller.start()
    box.port = controller.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    try:
        yield box
    finally:
        controller.stop()


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """The library knocks at the configured port; ours is chosen by the system only when it is bound."""
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]
