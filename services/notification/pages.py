"""Notification's pages: the administrator's list, and on trial systems everybody's own letterbox."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.notification import commands, queries
from services.notification.access import MAIL_KEEPERS
from services.notification.domain import State
from services.notification.letters import LETTERS, MAILS_FAILED
from shared.errors import N_
from shared.web import (
    PageQuery,
    Pages,
    Place,
    allow,
    current_actor,
    leave_notice,
    leaving_refusals,
    read_query,
    reading,
    redirect_to,
    render_page,
    signed_in,
    unit_of_work,
)

pages = Pages("notification", __name__)

MENU = (
    Place("/notification/mails", N_("Semua surel"), frozenset(MAIL_KEEPERS)),
    Place("/notification/inbox", N_("Kotak surat percobaan"), frozenset(), trial=True),
)


@pages.get("/")
@signed_in
def show_mail_start() -> ResponseReturnValue:
    """Off to the list of all mails for who keeps it, to one's own letterbox for everybody else."""
    return redirect_to("pages.show_mails" if current_actor().has(*MAIL_KEEPERS) else "pages.show_inbox")


@pages.get("/mails")
@allow(MAIL_KEEPERS)
def show_mails() -> ResponseReturnValue:
    """All mails with their state, with filters by state, kind of letter and words."""
    query: queries.MailQuery = read_query(queries.MailQuery)
    with reading() as session:
        found = queries.list_mails(session, query)
        waiting = queries.view_waiting_mails(session)
        failed = commands.count_failed_mails(session, _failed_mails(query)) if query.status == State.FAILED else 0
    kinds = [*(letter.name for letter in LETTERS), MAILS_FAILED]
    return render_page(
        "notification/mails.html",
        found=found,
        query=query,
        states=list(State),
        kinds=kinds,
        waiting=waiting,
        failed=failed,
    )


@pages.post("/mails/send-again")
@allow(MAIL_KEEPERS)
def submit_failed_mails_again() -> ResponseReturnValue:
    """Send the failed mails that fit the filters once more, a bounded number at a time, and say how many are left."""
    query: queries.MailQuery = read_query(queries.MailQuery)
    with unit_of_work() as session:
        done = commands.send_failed_mails_again(session, current_actor(), _failed_mails(query))
    leave_notice(N_("{count} surel akan dikirim lagi, {left} masih tersisa."), count=done.count, left=done.left)
    return redirect_to("pages.show_mails", status=State.FAILED, letter=query.letter or None, q=query.q or None)


@pages.get("/mails/<uuid:mail_id>")
@allow(MAIL_KEEPERS)
def show_mail(mail_id: UUID) -> ResponseReturnValue:
    """One mail, its tries and what the mail server said last."""
    with reading() as session:
        return render_page("notification/mail.html", mail=queries.view_mail(session, mail_id), own=False)


@pages.post("/mails/<uuid:mail_id>/send-again")
@allow(MAIL_KEEPERS)
def submit_mail_again(mail_id: UUID) -> ResponseReturnValue:
    """Send a mail once more, and say so or why not on the mail's page."""
    with leaving_refusals():
        with unit_of_work() as session:
            commands.send_mail_again(session, current_actor(), mail_id)
        leave_notice(N_("Surel akan dikirim lagi."))
    return redirect_to("pages.show_mail", mail_id=mail_id)


@pages.get("/inbox")
@signed_in
def show_inbox() -> ResponseReturnValue:
    """One's own mails on a trial system, where no mail is delivered; there is no such page on any other."""
    query: PageQuery = read_query(PageQuery)
    with reading() as session:
        return render_page("notification/inbox.html", found=queries.list_own_mails(session, current_actor(), query))


@pages.get("/inbox/<uuid:mail_id>")
@signed_in
def show_own_mail(mail_id: UUID) -> ResponseReturnValue:
    """One of one's own mails on a trial system."""
    with reading() as session:
        return render_page(
            "notification/mail.html", mail=queries.view_own_mail(session, current_actor(), mail_id), own=True
        )


def _failed_mails(query: queries.MailQuery) -> commands.FailedMails:
    return commands.FailedMails(letter=query.letter, q=query.q)
