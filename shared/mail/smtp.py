"""Mails over SMTP, one connection per mail: the volume is a few hundred a day, and no connection can go stale."""

import smtplib
import ssl
from email.message import EmailMessage

from shared.mail.port import Mail, MailRefused

TIMEOUT_SECONDS = 20.0
TOO_LARGE = 552


class SmtpMailer:
    """Speaks TLS from the start (`implicit_tls`), or STARTTLS where the server offers it.

    A password is never sent over a connection that is not encrypted, unless the server is on this machine.
    """

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        *,
        implicit_tls: bool = False,
        user: str = "",
        password: str = "",
        timeout: float = TIMEOUT_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.sender = sender
        self.implicit_tls = implicit_tls
        self.user = user
        self.password = password
        self.timeout = timeout
        self.tls = tls or ssl.create_default_context()

    def send(self, mail: Mail) -> None:
        """Hand the mail to the server. Raises MailRefused for good (5xx); OSError or SMTPException: try later."""
        message = mail.as_message(self.sender)
        try:
            with self._connection() as connection:
                self._deliver(connection, message)
        except smtplib.SMTPAuthenticationError:
            raise
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            if codes and all(code >= 500 for code in codes):
                raise MailRefused(f"recipient refused: {codes[0]}") from refused
            raise
        except smtplib.SMTPSenderRefused as refused:
            if refused.smtp_code == TOO_LARGE:
                raise MailRefused(f"content refused: {refused.smtp_code}") from refused
            raise  # the sender is a setting: once it is mended, the mail goes
        except smtplib.SMTPDataError as refused:
            if refused.smtp_code >= 500:
                raise MailRefused(f"content refused: {refused.smtp_code}") from refused
            raise

    def _connection(self) -> smtplib.SMTP:
        if self.implicit_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.tls)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def probe(self) -> None:
        """Greet the server and sign in. Raises OSError or SMTPException when mails could not leave."""
        with self._connection() as connection:
            self._sign_in(connection)

    def _deliver(self, connection: smtplib.SMTP, message: EmailMessage) -> None:
        self._sign_in(connection)
        connection.send_message(message)

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        connection.ehlo()
        encrypted = self.implicit_tls
        if not encrypted and connection.has_extn("starttls"):
            connection.starttls(context=self.tls)
            connection.ehlo()
            encrypted = True
        if self.user:
            if not encrypted and self.host not in {"localhost", "127.0.0.1", "::1"}:
                raise smtplib.SMTPNotSupportedError("the server offers no encryption: the password is not sent")
            connection.login(self.user, self.password)
