"""The port that mails leave through, and its two ways out: an SMTP server, or a folder."""

from shared.mail.folder import FolderMailer
from shared.mail.patience import MailAway, PatientMailer
from shared.mail.port import Mail, Mailer, MailRefused, domain_of
from shared.mail.smtp import SmtpMailer
from shared.mail.wiring import make_mailer, system_mailer

__all__ = [
    "FolderMailer",
    "Mail",
    "MailAway",
    "MailRefused",
    "Mailer",
    "PatientMailer",
    "SmtpMailer",
    "domain_of",
    "make_mailer",
    "system_mailer",
]
