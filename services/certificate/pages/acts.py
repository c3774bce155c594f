"""What the chair does to a certificate: each asks for the reason first (ISO/IEC 17024 9.5)."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from services.certificate import commands
from services.certificate.pages.blueprint import pages
from services.certificate.queries import certificates
from shared.errors import N_
from shared.security.actor import Actor
from shared.security.roles import Role
from shared.web import Form, actor, allow, go, page, reading, tell, unit_of_work


class ActWords(NamedTuple):
    """What an act is called on its page: heading, what it means, the button, what is said once it is done."""

    heading: str
    meaning: str
    button: str
    done: str
    kind: str = ""


SUSPENDING = ActWords(
    N_("Tangguhkan sertifikat"),
    N_(
        "Pemegang diberi tahu, dan halaman pemeriksaan menunjukkan penangguhan. "
        "Bila belum selesai pada batasnya, pencabutan diusulkan."
    ),
    N_("Tangguhkan"),
    N_("Sertifikat ditangguhkan."),
)
REINSTATING = ActWords(
    N_("Berlakukan kembali"),
    N_("Penangguhan berakhir dan sertifikat berlaku seperti semula."),
    N_("Berlakukan kembali"),
    N_("Sertifikat berlaku kembali."),
)
WITHDRAWING = ActWords(
    N_("Cabut sertifikat"),
    N_("Pencabutan tidak dapat dibatalkan. Pemegang dan instansi yang berlangganan diberi tahu."),
    N_("Cabut"),
    N_("Sertifikat dicabut."),
    "danger",
)
VOIDING = ActWords(
    N_("Batalkan nomor"),
    N_("Nomor ini tercatat sebagai batal dan tidak dipakai lagi; nomor baru dapat diberikan sesudahnya."),
    N_("Batalkan nomor"),
    N_("Nomor dibatalkan dan tercatat."),
    "danger",
)


@pages.route("/<uuid:id>/suspend", methods=["GET", "POST"])
@allow(Role.CHAIR)
def suspend(id: UUID) -> Response | BaseResponse:
    return _act(id, commands.suspend, Form(commands.Suspend), SUSPENDING)


@pages.route("/<uuid:id>/reinstate", methods=["GET", "POST"])
@allow(Role.CHAIR)
def reinstate(id: UUID) -> Response | BaseResponse:
    return _act(id, commands.reinstate, Form(commands.Reason), REINSTATING)


@pages.route("/<uuid:id>/withdraw", methods=["GET", "POST"])
@allow(Role.CHAIR)
def withdraw(id: UUID) -> Response | BaseResponse:
    return _act(id, commands.withdraw, Form(commands.Reason), WITHDRAWING)


@pages.route("/<uuid:id>/void", methods=["GET", "POST"])
@allow(Role.CHAIR)
def void(id: UUID) -> Response | BaseResponse:
    return _act(id, commands.void, Form(commands.Reason), VOIDING)


def _act(
    id: UUID, command: Callable[[Session, Actor, UUID, Any], object], form: Form[Any], words: ActWords
) -> Response | BaseResponse:
    """Ask for the reason, then do it."""
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                command(session, actor(), id, form.value)
            tell(words.done)
            return go("pages.show", id=id)
    with reading() as session:
        found = certificates.certificate(session, actor(), id)
    return page("certificate/act.html", form=form, found=found, words=words, limited=form.model is commands.Suspend)
