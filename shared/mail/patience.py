"""A mail server that is away is nobody's failure: mails wait for it, and do not all knock at once."""

import smtplib

from shared.circuit import Circuit, CircuitOpen
from shared.errors import Unavailable
from shared.mail.port import Mail, Mailer

REST_SECONDS = 15.0
"""After the server did not answer, no other mail is tried for so long: each would wait for the same time-out."""


class MailAway(Unavailable):
    """The mail server is away, or takes no mail for now (4xx). Nothing is wrong with the mail: it waits."""


class PatientMailer:
    """Sends by another mailer, and tells a server that is away (MailAway) from a mail it refuses (MailRefused)."""

    def __init__(self, mailer: Mailer, rest_seconds: float = REST_SECONDS) -> None:
        self.mailer = mailer
        self._circuit = Circuit("the mail server", failures=1, rest_seconds=rest_seconds)

    def send(self, mail: Mail) -> None:
        """Raises MailRefused or ValueError for good, MailAway when a later try may do."""
        try:
            self._circuit.call(lambda: self._hand_over(mail), _NoAnswer)
        except (_NoAnswer, CircuitOpen) as away:
            raise MailAway(away.cause) from away

    def probe(self) -> None:
        """Ask the server itself, also while no mail is tried. Raises OSError or SMTPException."""
        self.mailer.probe()

    def _hand_over(self, mail: Mail) -> None:
        try:
            self.mailer.send(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            raise MailAway(f"not taken for now: {_said(error)}") from error  # about this mail: others may pass
        except OSError as error:  # SMTPException is one, and so is a certificate that does not fit
            raise _NoAnswer(_said(error)) from error


class _NoAnswer(Exception):
    """The server itself, whatever the mail was."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def _said(error: OSError) -> str:
    """What happened, without the addresses an SMTP error may quote."""
    code = getattr(error, "smtp_code", None)
    if code is not None:
        return f"{type(error).__name__} {code}"
    return type(error).__name__ if isinstance(error, smtplib.SMTPException) else f"{type(error).__name__}: {error}"
