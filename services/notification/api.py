"""Notification's JSON API under `/notification/api`."""

from services.notification import commands, queries
from services.notification.access import MAIL_KEEPERS
from shared.web import Api, ById, Page, PageQuery, allow, current_actor, reading, signed_in, unit_of_work

api = Api("notification")


@api.get("/mails", responses={200: Page[queries.MailView]})
@allow(MAIL_KEEPERS)
def get_mails(query: queries.MailQuery) -> Page[queries.MailView]:
    """All mails with their state, the newest first; texts on trial systems only."""
    with reading() as session:
        return queries.list_mails(session, query)


@api.get("/mails/waiting", responses={200: queries.WaitingMails})
@allow(MAIL_KEEPERS)
def get_waiting_mails() -> queries.WaitingMails:
    """How many mails wait because the mail server is away, and since when."""
    with reading() as session:
        return queries.view_waiting_mails(session)


@api.post("/mails/send-again", responses={200: commands.SentAgain})
@allow(MAIL_KEEPERS)
def post_failed_mails_again(body: commands.FailedMails) -> commands.SentAgain:
    """Send all failed mails of a choice once more, 1000 at most a call; with `dry_run` count them."""
    with unit_of_work() as session:
        return commands.send_failed_mails_again(session, current_actor(), body)


@api.get("/mails/<uuid:id>", responses={200: queries.MailView})
@allow(MAIL_KEEPERS)
def get_mail(path: ById) -> queries.MailView:
    """One mail with its state; its text on trial systems only."""
    with reading() as session:
        return queries.view_mail(session, path.id)


@api.post("/mails/<uuid:id>/send-again", responses={200: queries.MailView})
@allow(MAIL_KEEPERS)
def post_mail_again(path: ById) -> queries.MailView:
    """Send a mail once more that failed or got lost, to the address it was written to."""
    with unit_of_work() as session:
        return queries.describe_mail(commands.send_mail_again(session, current_actor(), path.id))


@api.get("/inbox", responses={200: Page[queries.MailView]})
@signed_in
def get_inbox(query: PageQuery) -> Page[queries.MailView]:
    """One's own mails on a trial system, the newest first."""
    with reading() as session:
        return queries.list_own_mails(session, current_actor(), query)
