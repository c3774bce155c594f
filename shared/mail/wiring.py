"""Which way mails leave, chosen by the scheme of `KOMPETEN_MAIL_URL`."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.mail.folder import FolderMailer
from shared.mail.patience import PatientMailer
from shared.mail.port import Mailer
from shared.mail.smtp import SmtpMailer
from shared.settings import Settings, settings

PORTS = {"smtp": 25, "smtps": 465}


def make_mailer(configured: Settings) -> Mailer:
    """The way out that the settings name: `smtp://host:port` (STARTTLS where offered), `smtps://host:port`,
    `file:///folder`; without an address the folder `<data_dir>/mail`.

    Raises ValueError for any other scheme, and for an SMTP address without a host.
    """
    url = urlsplit(configured.mail_url)
    if not url.scheme:
        return FolderMailer(configured.data_dir / "mail", configured.mail_from)
    if url.scheme == "file":
        return FolderMailer(Path(unquote(url.path)), configured.mail_from)
    if url.scheme not in PORTS or not url.hostname:
        raise ValueError("KOMPETEN_MAIL_URL must be smtp://host:port, smtps://host:port or file:///folder")
    return SmtpMailer(
        url.hostname,
        url.port or PORTS[url.scheme],
        configured.mail_from,
        implicit_tls=url.scheme == "smtps",
        user=configured.mail_user,
        password=configured.secret(configured.mail_password_file),
    )


@lru_cache(maxsize=1)
def system_mailer() -> PatientMailer:
    """This process's way out for mails. Raises MailAway while the server is away."""
    return PatientMailer(make_mailer(settings()))
