"""What a mail is to the services, and what they may ask of whoever sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Protocol

from shared.persons import fold_typed_email


class MailRefused(Exception):
    """The server will never take this mail (no such address, refused content): trying again is of no use."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain text mail to one person.

    `message_id` is the header's value between its angle brackets (`left@right`). It is fixed by the sender's reason to
    write, so that sending the same mail twice can be told from sending two mails.
    """

    to: str
    to_name: str
    subject: str
    text: str
    message_id: str
    written_at: datetime
    language: str = "id"
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_message(self, sender: str) -> EmailMessage:
        """The mail as RFC 5322 wants it. Raises ValueError when an address or a header cannot be one."""
        name, address = parseaddr(sender)
        message = EmailMessage()
        message["Message-ID"] = f"<{self.message_id}>"
        message["Date"] = self.written_at
        message["From"] = Address(name, addr_spec=address)
        message["To"] = Address(" ".join(self.to_name.split()), addr_spec=fold_typed_email(self.to))
        message["Subject"] = " ".join(self.subject.split())
        message["Auto-Submitted"] = "auto-generated"
        for header, value in self.headers.items():
            message[header] = value
        message.set_content(self.text, charset="utf-8")
        message["Content-Language"] = self.language
        return message


class Mailer(Protocol):
    """A way out for mails: a mail server, or on trial systems a folder."""

    def send(self, mail: Mail) -> None:
        """Hand `mail` over for delivery.

        Raises MailRefused for good, or OSError/SMTPException when a later try may do.
        """
        ...

    def probe(self) -> None:
        """Return when mails could leave now; nothing is sent. Raises OSError or SMTPException."""
        ...


def domain_of(sender: str) -> str:
    """What follows the @ in the sender's address, for Message-IDs; `localhost` without one."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
